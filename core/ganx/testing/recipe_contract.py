"""The contract of a recipe.

A plugin's author writes::

    class TestMyRecipe(RecipeContract):
        recipe = "mynet-flowers"

with the plugin installed, as a recipe names parts of several plugins.
"""

import tomllib

import tomli_w

from ganx.host import default_host
from ganx.settings.run import Registries, RunConfig, resolve


class RecipeContract:
    """All that ganx asks of a recipe; inherit it and set ``recipe``."""

    recipe: str
    """The name of the recipe under test."""

    def registries(self) -> Registries:
        """Return where the recipe's names are looked up: among all installed plugins."""
        return default_host()

    def resolve(self) -> RunConfig:
        """Resolve the recipe as ``ganx train --recipe`` does."""
        return resolve(self.registries(), {"recipe": self.recipe})

    def test_it_is_complete(self) -> None:
        """Every name is provided by a plugin and every setting is valid."""
        assert self.resolve().recipe == self.recipe

    def test_it_says_what_it_is(self) -> None:
        """Lists of recipes show one line for each."""
        summary = self.registries().recipes[self.recipe].summary
        assert summary.strip(), f"The recipe {self.recipe!r} has no summary."

    def test_it_is_the_same_when_written_and_read(self) -> None:
        """A run's ``config.toml`` repeats the run."""
        config = self.resolve()
        written = tomli_w.dumps(config.to_settings())
        again = resolve(self.registries(), tomllib.loads(written))
        assert again == config, f"config.toml does not repeat the recipe {self.recipe!r}."

    def test_its_model_has_a_default_recipe(self) -> None:
        """``ganx train --plugin MODEL`` starts from a recipe of that very model."""
        registries = self.registries()
        model = self.resolve().model.name
        default = registries.models[model].recipe
        assert default in registries.recipes, f"{model!r} names the recipe {default!r}, not there."
        chosen = resolve(registries, {"recipe": default}).model.name
        assert chosen == model, f"The default recipe of {model!r} trains {chosen!r}."

    def test_its_plan_steps_owners_with_an_optimizer(self) -> None:
        """The plan can be built, and each of its steps has an optimizer."""
        config = self.resolve()
        plan = self.registries().plans[config.plan.name].build(config.plan.config)
        for phase in plan.phases:
            assert phase.owner in config.optimizer, f"{phase.owner!r} has no optimizer."
