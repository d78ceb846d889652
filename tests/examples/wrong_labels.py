"""A loss that looks at real images with the labels of others: the matching-aware D of GAN-INT-CLS.

Reed et al., "Generative Adversarial Text to Image Synthesis", arXiv:1605.05396, algorithm 1.
"""

from ganx import LossSpec, hookimpl


def build(context, config):
    from torch.nn import functional

    from ganx import LossTerm

    class WrongLabels(LossTerm):
        def draws(self, drawing):
            return {"others": drawing.distribution.draw(drawing.count, drawing.rng)}

        def real(self, batch):
            others = batch.draws["others"]
            wrong = (others != batch.c_real).any(dim=1).float()
            score = batch.ask(batch.real, others).score
            return (wrong * functional.softplus(score)).mean()

    return WrongLabels()


@hookimpl
def ganx_losses():
    yield LossSpec(
        "wrong-labels", "D refuses real images under others' labels", build, needs_labels=True
    )
