"""Programs of others that read ganx's files draw what the generator draws.

By hand, as they need packages that ganx does not. Where the extra ``consumers`` is installed, those
beside ganx are taken; with ``GANX_CONSUMERS=FOLDER`` each is installed in that folder.
"""

import os
from pathlib import Path

import pytest
from asking import Installed, answers, difference, install, installed_beside
from shipped import Shipped, recipes, shipped
from table import HELD, Consumer

ALLOWED = 1e-4


@pytest.fixture(scope="module", params=HELD, ids=lambda one: one.name)
def consumer(request: pytest.FixtureRequest) -> tuple[Consumer, Installed]:
    one: Consumer = request.param
    place = os.environ.get("GANX_CONSUMERS")
    installed = install(one, Path(place)) if place else installed_beside(one)
    if installed is None:
        pytest.skip(f"{one.name} is not installed; GANX_CONSUMERS=FOLDER has it installed there")
    return one, installed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("recipe", recipes())
def test_a_consumer_draws_what_the_generator_draws(
    recipe: str, consumer: tuple[Consumer, Installed], folder: Path
) -> None:
    generator: Shipped = shipped(recipe)
    found = answers(*consumer, generator, folder)
    assert {batch: one for batch, one in found.items() if isinstance(one, str)} == {}
    worst = {
        b: difference(generator, b, one) for b, one in found.items() if not isinstance(one, str)
    }
    assert all(value <= ALLOWED for value in worst.values()), worst
