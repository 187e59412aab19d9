"""Writes the generated parts of the READMEs and the schemas: `python -m tests.docs --write`.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`; a test compares it,
and each generated file, with what the code says now.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click

from monitor.cli import COMMANDS
from monitor.engine import vocabulary
from monitor.engine.schema import rule_schema
from monitor.metrics import describe as describe_metrics
from monitor.settings.describe import markdown as describe_settings
from monitor.sources.declared.schema import describe_keys, describe_source_keys
from monitor.sources.presets.table import describe_presets
from monitor.sources.push.forms import LISTENING
from streams.describe import describe_dead_letters, describe_topics, schemas

ROOT: Final = Path(__file__).parents[1]
SCHEMAS: Final = ROOT / "streams" / "schemas"

_PART: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", flags=re.DOTALL)


def describe_commands() -> str:
    """Return the table of all commands, in Markdown."""
    rows = [row for name in COMMANDS.names() for row in _rows(COMMANDS.load(name), f"comment-monitor {name}")]
    return "\n".join(["| command | what it does |", "|---|---|", *rows]) + "\n"


def _rows(command: click.Command, path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield f"| `{path}` | {command.get_short_help_str(limit=200)} |"
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from _rows(inner, f"{path} {name}")


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "commands": describe_commands,
    "conditions": vocabulary.describe_conditions,
    "dead_letters": describe_dead_letters,
    "fields": vocabulary.describe_fields,
    "given": vocabulary.describe_given,
    "matchers": vocabulary.describe_matchers,
    "metrics": describe_metrics,
    "override_keys": vocabulary.describe_override,
    "presets": describe_presets,
    "rule_keys": vocabulary.describe_rule,
    "settings": describe_settings,
    "source_keys": describe_source_keys,
    **{f"{kind}_keys": partial(describe_keys, form) for kind, form in LISTENING.items()},
    "topics": describe_topics,
    "views": vocabulary.describe_views,
}


def documents() -> list[Path]:
    """Return every README that has a generated part."""
    rooms = ("monitor", "streams", "deploy", "rules")
    found = [ROOT / "README.md", *(path for room in rooms for path in (ROOT / room).rglob("*.md"))]
    return sorted(path for path in found if path.is_file() and _PART.search(path.read_text("utf-8")))


def generated(text: str) -> str:
    """Return the text with every generated part as the code says it now."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}{part[3]}", text)


def files() -> dict[Path, str]:
    """Return what every file with something generated in it must hold."""
    whole = {SCHEMAS / name: text for name, text in schemas().items()}
    whole[ROOT / "rules" / "schema.json"] = json.dumps(rule_schema(), indent=1, ensure_ascii=False) + "\n"
    return whole | {path: generated(path.read_text(encoding="utf-8")) for path in documents()}


def main() -> None:
    """Write every generated part anew, or say which are out of date."""
    for path, text in files().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        print(path.relative_to(ROOT))
        if "--write" in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
