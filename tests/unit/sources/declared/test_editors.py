"""What an editor says of a source file by the JSON Schema agrees with what the reader says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

import pytest
import yaml

from monitor.sources import presets
from monitor.sources.declared.schema import source_schema
from monitor.sources.push.forms import LISTENING

GOLDEN = Path(__file__).parents[3] / "golden" / "sources"
SEEN_BY_EDITORS = [
    "all_at_once", "bad_id", "lengths_rates_sizes", "no_group", "no_id_no_text", "no_kind", "off_is_no_word",
    "paginate", "paginate_type", "path_in_html", "threads_without_request", "transforms", "unknown_key",
    "unknown_preset", "version_two",
]  # fmt: skip
"""The golden mistakes that are mistakes of form."""

KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip


def fits(value: object, schema: object) -> bool:
    """Return whether a value fits a schema: as much of draft 7 as ours is made of."""
    assert isinstance(schema, dict)
    assert set(schema) <= {*CHECKS, "$schema", "title", "description"}
    return all(CHECKS[word](value, schema) for word in schema if word in CHECKS)


def of_type(value: object, schema: Mapping[str, object]) -> bool:
    wanted = schema["type"]
    names = [str(name) for name in (wanted if isinstance(wanted, list) else [wanted])]
    return any(
        isinstance(value, KINDS[name]) and (name == "boolean") >= isinstance(value, bool) for name in names
    )


def in_properties(value: object, schema: Mapping[str, object]) -> bool:
    known = schema["properties"]
    assert isinstance(known, dict)
    return not isinstance(value, dict) or all(fits(value[key], known[key]) for key in value if key in known)


def in_additional(value: object, schema: Mapping[str, object]) -> bool:
    if not isinstance(value, dict):
        return True
    known, rest = schema.get("properties", {}), schema["additionalProperties"]
    assert isinstance(known, dict)
    others = [inner for key, inner in value.items() if key not in known]
    return not others if rest is False else all(fits(inner, rest) for inner in others)


def any_of(value: object, schema: Mapping[str, object]) -> bool:
    ways = schema["anyOf"]
    assert isinstance(ways, list)
    return any(fits(value, way) for way in ways)


def required(value: object, schema: Mapping[str, object]) -> bool:
    names = schema["required"]
    assert isinstance(names, list)
    return not isinstance(value, dict) or set(names) <= set(value)


def bounded(length: Callable[[int, int], bool], word: str) -> Callable[[object, Mapping[str, object]], bool]:
    def check(value: object, schema: Mapping[str, object]) -> bool:
        bound = schema[word]
        assert isinstance(bound, int)
        return not isinstance(value, dict | list) or length(len(value), bound)

    return check


def within(value: object, schema: Mapping[str, object]) -> bool:
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    return not isinstance(value, int | float) or low <= value <= high


CHECKS: Mapping[str, Callable[[object, Mapping[str, object]], bool]] = {
    "type": of_type,
    "enum": lambda value, schema: value in list(schema["enum"]),  # type: ignore[call-overload]
    "pattern": lambda value, schema: (
        not isinstance(value, str) or bool(re.search(str(schema["pattern"]), value))
    ),
    "properties": in_properties,
    "additionalProperties": in_additional,
    "required": required,
    "items": lambda value, schema: (
        not isinstance(value, list) or all(fits(each, schema["items"]) for each in value)
    ),
    "anyOf": any_of,
    "not": lambda value, schema: not fits(value, schema["not"]),
    "minItems": bounded(int.__ge__, "minItems"),
    "minProperties": bounded(int.__ge__, "minProperties"),
    "maxProperties": bounded(int.__le__, "maxProperties"),
    "minimum": within,
    "maximum": within,
}


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    return dict(source_schema(LISTENING))


@pytest.mark.parametrize("name", presets.preset_names())
def test_an_editor_has_nothing_to_say_about_a_preset(schema: dict[str, object], name: str) -> None:
    preset = presets.load_preset(name)
    text = (resources.files(presets) / f"{name}.yaml").read_text("utf-8")
    given = {option: told.default or told.example for option, told in preset.options.items()}
    for option, value in given.items():
        place = f"${{options.{option}}}"
        text = text.replace(f'"{place}"', value).replace(place, value)
    source = yaml.safe_load(text).get("source", {})
    assert fits({**source, "id": "gazette", "preset": name, "url": "https://gazette.example"}, schema)


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_an_editor_sees_a_mistake_of_form(schema: dict[str, object], name: str) -> None:
    assert not fits(yaml.safe_load((GOLDEN / f"{name}.yaml").read_text("utf-8")), schema)
