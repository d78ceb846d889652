"""Each way in which a plugin can be wrong is reported by name and costs only that plugin."""

from typing import Any

import pluggy
import pytest

from ganx.errors import PluginError
from ganx.host import PluginHost, PluginProblem, load_plugins

GOOD = """
    import ganx
    from ganx.contracts.specs import RecipeSpec

    @ganx.hookimpl
    def ganx_recipes():
        yield RecipeSpec("survivor", "Still here")
"""

UNTELLABLE = """
    class Untellable(BaseException):
        def __str__(self):
            raise SystemExit(0)

    raise Untellable
"""


def with_hook(line: str, hook: str = "ganx_recipes()") -> str:
    return (
        GOOD
        + f"""
    from ganx.contracts.specs import *

    @ganx.hookimpl
    def {hook.replace("ganx_recipes", "ganx_models")}:
        {line}
"""
    )


def load(fakes: Any, name: str = "bad") -> PluginHost:
    fakes.add("good", GOOD.replace("survivor", "bystander"))
    host = load_plugins(allow=["good", name])
    assert "bystander" in host.recipes
    return host


def only_problem(host: PluginHost) -> PluginProblem:
    (problem,) = host.problems
    assert (problem.plugin, problem.distribution, problem.version) == ("bad", "fake-bad", "1.0")
    return problem


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(:", "SyntaxError"),
        ("import sys; sys.exit('gone')", "SystemExit: gone"),
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("raise type('Own', (BaseException,), {})('gone')", "Own: gone"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError"),
        (UNTELLABLE, "Untellable"),
    ],
)
def test_a_module_that_cannot_be_imported(fakes: Any, source: str, told: str) -> None:
    fakes.add("bad", source)
    problem = only_problem(load(fakes))
    assert told in problem.what
    assert problem.remedy == (
        "Mend it, or update it (`pip install -U fake-bad`), "
        "or leave it out (`ganx --block bad ...`)."
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import ganx\n\ndef f(:", 3),
        ("def f():\n    return {}['x']\n\nf()", 2),
        ("import json\njson.loads('no')", 2),
        ("\nimport nothing_of_that_name", 2),
    ],
)
def test_the_line_of_the_plugin_that_fails_is_named(fakes: Any, source: str, line: int) -> None:
    fakes.add("bad", source)
    what = only_problem(load(fakes)).what
    assert f" at {fakes.folder / 'fake_bad_bad_plugin.py'}:{line} with " in what


def test_a_path_in_the_home_folder_does_not_tell_the_users_name(
    fakes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(fakes.folder))
    fakes.add("bad", "1 / 0")
    assert " at ~/fake_bad_bad_plugin.py:1 with ZeroDivisionError" in only_problem(load(fakes)).what


def test_a_module_that_needs_another_one(fakes: Any) -> None:
    fakes.add("bad", "import nothing_of_that_name")
    problem = only_problem(load(fakes))
    assert "Install the module 'nothing_of_that_name' that it needs" in problem.remedy


@pytest.mark.parametrize(
    "target", ["nowhere.plugin", "fake_bad_bad_plugin:absent", "not a module!"]
)
def test_an_entry_point_that_names_nothing(fakes: Any, target: str) -> None:
    fakes.add("bad", GOOD, target=target)
    problem = only_problem(load(fakes))
    assert f"its entry point names {target!r}, which is not there" in problem.what
    assert "pip install --force-reinstall fake-bad" in problem.remedy


def test_a_misspelt_hook_costs_only_itself(fakes: Any) -> None:
    fakes.add("bad", with_hook("yield", "ganx_model()"))
    host = load(fakes)
    problem = only_problem(host)
    assert "'ganx_model', which is no hook" in problem.what
    assert "Did you mean 'ganx_models'?" in problem.remedy
    assert "survivor" in host.recipes


def test_a_misspelt_hook_name_in_the_mark(fakes: Any) -> None:
    source = GOOD.replace("@ganx.hookimpl", '@ganx.hookimpl(specname="ganx_recipe")')
    fakes.add("bad", source)
    assert "Did you mean 'ganx_recipes'?" in only_problem(load(fakes)).remedy


