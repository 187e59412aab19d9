from __future__ import annotations

import json
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.engine.words import is_border, whole, word_end, word_start
from tests.trial import found

LETTERS = "abAB19' _-.é\u0301ß我りかー\u0e01\u0e48😀"
TEXTS = st.text(alphabet=LETTERS, max_size=12)
ENTRIES = st.text(alphabet="ab1'é我", min_size=1, max_size=3).filter(lambda entry: entry == entry.strip("'"))


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("idiot", "You idiot!", ["idiot"]),
        ("idiot", "IDIOT", ["IDIOT"]),
        ("idiot", "idiotic", []),
        ("idiot", "idiot2 and 2idiot", ["idiot", "idiot"]),
        ("idiot", "_idiot_", ["idiot"]),
        ("idiot", "😀idiot😀", ["idiot"]),
        ("idiot", "'idiot'", ["idiot"]),
        ("idiot", "idiot's", []),
        ("idiot*", "idiot's idiots idiocy", ["idiot's", "idiots"]),
        ("*wit", "halfwit nitwit witty", ["halfwit", "nitwit"]),
        ("*bot*", "robotics", ["robotics"]),
        (r"f\*ck", "what the f*ck!", ["f*ck"]),
        ("don't", "don\u2019t do that", ["don\u2019t"]),
        ("88", "1988 88 88th", ["88", "88"]),
        ("傻瓜", "你是傻瓜吗", ["傻瓜"]),
        ("ばか", "このばかもの", ["ばか"]),
        ("โง่", "คนโง่มาก", ["โง่"]),
        ("идиот", "Ты ИДИОТ, а не идиотка", ["ИДИОТ"]),
        ("straße", "STRASSE", ["STRASSE"]),
        ("c++", "I love c++ and c++x", ["c++", "c++"]),
        ("yes", "yes no", ["yes"]),
    ],
)
def test_a_word_is_found_between_the_borders_of_words(entry: str, text: str, expected: list[str]) -> None:
    assert expected == found(f"text: {{words: [{json.dumps(entry, ensure_ascii=False)}]}}", text)


@pytest.mark.parametrize("spelling", ["yes", "no", "null", "010", "1.0", "~", "true", "1e3", "2027-01-01"])
def test_an_entry_is_a_word_as_it_is_spelled(spelling: str) -> None:
    assert [spelling] == found(f"text: {{contains: [{spelling}]}}", f"well {spelling} then")


@given(TEXTS, ENTRIES)
def test_words_find_what_looking_at_every_place_finds(text: str, entry: str) -> None:
    expected = any(
        text.startswith(entry, start) and is_border(text, start) and is_border(text, start + len(entry))
        for start in range(len(text) - len(entry) + 1)
    )

    actual = found(
        f"text: {{words: [{json.dumps(entry, ensure_ascii=False)}], case: sensitive, view: raw}}", text
    )

    assert expected == bool(actual)


@given(TEXTS)
def test_words_tile_the_text(text: str) -> None:
    borders = [at for at in range(len(text) + 1) if is_border(text, at)]

    assert [0] == borders[:1]
    for start, end in pairwise(borders):
        assert word_end(text, start + 1) == end
        assert word_start(text, end - 1) == start


@given(TEXTS, ENTRIES)
def test_a_whole_pattern_has_the_borders_of_a_word(text: str, entry: str) -> None:
    pattern = regex.compile(whole(regex.escape(entry)))

    bordered = [
        start
        for start in range(len(text) - len(entry) + 1)
        if text.startswith(entry, start) and is_border(text, start) and is_border(text, start + len(entry))
    ]

    assert bordered == [match.start() for match in pattern.finditer(text, overlapped=True)]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("ab", 1, False),
        ("a1", 1, True),
        ("11", 1, False),
        ("a b", 1, True),
        ("a_b", 1, True),
        ("a'b", 1, False),
        ("a'b", 2, False),
        ("a' b", 1, True),
        (" 'b", 2, True),
        ("a'1", 1, True),
        ("e\u0301a", 1, False),
        ("e\u0301a", 2, False),
        ("我们", 1, True),
        ("我a", 1, True),
        ("กา", 1, True),
        ("ก\u0e48", 1, False),
    ],
)
def test_borders_stand_where_the_definition_puts_them(text: str, at: int, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert expected is is_border(text, at)
