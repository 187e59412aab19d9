"""`regex`: a pattern, searched for anywhere."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.prefilter import TooLarge, check
from monitor.engine.scanning import Budget, Probe
from monitor.engine.widening import Unwidenable, parse, widen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span

_FUZZY: Final = re.compile(r"\\.|\[\]?(?:\\.|[^\]\\])*\]|(\{)(?![0-9]*,?[0-9]*\})", re.DOTALL)
_WHOLE: Final = r"(?<![\p{L}\p{M}\p{N}])(?:%s)(?![\p{L}\p{M}\p{N}])"


class Pattern(Probe):
    """A pattern of the author's; the scan looks for a wider one."""

    __slots__ = ("_pattern",)

    def __init__(self, entry: str, pattern: regex.Pattern[str], wide: str) -> None:
        super().__init__(entry, "pattern", wide)
        self._pattern = pattern

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return where the pattern itself matches."""
        del places  # the scan tells only that there is one
        return budget.spans(self._pattern, text)


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read a pattern, a list of patterns, or `{pattern: …, whole: true}`."""
    if cursor.is_list():
        return [probe for item in cursor.items() for probe in read(item, entries)]
    pattern, whole = cursor, False
    if cursor.is_mapping():
        fields = cursor.fields(("pattern", "whole"), required=("pattern",))
        inner = fields.get("pattern") if fields else None
        if fields is None or inner is None:
            return []
        flag = fields.get("whole")
        pattern, whole = inner, bool(flag.flag()) if flag else False
    written = pattern.text()
    probe = _probe(pattern, written, entries, whole=whole) if written else None
    return [probe] if probe else []


def _probe(cursor: Cursor, written: str, entries: Entries, *, whole: bool) -> Probe | None:
    if any(found[1] for found in _FUZZY.finditer(written)):
        cursor.error("a brace that counts nothing", r"write \{ for the mark itself")
        return None
    flags = 0 if entries.lens.keeps_case else re.IGNORECASE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parse(written, flags)
            exact = regex.compile(_WHOLE % written if whole else written, flags, cache_pattern=False)
    except (re.error, regex.error, Warning, OverflowError, RecursionError) as error:
        cursor.error(
            f"this is no pattern: {error}",
            r"a mark such as ( [ * + ? . needs a \ before it to stand for itself",
        )
        return None
    if tree.getwidth()[0] == 0:
        cursor.error(
            "this pattern matches empty text, so it matches everywhere",
            "let it need at least one character: + instead of *",
        )
        return None
    return _widened(cursor, written, tree, exact)


def _widened(cursor: Cursor, written: str, tree: object, exact: regex.Pattern[str]) -> Probe | None:
    try:
        wide = widen(tree)
        check(wide)
    except Unwidenable:
        wide = ""
    except TooLarge:
        cursor.error("this pattern is too large", "lower the numbers in its braces, or divide it")
        return None
    return Pattern(written, exact, wide)
