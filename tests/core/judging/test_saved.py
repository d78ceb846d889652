"""The file of a judge is read by whoever knows its form."""

from dataclasses import replace
from pathlib import Path

import pytest
from tiny import TinyDatasetConfig, open_tiny

from ganx.contracts.judge import Judge
from ganx.contracts.specs import DatasetSpec
from ganx.errors import RunError
from ganx.judging.network import JudgeNetwork
from ganx.judging.saved import read_judge, save_judge

INTERFACE = open_tiny(TinyDatasetConfig()).interface
RECORD = {"settings": {"width": 4}}


def judge(name: str = "") -> Judge:
    return Judge(JudgeNetwork(INTERFACE, 4).eval(), INTERFACE, {**RECORD, "name": name})


def foreign(path: Path) -> Judge:
    return judge(f"read from {path.name}")


SPEC = DatasetSpec("squares", "", TinyDatasetConfig, open_tiny, {".pth": foreign})


def test_ganxs_own_form_needs_no_data_set(tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    one = judge()
    save_judge(one, path)
    assert read_judge(path).digest == read_judge(path, SPEC).digest == one.digest


def test_a_data_sets_plugin_reads_its_own_form(tmp_path: Path) -> None:
    assert read_judge(tmp_path / "theirs.PTH", SPEC).name == "read from theirs.PTH"


def test_a_form_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judge.bin"
    with pytest.raises(RunError, match=r"must end in .safetensors or, for .*'squares', in .pth"):
        read_judge(path, SPEC)
    with pytest.raises(RunError, match=r"must end in .safetensors\. Train one"):
        read_judge(path, replace(SPEC, judges={}))
    with pytest.raises(RunError, match=r"must end in .safetensors\. Train one"):
        read_judge(path)
