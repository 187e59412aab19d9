"""`comment-monitor demo`: one command from nothing to alerts."""

from __future__ import annotations

import asyncio
from importlib.resources import as_file, files
from pathlib import Path

import click

from monitor.settings import load_settings
from streams.commands.run import FORMATS
from streams.demo.show import Show
from streams.demo.stage import set_stage, source_name
from streams.embedded import EmbeddedBroker


@click.command("demo")
@click.option(
    "--input",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own comments; without it, a sample thread of a local news site.",
)
@click.option("--format", "form", type=FORMATS, default="auto", show_default=True)
@click.option("--source", default=None, help="The site's name, where the file does not say it.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("comment-monitor-data/demo"),
    show_default=True,
    help="Folder for settings, alerts and state; emptied first if an earlier demo made it.",
)
@click.option("--hold", is_flag=True, help="Keep everything running afterwards, for its metrics.")
def command(path: Path | None, form: str, source: str | None, data: Path, hold: bool) -> None:  # noqa: FBT001
    """Run the whole road on this machine with a sample thread.

    Starts an embedded Kafka broker, a worker and a notifier, reads the comments in and shows what
    comes out. Exit code 0 only when every comment was judged and every alert delivered.
    """
    sample = files("monitor.services").joinpath("demo", "thread.jsonl")
    with as_file(sample) as thread, EmbeddedBroker() as broker:
        stage = set_stage(
            data,
            bootstrap=broker.bootstrap,
            path=path or thread,
            form=form,
            source=source or (source_name(path) if path else "harbour-gazette"),
        )
        settings = load_settings(stage.settings, {}).settings
        done = asyncio.run(Show(settings, stage).run(hold=hold))
    if not done:
        raise SystemExit(1)
