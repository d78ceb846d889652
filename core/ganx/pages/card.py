"""A folder for the Hugging Face hub: a generator's files, a card that tells of it, and settings."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.protocol import Origin
from ganx.contracts.results import Evaluation
from ganx.errors import RunError
from ganx.files import put_in_place, writing
from ganx.pages.about import About, about, alarms, changes, provenance
from ganx.pages.card_front import front_matter
from ganx.pages.card_places import is_place, places_in, without_places
from ganx.pages.card_words import limits, rows_of, unscored, what_it_draws
from ganx.pages.headlines import headlines, score_blocks
from ganx.pages.judge_words import about_judge
from ganx.pages.page import render_markdown
from ganx.pictures.captions import prompt_picture
from ganx.pictures.grid import save_picture
from ganx.runs.directory import RunDirectory
from ganx.sampling.samples import conditions_of, sample_images
from ganx.scoring.kept import kept_evaluations
from ganx.version import __version__

CARD, SETTINGS, SAMPLES = "README.md", "config.json", "samples.png"

_ROWS, _COLUMNS = 4, 8
_DRAWN = 64
"""Conditions that texts of the picture are taken from."""


@dataclass(frozen=True)
class Usage:
    """One way to use the files."""

    text: str
    """A sentence above the code, in Markdown."""

    language: str
    """Of the code, such as ``python``."""

    code: str


@dataclass(frozen=True)
class CardMaterial:
    """What a card shows besides the run and its generator."""

    files: Sequence[Path]
    """The exported files, which are copied."""

    licence: str | None = None
    distribution: bool = True
    """Whether labels of the picture are drawn as they occurred in training."""

    usage: Sequence[Usage] = ()
    unscored: str = ""
    """How to score the run, where nothing is known of it."""

    headlines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """``EvaluatorSpec.headline`` of the evaluators, by their names."""


def check_card_folder(folder: Path, files: Sequence[Path] = ()) -> None:
    """Raise ``RunError`` for a folder that holds anything but a card of ganx and its files.

    ``files`` are those that go there, and may have been exported to there.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise RunError(f"{folder} is no folder. Name another for the card.")
    there = {file.name for file in files if file.resolve().parent == folder.resolve()}
    foreign = sorted({one.name for one in folder.iterdir()} - _own(folder) - there)
    if foreign:
        raise RunError(
            f"The folder {folder} holds {foreign[0]}, which is of no card that ganx wrote, and "
            "would be lost. Name another folder, or an empty one."
        )


