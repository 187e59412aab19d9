"""Words in disguise are found, whatever the disguise; `tests/disguises.py` holds both."""

from __future__ import annotations

import random

import pytest

from monitor.engine.book import Book
from tests.disguises import DISGUISES, WORDS
from tests.trial import ENGLISH, a_book, an_event

IN_EACH_KIND = 0.75
OVER_ALL = 0.9


@pytest.fixture(scope="module")
def book() -> Book:
    return a_book(f"text: {{words: [{', '.join(WORDS)}], view: any}}")


BEFORE = "honestly, you are such "
AFTER = " and everybody here knows it"


def recall(book: Book, kind: str) -> float:
    """Return the share of disguised words that are found where they stand, and nowhere else."""
    hits = 0
    for word in WORDS:
        hidden = "a " + DISGUISES[kind](word, random.Random(word))
        matches = book.judge(an_event(BEFORE + hidden + AFTER), ENGLISH).matches
        spans = [span for match in matches for span in match.spans]
        inside = [span for span in spans if len(BEFORE) <= span[0] and span[1] <= len(BEFORE + hidden)]
        hits += bool(spans) and spans == inside
    return hits / len(WORDS)


@pytest.mark.parametrize("kind", DISGUISES)
def test_most_words_are_found_in_every_kind_of_disguise(book: Book, kind: str) -> None:
    assert recall(book, kind) >= IN_EACH_KIND


def test_nearly_all_words_are_found_over_all_disguises(book: Book) -> None:
    assert len(DISGUISES) >= 30
    assert sum(recall(book, kind) for kind in DISGUISES) / len(DISGUISES) >= OVER_ALL


@pytest.mark.parametrize("ending", ["'s", "\u2019s", "s"])
@pytest.mark.parametrize("kind", ["one digit", "digits", "one Cyrillic letter", "spaced", "dotted", "a star"])
def test_a_starred_word_is_found_with_what_hangs_on_its_disguise(kind: str, ending: str) -> None:
    starred = a_book(f"text: {{words: [{', '.join(f'{word}*' for word in WORDS)}], view: any}}")
    found = [
        bool(starred.judge(an_event(f"{BEFORE} {hidden}{ending} {AFTER}"), ENGLISH).matches)
        for word in WORDS
        for hidden in [DISGUISES[kind](word, random.Random(word))]
    ]
    assert sum(found) / len(WORDS) >= IN_EACH_KIND