def test_a_hook_of_a_newer_ganx_may_be_marked_as_optional(fakes: Any) -> None:
    source = (
        GOOD
        + """
    @ganx.hookimpl(optionalhook=True)
    def ganx_invented_later():
        pass
    """
    )
    fakes.add("bad", source)
    assert load(fakes).problems == ()


def test_an_argument_that_the_hook_does_not_pass(fakes: Any) -> None:
    fakes.add("bad", with_hook("yield", "ganx_models(config)"))
    host = load(fakes)
    problem = only_problem(host)
    assert "with the argument 'config', which the hook does not pass" in problem.what
    assert problem.remedy == "Declare it as `def ganx_models()`."
    assert "survivor" in host.recipes


def test_a_wrapper_is_refused(fakes: Any) -> None:
    source = GOOD.replace("@ganx.hookimpl", "@ganx.hookimpl(wrapper=True)")
    fakes.add("bad", source)
    assert "wraps the hook 'ganx_recipes'" in only_problem(load(fakes)).what


def test_a_hook_without_its_mark(fakes: Any) -> None:
    fakes.add("bad", GOOD.replace("@ganx.hookimpl", ""))
    problem = only_problem(load(fakes))
    assert problem.what == "defines 'ganx_recipes' without marking it"
    assert problem.remedy == "Write @ganx.hookimpl above `def ganx_recipes`."


def test_a_module_without_hooks(fakes: Any) -> None:
    fakes.add("bad", "")
    assert "implements no hook in 'fake_bad_bad_plugin'" in only_problem(load(fakes)).what


def test_a_hook_that_raises_keeps_what_it_yielded_before(fakes: Any) -> None:
    source = GOOD + "        raise KeyError('table')\n"
    fakes.add("bad", source)
    host = load(fakes)
    assert "fails in 'ganx_recipes' with KeyError: 'table'" in only_problem(host).what
    assert "survivor" in host.recipes


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError"),
        ("raise type('Own', (BaseException,), {})('gone')", "Own: gone"),
    ],
)
def test_a_hook_cannot_end_the_program(fakes: Any, fault: str, told: str) -> None:
    body = GOOD.partition("        yield")[0]
    fakes.add("late", GOOD + f"        {fault}\n")
    fakes.add("early", body + f"        {fault}\n")
    host = load_plugins(allow=["late", "early"])
    expected = f"fails in 'ganx_recipes' with {told}; what it had not yielded yet is missing"
    assert [(one.plugin, one.what) for one in host.problems] == [
        ("early", expected),
        ("late", expected),
    ]
    assert "survivor" in host.recipes
    with pytest.raises(PluginError, match=f"(?s)'early'.*{told}.*'late'.*{told}"):
        load_plugins(allow=["late", "early"], strict=True)


@pytest.mark.parametrize("place", ["import", "hook"])
def test_the_user_can_interrupt_a_plugin(fakes: Any, place: str) -> None:
    source = (
        "raise KeyboardInterrupt" if place == "import" else with_hook("raise KeyboardInterrupt")
    )
    fakes.add("bad", source)
    with pytest.raises(KeyboardInterrupt):
        load_plugins(allow=["bad"])


def test_an_object_that_cannot_be_examined(fakes: Any) -> None:
    source = """
        class Plugin:
            def __dir__(self):
                raise SystemExit(0)

        plugin = Plugin()
    """
    fakes.add("bad", source, target="fake_bad_bad_plugin:plugin")
    what = only_problem(load(fakes)).what
    assert what.startswith("was left out: it could not be registered at ")
    assert what.endswith(":4 (SystemExit: 0)")


