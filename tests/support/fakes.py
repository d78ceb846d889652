"""Fake distributions on disk, found as installed plugins are."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent


class FakePlugins:
    """Writes distributions with an entry point in the group ``ganx`` into one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        name: str,
        source: str,
        *,
        distribution: str | None = None,
        version: str = "1.0",
        requires: Sequence[str] = (),
        target: str | None = None,
    ) -> None:
        """Install a plugin whose module has this source.

        ``target`` is what the entry point names, when that is not the module.
        """
        distribution = distribution or f"fake-{name}"
        module = f"{distribution}_{name}_plugin".replace("-", "_")
        (self.folder / f"{module}.py").write_text(dedent(source), encoding="utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n{needs}"
        )
        entries = info / "entry_points.txt"
        former = entries.read_text() if entries.exists() else "[ganx]\n"
        entries.write_text(f"{former}{name} = {target or module}\n")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a fresh Python that finds the fake distributions too."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )


def adds_command(body: str, name: str = "act") -> str:
    return f"""
        import click, ganx, sys
        from ganx.errors import DataError

        @ganx.hookimpl
        def ganx_commands(cli):
            @cli.command({name!r})
            @click.pass_context
            def act(ctx):
                {body}
    """
