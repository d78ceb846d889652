"""Walks all hooks: one without a docstring, an example or an exercise here fails."""

import ast
import inspect
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args, get_type_hints

import click
import pytest

from ganx.contracts import events, hooks
from ganx.host import load_plugins
from ganx.host.kinds import KINDS, Kind
from ganx.host.loading import specified_hooks

HOOKS = sorted(specified_hooks())

PROVIDED = {
    "ganx_models": 'ModelSpec("probe", "A probe", NoConfig, print, "probe")',
    "ganx_losses": 'LossSpec("probe", "A probe", print)',
    "ganx_datasets": 'DatasetSpec("probe", "A probe", NoConfig, print)',
    "ganx_augmentations": 'AugmentationSpec("probe", "A probe", print)',
    "ganx_optimizers": 'OptimizerSpec("probe", "A probe", AdamConfig, print)',
    "ganx_schedules": 'ScheduleSpec("probe", "A probe", print)',
    "ganx_evaluators": 'EvaluatorSpec("probe", "A probe", print)',
    "ganx_exporters": 'ExporterSpec("probe", "A probe", ".x", print, print)',
    "ganx_recipes": 'RecipeSpec("probe", "A probe")',
}

EVENTS = {
    "ganx_run_started": events.RunStarted(Path("run"), {}, 0, 100),
    "ganx_step_ended": events.StepEnded(64, 1, {"bce": 0.7}),
    "ganx_grid_drawn": events.GridDrawn(64, Path("grid.png")),
    "ganx_checkpoint_saved": events.CheckpointSaved(64, Path("checkpoint")),
    "ganx_evaluated": events.Evaluated(64, {"test.top-k": 0.5}, best_by="test.top-k"),
    "ganx_alarm_raised": events.AlarmRaised(64, "collapse", "All images are alike."),
    "ganx_run_ended": events.RunEnded(Path("run"), 64, "finished"),
}


def test_every_hook_is_exercised_here() -> None:
    assert sorted([*PROVIDED, *EVENTS, "ganx_commands"]) == HOOKS


def test_every_provider_hook_feeds_a_registry() -> None:
    assert sorted({kind.hook for kind in KINDS}) == sorted(PROVIDED)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.registry for kind in KINDS])
def test_the_hook_of_a_kind_yields_its_class(kind: Kind[Any]) -> None:
    (yields,) = get_args(get_type_hints(getattr(hooks, kind.hook))["return"])
    assert kind.spec in (get_args(yields) or (yields,))


def test_every_registry_is_an_attribute_of_the_host() -> None:
    host = load_plugins(allow=["sagan"])
    assert list(host.registries) == [kind.registry for kind in KINDS]
    for kind in KINDS:
        registry = getattr(host, kind.registry)
        assert registry is host.registries[kind.registry]
        assert registry.kind == kind.word
        assert {type(spec) for spec in registry.values()} <= {kind.spec}


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_purpose_and_an_example_that_implements_it(hook: str) -> None:
    text = inspect.getdoc(getattr(hooks, hook)) or ""
    purpose, found, rest = text.partition("Example::\n")
    assert purpose.split("\n")[0].endswith(".")
    assert found
    lines = [line for line in rest.splitlines() if line.startswith("    ") or not line]
    tree = ast.parse(dedent("\n".join(lines)))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert [ast.unparse(mark) for mark in functions[hook].decorator_list] == ["ganx.hookimpl"]
    arguments = tuple(argument.arg for argument in functions[hook].args.args)
    assert arguments == specified_hooks()[hook]


@pytest.mark.parametrize("hook", sorted(PROVIDED))
def test_what_a_plugin_provides_is_found_by_name(hook: str, fakes: Any) -> None:
    source = f"""
        import ganx
        from ganx.builtin.optimizers import AdamConfig
        from ganx.contracts.specs import *

        @ganx.hookimpl
        def {hook}():
            yield {PROVIDED[hook]}
    """
    fakes.add("mine", source)
    host = load_plugins(allow=["mine"])
    registry = host.registries[next(kind.registry for kind in KINDS if kind.hook == hook)]
    assert registry["probe"].summary == "A probe"
    assert registry.provider("probe").distribution == "fake-mine"


@pytest.mark.parametrize("hook", sorted(EVENTS))
def test_an_observer_is_told_the_event(hook: str, fakes: Any) -> None:
    source = f"""
        import ganx
        seen = []

        @ganx.hookimpl
        def {hook}(event):
            seen.append(event)
    """
    fakes.add("watcher", source)
    host = load_plugins(allow=["watcher"])
    host.notify(hook, EVENTS[hook])
    (watcher,) = [one for one in host.plugins if one.name == "watcher"]
    assert host.manager.get_plugin(str(watcher.origin)).seen == [EVENTS[hook]]


def test_update_plans_and_schedules_come_from_one_hook_into_two_registries(fakes: Any) -> None:
    source = """
        import ganx
        from ganx.contracts.specs import ScheduleSpec, UpdatePlanSpec

        @ganx.hookimpl
        def ganx_schedules():
            yield ScheduleSpec("probe", "A factor", print)
            yield UpdatePlanSpec("probe", "An order", print)
    """
    fakes.add("mine", source)
    host = load_plugins(allow=["mine"])
    assert host.schedules["probe"].summary == "A factor"
    assert host.plans["probe"].summary == "An order"


def test_a_plugin_adds_a_command(fakes: Any) -> None:
    source = """
        import ganx

        @ganx.hookimpl
        def ganx_commands(cli):
            @cli.command()
            def wave():
                pass
    """
    fakes.add("mine", source)
    group = click.Group()
    load_plugins(allow=["mine"]).hook.ganx_commands(cli=group)
    assert list(group.commands) == ["wave"]
