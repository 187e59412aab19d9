"""`regex`: a pattern, searched for anywhere."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Final

import regex

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import doubts
from monitor.engine.conditions.matchers.respelling import respell, unseen
from monitor.engine.prefilter import TooLarge, check
from monitor.engine.scanning import Budget, Probe
from monitor.engine.widening import Unwidenable, parse, widen
from monitor.engine.words import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span

_LOOSE_BRACE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[0-9]*,?[0-9]*\}|(\{)", re.DOTALL)
"""Finds a brace that counts nothing: text to Python's own parser, a fuzzy match to `regex`."""

ASKS_FOR_CAPITALS: Final = re.compile(r"\(\?[a-z]*-[a-z]*i[a-z]*:")
"""The beginning of a group in which capitals count, whatever is said of the rest."""

_ESCAPE: Final = r"a mark such as ( [ { * + ? . needs a \ before it to stand for itself"
_EXPLANATIONS: Final = (
    ("missing )", "this ( is not closed", r"write \( for the mark itself"),
    ("unbalanced parenthesis", "this ) was not opened", r"write \) for the mark itself"),
    ("unterminated character set", "this [ is not closed", r"write \[ for the mark itself"),
    ("nothing to repeat", "there is nothing to repeat here", _ESCAPE),
    ("multiple repeat", "two repetitions follow one another", _ESCAPE),
    ("global flags", "flags in the middle of a pattern", "write them at the very start: (?i)…"),
    ("unknown extension ?<", "an unknown kind of group", "a named group is written (?P<name>…)"),
    ("nested set", "a [ within [ ]", r"write \[ for the mark itself; [[:alpha:]] is not known"),
    ("look-behind", "what stands behind may have several lengths", "divide it into several (?<!…)"),
)


FORM: Final = Form(
    says="a pattern, searched for anywhere",
    kind="texts",
    otherwise=Form(
        says="with the borders of words on both sides",
        kind="group",
        keys={
            "pattern": Form(says="the pattern", kind="texts"),
            "whole": Form(says="borders of words must stand on both sides", kind="flag"),
        },
        needs=("pattern",),
    ),
    example="text: {regex: 'go (?:away|home)'}",
)


_COMMON: Final = re.compile(
    r"""(?:
        [^\\\[\](){}]                                  # a mark or a repetition
        | \\[wWdDsSbB.^$*+?(){}|\[\]/\\'"-]               # a kind of character, or a mark for itself
        | \((?:\?[:=!]|(?!\?)) | \)                    # a group
        | \[\^?\]?(?:[^\]\[\\]|\\[wWdDsS.^$*+?()|\]\\-])+\]  # one of several
        | \{[0-9]{1,3}(?:,[0-9]{0,3})?\}                 # a number of times
    )+\Z""",
    re.VERBOSE,
)
"""Patterns that Python's own parser and `regex` take alike; others are compiled to find out."""


class Pattern(Probe):
    """A pattern of the author's; the scan looks for a wider one.

    It is compiled when the first candidate turns up: that is most of the work of reading a book,
    and most patterns never have one.
    """

    __slots__ = ("_flags", "_pattern", "_written")

    def __init__(self, entry: str, written: str, flags: int, wide: str) -> None:
        super().__init__(entry, "pattern", wide)
        self._written = written
        self._flags = flags
        self._pattern: regex.Pattern[str] | None = None

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return where the pattern itself matches."""
        del places  # the scan tells only that there may be one
        if self._pattern is None:
            self._pattern = _compiled(self._written, self._flags)
        return budget.spans(self._pattern, text)


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read a pattern, a list of patterns, or `{pattern: …, whole: true}`."""
    if cursor.is_list():
        return [probe for item in cursor.items() for probe in read(item, entries)]
    if not cursor.is_mapping():
        return _patterns(cursor, entries, bordered=False)
    fields = cursor.fields(("pattern", "whole"), required=("pattern",))
    pattern, flag = (fields.get("pattern"), fields.get("whole")) if fields else (None, None)
    bordered = bool(flag.flag()) if flag else False
    return _patterns(pattern, entries, bordered=bordered) if pattern else []


def _patterns(cursor: Cursor, entries: Entries, *, bordered: bool) -> list[Probe]:
    found = []
    for written, place in cursor.words():
        probe = _probe(place, written, entries, bordered=bordered)
        if probe is not None:
            _warn_of_unseen(place, written, entries)
            doubts.of_pattern(place, written, keeps_case=entries.lens.keeps_case)
            shown = respell(written, entries.lens)
            found.append(entries.share(probe, written, shown, bordered, entries.lens.keeps_case))
    return found


def _probe(cursor: Cursor, written: str, entries: Entries, *, bordered: bool) -> Probe | None:
    for brace in _LOOSE_BRACE.finditer(written):
        if brace[1]:
            if written.endswith((r"\p", r"\P"), 0, brace.start()):
                hint = r"kinds of characters have no names here: [^\W\d_] is any letter"
            else:
                hint = r"write \{ for the mark itself"
            cursor.error("a brace that counts nothing", hint, at=brace.start())
            return None
    flags = 0 if entries.lens.keeps_case else re.IGNORECASE
    if flags and (asking := ASKS_FOR_CAPITALS.search(written)):
        cursor.error(
            f"{asking[0]}…) asks for capitals, and none are left in what is searched",
            "write `case: sensitive` beside the pattern, and (?i) at its start for the rest",
            at=asking.start(),
        )
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parse(written, flags)
            shown = respell(written, entries.lens)
            if shown != written:
                tree = parse(shown, flags)
            exact = _bordered(shown, tree.state.flags) if bordered else shown
            if not _COMMON.match(shown):
                _compiled(exact, tree.state.flags)
    except (re.error, regex.error) as error:
        cursor.error(*_explained(error.msg), at=error.pos if (error.pos or 0) < len(written) else None)
        return None
    except (Warning, OverflowError, RecursionError) as error:
        cursor.error(*_explained(str(error)))
        return None
    if tree.getwidth()[0] == 0:
        cursor.error(
            "this pattern matches empty text, so it matches everywhere",
            "let it need at least one character: + instead of *",
        )
        return None
    return _widened(cursor, written, tree, exact)


def _bordered(written: str, flags: int) -> str:
    end = "\n" if flags & re.VERBOSE else ""  # where a comment of a verbose pattern ends
    return whole(written + end)


def _compiled(written: str, flags: int) -> regex.Pattern[str]:
    return regex.compile(written, (flags & re.IGNORECASE) | regex.V0, cache_pattern=False)


def _widened(cursor: Cursor, written: str, tree: Any, exact: str) -> Probe | None:
    try:
        wide = widen(tree)
        check(wide)
    except Unwidenable:
        wide = ""
    except TooLarge:
        cursor.error("this pattern is too large", "lower the numbers in its braces, or divide it")
        return None
    return Pattern(written, exact, tree.state.flags, wide)


def _explained(complaint: str) -> tuple[str, str]:
    """Return the parser's complaint in words that help, and the hint."""
    for part, message, hint in _EXPLANATIONS:
        if part in complaint:
            return f"this is no pattern: {message}", hint
    return f"this is no pattern: {complaint}", _ESCAPE


def _warn_of_unseen(cursor: Cursor, written: str, entries: Entries) -> None:
    """Warn where the pattern looks for characters that the view never shows."""
    for at, char in enumerate(written):
        if unseen(char, entries.lens) == "":
            cursor.warn(f"the view `{entries.lens.view}` never shows `{char}`", "`view: raw` shows it", at=at)
