"""Bad input to ``ganx train``, ``sample`` and ``export``: one message, and nothing half-written."""

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from small_run import SMALL

from ganx.training.trainer import Trainer
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_iclevr.vocabulary import OBJECTS

RUN = Path("runs", "00000-sagan-iclevr")
FOLDER = (*SMALL, "--data", "data", "--images", "8")

Do = Callable[[], object]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run."""
    folder = tmp_path_factory.mktemp("trained")
    assert run(cli, ["train", *SMALL, "--images", "8", "--out", str(folder / "runs")]) == 0
    return folder


@pytest.fixture(autouse=True)
def _a_folder_with_images_and_runs(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stand in a folder with good images, a file that is no folder, and a run that is whole."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(trained / "runs", "runs")
    images = Path("data", "iclevr")
    images.mkdir(parents=True)
    names = [f"{number}.png" for number in range(4)]
    for name in names:
        Image.new("RGB", (32, 24), "gray").save(images / name)
    write("data/objects.json", {name: index for index, name in enumerate(OBJECTS)})
    write("data/train.json", {name: ["red cube"] for name in names})
    Path("file").write_text("")


def write(path: str, content: object) -> None:
    Path(path).write_text(json.dumps(content), encoding="utf-8")


def spoil(path: str, text: str = "{not") -> Do:
    return lambda: Path(path).write_text(text, encoding="utf-8")


def label(name: str, shown: list[str]) -> Do:
    return lambda: write("data/train.json", {name: shown})


def truncate(path: str) -> Do:
    def cut() -> None:
        file = Path(path)
        file.write_bytes(file.read_bytes()[:-30])

    return cut


def remove(path: Path) -> Do:
    return lambda: shutil.rmtree(path) if path.is_dir() else path.unlink()


def damage() -> None:
    (file,) = RUN.glob("checkpoints/*/ema.safetensors")
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def nothing() -> None:
    """Leave everything as it is."""


def files() -> set[Path]:
    return {path for path in Path().rglob("*") if path.name != ".lock"}


@pytest.mark.parametrize(
    ("spoilt", "arguments", "told"),
    [
        (nothing, ["train", *SMALL, "--data", "missing"], "There is no folder"),
        (nothing, ["train", *SMALL, "--data", "file"], "is a file, not the folder"),
        (nothing, ["train", *SMALL, "--data", "data/iclevr"], "Did you mean"),
        (spoil("data/train.json"), ["train", *FOLDER], "train.json"),
        (spoil("data/objects.json", "[]"), ["train", *FOLDER], "objects.json"),
        (remove(Path("data/iclevr/2.png")), ["train", *FOLDER], "'2.png' is not in"),
        (truncate("data/iclevr/2.png"), ["train", *FOLDER], "Cannot decode the image"),
        (label("0.png", ["red cone"]), ["train", *FOLDER], "red cone"),
        (label("../../file", ["red cube"]), ["train", *FOLDER], "points outside the folder"),
        (nothing, ["train", *SMALL, "--images", "8", "--out", "file/runs"], "Cannot make a run"),
        (nothing, ["train"], "Name a model (--plugin) or a recipe (--recipe)"),
        (nothing, ["train", "--plugin", "sagen"], "Did you mean 'sagan'?"),
        (nothing, ["train", "--plugin", "sagan", "--dataset", "icelvr"], "Did you mean 'iclevr'?"),
        (nothing, ["train", "--recipe", "sagan-bec"], "Did you mean 'sagan-bce'?"),
        (nothing, ["train", *SMALL, "--loss", "bec"], "Did you mean 'bce'?"),
        (nothing, ["train", *SMALL, "--loss", "2*"], "2*"),
        (nothing, ["train", *SMALL, "--set", "model.widht=8"], "Did you mean 'width'?"),
        (nothing, ["train", *SMALL, "--set", "modle.width=8"], "Did you mean 'model'?"),
        (nothing, ["train", *SMALL, "--set", "model=8"], "'model' is a table of settings"),
        (nothing, ["train", *SMALL, "--set", "model.width"], "Write it as --set model.width=96"),
        (nothing, ["train", *SMALL, "--set", "model.width=wide"], "'wide' for 'model.width'"),
        (nothing, ["train", *SMALL, "--set", "dataset.resolution=48"], "48"),
        (nothing, ["train", *SMALL, "--images", "0"], "'train.images'"),
        (nothing, ["train", *SMALL, "--batch-size", "0"], "'train.batch_size'"),
        (nothing, ["train", *SMALL, "--seed", "-1"], "'train.seed'"),
        (nothing, ["train", *SMALL, "--device", "tpu"], "'train.device'"),
        (nothing, ["train", *SMALL, "--precision", "float16"], "float16 needs CUDA"),
        (nothing, ["train", *SMALL, "--images", "8", "--epochs", "1"], "give one of them"),
        (nothing, ["train", *SMALL, "--epochs", "0"], "--epochs is a number above 0"),
        (nothing, ["train", *SMALL, "--epochs", "nan"], "--epochs is a number above 0"),
        (nothing, ["train", "--config", "none.toml"], "There is no configuration file none.toml"),
        (nothing, ["train", "--config", "data/train.json"], "is not valid TOML"),
        (nothing, ["train", "--config", "data"], "Cannot read the configuration file data"),
        (nothing, ["train", "--resume", "00009-x"], "There is no run '00009-x'"),
        (nothing, ["train", "--resume", "--out", "nowhere"], "There is no run in nowhere yet"),
        (nothing, ["train", "--resume", "--seed", "7"], "train.seed cannot change"),
        (nothing, ["train", "--resume", "--set", "model.width=8"], "model.width cannot change"),
        (damage, ["train", "--resume", "--images", "16"], "is damaged: ema.safetensors"),
        (spoil(f"{RUN}/config.toml"), ["train", "--resume"], "is not valid TOML"),
        (remove(RUN / "checkpoints"), ["train", "--resume"], "has no checkpoint yet"),
        (nothing, ["--block", "sagan", "train", "--resume"], "Unknown model 'sagan'"),
        (nothing, ["--block", "iclevr", "train", "--resume"], "Unknown dataset 'iclevr'"),
        (nothing, ["--block", "sagan", "sample"], "Unknown model 'sagan'"),
        (nothing, ["sample", "--labels", "red cone"], "There is no object 'red cone'"),
        (nothing, ["sample", "--labels", "cone"], "`ganx datasets show NAME --json` lists"),
        (nothing, ["sample", "00009-x"], "There is no run '00009-x'"),
        (nothing, ["sample", "--runs", "nowhere"], "There is no run in nowhere yet"),
        (nothing, ["sample", "-n", "0"], "'-n'"),
        (nothing, ["sample", "--seed", "-1"], "'--seed'"),
        (nothing, ["sample", "-o", "grid.xyz"], "Cannot tell a picture format from 'grid.xyz'"),
        (nothing, ["sample", "-o", "grid.psd"], "Cannot tell a picture format from 'grid.psd'"),
        (nothing, ["sample", "-o", "grid"], "Cannot tell a picture format from 'grid'"),
        (nothing, ["sample", "-o", "file/grid.png"], "Cannot write the picture file/grid.png"),
        (damage, ["sample"], "is damaged: ema.safetensors"),
        (remove(RUN / "checkpoints"), ["sample"], "has no checkpoint yet"),
        (remove(RUN / "checkpoints"), ["export"], "has no checkpoint yet"),
        (nothing, ["export", "--format", "onyx"], "Did you mean 'onnx'?"),
    ],
    ids=lambda value: " ".join(value[-3:]) if isinstance(value, list) else None,
)
def test_bad_input_gets_one_message_and_leaves_nothing_behind(
    spoilt: Do, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt()
    before = files()
    code = run(cli, arguments)
    output = capsys.readouterr()
    assert code in {1, 2}
    assert told in " ".join(output.err.split())
    assert output.err.lower().count("error: ") == 1
    assert "Traceback" not in output.out + output.err
    assert "unexpected" not in output.err
    assert files() == before


def test_a_cache_that_cannot_be_written_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GANX_CACHE", "file/cache")
    before = files()
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 1
    assert "GANX_CACHE" in capsys.readouterr().err
    assert files() == before


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_saving_is_told_and_leaves_no_half_checkpoint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ganx.runs.checkpoint.save_file", full)
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: Cannot write the checkpoint")
    assert "No space left on device" in told
    assert list(Path("runs", "00001-sagan-iclevr", "checkpoints").iterdir()) == []


def test_a_full_disk_at_the_start_leaves_no_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ganx.files.os.fsync", full)
    before = files()
    # Prepared in advance: the cache is not what is out of space here.
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 1
    assert "provenance.json: No space left on device" in capsys.readouterr().err
    assert files() == before


def test_a_start_that_fails_at_the_last_moment_leaves_no_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(Trainer, "__init__", fail)
    before = files()
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 1
    assert "out of memory" in capsys.readouterr().err
    assert files() == before