def test_a_plugin_that_fails_halfway_is_registered_not_at_all(
    fakes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pluggy.PluginManager.register

    def halfway(manager: pluggy.PluginManager, plugin: Any, name: str) -> str | None:
        whole(manager, plugin, name)
        raise SystemExit(0)

    fakes.add("bad", GOOD)
    monkeypatch.setattr(pluggy.PluginManager, "register", halfway)
    host = load_plugins(allow=["bad"])
    assert "bad" in [one.plugin for one in host.problems]
    assert not host.hook.ganx_recipes.get_hookimpls()


def test_a_value_that_cannot_be_shown(fakes: Any) -> None:
    source = """
        import ganx

        class Shy:
            @property
            def name(self):
                raise SystemExit(0)

        @ganx.hookimpl
        def ganx_models():
            yield Shy()
    """
    fakes.add("bad", source)
    assert "yields a value of type 'Shy' from 'ganx_models'" in only_problem(load(fakes)).what


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "yield 'a name'",
            "yields a value of type 'str' from 'ganx_models', which is no ModelSpec",
        ),
        ("yield RecipeSpec('x', 'y')", "yields the RecipeSpec 'x' from 'ganx_models'"),
        ("return 'abc'", "returns a value of type 'str' from 'ganx_models' instead of yielding"),
        ("return 7", "returns a value of type 'int' from 'ganx_models'"),
        ("pass", "returns nothing from 'ganx_models'"),
        ("yield ModelSpec('a b', '', NoConfig, print, 'r')", "needs a name without spaces"),
        ("yield ModelSpec('a', '', dict, print, 'r')", "needs a subclass of ganx.config.Config"),
        ("yield ModelSpec('a', '', NoConfig, None, 'r')", "needs a function as its 'build'"),
        ("yield ModelSpec('a')", "fails in 'ganx_models' with TypeError"),
    ],
)
def test_a_hook_that_gives_something_else(fakes: Any, line: str, told: str) -> None:
    fakes.add("bad", with_hook(line))
    host = load(fakes)
    assert told in only_problem(host).what
    assert "survivor" in host.recipes
    assert not [name for name in host.models if host.models.provider(name).plugin == "bad"]


def test_two_entry_points_to_one_module(fakes: Any) -> None:
    fakes.add("bad", GOOD, target="fake_good_good_plugin")
    assert "could not be registered" in only_problem_after(fakes)


def only_problem_after(fakes: Any) -> str:
    fakes.add("good", GOOD)
    (problem,) = load_plugins(allow=["good", "bad"]).problems
    return problem.what


@pytest.mark.parametrize(
    "requirement", ["ganx>=99", "Ganx (<0.1)", 'ganx==9; python_version > "3"']
)
def test_a_plugin_for_another_ganx_is_left_out(fakes: Any, requirement: str) -> None:
    fakes.add("bad", GOOD, requires=["numpy", requirement])
    host = load(fakes)
    assert "it needs ganx" in only_problem(host).what
    assert "survivor" not in host.recipes


@pytest.mark.parametrize(
    "requirement", ["ganx>=0.1,<0.2", "ganx", "ganx-other>=99", 'ganx>=99; extra == "x"', "???"]
)
def test_a_plugin_for_this_ganx_takes_part(fakes: Any, requirement: str) -> None:
    fakes.add("bad", GOOD, requires=[requirement])
    assert load(fakes).problems == ()


def test_a_name_that_a_failed_plugin_should_provide_says_why_it_is_missing(fakes: Any) -> None:
    fakes.add("bad", "1 / 0")
    host = load(fakes)
    with pytest.raises(PluginError) as caught:
        host.models["bad"]
    assert "The plugin 'bad' (fake-bad 1.0) was left out: importing" in str(caught.value)
    assert "ZeroDivisionError" in str(caught.value)


def test_what_a_plugin_prints_when_imported_stays_out_of_standard_output(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("bad", "print('hello')\n" + GOOD.replace("\n    ", "\n"))
    assert load(fakes).problems == ()
    assert capsys.readouterr().out == ""


def test_a_damaged_list_of_entry_points_does_not_hide_other_plugins(fakes: Any) -> None:
    fakes.add("bad", GOOD)
    (path,) = fakes.folder.glob("fake_bad*/entry_points.txt")
    path.write_text("[ganx]\nno equals sign\n", encoding="utf-8")
    fakes.add("good", GOOD)
    host = load_plugins()
    assert host.recipes.provider("survivor").plugin == "good"
    (problem,) = [one for one in host.problems if one.distribution == "fake-bad"]
    assert "its entry_points.txt is damaged" in problem.what


def test_a_plugin_without_metadata_still_loads(fakes: Any) -> None:
    fakes.add("bare", GOOD)
    (path,) = fakes.folder.glob("fake_bare*/METADATA")
    path.unlink()
    host = load_plugins(allow=["bare"])
    assert host.recipes.provider("survivor").distribution == ""
