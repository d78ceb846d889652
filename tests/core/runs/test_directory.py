import json
from pathlib import Path

import pytest

from ganx.errors import RunError
from ganx.runs.directory import RunDirectory, create_run, find_run
from ganx.runs.provenance import Provenance


def made(runs: Path, label: str) -> RunDirectory:
    run = create_run(runs, label)
    run.write_config({"recipe": "tiny"})
    return run


def test_runs_are_numbered_in_order(tmp_path: Path) -> None:
    names = [made(tmp_path / "runs", "tiny").path.name for _ in range(3)]

    assert names == ["00000-tiny", "00001-tiny", "00002-tiny"]


def test_the_newest_run_is_meant_when_none_is_named(tmp_path: Path) -> None:
    made(tmp_path, "b")
    newest = made(tmp_path, "a")

    assert find_run(None, tmp_path) == newest.path


def test_a_run_is_found_by_path_and_by_name(tmp_path: Path) -> None:
    run = made(tmp_path, "a")

    assert find_run(str(run.path), Path("elsewhere")) == run.path
    assert find_run("00000-a", tmp_path) == run.path


def test_an_unknown_run_names_the_nearest_and_the_others(tmp_path: Path) -> None:
    made(tmp_path, "sagan")
    with pytest.raises(RunError, match=r"'00000-sagen'.*'00000-sagan'.*Runs in"):
        find_run("00000-sagen", tmp_path)


def test_without_any_run_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"There is no run in .* yet\. Train one"):
        find_run(None, tmp_path / "absent")


def test_a_run_without_checkpoint_says_when_one_is_saved(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no checkpoint yet"):
        made(tmp_path, "a").newest_checkpoint()


def test_a_partial_checkpoint_is_never_the_newest(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    run.checkpoint(64).mkdir(parents=True)
    (run.checkpoints / ".partial-xyz").mkdir()

    assert run.newest_checkpoint() == run.checkpoint(64)


def test_an_earlier_checkpoint_is_found_by_images_seen(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    for images_seen in (64, 128):
        run.checkpoint(images_seen).mkdir(parents=True)

    assert run.saved_checkpoint(64) == run.checkpoint(64)
    assert run.saved_checkpoint(None) == run.checkpoint(128)
    with pytest.raises(RunError, match=r"no checkpoint at 65 .* Its checkpoints: 64, 128"):
        run.saved_checkpoint(65)


def test_metrics_after_the_checkpoint_and_a_torn_line_are_cut(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    for images_seen in (64, 128, 192):
        run.append_metrics([{"images_seen": images_seen}])
    with run.metrics.open("a") as file:
        file.write('{"images_seen": 2')

    run.cut_records(128)

    rows = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    assert [row["images_seen"] for row in rows] == [64, 128]


def test_a_place_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(RunError, match="Choose a writable folder"):
        create_run(tmp_path / "file" / "runs", "a")


OLD = {
    "started": "2026-01-02T03:04:05+00:00",
    "ganx": "0.1.0",
    "python": "3.11.7",
    "packages": {"torch": "2.9.0"},
    "plugins": {"sagan": "ganx-sagan 0.1.0"},
    "hardware": {"device": "x86_64"},
    "execution": {"precision": "float32"},
    "seed": 7,
    "dataset": {"fingerprint": "f00d", "images": 50},
}
WRITTEN = {**OLD, "providers": {}, "images_seen": 0, "changes": []}


def test_each_session_tells_what_it_was_made_with(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    for seed in (7, 8):
        run.add_provenance(Provenance.from_json({**OLD, "seed": seed}))

    assert [one.seed for one in run.read_provenance()] == [7, 8]
    assert json.loads(run.provenance.read_text())["sessions"][0] == WRITTEN


def test_what_another_version_wrote_of_a_session_stays_when_one_is_added(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    later = {**OLD, "weather": "fair"}
    run.provenance.write_text(json.dumps({"sessions": [later]}))
    run.add_provenance(Provenance.from_json(OLD))

    assert json.loads(run.provenance.read_text())["sessions"] == [later, WRITTEN]
    assert [one.dataset["images"] for one in run.read_provenance()] == [50, 50]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"sessions": [{"seed": 7}]}'])
def test_a_damaged_provenance_is_named(text: str, tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    run.provenance.write_text(text)
    with pytest.raises(RunError, match=r"Cannot read .*provenance\.json"):
        run.read_provenance()
