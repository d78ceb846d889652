"""``ganx plugins`` for people: the descriptions of ``ganx_cli.work.describe`` as tables."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from ganx_cli.screen.tables import heading, table


def print_list(found: dict[str, Any]) -> None:
    """Print what ``describe_all`` found."""
    rows = [_plugin_row(plugin) for plugin in found["plugins"]]
    table(("Plugin", "From", "Provides"), rows)
    if found["left_out"]:
        click.echo(f"\nLeft out by --block or GANX_PLUGINS: {', '.join(found['left_out'])}")
    _print_problems(found["problems"])
    click.echo(
        "\n`ganx plugins show NAME` tells every setting of any of these names,"
        "\nand of ganx's own tables: train, dataset, ema, optimizer, loss, evaluate, judge."
    )


def print_name(found: dict[str, Any]) -> None:
    """Print what ``describe_name`` found."""
    for position, plugin in enumerate(found["plugins"]):
        if position:
            click.echo()
        _print_plugin(plugin)
    for position, spec in enumerate(found["specs"]):
        if position or found["plugins"]:
            click.echo()
        _print_spec(spec)
    _print_problems(found["problems"])


def _plugin_row(plugin: dict[str, Any]) -> tuple[str, str, str]:
    origin = f"{plugin['distribution']} {plugin['version']}"
    return plugin["name"], origin, _provides(plugin) or "observers only"


def _provides(plugin: dict[str, Any]) -> str:
    return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in plugin["provides"].items())


def _print_plugin(plugin: dict[str, Any]) -> None:
    heading(f"plugin {plugin['name']}")
    click.echo(f"  from      {plugin['distribution']} {plugin['version']} ({plugin['module']})")
    click.echo(f"  hooks     {', '.join(plugin['hooks']) or 'none'}")
    for kind, names in plugin["provides"].items():
        click.echo(f"  {kind:<9} {', '.join(names)}")


def _print_spec(spec: dict[str, Any]) -> None:
    provider = spec["provider"]
    heading(f"{spec['kind']} {spec['name']}")
    click.echo(f"  {spec['summary']}")
    origin = f", plugin {provider['plugin']}" if provider["plugin"] else " itself"
    click.echo(f"  from {provider['distribution']} {provider['version']}{origin}{_extra(spec)}")
    if spec["fields"]:
        rows = [_field_row(field) for field in spec["fields"]]
        click.echo()
        table(("Setting", "Default", "Meaning [type; allowed]"), rows)
    elif "settings" in spec:
        click.echo()
        table(("Setting", "Value"), list(_flat(spec["settings"])))
    else:
        click.echo("  It has no settings.")


def _extra(spec: dict[str, Any]) -> str:
    """Write what only some kinds have."""
    if "recipe" in spec:
        return f"; trained by recipe {spec['recipe']}"
    return f"; files end in {spec['suffix']}" if "suffix" in spec else ""


def _field_row(field: dict[str, Any]) -> tuple[str, str, str]:
    default = "required" if field["required"] else _value(field["default"])
    kind = "; ".join(filter(None, (field["type"], field["allowed"])))
    return field["name"], default, f"{field['meaning']} [{kind}]".strip()


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield nested settings with dotted names."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, _value(value)


def _value(value: Any) -> str:
    """Write a value as it would stand in a configuration file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if value is None:
        return "none"
    return str(value) if value != "" else '""'


def _print_problems(problems: list[dict[str, str]]) -> None:
    if not problems:
        return
    click.echo()
    heading(click.style("Problems", fg="yellow"))
    for problem in problems:
        origin = " ".join(filter(None, (problem["distribution"], problem["version"])))
        where = f" ({origin})" if origin else ""
        sentence = f"{problem['plugin']}{where} {problem['what']}. {problem['remedy']}"
        click.echo(click.wrap_text(sentence, 78, "  - ", "    "))
