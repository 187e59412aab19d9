"""`comment-monitor topics apply|show`."""

from __future__ import annotations

import asyncio

import click
from rich.table import Table

from monitor.settings import Configuration, KafkaSettings
from streams import admin
from streams.admin import Existing
from streams.commands.output import print_table
from streams.topics import Topic, topics


@click.group("topics")
def command() -> None:
    """Create and check the topics."""


@command.command()
@click.pass_obj
def apply(configuration: Configuration) -> None:
    """Create the topics that are missing; stop where one that exists does not fit the settings."""
    kafka = configuration.load().settings.kafka
    created = asyncio.run(admin.apply(kafka, topics(kafka)))
    for name in created:
        click.echo(f"created {name}")
    click.echo(f"{len(created)} created, {len(list(topics(kafka))) - len(created)} were there and fit")


@command.command()
@click.pass_obj
def show(configuration: Configuration) -> None:
    """Show what is declared, what the broker has, and where they differ."""
    kafka = configuration.load().settings.kafka
    wanted = list(topics(kafka))
    have = asyncio.run(_existing(kafka, wanted))
    print_table(_table(wanted, have))
    asyncio.run(admin.check(kafka, wanted))


async def _existing(kafka: KafkaSettings, wanted: list[Topic]) -> dict[str, Existing]:
    async with admin.admin_client(kafka) as client:
        return await admin.existing(client, wanted)


def _table(wanted: list[Topic], have: dict[str, Existing]) -> Table:
    table = Table("topic", "key", "holds", "partitions", "kept", "on the broker", box=None, pad_edge=False)
    for topic in wanted:
        found = have.get(topic.name)
        kept = "last value of a key" if topic.retention is None else f"{topic.retention / 86400:g} days"
        there = f"{found.partitions} partitions" if found else "missing"
        table.add_row(topic.name, topic.key, topic.holds, str(topic.partitions), kept, there)
    return table
