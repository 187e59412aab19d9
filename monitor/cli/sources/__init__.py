"""`comment-monitor sources`: tools for people who bring in a site; no Kafka, no model.

Each tool is a module here that holds its `command`, imported when it is run, and a line in `TOOLS`.
The module is named as the command; where Python keeps that name for itself, with `_` behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import click

from monitor.domain.errors import Misconfigured

TOOLS: Final[Mapping[str, str]] = {
    "check": "Read source files and report every problem, with its place and what to do.",
    "detect": "Say which preset fits a page, and write the file.",
    "explain": "Say when and why a source is read next, and why nothing came.",
    "list": "List the sources, and how each stands.",
    "presets": "List the presets and what each needs, or show one.",
    "record": "Save a site's answers, to try a source file against them.",
    "schema": "Print the JSON Schema of source files, by which editors complete.",
    "try": "Print the first comments of a site, or of a saved answer.",
}
"""Each tool's line in the help."""

_EXTRA: Final = frozenset({"aiolimiter", "feedparser", "jmespath", "protego", "selectolax"})
"""What the extra `sources` brings."""


class Tools(click.Group):
    """The group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all tools that are here."""
        return [name for name in sorted(TOOLS) if _module(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the tool, imported now; None where there is none of that name."""
        module = _module(cmd_name) if cmd_name in TOOLS else None
        if module is None:
            return None
        try:
            tool: click.Command = import_module(module).command
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in _EXTRA:
                raise
            message = f"`sources {cmd_name}` needs more than the core: pip install 'comment-monitor[sources]'"
            raise Misconfigured.plain(message) from error
        return tool

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the tools without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, TOOLS[name]) for name in self.list_commands(ctx)])


def _module(tool: str) -> str | None:
    """Return the module of a tool; None where it is not here."""
    names = (f"{__name__}.{tool}", f"{__name__}.{tool}_")
    return next((name for name in names if find_spec(name) is not None), None)


@click.group(cls=Tools, short_help="Bring in a site: describe, check and try its source.")
def command() -> None:
    """Bring in a site: describe, check and try its source.

    A source is told in a YAML file; `preset: NAME` says most of it.

    Exit codes: 0 all is well, 1 a source file is wrong, 2 the command was used wrongly, 75 the site
    does not answer now.
    """
