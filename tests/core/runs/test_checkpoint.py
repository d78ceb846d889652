import errno
from pathlib import Path

import pytest
import torch

from ganx.errors import RunError
from ganx.runs import checkpoint
from ganx.runs.checkpoint import load_state, load_tensors, save_checkpoint

TENSORS = {"net": {"a": torch.arange(6.0).reshape(2, 3).t(), "count": torch.tensor(7)}}


def test_tensors_and_state_come_back_as_they_were(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {"images_seen": 10})

    assert load_state(tmp_path / "10") == {"images_seen": 10}
    read = load_tensors(tmp_path / "10", "net")
    assert torch.equal(read["a"], TENSORS["net"]["a"])
    assert read["count"] == 7


def test_two_names_of_one_tensor_are_both_kept(tmp_path: Path) -> None:
    tied = torch.ones(3)

    save_checkpoint(tmp_path / "10", {"net": {"a": tied, "b": tied}}, {})

    assert set(load_tensors(tmp_path / "10", "net")) == {"a", "b"}


def test_no_file_of_a_checkpoint_is_a_pickle(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {})

    assert {path.suffix for path in (tmp_path / "10").iterdir()} == {".json", ".safetensors"}


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {})
    file = tmp_path / "10" / "net.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)

    with pytest.raises(RunError, match=r"damaged: net\.safetensors"):
        load_state(tmp_path / "10")


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {})
    (tmp_path / "10" / "net.safetensors").unlink()

    with pytest.raises(RunError, match="damaged"):
        load_state(tmp_path / "10")


def test_a_folder_without_a_manifest_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not a whole checkpoint"):
        load_state(tmp_path)


def test_a_checkpoint_of_a_later_format_is_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {})
    (tmp_path / "10" / "manifest.json").write_text('{"format": 99, "files": {}}')

    with pytest.raises(RunError, match="format 99"):
        load_state(tmp_path / "10")


def test_a_full_disk_leaves_the_former_checkpoint_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path / "10", TENSORS, {"kept": True})

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", refuse)
    with pytest.raises(RunError, match=r"No space left.*Free some space"):
        save_checkpoint(tmp_path / "10", TENSORS, {"kept": False})

    assert load_state(tmp_path / "10") == {"kept": True}
    assert [path.name for path in tmp_path.iterdir()] == ["10"]
