"""The command line: one command, `comment-monitor`, whose subcommands come in by entry point.

A command is imported when it is run, so that the rule author's commands start without Kafka and
a missing extra is one sentence. Exit codes are those of sysexits.h: 78 where a person must change
something, 75 where trying again may work, 65 where the input can never work.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final

import click

from monitor import logs
from monitor.domain.errors import Misconfigured, MonitorError, Rejected, Retryable
from monitor.plugins import Plugins
from monitor.settings import Configuration, LogSettings

COMMANDS: Final = Plugins[click.Command]("comment_monitor.commands", "command")

EXIT_CODES: Final = ((Misconfigured, 78), (Retryable, 75), (Rejected, 65))
_INTERRUPTED: Final = 130

SUMMARIES: Final = {
    "config": "Show and check the settings in force.",
    "dead-letters": "List, show and replay messages that failed.",
    "demo": "Run the whole road on this machine with a sample thread.",
    "evaluate": "Say how well a scorer does on comments that people labelled.",
    "judge": "Judge a file of comments, with no broker.",
    "models": "List the models, and which labels each knows in which language.",
    "rules": "Write, check, test, explain and backtest rules.",
    "run": "Run the monitor, or one of its processes.",
    "score": "Score a file of texts, without rules.",
    "sources": "Bring in a site: describe, check and try its source.",
    "topics": "Create and check the topics.",
    "train": "Make the embedded model from labelled comments.",
}
"""Each command's line in the help, so that listing them imports none."""


class Failure(click.ClickException):
    """An error that was raised on purpose: shown as it is, without a traceback."""

    def __init__(self, error: MonitorError) -> None:
        super().__init__(str(error) if isinstance(error, Misconfigured) else f"error: {error}")
        self.exit_code = next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)

    def show(self, file: IO[str] | None = None) -> None:
        """Print the message on standard error."""
        click.echo(self.format_message(), file=file, err=file is None)


class CommandLine(click.Group):
    """The group whose commands are entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all installed commands."""
        return list(COMMANDS.names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now; None where there is none of that name."""
        return COMMANDS.load(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one gets a hint."""
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx):
            ctx.fail(f"there is no command '{name}'; {COMMANDS.suggestion(name)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        rows = [
            (name, SUMMARIES.get(name) or f"From the package {COMMANDS.origin(name)}.")
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; failures that are named become a message and an exit code."""
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            raise Failure(error) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(_INTERRUPTED) from None


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("comment-monitor"), prog_name="comment-monitor")
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file. Without it: COMMENT_MONITOR_CONFIG, else ./comment-monitor.toml.",
)
@click.pass_context
def command_line(ctx: click.Context, path: Path | None) -> None:
    """Watch reader comments: judge them by language, toxicity and your own rules, and alert people."""
    ctx.obj = Configuration(path=path, environ=os.environ)


def main() -> None:
    """Run `comment-monitor` and exit with its code.

    Until a command configures the logs by the settings, warnings go to standard error: standard
    output holds results only.
    """
    logs.configure(LogSettings(level="warning"), "command")
    sys.exit(command_line(prog_name="comment-monitor"))
