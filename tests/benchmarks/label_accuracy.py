"""Whether a run's generator shows what it is asked for, as a classifier of its data set sees it.

Usage: ``python tests/benchmarks/label_accuracy.py RUN [--images 2000] [--seeds 5] [--judge FILE]
[--dataset-set KEY=VALUE ...] [--judge-set KEY=VALUE ...] [--weights ema|raw] [--json]``.

The classifier, called the judge, is trained on the run's data set: where images are rendered, on
others than the run's (another ``dataset.seed``). With ``--judge FILE`` it is read from that file,
which is written first where there is none. Chance is measured by shuffling what was asked for.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganx.config import validated
from ganx.data.store import cache_root, prepare
from ganx.dataset import Dataset
from ganx.errors import ConfigError, GanxError
from ganx.frozen import FrozenGenerator
from ganx.generator import load_generator
from ganx.host import default_host
from ganx.judging.baseline import Finding
from ganx.judging.codes import CodeFinding, of_codes
from ganx.judging.judge import Judge
from ganx.judging.measure import as_in_training, of_prompts
from ganx.judging.opening import open_for_judge
from ganx.judging.saved import load_judge, save_judge
from ganx.judging.settings import JudgeSettings
from ganx.judging.training import train_judge
from ganx.merging import parse_assignments
from ganx.precision import decide
from ganx.rundir import RunDirectory, find_run


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="the folder of a run, or its name in --runs")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--images", type=int, default=2000, help="for each seed of the noise")
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds of the noise")
    parser.add_argument("--judge", type=Path, help="the file of a judge, read or else written")
    parser.add_argument("--dataset-set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--judge-set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--weights", choices=["ema", "raw"], default="ema")
    parser.add_argument("--checkpoint", type=int, help="images seen; the newest by default")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def judge_of(given: argparse.Namespace, dataset: Dataset, name: str, device: str) -> Judge:
    """Read the judge, or train it on the data set and keep it where a file is named."""
    if given.judge and given.judge.exists():
        return known_judge(given, dataset, device)
    settings = validated(JudgeSettings, parse_assignments(given.judge_set), "judge")
    store = prepare(dataset, name, cache_root(), device)
    judge = train_judge(dataset, store, settings, device, _progress)
    if given.judge:
        save_judge(judge, given.judge)
    return judge


def known_judge(given: argparse.Namespace, dataset: Dataset, device: str) -> Judge:
    """Read a judge, and refuse one of other data or beside settings that it would not heed."""
    judge = load_judge(given.judge, device)
    learnt = judge.record["dataset"]["fingerprint"]
    if given.judge_set or learnt != dataset.images.fingerprint():
        reason = "was trained on other images" if not given.judge_set else "is trained already"
        raise ConfigError(
            f"The judge {given.judge} {reason}. Give the --dataset-set that it was trained with "
            "and no --judge-set, or name a new file to train another."
        )
    return judge


def _progress(seen: int, images: int) -> None:
    """Say how far the judge's training is, on a line of its own."""
    if sys.stderr.isatty():
        end = "\n" if seen == images else ""
        print(f"\rjudge: {seen:,} of {images:,} images", end=end, file=sys.stderr, flush=True)


def findings(
    frozen: FrozenGenerator, judge: Judge, dataset: Dataset, images: int, seeds: range
) -> dict[str, dict[str, Finding]]:
    """Measure what is asked for as in training, and by each of the data set's sets of prompts."""
    if not frozen.interface.condition.size:
        return {}
    found = {"as in training": as_in_training(frozen, judge, images, seeds)}
    for name, texts in dataset.prompts.items():
        found[f"prompts {name}"] = of_prompts(frozen, judge, texts, seeds)
    return found


def codes(frozen: FrozenGenerator, judge: Judge, images: int, seeds: range) -> list[CodeFinding]:
    """Match the codes of an unconditional generator to classes."""
    if frozen.interface.condition.size or judge.interface.condition.kind == "labels":
        return []
    return of_codes(frozen, judge, images, seeds)


def classes_by_code(found: CodeFinding, judge: Judge) -> dict[int, str]:
    """Name the class of each value of a code."""
    groups = {group.name: group.values for group in judge.interface.condition.groups}
    return {code: groups[found.group][index] for code, index in found.matching.classes.items()}


def as_json(finding: Finding) -> dict[str, Any]:
    """Write a finding as JSON; z is null where shuffling changes nothing."""
    z = finding.z if finding.shuffled.sd else None
    return {**finding._asdict(), "shuffled": finding.shuffled._asdict(), "z": z}


def line(name: str, finding: Finding) -> str:
    """Write a finding for people."""
    score = f"{finding.mean:.4f} ± {finding.sd:.4f}"
    chance = f"{finding.shuffled.mean:.4f} ± {finding.shuffled.sd:.4f}"
    z = f"{finding.z:.1f}" if finding.shuffled.sd else "none"
    return f"  {name:14} {score}   shuffled {chance}   z {z}"


def main() -> None:
    """Load, train, measure and print."""
    given = arguments()
    host = default_host()
    path = find_run(given.run, given.runs)
    frozen = load_generator(path, given.weights, checkpoint=given.checkpoint, registries=host)
    chosen = RunDirectory(path).read_config()["dataset"]
    dataset = open_for_judge(host.datasets, chosen, parse_assignments(given.dataset_set))
    device = decide(device=given.device).device
    judge = judge_of(given, dataset, chosen["name"], str(device))
    frozen.module.to(device)
    seeds = range(given.seeds)
    asked = findings(frozen, judge, dataset, given.images, seeds)
    matched = codes(frozen, judge, given.images, seeds)
    report = print_json if given.json else print_table
    report(frozen, judge, asked, matched)


def print_json(
    frozen: FrozenGenerator,
    judge: Judge,
    asked: Mapping[str, Mapping[str, Finding]],
    matched: list[CodeFinding],
) -> None:
    """Print all of it for machines."""
    scores = {
        name: {measure: as_json(finding) for measure, finding in found.items()}
        for name, found in asked.items()
    }
    codes_found = [
        {
            "part": found.part,
            "group": found.group,
            **as_json(found.finding),
            "classes": classes_by_code(found, judge),
        }
        for found in matched
    ]
    origin = frozen.metadata["origin"]
    about = {"origin": origin, "judge": judge.record, "asked": scores, "codes": codes_found}
    print(json.dumps(about, indent=1))


def print_table(
    frozen: FrozenGenerator,
    judge: Judge,
    asked: Mapping[str, Mapping[str, Finding]],
    matched: list[CodeFinding],
) -> None:
    """Print all of it for people."""
    origin, record = frozen.metadata["origin"], judge.record
    print(f"{origin['run']}: {origin['images_seen']:,} images seen, weights {origin['weights']}")
    learnt, held = record["dataset"]["images"], record["held_out"]["images"]
    print(f"judge: learnt from {learnt:,} images of the data set; on {held:,} others of it")
    for name, score in judge.held_out.items():
        print(f"  {name:14} {score:.4f}")
    for name, found in asked.items():
        print(f"generator, {name}")
        for measure, finding in found.items():
            print(line(measure, finding))
    for code in matched:
        print(f"code {code.part}, matched to {code.group}")
        print(line(code.group, code.finding))
        pairs = classes_by_code(code, judge).items()
        print("  " + ", ".join(f"{value} is {name}" for value, name in pairs))


if __name__ == "__main__":
    try:
        main()
    except GanxError as error:
        sys.exit(f"Error: {error}")
