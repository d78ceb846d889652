"""Contracts that a plugin's author inherits: the tests that ganx runs on its own parts.

A plugin that passes works with every command, loss, plan and export format. Its author needs
pytest and these lines, in a file such as ``tests/test_mynet.py``::

    from ganx.testing import ModelContract
    from my_ganx_net.plugin import MODEL


    class TestMyNet(ModelContract):
        spec = MODEL
        config = {"width": 8}

``spec`` is what the plugin yields from its hook; ``config`` makes the part small, so that the
tests take seconds. There is a contract for each kind of part:

========================  =========================================================
``ModelContract``         images, scores, gradients, owners, training, export
``DatasetContract``       opening, conditions, prompts, pixels, fingerprint
``LossContract``          parts, gradients, draws, factor
``AugmentationContract``  form, numbers, two derivatives, state
``OptimizerContract``     groups with rates, steps, exact resume
``ScheduleContract``      finite factors from a pure function
``PlanContract``          phases that the engine can carry out
``EvaluatorContract``     finite, repeatable figures that leave a run as it is
``RecipeContract``        a complete configuration that can be written and read again
``SettingsContract``      documented settings with defaults; part of all but the recipe's
========================  =========================================================

The attributes that a subclass may set stand at the top of each contract. A test that does not
apply is overridden like any method. Only these modules need pytest; ganx itself does not.
"""

from ganx.testing.augmentation_contract import AugmentationContract
from ganx.testing.dataset_contract import DatasetContract
from ganx.testing.evaluator_contract import EvaluatorContract
from ganx.testing.loss_contract import LossContract
from ganx.testing.model_contract import ModelContract
from ganx.testing.optimizer_contract import OptimizerContract
from ganx.testing.recipe_contract import RecipeContract
from ganx.testing.settings_contract import SettingsContract
from ganx.testing.timing_contracts import PlanContract, ScheduleContract

__all__ = [
    "AugmentationContract",
    "DatasetContract",
    "EvaluatorContract",
    "LossContract",
    "ModelContract",
    "OptimizerContract",
    "PlanContract",
    "RecipeContract",
    "ScheduleContract",
    "SettingsContract",
]
