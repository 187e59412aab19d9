"""The promise of the wide patterns: whatever the author's pattern finds, the prefilter names."""

from __future__ import annotations

import re
import sys
from collections import defaultdict

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.engine.prefilter import Prefilter
from monitor.engine.widening import Unwidenable, parse, widen

CHARS = "aAbiIİıkK\u212asſSéÉ1_ .\n-ßж我"
ESCAPES = [r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", ".", r"\b", r"\B", "^", "$", r"\.", r"\-"]


def classes() -> st.SearchStrategy[str]:
    members = st.sampled_from(
        [*"abikséé1_ .ж", r"\w", r"\W", r"\d", r"\s", r"\S", "a-k", "A-Z", "0-9", "à-ž", r"\-"]
    )
    return st.builds(
        lambda negated, parts: f"[{'^' if negated else ''}{''.join(parts)}]",
        st.booleans(),
        st.lists(members, min_size=1, max_size=3),
    )


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantifier = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "++", "?+"])
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.builds(lambda part, count: f"(?:{part}){count}", inner, quantifier),
        st.builds(
            lambda opener, part: f"{opener}{part})",
            st.sampled_from(["(", "(?=", "(?!", "(?<=a", "(?<!", "(?i:", "(?-i:", "(?>", "(?s:", "(?P<n>"]),
            inner,
        ),
        inner.map(lambda part: rf"({part})\1"),
        inner.map(lambda part: f"(a)?(?(1){part}|b)"),
    )


LEAVES = st.one_of(st.sampled_from(CHARS).map(re.escape), st.sampled_from(ESCAPES), classes())
PATTERNS = st.recursive(LEAVES, grown, max_leaves=8)


def exact(pattern: str, flags: int) -> regex.Pattern[str] | None:
    """Return the pattern as rules confirm it; None where no rule may have it."""
    try:
        if parse(pattern, flags).getwidth()[0] == 0:
            return None
        return regex.compile(pattern, flags | regex.V0)
    except (re.error, regex.error):
        return None


def wide(pattern: str, flags: int) -> str:
    try:
        return widen(parse(pattern, flags))
    except Unwidenable:
        return ""


@settings(max_examples=400)
@given(PATTERNS, st.lists(st.text(alphabet=CHARS, max_size=10), min_size=1, max_size=8), st.booleans())
@example(r"[^\W]i", ["ı", "İ"], True)
@example("[A-Z]s", ["ſſ"], True)
@example("k", ["\u212a"], True)
def test_the_prefilter_loses_no_match(pattern: str, texts: list[str], ignores_case: bool) -> None:  # noqa: FBT001 - drawn
    flags = re.IGNORECASE if ignores_case else 0
    compiled = exact(pattern, flags)
    if compiled is None:
        return
    prefilter = Prefilter([wide(pattern, flags)])

    missed = [text for text in texts if compiled.search(text, timeout=1) and not prefilter.candidates(text)]

    assert [] == missed


def test_letters_that_are_equal_but_for_case_are_equal_to_the_prefilter() -> None:
    families: dict[str, set[str]] = defaultdict(set)
    for char in map(chr, range(sys.maxunicode + 1)):
        if char.lower() != char or char.upper() != char:
            families[char.casefold()[0]] |= {char, char.lower()[0], char.upper()[0], char.casefold()[0]}
    families["i"] |= set("iIİı")
    letters = sorted(set.union(*families.values()))
    prefilter = Prefilter([wide(letter, re.IGNORECASE) for letter in letters])
    candidates = {letter: set(prefilter.candidates(letter)) for letter in letters}

    missed = [
        (letter, other)
        for number, letter in enumerate(letters)
        for other in families[letter.casefold()[0]]
        if number not in candidates[other] and regex.match(regex.escape(letter), other, regex.IGNORECASE)
    ]

    assert [] == missed


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bkill(?! time)\b", "(?i:k[iİı]ll)"),
        (r"(?:the )?scam", "(?i:scam)"),
        (r"(?<=a)b", "(?i:b)"),
        (r"a.c", "(?i:a(?s:.)c)"),
        (r"[^x.]y", r"(?i:[^\x{2e}]y)"),
        (r"a{500}", "(?i:(?:a){40,})"),
    ],
)
def test_wide_patterns_keep_the_letters_that_select(pattern: str, expected: str) -> None:
    assert expected == widen(parse(pattern, re.IGNORECASE))


def test_a_pattern_of_which_nothing_is_left_is_always_a_candidate() -> None:
    with pytest.raises(Unwidenable):
        widen(parse(r"a*\b", 0))

    assert [0] == Prefilter([""]).candidates("anything")
