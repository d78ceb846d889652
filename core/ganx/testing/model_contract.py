"""The contract of a model.

A plugin's author writes::

    class TestMyNet(ModelContract):
        spec = MODEL
        config = {"width": 8}

and every test runs for images of 32 and 64 pixels, of one and three channels, for each kind of
condition, and for two kinds at 128 pixels. An interface that the model refuses with a
``ConfigError`` is skipped; ``interfaces`` narrows the list, and ``idle`` names parameters that are
not to have a gradient.
"""

from ganx.testing.model_export import ModelExport
from ganx.testing.model_gradients import ModelGradients
from ganx.testing.model_images import ModelImages
from ganx.testing.model_state import ModelState
from ganx.testing.model_training import ModelTraining


class ModelContract(ModelImages, ModelState, ModelGradients, ModelTraining, ModelExport):
    """All that ganx asks of a model; inherit it and set ``spec``, and ``config`` for speed."""
