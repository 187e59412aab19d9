"""The settings as people read them: the values in force, and the table of all there are."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import msgspec

from monitor.settings.duration import DURATION_PATTERN, Duration
from monitor.settings.findings import Section
from monitor.settings.layers import DEFAULT, Origin, variable_of
from monitor.settings.loading import Loaded
from monitor.settings.schema import Field, fields_of
from monitor.settings.secret import Secret
from monitor.settings.sections import Settings

Plain = str | int | float | bool | list[str] | None
"""A value as TOML and JSON know it."""

_KINDS: Final[Mapping[type, str]] = {
    bool: "true or false",
    Duration: "duration",
    Path: "path",
    Secret: "secret",
    tuple: "list",
    int: "whole number",
    float: "number",
    str: "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """One value in force, with secrets masked, and where it was written."""

    key: str
    value: Plain
    origin: Origin


def effective(loaded: Loaded) -> Iterator[Effective]:
    """Yield every value in force, in the order of the sections."""
    return _effective(loaded.settings, "", loaded.origins)


def as_toml(loaded: Loaded) -> str:
    """Return the settings in force as a settings file that says where each value comes from."""
    values = list(effective(loaded))
    lines = [_line(each.key, each) for each in values if "." not in each.key]
    section = ""
    for each in values:
        table, _, key = each.key.rpartition(".")
        if table and table != section:
            lines += ["", _header(table)]
            section = table
        if table:
            lines.append(_line(key, each))
    return "\n".join(lines).lstrip("\n") + "\n"


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of the settings file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_section_schema(Settings)}


def markdown() -> str:
    """Return the tables of all settings, in Markdown."""
    return "\n".join(_tables(Settings, "")) + "\n"


def _effective(section: Section, prefix: str, origins: Mapping[str, Origin]) -> Iterator[Effective]:
    for field in sorted(fields_of(type(section)), key=lambda field: field.shape != "value"):
        key = f"{prefix}{field.name}"
        value: object = getattr(section, field.name)
        if isinstance(value, Section):
            yield from _effective(value, f"{key}.", origins)
        elif field.section:
            yield from _entries(key, cast("tuple[Section, ...]", value), origins)
        else:
            origin = origins.get(key) or origins.get(key.partition(".")[0], DEFAULT)
            yield Effective(key=key, value=_plain(value), origin=origin)


def _entries(key: str, entries: tuple[Section, ...], origins: Mapping[str, Origin]) -> Iterator[Effective]:
    if not entries:
        yield Effective(key=key, value=[], origin=origins[key])
    for index, entry in enumerate(entries):
        yield from _effective(entry, f"{key}.{index}.", origins)


def _plain(value: object) -> Plain:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and not isinstance(value, Duration):
        return value
    return str(value)


def _header(table: str) -> str:
    name, _, index = table.rpartition(".")
    return f"[[{name}]]" if index.isdigit() else f"[{table}]"


def _line(key: str, each: Effective) -> str:
    if each.value is None:
        return f"# {key} is not set"
    return f"{key} = {json.dumps(each.value, ensure_ascii=False)}  # {each.origin}"


def _section_schema(section: type[Section]) -> dict[str, object]:
    fields = fields_of(section)
    properties = {field.name: _field_schema(field) for field in fields}
    properties |= {f"{field.name}_file": {"type": "string"} for field in fields if field.secret}
    return {
        "type": "object",
        "description": inspect.cleandoc(section.__doc__ or ""),
        "properties": properties,
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _field_schema(field: Field) -> dict[str, object]:
    if field.section:
        schema = _section_schema(field.section)
        return schema if field.shape == "section" else {"type": "array", "items": schema}
    if field.choices:
        schema = {"enum": list(field.choices), "description": field.description}
    else:
        schema = msgspec.json.schema(field.hint, schema_hook=_custom_schema)
    default = _plain(field.default)
    return schema if default is None else {**schema, "default": default}


def _custom_schema(kind: type) -> dict[str, object]:
    return {"type": "string", "pattern": DURATION_PATTERN} if kind is Duration else {"type": "string"}


def _tables(section: type[Section], prefix: str) -> Iterator[str]:
    """Yield a heading and a table for each section, the nested ones after their parent."""
    fields = fields_of(section)
    rows = [_row(field, prefix) for field in fields if field.shape == "value"]
    if rows:
        yield from _heading(section, prefix)
        yield from rows
        yield ""
    for field in fields:
        if field.section:
            mark = "[]." if field.shape == "sections" else "."
            yield from _tables(field.section, f"{prefix}{field.name}{mark}")


def _heading(section: type[Section], prefix: str) -> Iterator[str]:
    name = prefix.rstrip(".")
    yield f"### `[[{name.removesuffix('[]')}]]`" if name.endswith("[]") else f"### `[{name}]`"
    yield ""
    yield inspect.cleandoc(section.__doc__ or "")
    yield ""
    yield "| key | kind | default | environment | what it is |"
    yield "|---|---|---|---|---|"


def _row(field: Field, prefix: str) -> str:
    variable = "" if "[]" in prefix else f"`{variable_of(prefix + field.name)}`"
    return f"| `{field.name}` | {_kind(field)} | {_default(field)} | {variable} | {field.description} |"


def _kind(field: Field) -> str:
    if field.choices:
        return ", ".join(f"`{choice}`" for choice in field.choices)
    return next(name for kind, name in _KINDS.items() if kind in field.kinds)


def _default(field: Field) -> str:
    if field.required:
        return "must be given"
    shown = _plain(field.default)
    return "" if shown in (None, "", []) else f"`{json.dumps(shown, ensure_ascii=False)}`"
