"""The JSON Schema of source files, made of the tables that their reader reads by; and their manual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from monitor.sources.declared.fields import FIELD
from monitor.sources.declared.source_form import POLL_SOURCE
from monitor.sources.declared.transforms import KINDS
from monitor.sources.forms import Form, Given, Json, Key, schema_of
from monitor.sources.presets import load_preset, preset_names

_POLL: Final = "poll"
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_HEAD: Final[dict[str, Json]] = {
    "version": {"description": "of this language; 1", "enum": [1]},
    "id": {
        "description": "the key of its cursor, comments and metrics",
        "type": "string",
        "pattern": "^[a-z0-9-]+$",
    },
    "kind": {"description": "how comments come: poll, or another kind that is installed", "type": "string"},
}
_PRESET: Final[dict[str, Json]] = {
    "url": {"description": "what the preset asks", "type": "string", "pattern": "^https?://"},
    "secrets": {
        "description": "the preset's secrets, as ${env:NAME} or ${file:PATH}",
        "type": "object",
        "additionalProperties": {"type": "string"},
    },
    "options": {"description": "the preset's options", "type": "object"},
}


def source_schema(others: Mapping[str, Form[Given]] = MappingProxyType({})) -> dict[str, Json]:
    """Return the schema of a source file: one laid over a preset, one of `kind: poll`, or another kind's.

    `others` are the forms of further kinds, by name; files of kinds that nobody described may hold anything.
    """
    forms = {_POLL: POLL_SOURCE, **others}
    return {
        "$schema": _DRAFT,
        "title": "A source of comment-monitor",
        "anyOf": [
            *(_over_presets(names, forms[kind]) for kind, names in _presets().items() if kind in forms),
            *(_whole(kind, form) for kind, form in forms.items()),
            {
                "type": "object",
                "required": ["id", "kind"],
                "properties": {**_HEAD, "kind": {"not": {"enum": [*forms]}}},
            },
        ],
    }


def _presets() -> Mapping[str, Sequence[str]]:
    """Return the names of the presets, by their kind."""
    kinds: dict[str, list[str]] = {}
    for name in preset_names():
        kinds.setdefault(load_preset(name).kind, []).append(name)
    return kinds


def _over_presets(names: Sequence[str], form: Form[Given]) -> Json:
    keys: dict[str, Json] = {key.name: _loosened(schema_of(key)) for key in form.keys}
    preset: dict[str, Json] = {"description": "what is known of such sites", "enum": [*names]}
    return _group({**keys, **_HEAD, "preset": preset, **_PRESET}, ["id", "preset"])


def _whole(kind: str, form: Form[Given]) -> Json:
    keys: dict[str, Json] = {key.name: schema_of(key) for key in form.keys}
    needed: list[Json] = [key.name for key in form.keys if key.needed]
    return _group({**_HEAD, "kind": {"enum": [kind]}, **keys}, ["id", "kind", *needed])


def _group(keys: dict[str, Json], needed: list[Json]) -> dict[str, Json]:
    return {"type": "object", "properties": keys, "additionalProperties": False, "required": needed}


def _loosened(schema: Json) -> Json:
    """Return the schema of what is laid over a preset: nothing needs to be told again."""
    if isinstance(schema, dict):
        return {key: _loosened(value) for key, value in schema.items() if key != "required"}
    return [_loosened(item) for item in schema] if isinstance(schema, list) else schema


def describe_source_keys() -> str:
    """Return the tables of a source file's keys, in Markdown."""
    parts = ["".join(_table(POLL_SOURCE.keys))]
    for path, keys in _groups(POLL_SOURCE.keys, ""):
        name = "a field" if keys == FIELD.keys else f"`{path}`"
        parts.append(f"\n#### {name}\n\n" + "".join(_table(keys)))
    return "".join([*parts, "\n#### the transforms\n\n", *_transforms()])


def describe_keys(form: Form[Given]) -> str:
    """Return the table of another kind's keys, in Markdown, with the groups that are its own.

    Groups that `kind: poll` has too are described there.
    """
    polled = [key.form.keys for key in POLL_SOURCE.keys]
    own = [key for key in form.keys if key.form.keys and key.form.keys not in polled]
    parts = [f"\n#### `{key.name}`\n\n{''.join(_table(key.form.keys))}" for key in own]
    return "".join([*_table(form.keys), *parts])


def _transforms() -> Iterator[str]:
    yield "| transform | gives | is written |\n|---|---|---|\n"
    for name, kind in KINDS.items():
        ways = [f"`{name}`"] if kind.bare else []
        ways += [f"`{name}:` with {kind.written}"] if kind.written else []
        example = f"; `{kind.example}`" if kind.example else ""
        yield f"| `{name}` | {kind.says} | {', or '.join(ways)}{example} |\n"
    for name, kind in KINDS.items():
        if kind.keys:
            yield f"\n#### `{name}`\n\n"
            yield from _table(kind.keys)


def _groups(keys: Sequence[Key[object]], path: str) -> Iterator[tuple[str, Sequence[Key[object]]]]:
    """Yield the groups inside these keys, the same one only once."""
    seen: list[Sequence[Key[object]]] = []
    waiting = [(f"{path}{key.name}", key.form.keys) for key in keys if key.form.keys]
    while waiting:
        name, inner = waiting.pop(0)
        if inner in seen:
            continue
        seen.append(inner)
        yield name, inner
        waiting[:0] = [(f"{name}.{key.name}", key.form.keys) for key in inner if key.form.keys]


def _table(keys: Sequence[Key[object]]) -> Iterator[str]:
    yield "| key | means | is written |\n|---|---|---|\n"
    for key in keys:
        needed = " (needed)" if key.needed else ""
        example = f"; `{key.example}`" if key.example else ""
        cells = (f"`{key.name}`{needed}", key.says, f"{key.form.written}{example}")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
