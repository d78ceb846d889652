"""A run tells what was found out about its images, whether they are decoded now or were before."""

from dataclasses import replace
from pathlib import Path

from lab import Lab
from tiny import ColourSquares, TinyDatasetConfig, open_tiny

from ganx.contracts.dataset import Dataset
from ganx.sessions.session import resumed, started
from ganx.settings.run import resolve

FOUND = ("Some are odd.", "Some are even.")


class SurveyedSquares(ColourSquares):
    def survey(self) -> tuple[str, ...]:
        return FOUND


def surveyed(config: TinyDatasetConfig) -> Dataset:
    return replace(open_tiny(config), images=SurveyedSquares(config.size))


def test_what_was_found_out_is_told_whenever_a_run_starts_or_goes_on(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.host.datasets["squares"] = replace(lab.host.datasets["squares"], open=surveyed)
    config = resolve(lab.host, {"recipe": "tiny"})
    told: list[str] = []
    session = lab._session() | {"notice": lambda notice: told.append(str(notice))}
    with started(lab.host, config, runs=lab.runs, **session) as trainer:
        trainer.train()
    with started(lab.host, config, runs=lab.runs, **session):
        pass
    with resumed(lab.host, trainer.run.path, {}, **session):
        pass
    assert [text for text in told if text in FOUND] == [*FOUND] * 3
