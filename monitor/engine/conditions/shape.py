"""`shape`: how the comment looks, whatever it says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from monitor.domain.comments import EventKind
from monitor.engine import given, shapes
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.values import Values

if TYPE_CHECKING:
    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.shapes import Measure
    from monitor.engine.subject import Subject

_SHARES: Final[Mapping[str, tuple[Measure, str]]] = {
    "capitals": (shapes.capitals, "capitals among its letters"),
    "emoji": (shapes.emoji, "emoji among its characters"),
    "punctuation": (shapes.punctuation, "punctuation among its characters"),
    "distinct": (shapes.distinct, "different characters among its characters"),
}
_COUNTS: Final[Mapping[str, tuple[Measure, str]]] = {
    "length": (shapes.length, "characters, outer white space left out"),
    "words": (shapes.words, "words; letters where a script has no spaces"),
    "lines": (shapes.lines, "lines that are not empty"),
    "repeated_characters": (shapes.repeated_characters, "the same character in a row, at most"),
    "repeated_words": (shapes.repeated_words, "the same word in a row, at most"),
    "longest_word": (shapes.longest_word, "characters without white space in a row, at most"),
    "links": (shapes.links, "links"),
    "mentions": (shapes.mentions, "mentions of others: `@name`"),
}
_FLAGS: Final[Mapping[str, tuple[Measure, str]]] = {
    "digits_only": (shapes.digits_only, "nothing but digits, white space and marks"),
    "link_first": (shapes.link_first, "begins with a link"),
    "link_last": (shapes.link_last, "ends with a link"),
    "link_only": (shapes.link_only, "is nothing but links"),
}


def _measured(measure: Measure, subject: Subject) -> float:
    return subject.measured(measure)


def _is(measure: Measure, subject: Subject) -> bool:
    return bool(subject.measured(measure))


def _since_start(subject: Subject) -> float | None:
    started = given.time(subject.event.comment, "thread.started_at")
    return None if started is None else (subject.event.time - started).total_seconds()


_VALUES: Final = Values(
    forms={
        **{key: Form(kind="share", says=says) for key, (_, says) in _SHARES.items()},
        **{key: Form(kind="count", says=says) for key, (_, says) in _COUNTS.items()},
        **{key: Form(kind="flag", says=says) for key, (_, says) in _FLAGS.items()},
        "depth": Form(kind="count", says="how deep in replies it stands; 0 is no reply"),
        "edited": Form(kind="flag", says="it is the text after an edit"),
        "after_start": Form(kind="duration", says="how long after the thread's first comment"),
    },
    numbers={
        **{key: partial(_measured, measure) for key, (measure, _) in {**_SHARES, **_COUNTS}.items()},
        "depth": lambda subject: given.number(subject.event.comment, "depth"),
        "after_start": _since_start,
    },
    flags={
        **{key: partial(_is, measure) for key, (measure, _) in _FLAGS.items()},
        "edited": lambda subject: (
            subject.event.kind is EventKind.EDITED or subject.event.comment.edited_at is not None
        ),
    },
    words={},
)

FORM: Final = Form(
    says="how the comment looks",
    kind="group",
    keys=_VALUES.forms,
    example='shape: {capitals: "> 70%", length: ">= 20"}',
)


def read(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read `shape: {capitals: "> 70%", …}`."""
    fields = cursor.fields(FORM.keys, hint=f"such as `{FORM.example}`")
    if fields is None:
        return None
    parts = _VALUES.read(fields, "shape.")
    if not parts and not fields.refused:
        cursor.error("`shape` asks for nothing", "write one of: " + ", ".join(FORM.keys))
    sound = tuple(part for part in parts if part is not None)
    if not sound or len(sound) < len(parts) or fields.refused:
        return None
    return sound[0] if len(sound) == 1 else All(sound)
