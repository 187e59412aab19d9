from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings.positions import Path, locate

TRICKY = '''\
# a comment = "no key"
title = "a # sign and a ] and a \\" quote"
"quoted key" = 'C:\\'
dotted . key = 2026-03-01 12:00:00 # date with a space
long = """
not = "a key"
""quoted""""" # two more quotes
literal = \'\'\'
[not.a.table]
\'\'\'\'

[a.b] # header
list = [ 1, # one
  [2, "three]"],
]
inline = { x = 1, y.z = { w = [] } }

[[things]]
name = "first"
[things.sub]
value = 1
[[things]]
name = "second"
[[things.parts]]
name = "part"
'''


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value that is written by itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*path, key))
    elif isinstance(value, list):
        yield path
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))
    else:
        yield path


def test_every_value_of_a_tricky_file_has_a_place() -> None:
    places = locate(TRICKY)
    assert [path for path in paths(tomllib.loads(TRICKY)) if path not in places] == []


@pytest.mark.parametrize(
    ("path", "line", "key", "value"),
    [
        (("title",), 2, 1, 9),
        (("dotted", "key"), 4, 1, 16),
        (("literal",), 8, 1, 11),
        (("a", "b"), 12, 1, 1),
        (("a", "b", "list", 1, 1), 14, 7, 7),
        (("a", "b", "inline", "y", "z", "w"), 16, 27, 31),
        (("things", 0, "sub", "value"), 21, 1, 9),
        (("things", 1, "parts", 0, "name"), 25, 1, 8),
    ],
)
def test_a_place_is_where_the_key_and_the_value_begin(path: Path, line: int, key: int, value: int) -> None:
    place = locate(TRICKY)[path]
    assert (line, key, line, value) == (
        place.key.line,
        place.key.column,
        place.value.line,
        place.value.column,
    )


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=8)
scalars = st.integers() | st.booleans() | texts
values = scalars | st.lists(scalars | st.lists(scalars, max_size=2), max_size=3)
keys = st.text("abcxyz_-", min_size=1, max_size=5)
tables = st.dictionaries(keys, values, max_size=3)


def written(head: str, table: Mapping[str, object]) -> str:
    return "\n".join(
        [head, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items())]
    )


@given(st.dictionaries(keys, tables, max_size=3), st.lists(tables, max_size=2))
def test_whatever_is_written_is_found(
    sections: dict[str, dict[str, object]], entries: list[dict[str, object]]
) -> None:
    blocks = [written(f"[{name}]", table) for name, table in sections.items()]
    text = "\n".join([*blocks, *(written("[[entries]]", table) for table in entries)])
    places = locate(text)
    for path in paths(tomllib.loads(text)):
        line = text.split("\n")[places[path].key.line - 1]
        if isinstance(path[-1], str) and path != ("entries",):
            assert line[places[path].key.column - 1 :].startswith(path[-1])
