"""The example of a server is started and asked, as its page says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from small_onnx import SIDE, metadata_of, model_of

from ganx_runtime import Generator
from ganx_runtime.pictures import sheet_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "server"

pytest.importorskip("fastapi", reason="the example of a server needs FastAPI")
pytest.importorskip("uvicorn", reason="the example of a server needs uvicorn")


class Server:
    """A running server."""

    def __init__(self, address: str, model: Path) -> None:
        self.address = address
        self.model = model

    def ask(self, place: str, **query: Any) -> tuple[int, bytes]:
        """Ask for a place; returns the status and the answer."""
        try:
            with urlopen(f"{self.address}{place}?{urlencode(query, doseq=True)}") as answer:  # noqa: S310
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()


@contextmanager
def started(model: Path) -> Iterator[Server]:
    """Start the example on any free port, and stop it."""
    command = [sys.executable, "-m", "uvicorn", "app:create_app", "--factory", "--port", "0"]
    here = {**os.environ, "GANX_MODEL": str(model), "GANX_PROVIDER": "cpu"}
    with subprocess.Popen(
        command, cwd=EXAMPLE, env=here, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        found = next(filter(None, (re.search(r"running on (http\S+)", line) for line in lines)))
        yield Server(found[1], model)
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    model = tmp_path_factory.mktemp("served") / "model.onnx"
    model.write_bytes(model_of(metadata_of()).SerializeToString())
    with started(model) as server:
        yield server


def test_a_picture_is_the_one_that_the_runtime_draws(server: Server) -> None:
    texts = ["red cube, blue sphere", "gray cone"]
    status, answer = server.ask("/images.png", labels=texts, n=3, seed=7)
    wanted = sheet_of(Generator.load(server.model, "cpu").sample(texts, 3, 7), texts)
    assert status == 200
    np.testing.assert_array_equal(np.array(Image.open(BytesIO(answer))), np.array(wanted))
    assert server.ask("/images.png")[0] == 200


def test_it_says_what_can_be_asked_for(server: Server) -> None:
    status, answer = server.ask("/about")
    told = json.loads(answer)
    assert (status, told["resolution"], told["provider"]) == (200, SIDE, "cpu")
    assert server.ask("/images.png", labels=told["example"])[0] == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"n": 65}, "64"),
        ({"n": 0}, "1"),
        ({"n": 33, "labels": ["red cube", "gray cone"]}, "at most 64 are made"),
        ({"labels": ["red cube"] * 9}, "8"),
        ({"labels": "red cube," * 50}, "200"),
        ({"labels": "red cub"}, "Did you mean 'red cube'"),
        ({"labels": " "}, "empty"),
        ({"seed": 2**64}, "18446744073709551616"),
        ({"seed": "x"}, "integer"),
        ({"label": "red cube"}, "label is unknown"),
    ],
)
def test_what_is_too_much_or_unknown_is_refused(
    server: Server, query: dict[str, Any], told: str
) -> None:
    status, answer = server.ask("/images.png", **query)
    assert (status, told in answer.decode()) == (422, True), answer


def test_large_images_are_made_in_smaller_numbers(tmp_path: Path) -> None:
    metadata = metadata_of()
    metadata["interface"]["resolution"] = 512
    made = model_of(metadata)
    weights = next(one for one in made.graph.initializer if one.name == "weights")
    weights.raw_data = bytes(len(weights.raw_data))  # grey images, which are packed quickly
    model = tmp_path / "large.onnx"
    model.write_bytes(made.SerializeToString())
    with started(model) as server:
        assert server.ask("/images.png", n=16)[0] == 200
        assert b"at most 16 are made" in server.ask("/images.png", n=17)[1]
        with ThreadPoolExecutor(4) as people:
            answers = list(people.map(lambda _: server.ask("/images.png", n=16)[0], range(12)))
        assert set(answers) == {200, 503}
