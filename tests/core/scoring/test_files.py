"""Files that earlier versions kept are read, and written with the same keys.

In files a protocol is called ``terms``, and a result's scope ``subject``.
"""

import json
import math
from pathlib import Path

from ganx.contracts.results import Evaluation
from ganx.runs.directory import Best, RunDirectory
from ganx.scoring.kept import kept_evaluations, save_evaluation

NAME = "000000096-ema-12345678-3263b4.json"
KEPT = """{
 "origin": {
  "ganx": "0.1.0", "run": "00000-tiny", "model": {"name": "tiny"}, "weights": "ema",
  "images_seen": 96
 },
 "terms": {
  "ganx": "0.1.0",
  "judge": {"name": "squares 8px", "digest": "12345678", "held_out": {"top-k": 0.99}},
  "seeds": [0, 1],
  "prompts": {"test": {"digest": "aabbccdd", "count": 3}},
  "data": {"name": "squares", "fingerprint": "00", "provenance": {"source": "rendered"}},
  "selected_on": "test",
  "evaluators": {"prompt-accuracy": {"threshold": 0.5}}
 },
 "results": [
  {
   "evaluator": "prompt-accuracy", "subject": "test",
   "figures": [
    {
     "name": "top-k", "mean": 0.5, "sd": 0.1, "draws": 2, "chance": [0.2, 0.05],
     "better": "higher", "qualifier": "3 prompts", "is_share": true, "against": ""
    }
   ],
   "tables": [
    {
     "title": "objects", "columns": ["object", "share"],
     "rows": [["red cube", 0.5], ["blue cube", null]], "kind": "shares"
    }
   ]
  },
  {
   "evaluator": "distribution", "subject": "images",
   "figures": [
    {
     "name": "judge-FID", "mean": null, "sd": 0.0, "draws": 1, "chance": null,
     "better": "lower", "qualifier": "", "is_share": false, "against": "held-out squares"
    }
   ],
   "tables": []
  }
 ],
 "notes": ["Mind."]
}
"""
BEST = """{"images_seen": 96, "metric": "validation.top-k", "value": 0.5, \
"select_on": "validation", "judge": "12345678", "seeds": 3, "first_seed": 1000}
"""


def test_an_evaluation_that_was_kept_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    run.evaluations.mkdir()
    (run.evaluations / NAME).write_text(KEPT)

    (found,) = kept_evaluations(run)
    assert [(one.evaluator, one.scope) for one in found.results] == [
        ("prompt-accuracy", "test"),
        ("distribution", "images"),
    ]
    assert found.protocol.judge is not None
    assert found.protocol.judge.digest == "12345678"
    assert found.protocol.prompts["test"].count == 3
    assert found.scores()["test.top-k"] == 0.5
    assert math.isnan(found.scores()["images.judge-FID"])


def test_an_evaluation_is_written_under_the_same_name_with_the_same_keys(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    save_evaluation(run, Evaluation.from_json(json.loads(KEPT)))

    (path,) = run.evaluations.iterdir()
    assert path.name == NAME
    assert path.read_text() == json.dumps(json.loads(KEPT), indent=1) + "\n"


def test_a_caution_is_written_where_there_is_one_and_read_again() -> None:
    data = json.loads(KEPT)
    data["results"][1]["figures"][0]["caution"] = "of 24 images only"
    found = Evaluation.from_json(data)
    assert [figure.caution for _, figure in found.figures()] == ["", "of 24 images only"]
    assert found.to_json() == data


def test_the_best_checkpoint_is_read_and_written_with_the_same_keys(tmp_path: Path) -> None:
    run, path = RunDirectory(tmp_path), tmp_path / "best.json"
    path.write_text(BEST)
    best = run.best()
    assert best == Best(**json.loads(BEST))
    assert best.protocol == ("validation.top-k", "12345678", 3, 1000)
    run.write_best(best)
    assert path.read_text() == BEST