def _own(folder: Path) -> set[str]:
    """Read which files of a folder a former card brought."""
    try:
        return set(json.loads((folder / SETTINGS).read_text("utf-8"))["ganx"]["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def write_card(
    folder: Path, run: RunDirectory, frozen: FrozenGenerator, material: CardMaterial
) -> None:
    """Write the folder whole: model files, ``README.md``, ``samples.png`` and ``config.json``.

    The newest evaluation of the same weights is told. Raises ``RunError`` for a folder with files
    that ganx did not write, for a damaged run, and where the system refuses.
    """
    check_card_folder(folder, material.files)
    place = folder.resolve()
    aside = place.with_name(f".{place.name}.partial")
    with writing(folder, "the card"):
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            for file in material.files:
                shutil.copyfile(file, aside / file.name)
            rows = _samples(aside / SAMPLES, frozen, distribution=material.distribution)
            (aside / CARD).write_text(_card(run, frozen, material, rows), encoding="utf-8")
            (aside / SETTINGS).write_text(_settings(run, frozen, material), encoding="utf-8")
            put_in_place(aside, place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _samples(path: Path, frozen: FrozenGenerator, *, distribution: bool) -> list[str]:
    """Draw the picture, and return the texts of its rows."""
    condition = frozen.interface.condition
    known = distribution and condition.size and "distribution" in frozen.metadata
    drawn = conditions_of(frozen, 0, range(_DRAWN)) if known else None
    rows = rows_of(condition, drawn, _ROWS)
    each = _COLUMNS if rows else _ROWS * _COLUMNS
    images = sample_images(frozen, rows, each, 0)
    save_picture(prompt_picture(images, rows), path)
    return rows


def _card(
    run: RunDirectory, frozen: FrozenGenerator, material: CardMaterial, rows: Sequence[str]
) -> str:
    """Write the card's text."""
    facts, condition = about(run, None), frozen.interface.condition
    data = dict(facts.sessions[-1].dataset) if facts.sessions else {}
    evaluation = _evaluation(run, frozen)
    chosen = headlines(evaluation, material.headlines) if evaluation else []
    scores = (evaluation, chosen) if evaluation else None
    return render_markdown(
        "card.md.j2",
        front=front_matter(facts.name, condition, material.files, material.licence, scores),
        name=facts.name,
        about=what_it_draws(frozen.interface),
        rows=rows,
        columns=_COLUMNS if rows else _ROWS * _COLUMNS,
        groups=condition.to_json()["groups"],
        files=[(file.name, file.stat().st_size) for file in material.files],
        usage=material.usage,
        evaluation=evaluation,
        blocks=score_blocks(evaluation) if evaluation else [],
        judge_words=about_judge(evaluation.protocol, None) if evaluation else [],
        unscored=unscored(run.best(), material.unscored),
        dataset=facts.config["dataset"]["name"],
        data=_plain(without_places(data)),
        limits=limits(condition, data, evaluation, chosen),
        alarms=alarms(run, {}),
        notes=[*changes(facts), *(evaluation.notes if evaluation else [])],
        made=_made(facts, frozen),
        licence=material.licence,
    )


def _evaluation(run: RunDirectory, frozen: FrozenGenerator) -> Evaluation | None:
    """Find the newest evaluation of these weights that has results."""
    origin = Origin.from_json(frozen.metadata["origin"])
    wanted = origin.images_seen, origin.weights
    kept = [one for one in kept_evaluations(run) if one.results]
    found = [one for one in kept if (one.origin.images_seen, one.origin.weights) == wanted]
    return found[-1] if found else None


def _made(facts: About, frozen: FrozenGenerator) -> list[tuple[str, str]]:
    """List what the generator is and what it was made with."""
    origin = Origin.from_json(frozen.metadata["origin"])
    model = dict(origin.model)
    session = provenance(facts)
    return [
        ("Run", facts.name),
        ("Recipe", str(facts.config.get("recipe", "none"))),
        ("Model", str(model.pop("name", "unknown"))),
        *((f"Model: {name}", value) for name, value in _plain(without_places(model))),
        ("Weights", f"{origin.weights_in_words}, after {origin.images_seen:,} images seen"),
        ("Exported by ganx", __version__),
        *((name, text) for name, text in session if not _is_elsewhere(name, text)),
        ("Parts from", ", ".join(_parts(facts))),
    ]


def _is_elsewhere(name: str, text: str) -> bool:
    """Tell what has a section of its own, lies somewhere, or was installed for other purposes."""
    return name.startswith("Data: ") or name == "Plugins" or is_place("", text)


def _parts(facts: About) -> list[str]:
    """Name the distributions that the run was made of."""
    providers = facts.sessions[-1].providers if facts.sessions else {}
    return sorted({one for names in providers.values() for one in names.values()}) or ["unknown"]


def _plain(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write names and values, tables in one line."""
    return [
        (name.replace("_", " "), value if isinstance(value, str) else json.dumps(value))
        for name, value in table.items()
        if value not in ("", None)
    ]


def _settings(run: RunDirectory, frozen: FrozenGenerator, material: CardMaterial) -> str:
    """Write the run's settings, and what tells the folder's files from others."""
    settings = run.read_config()
    names = [CARD, SAMPLES, SETTINGS, *(file.name for file in material.files)]
    own = {"version": __version__, "files": names, "left_out": places_in(settings)}
    told = {"ganx": own, "interface": frozen.interface.to_json(), **without_places(settings)}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
