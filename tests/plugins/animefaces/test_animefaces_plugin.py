import subprocess
import sys
from typing import Any

import pytest

from ganx.config import validated
from ganx.errors import ConfigError
from ganx_animefaces.config import AnimefacesConfig
from ganx_animefaces.plugin import ganx_datasets
from ganx_animefaces.vocabulary import CONDITION


def test_the_plugin_provides_one_data_set() -> None:
    assert [spec.name for spec in ganx_datasets()] == ["animefaces"]


def test_the_spec_opens_what_the_settings_say() -> None:
    (spec,) = ganx_datasets()
    dataset = spec.open(validated(spec.config, {"resolution": 32, "size": 6}, "dataset"))
    assert dataset.interface.resolution == 32
    assert len(dataset.images) == 6


def test_listing_the_plugin_loads_neither_torch_nor_numpy_nor_pillow() -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]; import ganx_animefaces.plugin as plugin; "
        "list(plugin.ganx_datasets()); print({'torch', 'numpy', 'PIL'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, *sys.path]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "set()\n"


def test_the_vocabulary_has_twelve_hair_and_eleven_eye_colours_in_the_reports_order() -> None:
    hair, eyes = CONDITION.groups
    assert CONDITION.kind == "attributes"
    assert (hair.name, eyes.name) == ("hair", "eyes")
    assert " ".join(hair.values) == (
        "orange white aqua gray green red purple pink blue black brown blonde"
    )
    assert " ".join(eyes.values) == (
        "gray black orange pink yellow aqua purple green brown red blue"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "'dataset.size'"),
        ({"resolution": 4}, "'dataset.resolution'"),
        ({"seed": -1}, "'dataset.seed'"),
        ({"source": "web"}, r"'dataset.source'.*choose from auto, folder, rendered"),
        ({"mirrored": True}, "Did you mean 'mirror'"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        validated(AnimefacesConfig, settings, "dataset")
