"""Q of InfoGAN: what can be recognised of the codes in D's features.

Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative
Adversarial Nets", arXiv:1606.03657.

Shapes: features [B, F]; for a code of size S, logits, mean and log-variance are [B, S].
"""

from torch import Tensor, nn

from ganx import LatentPart, code_heads
from ganx_infogan.config import InfoganConfig


class Recognition(nn.Module):
    """Reads every code of the latent from features.

    Returns ``q.NAME`` for a categorical part NAME, and ``q.NAME.mean`` and
    ``q.NAME.log_variance`` for a continuous one: a Gaussian, whose variance the loss bounds.
    """

    def __init__(self, features: int, codes: tuple[LatentPart, ...], config: InfoganConfig) -> None:
        super().__init__()
        self.shared = nn.Sequential(
            nn.Linear(features, config.q_hidden),
            nn.ReLU(),
            nn.Linear(config.q_hidden, config.q_features),
        )
        self.names = [name for code in codes for name in code_heads(code)]
        # A list, since a module's own name cannot have the dots of a head's.
        self.heads = nn.ModuleList(
            nn.Conv2d(config.q_features, code.size, 1) for code in codes for _ in code_heads(code)
        )

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        """Say what is believed of each code, by the name of the head."""
        seen = self.shared(features)[:, :, None, None]
        return {
            name: head(seen).flatten(1) for name, head in zip(self.names, self.heads, strict=True)
        }
