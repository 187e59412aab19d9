"""What the topics hold, as tables for people and as JSON Schemas for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from monitor.ports.wire import ALERTS, EVENTS, OBSERVATIONS, VERDICTS, Wire
from monitor.settings import KafkaSettings
from streams.dead_letters import HEADERS
from streams.topics import Topic, topics

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

FORMATS: Final[Mapping[str, Wire[Any]]] = {
    "comments": EVENTS,
    "verdicts": VERDICTS,
    "observations": OBSERVATIONS,
    "alerts": ALERTS,
}
"""The format of each topic whose messages others may read and write."""


def describe_topics() -> str:
    """Return the table of topics, as the default settings make them, in Markdown."""
    head = [
        "| topic | key | holds | kept | largest message | format |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_row(topic) for topic in topics(KafkaSettings()))]) + "\n"


def describe_dead_letters() -> str:
    """Return the table of a dead letter's headers, in Markdown."""
    rows = [f"| `{name}` | {what} |" for name, what in HEADERS.items()]
    return "\n".join(["| header | what it says |", "|---|---|", *rows]) + "\n"


def schemas() -> dict[str, str]:
    """Return the JSON Schema of each topic's messages, by the name of its file."""
    holds = {topic.name: topic.holds for topic in topics(KafkaSettings())}
    return {_file(name): _schema(name, holds[name], wire) for name, wire in FORMATS.items()}


def _schema(name: str, holds: str, wire: Wire[Any]) -> str:
    head = {"$schema": DIALECT, "title": name, "description": holds}
    return json.dumps({**head, **wire.schema()}, indent=2, ensure_ascii=False) + "\n"


def _row(topic: Topic) -> str:
    kept = "the last of each key" if topic.retention is None else f"{topic.retention / 86400:g} days"
    schema = _file(topic.name)
    form = f"[JSON](schemas/{schema})" if topic.name in FORMATS else "bytes"
    size = f"{topic.max_message // 2**20} MiB"
    return f"| `{topic.name}` | {topic.key} | {topic.holds} | {kept} | {size} | {form} |"


def _file(name: str) -> str:
    return f"{name}.json"
