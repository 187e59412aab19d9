"""Undoing disguises finds nothing in what people write without one."""

from __future__ import annotations

from monitor.services.benign import harmless_comments
from tests.disguises import WORDS
from tests.trial import ENGLISH, a_book, an_event

RUDE = "ass arse bitch cock coon crap cunt damn dick fag fuck hell nigger piss shit slut spic tit twat whore"
FOREIGN = "puta mierda coño merde salope scheisse fotze hure caralho foda stronzo cazzo kut hoer сука"


def test_no_harmless_comment_hides_a_word() -> None:
    words = [*WORDS, *RUDE.split(), *FOREIGN.split()]
    book = a_book(f"{{text: {{words: [{', '.join(words)}], view: any}}, evasion: true}}")

    assert [] == [
        comment.text for comment in harmless_comments() if book.judge(an_event(comment.text), ENGLISH).matches
    ]
