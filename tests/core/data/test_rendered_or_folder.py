"""The settings that data sets share which are rendered or come from a folder."""

from pathlib import Path
from typing import Any, get_args

import pytest

from ganx.config import validated
from ganx.contracts.dataset import RENDERED, in_common, stated, without_places
from ganx.contracts.specs import Purpose, Wish
from ganx.data.rendered_or_folder import RenderedOrFolder
from ganx.errors import ConfigError

FOLDER = Path("there")


class Three(RenderedOrFolder):
    """Of a data set with a source of its own."""

    source: str = "auto"  # type: ignore[assignment]
    """Any."""


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({}, "rendered"),
        ({"source": "rendered"}, "rendered"),
        ({"folder": FOLDER}, "folder"),
        ({"folder": FOLDER, "source": "folder"}, "folder"),
        ({"source": "download"}, "download"),
    ],
)
def test_auto_takes_the_folder_and_else_renders(settings: dict[str, Any], source: str) -> None:
    config = Three(**settings)
    assert config.chosen_source() == source
    assert config.is_rendered == (source == "rendered")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"source": "folder"}, "'folder', but no folder is given. Name it in dataset.folder"),
        ({"source": "rendered", "folder": FOLDER}, "'rendered', but a folder is given too"),
        ({"source": "download", "folder": FOLDER}, "'download', but a folder is given too"),
    ],
)
def test_sources_and_folders_that_do_not_fit_are_refused(
    settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Three(**settings).chosen_source()


def test_each_purpose_has_a_seed_that_no_other_has() -> None:
    run = RenderedOrFolder(seed=7, size=30)
    found = {one: run.unseen(one) for one in get_args(Purpose)}
    assert {one: config and config.seed for one, config in found.items()} == {
        "judge": 1007,
        "reference": 2007,
        "comparison": 3007,
    }
    assert all(one and one.model_copy(update={"seed": 7}) == run for one in found.values())


@pytest.mark.parametrize("settings", [{"folder": FOLDER}, {"source": "download"}])
def test_of_real_images_nothing_is_unseen(settings: dict[str, Any]) -> None:
    assert Three(**settings).unseen("judge") is None


def test_wishes_are_fulfilled_and_nothing_else_changes() -> None:
    run = RenderedOrFolder(labels=False, seed=3)
    assert run.suited(Wish()) == run
    found = run.suited(Wish(labels=True, resolution=32, images=9))
    assert found == RenderedOrFolder(labels=True, resolution=32, size=9, seed=3)


def test_a_table_of_an_old_run_can_be_read() -> None:
    table = {"source": "auto", "resolution": 32, "labels": True, "size": 50, "seed": 1}
    assert validated(RenderedOrFolder, table, "dataset").model_dump(exclude={"folder"}) == table


def rendered(seed: int | None) -> dict[str, Any]:
    return {"source": RENDERED, "seed": seed}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (rendered(1), rendered(1), True),
        (rendered(1), rendered(2), False),
        (rendered(None), rendered(None), None),
        (rendered(1), {"source": "folder"}, False),
        ({"source": "folder"}, {"source": "folder"}, None),
        (rendered(1), {}, None),
    ],
)
def test_provenance_tells_whether_images_are_the_same(
    one: dict[str, Any], other: dict[str, Any], same: bool | None
) -> None:
    assert in_common(one, other) is same
    assert in_common(other, one) is same


def test_what_a_provenance_says_is_read_and_what_it_leaves_out_is_none() -> None:
    said = stated({"source": RENDERED, "seed": 3, "resolution": 64, "renderer": 2})
    assert (said.source, said.seed, said.resolution, said.is_rendered) == (RENDERED, 3, 64, True)
    silent = stated({})
    assert (silent.source, silent.seed, silent.resolution) == (None, None, None)
    assert not silent.is_rendered
    assert not stated({"source": "folder"}).is_rendered


def test_a_place_on_one_machine_is_left_out() -> None:
    assert without_places({"folder": "here", "images": 3}) == {"images": 3}
