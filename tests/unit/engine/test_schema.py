"""The schema and the vocabulary say what the readers take."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from monitor.engine import declaring, overriding, proving
from monitor.engine.conditions.forms import WRITTEN
from monitor.engine.conditions.grammar import KINDS
from monitor.engine.conditions.matchers import MATCHERS
from monitor.engine.conditions.seeing import ANY, UNDOES, VIEWS
from monitor.engine.rule_form import OVERRIDE, RULE
from monitor.engine.schema import Json, rule_schema
from monitor.services.rulebook import bundled_rules

VOCABULARY = (bundled_rules() / "VOCABULARY.md").read_text(encoding="utf-8")
SCHEMA = rule_schema()


def complaints(value: object, schema: Json) -> list[str]:
    """Return what is wrong with a value by the parts of JSON Schema that ours is made of."""
    assert isinstance(schema, dict)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return complaints(value, definition(reference.rsplit("/", 1)[1]))
    for key in ("anyOf", "oneOf", "allOf"):
        options = schema.get(key)
        if isinstance(options, list):
            return min((complaints(value, option) for option in options), key=len)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{value} is none of {schema['enum']}"]  # type: ignore[operator]
    if schema.get("type") == "array":
        return in_list(value, schema) if isinstance(value, list) else [f"{value} is no list"]
    if schema.get("type") == "object":
        return in_group(value, schema) if isinstance(value, dict) else [f"{value} is no group"]
    return [f"{value} is a group or list"] if isinstance(value, dict | list) else []


def definition(name: str) -> Json:
    definitions = SCHEMA["definitions"]
    assert isinstance(definitions, dict)
    return definitions[name]


def in_list(values: list[object], schema: dict[str, Json]) -> list[str]:
    return [wrong for value in values for wrong in complaints(value, schema["items"])]


def in_group(values: dict[str, object], schema: dict[str, Json]) -> list[str]:
    properties, others = schema.get("properties", {}), schema["additionalProperties"]
    assert isinstance(properties, dict)
    found = [f"no key {key}" for key in schema.get("required", ()) if key not in values]  # type: ignore[union-attr]
    for key, value in values.items():
        if key in properties:
            found += complaints(value, properties[key])
        else:
            found += complaints(value, others) if others else [f"unknown key {key}"]
    return found


@pytest.mark.parametrize(
    "file", sorted(bundled_rules().rglob("*.yaml")), ids=lambda path: "/".join(path.parts[-2:])
)
def test_every_rule_of_the_packs_passes_the_schema(file: Path) -> None:
    documents = [document for document in yaml.safe_load_all(file.read_text(encoding="utf-8")) if document]

    assert [] == [wrong for document in documents for wrong in complaints(document, SCHEMA)]


@pytest.mark.parametrize(
    "when",
    [
        "points: {at_least: 3, of: [{worth: 2, when: {text: {words: [a]}}}, {worth: 1, when: {use: x}}]}",
        "text: {regex: [{pattern: a+b, whole: true}, c+d]}",
        "text: {words: [null, ~, no, 010, 1.5]}",
        "text: {full: {text: [first], ignore_marks: true}}",
        "use: [a, b]",
    ],
)
def test_the_schema_takes_what_the_reader_takes(when: str) -> None:
    rule = {"id": "a", "title": "A", "severity": "low", "when": yaml.safe_load(when)}
    assert [] == complaints(rule, definition("rule"))


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    rule = {"id": "a", "title": "A", "severity": "low", "when": {"text": {"wrods": ["a"]}}}

    assert ["unknown key wrods"] == complaints(rule, definition("rule"))
    assert ["no key when"] == complaints({"id": "a", "title": "A", "severity": "low"}, definition("rule"))


def test_an_override_passes_the_schema() -> None:
    assert [] == complaints({"override": "a.b", "status": "shadow", "cooldown": "2h"}, SCHEMA)
    assert [] != complaints({"override": "a.b", "when": {}}, SCHEMA)


def test_the_schema_has_every_key_of_a_rule_and_of_its_tests() -> None:
    assert set(declaring._KEYS) == set(RULE.keys)
    assert set(overriding._KEYS) == set(OVERRIDE.keys)
    assert set(proving._COMMENT) == set(RULE.keys["tests"].keys["comment"].keys)


@pytest.mark.parametrize("name", [*KINDS, *MATCHERS])
def test_every_condition_and_matcher_stands_in_the_vocabulary(name: str) -> None:
    assert f"| `{name}` |" in VOCABULARY


def test_every_kind_of_value_is_worded() -> None:
    assert {kind.form.kind for kind in KINDS.values()} <= WRITTEN.keys()


def test_every_view_is_described() -> None:
    assert {*VIEWS, ANY} == set(UNDOES)
