"""Settings of ganx's own evaluators. Loads no torch."""

from ganx.config import Config


class PromptAccuracyConfig(Config):
    """How prompts are asked for."""


class CodesConfig(Config):
    """How learned codes are matched to classes."""


class DiversityConfig(Config):
    """How the images of one prompt are compared with each other."""


class DistributionConfig(Config):
    """How generated images are held against real ones."""
