"""`comment-monitor config`: the settings in force, and whether they are right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import click

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.plugins import Plugins
from monitor.settings import Configuration, Loaded, Settings
from monitor.settings.describe import as_toml, effective, json_schema

_FORMAT: Final = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.group(short_help="Show and check the settings in force.")
def command() -> None:
    """Show and check the settings in force.

    They come from the defaults, then the settings file, then the environment, which wins.
    """


@command.command()
@_FORMAT
@click.pass_obj
def show(configuration: Configuration, form: str) -> None:
    """Print every setting in force and where it comes from, secrets masked.

    The text is itself a settings file.
    """
    loaded = configuration.load()
    if form == "text":
        click.echo(as_toml(loaded), nl=False)
        return
    values = [
        {
            "key": each.key,
            "value": each.value,
            "origin": {"kind": each.origin.kind, "where": each.origin.where},
        }
        for each in effective(loaded)
    ]
    click.echo(json.dumps(values, indent=2, ensure_ascii=False))


@command.command()
@click.pass_obj
def check(configuration: Configuration) -> None:
    """Check the settings: every mistake at once, exit code 78 where there is one."""
    loaded = configuration.load()
    if problems := [*_missing_paths(loaded), *_missing_plugins(loaded.settings)]:
        raise Misconfigured(problems)
    click.echo(f"{loaded.file or 'the settings'}: right")


@command.command()
def schema() -> None:
    """Print the JSON Schema of the settings file, for editors."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _missing_paths(loaded: Loaded) -> Iterator[Problem]:
    """Yield the settings that name a file which must exist and does not."""
    settings = loaded.settings
    named = {
        "rules.path": settings.rules.path,
        "toxicity.checkpoint": settings.toxicity.checkpoint,
        "toxicity.config_path": settings.toxicity.config_path,
        "kafka.ssl_cafile": settings.kafka.ssl_cafile,
        "kafka.ssl_certfile": settings.kafka.ssl_certfile,
        "kafka.ssl_keyfile": settings.kafka.ssl_keyfile,
    } | {
        f"sources.{number}.path": source.path
        for number, source in enumerate(settings.sources)
        if source.type == "site"
    }
    for key, path in named.items():
        if path and not path.exists():
            yield Problem(message=f"{key}: {path} does not exist", hint=f"it is set in {loaded.origins[key]}")


def _missing_plugins(settings: Settings) -> Iterator[Problem]:
    """Yield the receiver types that nothing installed provides."""
    types = Plugins[object]("comment_monitor.receivers", "receiver type")
    for receiver in settings.receivers:
        if receiver.type not in types.names():
            message = f"receiver '{receiver.name}': there is no type '{receiver.type}'"
            yield Problem(message=message, hint=types.suggestion(receiver.type))
