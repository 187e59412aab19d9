"""Groups of tools, each imported when it is run, so that help and the quick ones start fast."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Listed = Mapping[str, tuple[str, str]]
"""Each tool by its name: the module that holds its `command`, and its line in the help."""


class Tools(click.Group):
    """A group whose commands are modules of `package`."""

    def __init__(self, *given: Any, package: str, tools: Listed, **more: Any) -> None:
        super().__init__(*given, **more)
        self._package = package
        self._tools = tools

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all tools."""
        return sorted(self._tools)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the tool, imported now; None where there is none of that name."""
        if cmd_name not in self._tools:
            return None
        module, _ = self._tools[cmd_name]
        tool: click.Command = import_module(f"{self._package}.{module}").command
        return tool

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the tools without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._tools[name][1]) for name in self.list_commands(ctx)])
