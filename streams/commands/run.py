"""`comment-monitor run all|ingest|worker|notify`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypedDict, TypeVar, Unpack

import click

from monitor.settings import Configuration, SourceSettings
from monitor.sources.formats import Format
from streams import ingesting, process, roles
from streams.process import Place
from streams.supervisor import Child

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = click.Choice(["auto", "jsonl", "csv", "page"])


class IngestOptions(TypedDict):
    """The options of `run ingest`."""

    path: Path | None
    form: Format | Literal["auto"]
    name: str
    follow: bool
    index: int
    parent: int | None


@click.group("run")
def command() -> None:
    """Run the monitor, or one of its processes."""


def placed(function: F) -> F:
    """Add the options by which a supervisor places a process."""
    function = click.option("--parent", type=int, hidden=True)(function)
    return click.option(
        "--index", default=0, help="Which of the machine's processes this is: its port is http.port + index."
    )(function)


@command.command("all")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@placed
@click.pass_obj
def all_(configuration: Configuration, workers: int, index: int, parent: int | None) -> None:
    """Run everything on this machine: ingest, workers, notifier; restart what dies."""
    settings = configuration.load().settings
    options = ["--config", str(configuration.path)] if configuration.path else []
    children = [
        Child("ingest", [*options, "run", "ingest", "--index", "1"], lasting=False),
        Child("notify", [*options, "run", "notify", "--index", "2"]),
        *(
            Child(f"worker-{number}", [*options, "run", "worker", "--index", str(2 + number)])
            for number in range(1, workers + 1)
        ),
    ]
    if not settings.sources:
        children = children[1:]
    process.run(settings, Place(role="all", index=index, parent=parent), roles.supervise(children))


@command.command()
@placed
@click.pass_obj
def worker(configuration: Configuration, index: int, parent: int | None) -> None:
    """Judge comments and count matches. Start as many as the topics have partitions."""
    settings = configuration.load().settings
    process.run(settings, Place(role="worker", index=index, parent=parent), roles.worker)


@command.command()
@placed
@click.pass_obj
def notify(configuration: Configuration, index: int, parent: int | None) -> None:
    """Deliver alerts. One is enough: its record of deliveries is its own."""
    settings = configuration.load().settings
    process.run(settings, Place(role="notify", index=index, parent=parent), roles.notify)


@command.command()
@click.option(
    "--input",
    "path",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Read this file instead of the settings' sources; - is standard input.",
)
@click.option("--format", "form", type=FORMATS, default="auto", show_default=True)
@click.option("--source", "name", default="input", help="The site's name, where the records do not say it.")
@click.option("--follow", is_flag=True, help="Wait for more at the end of the file.")
@placed
@click.pass_obj
def ingest(configuration: Configuration, **options: Unpack[IngestOptions]) -> None:
    """Read comments from their sources onto the road; resume where the last run ended."""
    settings = configuration.load().settings
    sources = settings.sources
    if options["path"] is not None:
        sources = (
            SourceSettings(
                name=options["name"],
                path=options["path"],
                format=options["form"],
                follow=options["follow"],
            ),
        )
    if not sources:
        raise click.UsageError("nothing to read: name a file with --input, or [[sources]] in the settings")
    place = Place(role="ingest", index=options["index"], parent=options["parent"])
    process.run(settings, place, ingesting.ingest(sources))
