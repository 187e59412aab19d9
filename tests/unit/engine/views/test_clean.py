"""Undoing disguises finds nothing in what people write without one."""

from __future__ import annotations

import pytest

from monitor.engine.book import Book
from monitor.services.benign import harmless_comments
from tests.bench.vocabulary import SIX
from tests.clean import clean_comments
from tests.disguises import WORDS
from tests.trial import ENGLISH, a_book, an_event

RUDE = "ass arse bitch cock coon crap cunt damn dick fag fuck hell nigger piss shit slut spic tit twat whore"
FOREIGN = "puta mierda coño merde salope scheisse fotze hure caralho foda stronzo cazzo kut hoer сука"


MOST_EXTRA = 0.001


@pytest.fixture(scope="module")
def book() -> Book:
    words = [*WORDS, *RUDE.split(), *FOREIGN.split()]
    return a_book(f"{{text: {{words: [{', '.join(words)}], view: any}}, evasion: true}}")


def test_no_harmless_comment_hides_a_word(book: Book) -> None:
    assert [] == [
        comment.text for comment in harmless_comments() if book.judge(an_event(comment.text), ENGLISH).matches
    ]


def test_of_5000_clean_comments_in_six_languages_hardly_any_seems_to_hide_a_word(book: Book) -> None:
    extra = [text for text in clean_comments(5_000) if book.judge(an_event(text), ENGLISH).matches]

    assert len(SIX) == 6
    assert len(extra) <= MOST_EXTRA * 5_000, extra
