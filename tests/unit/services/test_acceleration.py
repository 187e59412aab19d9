"""Hyperscan finds what RE2 finds; without it all works as well."""

from __future__ import annotations

import importlib.util
import re

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.engine.widening import Unwidenable, parse, widen
from monitor.services.acceleration import FEWEST, Hyperscan, accelerate
from tests.bench.rules import events, patterns
from tests.trial import ENGLISH

pytestmark = pytest.mark.slow

INSTALLED = importlib.util.find_spec("hyperscan") is not None
only_with_hyperscan = pytest.mark.skipif(not INSTALLED, reason="needs the extra `hyperscan`")

CHARS = "aAbkK\u212asſéÉ1_ .\n-ßж我"
PARTS = st.one_of(
    st.sampled_from(CHARS).map(re.escape),
    st.sampled_from(
        [r"\w", r"\W", r"\d", r"\s", ".", r"\b", "^", "$", "[^a]", "[a-k]", r"[\W_]", "(?:ab|k)", "(?!b)"]
    ),
)
PATTERNS = st.lists(
    st.builds(str.__add__, PARTS, st.sampled_from(["", "", "*", "+", "?", "{2}"])), max_size=6
)


def wide(pattern: str) -> str:
    try:
        return widen(parse(pattern, re.IGNORECASE))
    except Unwidenable:
        return ""


@only_with_hyperscan
@settings(max_examples=300)
@given(PATTERNS.map("".join), st.lists(st.text(alphabet=CHARS, max_size=10), min_size=1, max_size=8))
def test_hyperscan_loses_no_match(pattern: str, texts: list[str]) -> None:
    try:
        if parse(pattern, re.IGNORECASE).getwidth()[0] == 0:
            return
        exact = regex.compile(pattern, regex.IGNORECASE | regex.V0)
    except (re.error, regex.error):
        return
    accelerated = Hyperscan(["never there", wide(pattern), ""])
    for text in texts:
        if exact.search(text):
            assert {1, 2} <= set(accelerated.candidates(text))
        assert 2 in accelerated.candidates(text)


@only_with_hyperscan
def test_an_accelerated_book_judges_as_before() -> None:
    entries = patterns(500)
    book, plain = entries.book(), entries.book()
    thread = accelerate(book)
    assert thread is not None
    thread.join()

    for event in events(entries, 1, 500):
        assert plain.judge(event, ENGLISH) == book.judge(event, ENGLISH)


@only_with_hyperscan
def test_a_book_judges_while_it_is_being_accelerated() -> None:
    entries = patterns(300)
    book = entries.book()
    thread = accelerate(book)
    judged = [book.judge(event, ENGLISH) for event in events(entries, 1, 200)]
    assert thread is not None
    thread.join()

    assert judged == [book.judge(event, ENGLISH) for event in events(entries, 1, 200)]


def few() -> Book:
    text = "id: a\ntitle: A\nseverity: low\nstatus: shadow\nwhen: {text: {regex: 'tur.ip'}}\n"
    return read_book([RuleFile("a.yaml", text)])


def test_few_patterns_are_not_worth_it() -> None:
    assert FEWEST > 1
    assert accelerate(few()) is None


@pytest.mark.skipif(INSTALLED, reason="it is installed here")
def test_without_hyperscan_nothing_is_accelerated() -> None:
    assert accelerate(patterns(100).book()) is None
