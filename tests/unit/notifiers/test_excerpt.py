from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notifiers.excerpt import Piece, excerpt, safe

BEFORE = "one two three four five six seven eight nine ten "
AFTER = " one two three four five six seven eight nine ten"


def shown(text: str, *spans: tuple[int, int], around: int = 20) -> str:
    return "".join(
        f"[{piece.text}]" if piece.matched else piece.text for piece in excerpt(text, spans, around=around)
    )


def around(words: str, text: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_a_short_text_is_shown_whole() -> None:
    assert shown("you fool there", (4, 8)) == "you [fool] there"


def test_a_long_text_is_cut_between_words() -> None:
    text = f"{BEFORE}you fool{AFTER}"
    assert shown(text, around("fool", text)) == "…eight nine ten you [fool] one two three four…"


def test_two_places_are_shown_with_what_lies_between_left_out() -> None:
    text = f"first fool{AFTER * 2} second fool"
    spans = (around("fool", text), (len(text) - 4, len(text)))
    assert shown(text, *spans) == "first [fool] one two three four … nine ten second [fool]"


def test_no_more_than_three_places_are_shown() -> None:
    text = f"fool{AFTER * 2} " * 5
    spans = [(at, at + 4) for at in range(len(text)) if text.startswith("fool", at)]
    assert len(spans) == 5
    assert shown(text, *spans).count("[fool]") == 3


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert shown("abcdefgh", (1, 3), (2, 5), (5, 6)) == "a[bcdef]gh"


def test_spans_outside_of_the_text_are_left_out() -> None:
    assert shown("abc", (-5, 1), (2, 99), (50, 60), (1, 1)) == "[a]b[c]"


def test_without_spans_it_is_the_beginning() -> None:
    assert shown(BEFORE * 3) == "one two three four five six seven eight…"
    assert shown("short") == "short"
    assert excerpt("", ()) == ()


def test_a_very_long_match_is_shortened_in_its_middle() -> None:
    [piece] = excerpt("x" * 1000, [(0, 1000)])
    assert piece == Piece("x" * 80 + " … " + "x" * 80, matched=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\x9b31mb", "a\N{REPLACEMENT CHARACTER}31mb"),
        ("a\x7fb", "a␡b"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("user\u202egnp.exe\u2066x\u2069", "usergnp.exex"),
        ("in\u200bvis\u00adible\ufeff", "invisible"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 4),
        ("👩\u200d👩\u200d👧 न\u200cव", "👩\u200d👩\u200d👧 न\u200cव"),
        ("größer, ¿qué?, 你好", "größer, ¿qué?, 你好"),
    ],
)
def test_nothing_in_a_text_acts_on_a_terminal(text: str, expected: str) -> None:
    assert safe(text) == expected


@given(st.text())
def test_a_safe_text_has_no_control_and_no_direction_in_it(text: str) -> None:
    unsafe = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert [c for c in safe(text) if unicodedata.category(c) in unsafe and c not in "\u200c\u200d"] == []


@given(st.text(max_size=400), st.lists(st.tuples(st.integers(-9, 409), st.integers(-9, 409)), max_size=6))
def test_any_text_with_any_spans_has_an_excerpt_of_bounded_length(
    text: str, spans: list[tuple[int, int]]
) -> None:
    assert sum(len(piece.text) for piece in excerpt(text, spans)) <= 3 * (2 * 76 + 163) + 10
