"""Names that several plugins have: ambiguous, but never a reason to leave a plugin out."""

from typing import Any

import pytest

from ganx.errors import PluginError
from ganx.host import PluginHost, load_plugins


def recipe(name: str, summary: str = "") -> str:
    return f"""
        import ganx
        from ganx.contracts.specs import RecipeSpec

        @ganx.hookimpl
        def ganx_recipes():
            yield RecipeSpec({name!r}, {summary!r})
    """


def loaded(host: PluginHost) -> list[tuple[str, str]]:
    return [
        (one.name, one.distribution) for one in host.plugins if one.distribution.startswith("net")
    ]


def test_a_name_that_two_plugins_provide_is_a_problem_and_refused_where_it_is_used(
    fakes: Any,
) -> None:
    fakes.add("second", recipe("both"), distribution="net-z")
    fakes.add("first", recipe("both"), distribution="net-a")
    fakes.add("third", recipe("other"), distribution="net-t")
    host = load_plugins(allow=["first", "second", "third"])
    (problem,) = host.problems
    assert str(problem) == (
        "plugin 'second' (net-z 1.0) provides the recipe 'both', and so does 'first' (net-a 1.0); "
        "the name is ambiguous and refused where it is used. Leave out the one that you do not "
        "mean (`ganx --block net-a ...` or `ganx --block net-z ...`), or uninstall its "
        "distribution."
    )
    with pytest.raises(PluginError, match=r"'first' .net-a 1.0. and 'second' .net-z 1.0. provide"):
        host.recipes["both"]
    assert host.recipes["other"].name == "other"
    with pytest.raises(PluginError, match="Strict mode found a problem"):
        load_plugins(allow=["first", "second", "third"], strict=True)


@pytest.mark.parametrize("other", ["aaa-net", "zzz-net"])
def test_the_alphabet_does_not_decide(fakes: Any, other: str) -> None:
    fakes.add("mine", recipe("both"), distribution="net-m")
    fakes.add("theirs", recipe("both"), distribution=other)
    with pytest.raises(PluginError, match="ambiguous"):
        load_plugins(allow=["mine", "theirs"]).recipes["both"]


@pytest.mark.parametrize("block", ["net-z", "NET_Z", "second"])
def test_leaving_one_out_makes_the_name_plain(fakes: Any, block: str) -> None:
    fakes.add("second", recipe("both", "z"), distribution="net-z")
    fakes.add("first", recipe("both", "a"), distribution="net-a")
    host = load_plugins(allow=["net-a", "net.z"], block=[block])
    assert host.problems == ()
    assert host.recipes["both"].summary == "a"


def test_ganxs_own_spec_keeps_its_name_from_any_plugin(fakes: Any) -> None:
    fakes.add("builtin", recipe("both", "own"), distribution="ganx", version="0.1.0")
    fakes.add("aaa", recipe("both", "foreign"), distribution="aaa")
    fakes.add("bbb", recipe("both", "foreign"), distribution="bbb")
    host = load_plugins(allow=["aaa", "bbb"])
    assert host.recipes["both"].summary == "own"
    assert [problem.plugin for problem in host.problems] == ["aaa", "bbb"]
    assert "the recipe 'both', a name that ganx itself has" in host.problems[0].what


def test_a_plugin_that_yields_a_name_twice_has_the_first_used(fakes: Any) -> None:
    source = """
        import ganx
        from ganx.contracts.specs import RecipeSpec

        @ganx.hookimpl
        def ganx_recipes():
            yield RecipeSpec("twice", "first")
            yield RecipeSpec("twice", "second")
    """
    fakes.add("one", source)
    host = load_plugins(allow=["one"])
    (problem,) = host.problems
    assert problem.what == "yields the recipe 'twice' twice; the first of them is used"
    assert host.recipes["twice"].summary == "first"


def test_two_distributions_with_one_entry_point_name_are_both_loaded(fakes: Any) -> None:
    fakes.add("twin", recipe("one"), distribution="net-a")
    fakes.add("twin", recipe("two"), distribution="net-z")
    host = load_plugins(allow=["twin"])
    assert host.problems == ()
    assert loaded(host) == [("twin", "net-a"), ("twin", "net-z")]
    assert host.recipes.provider("one").distribution == "net-a"
    assert host.recipes.provider("two").distribution == "net-z"


def test_of_two_plugins_with_one_name_a_fault_names_the_right_one(
    fakes: Any, caplog: pytest.LogCaptureFixture
) -> None:
    watcher = """
        import ganx

        @ganx.hookimpl
        def ganx_run_ended(event):
            {}
    """
    fakes.add("twin", watcher.format("1 / 0"), distribution="net-a")
    fakes.add("twin", watcher.format("pass"), distribution="net-z")
    load_plugins(allow=["twin"]).notify("ganx_run_ended", None)
    (record,) = caplog.records
    assert "of plugin 'twin' (net-a 1.0) failed" in record.message


def test_one_of_two_plugins_with_one_name_can_be_blocked(fakes: Any) -> None:
    fakes.add("twin", recipe("one"), distribution="net-a")
    fakes.add("twin", recipe("two"), distribution="net-z")
    host = load_plugins(allow=["twin"], block=["net-a"])
    assert loaded(host) == [("twin", "net-z")]
    assert "'twin' (net-a 1.0)" in host.left_out


def test_a_distribution_that_is_on_the_path_twice_is_one_plugin(
    fakes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ganx.host import discovery

    fakes.add("twin", recipe("one"), distribution="net-a", version="1.0")
    fakes.add("twin", recipe("one"), distribution="Net_A", version="2.0")
    everything = [
        entry
        for one in discovery.distributions()
        for entry in one.entry_points.select(group="ganx")
    ]
    monkeypatch.setattr(discovery, "entry_points", lambda **_: everything)
    host = load_plugins(allow=["twin"])
    assert host.problems == ()
    assert len([one for one in host.plugins if one.name == "twin"]) == 1


def test_an_unknown_name_may_be_a_distributions(fakes: Any) -> None:
    fakes.add("mine", recipe("one"), distribution="net-a")
    assert load_plugins(allow=[], block=["net-a"]).problems == ()
    (problem,) = load_plugins(allow=[], block=["net-b"]).problems
    assert problem.what == "is named by --block but is not installed"
    assert "Did you mean 'net-a'?" in problem.remedy
