"""Templates to pages: one HTML file with its style and script inside."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ganx.pages import wording
from ganx.pages.heat import heat_map
from ganx.utf8 import printable
from ganx.version import __version__


def render_page(template: str, **context: Any) -> str:
    """Render a template of ``ganx.pages``; everything in ``context`` is escaped but ``Markup``.

    A page extends ``base.html.j2`` and fills its blocks ``title``, ``masthead``, ``contents``,
    ``main`` and ``footer``. A name that is missing in ``context`` raises
    ``jinja2.UndefinedError``.
    """
    # A folder's name may hold bytes that no page can.
    return printable(environment().get_template(template).render(**context))


def render_part(template: str, **context: Any) -> Markup:
    """Render a piece of a page, which templates then put in unescaped."""
    return Markup(render_page(template, **context))  # noqa: S704 -- the template has escaped it


def render_markdown(template: str, **context: Any) -> str:
    """Render a template of a Markdown file; its filter ``plain`` takes Markdown out of a text."""
    plain = environment().overlay(autoescape=False)
    return printable(plain.get_template(template).render(**context))


@cache
def environment() -> Environment:
    """Set up jinja2 for the templates of this package."""
    made = Environment(
        loader=PackageLoader("ganx.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= wording.FILTERS
    made.filters["heat_map"] = heat_map
    made.globals |= {"ganx_version": __version__, "asset": _asset}
    return made


@cache
def _asset(name: str) -> Markup:
    """Read a style sheet or script of this package, to stand in the page as it is."""
    loader = environment().loader
    assert loader is not None
    return Markup(loader.get_source(environment(), name)[0])  # noqa: S704 -- a file of our own
