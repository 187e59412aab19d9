"""The JSON Schema of source files says what their reader says, because both are made of one table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from monitor.sources.declared.schema import describe_source_keys, source_schema
from monitor.sources.declared.source_form import POLL_SOURCE
from monitor.sources.forms import Key
from monitor.sources.presets import load_preset, preset_names

GOLDEN = Path(__file__).parents[3] / "golden" / "sources"


def part(schema: object, *path: str | int) -> object:
    for step in path:
        schema = schema[step]  # type: ignore[index]  # what JSON is made of
    return schema


def keys(of: object) -> set[str]:
    properties = part(of, "properties")
    assert isinstance(properties, dict)
    return set(properties)


def groups(found: Mapping[str, Key[object]], path: str = "") -> Iterator[tuple[str, Key[object]]]:
    for name, key in found.items():
        if key.form.keys:
            yield f"{path}{name}", key
            yield from groups({inner.name: inner for inner in key.form.keys}, f"{path}{name}.")


def test_the_schema_is_json() -> None:
    assert json.loads(json.dumps(source_schema())) == source_schema()


def test_a_whole_source_has_the_readers_keys() -> None:
    [whole] = branches("kind", ["poll"])
    assert keys(whole) == {key.name for key in POLL_SOURCE.keys} | {"version", "id", "kind"}
    assert part(whole, "required") == ["id", "kind", "format", "request", "fields"]
    assert part(whole, "additionalProperties") is False


def test_what_is_laid_over_a_preset_needs_nothing_but_its_head() -> None:
    polled = [name for name in preset_names() if load_preset(name).kind == "poll"]
    [over] = branches("preset", polled)
    assert keys(over) == {key.name for key in POLL_SOURCE.keys} | {
        "version", "id", "kind", "preset", "url", "secrets", "options",
    }  # fmt: skip
    assert part(over, "required") == ["id", "preset"]
    assert '"required"' not in json.dumps(part(over, "properties"))


def branches(key: str, words: list[str]) -> list[object]:
    """Return the ways to write a file in which a key is one of these words."""
    ways = part(source_schema(), "anyOf")
    assert isinstance(ways, list)
    told = ((way, part(way, "properties").get(key)) for way in ways)  # type: ignore[attr-defined]
    return [way for way, schema in told if isinstance(schema, dict) and schema.get("enum") == words]


def test_every_group_of_the_reader_is_closed_in_the_schema() -> None:
    found = dict(groups({key.name: key for key in POLL_SOURCE.keys}))
    assert {"request.auth.basic", "paginate", "errors.quota", "incremental.detect_deletes"} <= set(found)
    for path, key in found.items():
        text = json.dumps(key.form.schema)
        assert '"additionalProperties"' in text, path
        assert all(f'"{inner.name}"' in text for inner in key.form.keys), path


@pytest.mark.parametrize("word", ["reconcile", "newest_first", "link_header", "strip_prefix", "jsonl"])
def test_the_words_of_closed_sets_are_listed(word: str) -> None:
    assert f'"{word}"' in json.dumps(source_schema())


def test_the_manual_has_a_line_for_every_key() -> None:
    manual = describe_source_keys()
    for _, key in groups({key.name: key for key in POLL_SOURCE.keys}):
        assert all(f"| `{inner.name}`" in manual for inner in key.form.keys)
