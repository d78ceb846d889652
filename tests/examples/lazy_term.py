"""A term that comes every 16 rounds: D's scores stay near 0, as in ProGAN (arXiv:1710.10196)."""

from ganx import LossSpec, hookimpl

EVERY = 16


def build(context, config):
    from ganx import LossTerm

    class Drift(LossTerm):
        def factor(self, moment):
            return 0.0 if moment.iteration % EVERY else float(EVERY)

        def real(self, batch):
            return batch.critiques["real"].score.square().mean()

    return Drift()


@hookimpl
def ganx_losses():
    yield LossSpec("drift", "Keeps D's scores of real images near 0, every 16 rounds", build)
