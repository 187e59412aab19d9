"""Comments and rules made up from a seed: the same in every run, and nobody's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import log
from random import Random
from typing import Final

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from tests.bench.vocabulary import WORDS

START: Final = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LANGUAGES: Final = ("en", "de", "es")
SHARES: Final = (60, 25, 15)

MEDIAN: Final = 160
"""Characters of a comment. Logarithms of lengths are spread normally: one in twenty has more than 700."""
SPREAD: Final = 0.9
LONGEST: Final = 5000

MATCHING: Final = 0.02
"""Share of the comments that a rule matches."""

_FREQUENCIES: Final = {
    code: list(accumulate(1 / rank for rank in range(3, len(words) + 3))) for code, words in WORDS.items()
}
_OWN: Final = "own-"
_ENDS: Final = (". ", ". ", ". ", ", ", ", ", "! ", "? ", " \u2013 ", "... ")


def comments(
    size: int, slurs: list[str], *, seed: int = 1, matching: float = MATCHING, at: datetime = START
) -> Iterator[CommentEvent]:
    """Yield comments, `matching` of them with one of the `slurs` in it and an author of its own."""
    random = Random(seed)
    for number in range(size):
        matches = random.random() < matching
        text = _text(random)
        if matches:
            text = f"{random.choice(slurs)}! {text}"
        author = f"{_OWN}{seed}-{number}" if matches else f"a{int(random.paretovariate(0.5)) % 5000}"
        moment = at + timedelta(milliseconds=10 * number)
        yield CommentEvent(
            kind=EventKind.CREATED,
            comment=Comment(
                source="gazette",
                native_id=f"{seed}-{number}",
                text=text,
                author=Author(id=author, name=f"Reader {author}"),
                thread=f"article-{random.randrange(400)}",
                url=f"https://gazette.example/article/{number % 400}#comment-{number}",
                created_at=moment,
            ),
            observed_at=moment + timedelta(seconds=2),
        )


def alerts(event: CommentEvent) -> bool:
    """Return whether this comment was made to open an alert."""
    return (event.comment.author.id or "").startswith(_OWN)


def _text(random: Random) -> str:
    """Return sentences of one language; one comment in ten shouts, smiles or has a link in it."""
    code = random.choices(LANGUAGES, SHARES)[0]
    length = min(max(int(random.lognormvariate(log(MEDIAN), SPREAD)), 12), LONGEST)
    words = random.choices(WORDS[code], cum_weights=_FREQUENCIES[code], k=length // 5 + 2)
    parts: list[str] = []
    starts = True
    for word in words:
        parts.append(word.capitalize() if starts else word)
        starts = random.random() < 0.1
        parts.append(random.choice(_ENDS) if starts else " ")
    text = "".join(parts)[:length].rstrip()
    return (
        text + random.choices(("", " \U0001f600", " https://www.example.org/a?b=1", "!!!"), (90, 5, 3, 2))[0]
    )
