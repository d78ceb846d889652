"""The bars at the foot of a terminal: one line for the work that goes on, one for its losses."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text


class Bars:
    """One bar at a time, gone when drawing stops; draws nothing where there is no terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = _WithFooter(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[figures]}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
            expand=True,
            # Drawing takes time from training.
            refresh_per_second=4,
        )
        self._tasks: dict[str, TaskID] = {}

    def start(self) -> None:
        """Start to draw."""
        self._progress.start()

    def stop(self) -> None:
        """Stop drawing and wipe what was drawn."""
        self._progress.stop()

    def move(self, what: str, done: int, total: int, figures: str, footer: str) -> None:
        """Show how far the work has come."""
        task = self._only(what, total)
        self._progress.update(task, completed=done, total=total, figures=figures)
        self._progress.footer = footer

    def wait(self, what: str) -> None:
        """Show that something goes on whose end is not known."""
        self._only(what, None)

    def clear(self) -> None:
        """Remove the bar of work that is done."""
        for task in self._tasks.values():
            self._progress.remove_task(task)
        self._tasks.clear()
        self._progress.footer = ""

    def _only(self, what: str, total: int | None) -> TaskID:
        """Return the bar of this work, removing that of what went on before."""
        if what not in self._tasks:
            self.clear()
            self._tasks[what] = self._progress.add_task(what, total=total, figures="")
        return self._tasks[what]


class _WithFooter(Progress):
    """Progress with a line below that is cut off, never wrapped."""

    footer = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Draw the bars, then the line."""
        yield from super().get_renderables()
        if self.footer:
            yield Text(f"  {self.footer}", no_wrap=True, overflow="ellipsis", style="dim")
