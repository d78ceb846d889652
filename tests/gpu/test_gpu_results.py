"""The record of the GPU benchmark is on disk at every moment, and small enough to bring back."""

import json
from pathlib import Path
from typing import Any

import gpu_results
import pytest
from gpu_results import FILE, MOST_FILES, Results


def on_disk(folder: Path) -> Any:
    return json.loads((folder / FILE).read_text())


def test_what_was_written_is_there_before_the_end(tmp_path: Path) -> None:
    results = Results(tmp_path, {"seconds": 5})
    results.piece("speed", "a")["images_per_second"] = 7
    assert "speed" not in on_disk(tmp_path)

    results.write()

    assert on_disk(tmp_path)["speed"] == {"a": {"images_per_second": 7}}
    assert on_disk(tmp_path)["complete"] is False
    results.finish()
    assert on_disk(tmp_path)["complete"] is True


def test_a_write_that_is_cut_off_leaves_the_former_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = Results(tmp_path, {})

    def killed(*_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    results.piece("speed")["a"] = 1
    with pytest.raises(KeyboardInterrupt):
        results.write()

    assert "speed" not in on_disk(tmp_path)


def test_the_files_are_never_too_many(tmp_path: Path) -> None:
    results = Results(tmp_path / "out", {})
    (tmp_path / "grid.png").write_bytes(b"png")

    kept = [results.keep_picture(tmp_path / "grid.png", f"{number}.png") for number in range(9)]
    again = results.keep_picture(tmp_path / "grid.png", "0.png")

    assert (kept.count(None), again) == (9 - (MOST_FILES - 2), "0.png")
    assert len(list((tmp_path / "out").iterdir())) == MOST_FILES - 1


def test_a_file_is_never_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_results, "MOST_BYTES", 10_000)
    results = Results(tmp_path / "out", {})
    (tmp_path / "grid.png").write_bytes(b"x" * 10_001)

    assert results.keep_picture(tmp_path / "grid.png", "a.png") is None
    results.piece("tests").update(output="x" * 20_000 + "the end", counts={"passed": 3})
    results.write()

    assert (tmp_path / "out" / FILE).stat().st_size <= 10_000
    assert on_disk(tmp_path / "out")["tests"]["counts"] == {"passed": 3}
    assert on_disk(tmp_path / "out")["tests"]["output"].endswith("the end")


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()

    with pytest.raises(FileExistsError, match="is not empty"):
        Results(tmp_path, {})
