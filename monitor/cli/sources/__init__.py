"""`comment-monitor sources`: tools for people who bring in a site; no Kafka, no model.

Each tool is a module here that holds its `command`, imported when it is run, and a line in `TOOLS`.
The module is named as the command; where Python keeps that name for itself, with `_` behind it.
"""

from __future__ import annotations

from typing import Final

import click

from monitor.cli.tools import Listed, Tools
from monitor.domain.errors import Misconfigured

TOOLS: Final[Listed] = {
    "check": ("check", "Read source files and report every problem, with its place and what to do."),
    "detect": ("detect", "Say which preset fits a page, and write the file."),
    "explain": ("explain", "Say when and why a source is read next, and why nothing came."),
    "list": ("list_", "List the sources, and how each stands."),
    "presets": ("presets", "List the presets and what each needs, or show one."),
    "record": ("record", "Save a site's answers, to try a source file against them."),
    "schema": ("schema", "Print the JSON Schema of source files, by which editors complete."),
    "try": ("try_", "Print the first comments of a site, or of a saved answer."),
}
"""Each tool: the module that holds its `command`, and its line in the help."""

_EXTRA: Final = frozenset({"aiolimiter", "feedparser", "jmespath", "protego", "selectolax"})
"""What the extra `sources` brings."""


class SourceTools(Tools):
    """The tools, most of which need the extra `sources`."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the tool, imported now; None where there is none of that name."""
        try:
            return super().get_command(ctx, cmd_name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in _EXTRA:
                raise
            message = f"`sources {cmd_name}` needs more than the core: pip install 'comment-monitor[sources]'"
            raise Misconfigured.plain(message) from error


@click.group(
    cls=SourceTools,
    package=__name__,
    tools=TOOLS,
    short_help="Bring in a site: describe, check and try its source.",
)
def command() -> None:
    """Bring in a site: describe, check and try its source.

    A source is told in a YAML file; `preset: NAME` says most of it.

    Exit codes: 0 all is well, 1 a source file is wrong, 2 the command was used wrongly, 75 the site
    does not answer now.
    """
