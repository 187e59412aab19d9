"""Reads `tests`: the proof that travels with a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.signals import LABELS, Language, Scores
from monitor.engine.conditions.language import read_codes
from monitor.engine.given import NAMES, TIMES, moment
from monitor.engine.rules import RuleTest, TestComment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.engine.cursor import Cursor, Fields

_COMMENT: Final = (
    "text",
    "author",
    "thread",
    "source",
    "language",
    "scores",
    "unsupported",
    "edited",
    "given",
)
_CHANGES: Final = ("edits", "deletes")
_SCORED_BY: Final = "test"


def read_tests(cursor: Cursor) -> tuple[RuleTest, ...]:
    """Read a list of tests."""
    tests = [_test(item) for item in cursor.items("test")]
    return tuple(test for test in tests if test is not None)


def _test(item: Cursor) -> RuleTest | None:
    fields = item.fields(("it", "comment", "thread", "expect"), required=("it", "expect"))
    if fields is None:
        return None
    comment, thread, expect = fields.get("comment"), fields.get("thread"), fields.get("expect")
    if (comment is None) == (thread is None):
        item.error(
            "a test needs either `comment` or `thread`",
            "`comment` for one, `thread` for several with their times",
        )
        return None
    comments = _single(comment) if comment else _several(thread) if thread else ()
    if expect is None or not comments:
        return None
    return _expecting(expect, RuleTest(it=fields.text("it"), comments=comments, line=item.place.line))


def _expecting(expect: Cursor, test: RuleTest) -> RuleTest | None:
    """Return the test with what it expects."""
    if expect.is_mapping():
        alerts = _alerts(expect)
        return replace(test, alerts=alerts) if alerts is not None else None
    expected = expect.choice(("alert", "nothing"))
    if expected is None:
        return None
    if len(test.comments) > 1:
        expect.error("a thread's test expects a number of alerts", "expect: {alerts: 1}")
        return None
    return replace(test, matches=expected == "alert")


def _alerts(expect: Cursor) -> int | None:
    fields = expect.fields(("alerts",), required=("alerts",))
    cursor = fields.get("alerts") if fields else None
    return cursor.integer(least=0) if cursor else None


def _single(cursor: Cursor) -> tuple[TestComment, ...]:
    comment = _comment(
        cursor.fields(_COMMENT, required=("text",), hint="such as `comment: {text: …}`"), at=0.0
    )
    return (comment,) if comment else ()


def _several(cursor: Cursor) -> tuple[TestComment, ...]:
    comments: list[TestComment] = []
    for item in cursor.items("comment"):
        fields = item.fields(("at", *_COMMENT, *_CHANGES), required=("at",))
        when = fields.get("at") if fields else None
        at = when.duration() if when else None
        comment = _one_of_several(item, fields, at, comments) if fields and at is not None else None
        if comment is None:
            continue
        if comments and comment.at < comments[-1].at and when:
            when.error(
                "the comments of a thread stand in order of time", "move it up, or give it a later `at`"
            )
        comments.append(comment)
    return tuple(comments)


def _one_of_several(
    item: Cursor, fields: Fields, at: float, before: Sequence[TestComment]
) -> TestComment | None:
    """Read a comment of a thread, or what happens to one that stands before it."""
    changes = [(key, cursor) for key in _CHANGES if (cursor := fields.get(key))]
    if not changes:
        if "text" not in fields:
            item.error("the key `text` is missing", "or `deletes: 1`, for the deletion of the first comment")
        return _comment(fields, at=at)
    key, cursor = changes[0]
    number = cursor.integer(least=1)
    if number is None:
        return None
    if number > len(before) or before[number - 1].of:
        cursor.error(
            f"no comment is written in line {number} of this thread, before this one",
            "count its lines from 1, and name the one where the comment was written",
        )
        return None
    if key == "deletes":
        return replace(before[number - 1], text="", at=at, of=number, deleted=True)
    return _comment(fields, at=at, of=number, original=before[number - 1])


def _comment(
    fields: Fields | None, *, at: float, of: int = 0, original: TestComment | None = None
) -> TestComment | None:
    if fields is None or "text" not in fields:
        return None
    text = fields.get("text")
    spelled = text.text() if text else None
    if spelled is None:
        return None
    edited, unsupported = fields.get("edited"), fields.get("unsupported")
    known = original or TestComment(text="")
    return TestComment(
        text=spelled,
        author=fields.text("author") or known.author,
        thread=fields.text("thread") or known.thread,
        source=fields.text("source") or known.source,
        at=at,
        of=of,
        language=_language(fields),
        scores=_scores(fields),
        unsupported=unsupported.flag() if unsupported else None,
        edited=bool(edited.flag()) if edited else False,
        given=_given(fields),
    )


def _given(fields: Fields) -> Mapping[str, object]:
    """Return what the source gives beyond a comment's own fields, each as it is spelled."""
    cursor = fields.get("given")
    named = cursor.fields(NAMES) if cursor else None
    if named is None:
        return {}
    return {name: _told(value, name) for name, value in named.items()}


def _told(value: Cursor, name: str) -> object:
    """Return a list, a text, or of a time how long before the comment it was, where it is written so."""
    if value.is_list():
        return [word for word, _ in value.words()]
    spelled = value.text() or ""
    if name not in TIMES or moment(spelled):
        return spelled
    if spelled.isdecimal():
        return float(spelled)
    before = value.duration()
    return spelled if before is None else timedelta(seconds=before)


def _language(fields: Fields) -> Language | None:
    cursor = fields.get("language")
    codes = read_codes(cursor) if cursor else frozenset[str]()
    return Language(code=min(codes), confidence=1.0) if codes else None


def _scores(fields: Fields) -> Scores | None:
    cursor = fields.get("scores")
    given = cursor.fields(LABELS) if cursor else None
    if given is None:
        return None
    labels = {label: value.share() for label, value in given.items()}
    return Scores(
        scored_by=_SCORED_BY, labels={label: score for label, score in labels.items() if score is not None}
    )
