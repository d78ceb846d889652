"""The contract of an evaluator.

A plugin's author writes::

    class TestBrightness(EvaluatorContract):
        spec = BRIGHTNESS
"""

import json
import math
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import pytest
import torch

from ganx.contracts.interface import Interface
from ganx.contracts.protocol import ScoringProtocol
from ganx.contracts.results import Evaluation, Result
from ganx.contracts.specs import EvaluatorSpec
from ganx.contracts.subject import Subject
from ganx.errors import DataError
from ganx.scoring.running import evaluate
from ganx.testing.interfaces import CONDITIONS, told
from ganx.testing.settings_contract import SettingsContract
from ganx.testing.subjects import SIDE, frozen_stand_in, whole_subject

PROTOCOL = ScoringProtocol()


class EvaluatorContract(SettingsContract):
    """All that ganx asks of an evaluator; inherit it and set ``spec``."""

    spec: EvaluatorSpec
    """The evaluator under test."""

    interfaces: Sequence[Interface] = tuple(Interface(SIDE, 3, one) for one in CONDITIONS)
    """Generators that it is tried with; what it cannot score it refuses with a hindrance."""

    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> Subject:
        """Make a subject with everything an evaluator may ask for, that it can score."""
        whole = whole_subject(request.param)
        hindrance = self.spec.hindrance(whole)
        if hindrance:
            pytest.skip(f"{self.spec.name} cannot score this: {hindrance}")
        return whole

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Try every test that takes a subject with each of the interfaces."""
        if "subject" in metafunc.fixturenames:
            metafunc.parametrize("subject", self.interfaces, ids=told, indirect=True)

    def evaluate(self, subject: Subject) -> Evaluation:
        """Score a subject as the engine does."""
        name = self.spec.name
        return evaluate({name: self.spec}, [name], subject, PROTOCOL, {name: self.config})

    def test_it_scores_or_says_why_it_cannot(self) -> None:
        """A hindrance is part of a sentence; at least one subject can be scored."""
        reasons = [self.spec.hindrance(whole_subject(one)) for one in self.interfaces]
        assert not all(reasons), f"Nothing can be scored: {reasons}"
        bare = Subject(frozen_stand_in(self.interfaces[0]))
        reason = self.spec.hindrance(bare)
        assert isinstance(reason, str), f"A hindrance is a text, not {reason!r}."
        if reason:
            with pytest.raises(DataError):
                self.evaluate(bare)

    def test_headlines_are_figures_that_it_yields(self) -> None:
        """Each name is that of a figure of some subject, so that none is misspelt."""
        names, slow = self.spec.headline, self.spec.slow
        assert isinstance(slow, bool), f"slow is {slow!r}, not true or false."
        assert isinstance(names, tuple), f"headline is {names!r}, not a tuple of names."
        figures = self._figures() if names else set()
        for name in names:
            found = any(fnmatchcase(figure, name) for figure in figures)
            assert found, f"No figure is named {name!r}: {figures}."

    def test_what_tells_a_collapse_are_figures_that_it_yields(self) -> None:
        """The alarm looks for figures of just these names, and none is misspelt."""
        watched = self.spec.collapse
        assert isinstance(watched, Mapping), f"collapse is {watched!r}, not values by figures."
        missing = watched.keys() - (self._figures() if watched else set())
        assert not missing, f"No figure is named {', '.join(map(repr, sorted(missing)))}."

    def _figures(self) -> set[str]:
        """Name the figures of every subject that can be scored."""
        subjects = [whole_subject(one) for one in self.interfaces]
        able = [one for one in subjects if not self.spec.hindrance(one)]
        results = [result for one in able for result in self.evaluate(one).results]
        return {figure.name for result in results for figure in result.figures}

    def test_figures_are_finite_and_named(self, subject: Subject) -> None:
        """Names hold no dot, which parts them from their subject, and come once."""
        results = self.evaluate(subject).results
        assert results, "There are no results."
        for result in results:
            check_figures(result)

    def test_the_same_subject_has_the_same_scores(self, subject: Subject) -> None:
        """Noise comes from the subject's seeds and from nowhere else."""
        torch.manual_seed(1)
        first = self.evaluate(subject).scores()
        torch.manual_seed(2)
        assert self.evaluate(subject).scores() == first, "The scores change by themselves."

    def test_it_leaves_the_generator_and_all_random_states_as_they_are(
        self, subject: Subject
    ) -> None:
        """A run is scored while it trains, and must end with the same bits."""
        module = subject.generator.module
        before = {name: value.clone() for name, value in module.state_dict().items()}
        random = torch.get_rng_state()
        self.evaluate(subject)
        changed = [k for k, v in module.state_dict().items() if not torch.equal(before[k], v)]
        assert not changed, f"The generator has changed: {', '.join(changed)}."
        assert not module.training, "The generator was put into training mode."
        assert torch.equal(random, torch.get_rng_state()), "The global random state has moved."

    def test_it_can_be_written_and_read_again(self, subject: Subject) -> None:
        """Evaluations are kept as JSON."""
        found = self.evaluate(subject)
        written = json.loads(json.dumps(found.to_json()))
        assert Evaluation.from_json(written).to_json() == found.to_json()


def check_figures(result: Result) -> None:
    """Refuse figures that cannot be told apart or shown."""
    names = [figure.name for figure in result.figures]
    assert len(set(names)) == len(names), f"A figure is named twice: {names}."
    for figure in result.figures:
        assert "." not in figure.name, f"The name {figure.name!r} holds a dot."
        assert math.isfinite(figure.mean), f"{figure.name!r} is {figure.mean}."
        assert figure.sd >= 0, f"{figure.name!r} has a spread of {figure.sd}."
        inside = 0 <= figure.mean <= 1 or not figure.is_share
        assert inside, f"{figure.name!r} is a share, but {figure.mean}."
