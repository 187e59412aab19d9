r"""Makes a pattern that RE2 takes and that finds everything the author's pattern finds.

RE2 searches for all patterns at once in linear time but has no look-around, no back references
and its own idea of `\w`. So each pattern is widened: what RE2 cannot express is replaced by
something that takes more. A comment in which the wide pattern finds nothing holds no match; where it
finds something, the author's own pattern decides.

Works on the tree of Python's own parser. Every branch of `_Widener` may only enlarge the set of
texts that match; `tests/unit/engine/test_widening.py` holds it to that.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_parser: Final[Any] = importlib.import_module("re._parser")
_constants: Final[Any] = importlib.import_module("re._constants")

ANYTHING: Final = "(?s:.)"
_IGNORECASE: Final = int(re.IGNORECASE)
_MOST_REPEATS: Final = 40
_WIDE_RANGE: Final = 128
_BEYOND_ASCII: Final = r"\x{80}-\x{10ffff}"
_TURKISH_I: Final = "\u0130\u0131"
"""Equal to i and I for the `regex` module, not for RE2."""

_ANY_I: Final = frozenset(map(ord, "iI" + _TURKISH_I))

_CATEGORIES: Final = {
    _constants.CATEGORY_WORD: "0-9A-Za-z_" + _BEYOND_ASCII,
    _constants.CATEGORY_NOT_WORD: r"\x{0}-/:-@\[-\^`{-\x{10ffff}",
    _constants.CATEGORY_DIGIT: "0-9" + _BEYOND_ASCII,
    _constants.CATEGORY_NOT_DIGIT: r"\x{0}-/:-\x{10ffff}",
    _constants.CATEGORY_SPACE: r"\x{1}-\x{20}" + _BEYOND_ASCII,
    _constants.CATEGORY_NOT_SPACE: r"\x{0}-\x{8}\x{e}-\x{1b}!-\x{10ffff}",
}

_ENDLESS: Final = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)

_REPEATED_GROUP: Final = re.compile(r"[*+}?]\)*\)\s*[*+{]")
"""A repetition at the end of a group that is repeated; spaces, for verbose patterns."""

Items = list[tuple[Any, Any]]


class Unwidenable(Exception):
    """The pattern holds something whose meaning is not known here."""


def parse(pattern: str, flags: int) -> Any:
    """Return the tree of the pattern.

    Raises:
        re.error: it is no pattern; `pos` says where.
    """
    return _parser.parse(pattern, flags)


def nested_repeats(pattern: str) -> bool:
    r"""Return whether an endless repetition repeats nothing but repetitions, as in (a+)+ or (a+b*)*.

    Such a pattern can take time that doubles with each character of a text made for it. A part that
    must stand between them, as the dot in (\.a+)+, keeps the parts apart.
    """
    if not _REPEATED_GROUP.search(pattern):
        return False
    return any(_is_endless(item) and _is_loose(item[1][2]) for item in _items(parse(pattern, 0)))


def _items(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every operator in the tree with its argument."""
    if isinstance(tree, _parser.SubPattern):
        for item in tree:
            yield item
            yield from _items(item[1])
    elif isinstance(tree, (tuple, list)):
        for part in tree:
            yield from _items(part)


def _is_endless(item: tuple[Any, Any]) -> bool:
    return item[0] in _ENDLESS and item[1][1] is _constants.MAXREPEAT


def _is_loose(body: Any) -> bool:
    """Return whether a repeated part holds an endless repetition and nothing that must be there beside it."""
    items = [inner for item in body for inner in _opened(item)]
    optional = (item[0] in _ENDLESS and (item[1][0] == 0 or _is_endless(item)) for item in items)
    return any(map(_is_endless, items)) and all(optional)


def _opened(item: tuple[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield what stands in a group, or the item itself."""
    if item[0] is not _constants.SUBPATTERN:
        yield item
        return
    for inner in item[1][-1]:
        yield from _opened(inner)


def widen(tree: Any) -> str:
    """Return an RE2 pattern that finds something wherever the parsed pattern does.

    Raises:
        Unwidenable: there is no such pattern that would still select anything.
    """
    flags = tree.state.flags
    wide = _Widener().sequence(_trimmed(list(tree)), flags)
    if not wide:
        raise Unwidenable("nothing in it must be there")
    return f"(?i:{wide})" if flags & _IGNORECASE else wide


class _Widener:
    def __init__(self) -> None:
        c = _constants
        self._writers: dict[Any, Callable[[Any, int], str]] = {
            c.LITERAL: _literal,
            c.NOT_LITERAL: _not_literal,
            c.ANY: lambda _value, _flags: ANYTHING,
            c.IN: _character_class,
            c.SUBPATTERN: self._group,
            c.ATOMIC_GROUP: lambda value, flags: f"(?:{self.sequence(value, flags)})",
            c.BRANCH: lambda value, flags: self._either(value[1], flags),
            c.MAX_REPEAT: self._repeat,
            c.MIN_REPEAT: self._repeat,
            c.POSSESSIVE_REPEAT: self._repeat,
            c.GROUPREF: lambda _value, _flags: f"{ANYTHING}*",
            c.GROUPREF_EXISTS: lambda value, flags: self._either([part or [] for part in value[1:]], flags),
            c.AT: _nothing,
            c.ASSERT: _nothing,
            c.ASSERT_NOT: _nothing,
        }

    def sequence(self, items: Iterable[tuple[Any, Any]], flags: int) -> str:
        """Return the wide form of items that follow one another."""
        return "".join(self._write(kind, value, flags) for kind, value in items)

    def _write(self, kind: Any, value: Any, flags: int) -> str:
        writer = self._writers.get(kind)
        if writer is None:
            raise Unwidenable(f"{kind} is not known")
        return writer(value, flags)

    def _group(self, value: Any, flags: int) -> str:
        _number, added, removed, items = value
        inner = (flags | added) & ~removed
        ignores, ignored = bool(inner & _IGNORECASE), bool(flags & _IGNORECASE)
        switch = "" if ignores == ignored else "i" if ignores else "-i"
        return f"(?{switch}:{self.sequence(items, inner)})"

    def _either(self, branches: Iterable[Any], flags: int) -> str:
        return "(?:" + "|".join(self.sequence(branch, flags) for branch in branches) + ")"

    def _repeat(self, value: Any, flags: int) -> str:
        least, most, items = value
        wide = self.sequence(items, flags)
        return f"(?:{wide}){_quantifier(least, most)}" if wide else ""


def _quantifier(least: int, most: Any) -> str:
    """Return how often, loosened where RE2 would need too many states."""
    if most is _constants.MAXREPEAT or most > _MOST_REPEATS:
        least = min(least, _MOST_REPEATS)
        return "*" if least == 0 else "+" if least == 1 else f"{{{least},}}"
    if (least, most) == (0, 1):
        return "?"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _nothing(_value: Any, _flags: int) -> str:
    return ""


def _literal(code: int, flags: int) -> str:
    if code in _ANY_I and flags & _IGNORECASE:
        return f"[i{_TURKISH_I}]"
    return _char(code)


def _not_literal(code: int, flags: int) -> str:
    return ANYTHING if _has_case(code, code, flags) else f"[^{_char(code)}]"


def _character_class(items: Items, flags: int) -> str:
    if items[0][0] is _constants.NEGATE:
        kept = [part for part in items[1:] if _may_exclude(part, flags)]
        return f"[^{_members(kept)}]" if kept else ANYTHING
    extra = _TURKISH_I + "i" if flags & _IGNORECASE and _may_mean_i(items) else ""
    return f"[{_members(items)}{extra}]"


def _members(items: Items) -> str:
    parts = []
    for kind, value in items:
        if kind is _constants.LITERAL:
            parts.append(_char(value))
        elif kind is _constants.RANGE:
            parts.append(f"{_char(value[0])}-{_char(value[1])}")
        elif kind is _constants.CATEGORY and value in _CATEGORIES:
            parts.append(_CATEGORIES[value])
        else:
            raise Unwidenable(f"{kind} {value} is not known")
    return "".join(parts)


def _may_exclude(part: tuple[Any, Any], flags: int) -> bool:
    """Return whether RE2 excludes no more by this member than the pattern does."""
    kind, value = part
    if kind is _constants.LITERAL:
        return not _has_case(value, value, flags)
    if kind is _constants.RANGE:
        return not _has_case(value[0], value[1], flags)
    return False


def _has_case(first: int, last: int, flags: int) -> bool:
    """Return whether ignoring case changes what these characters stand for; yes, where it is long to tell."""
    if not flags & _IGNORECASE:
        return False
    return last - first > _WIDE_RANGE or any(
        char.lower() != char or char.upper() != char for char in map(chr, range(first, last + 1))
    )


def _may_mean_i(items: Items) -> bool:
    return any(
        (kind is _constants.LITERAL and chr(value) in "iI" + _TURKISH_I)
        or (kind is _constants.RANGE and any(value[0] <= ord(char) <= value[1] for char in "iI" + _TURKISH_I))
        for kind, value in items
    )


def _char(code: int) -> str:
    char = chr(code)
    return char if char.isalnum() and char.isprintable() else f"\\x{{{code:x}}}"


def _trimmed(items: Items) -> Items:
    """Return the items without those at both ends that need not be there: they select nothing."""
    while items and _optional(items[0]):
        items = items[1:]
    while items and _optional(items[-1]):
        items = items[:-1]
    return items


def _optional(item: tuple[Any, Any]) -> bool:
    kind, value = item
    c = _constants
    if kind in (c.AT, c.ASSERT, c.ASSERT_NOT):
        return True
    if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        return bool(value[0] == 0)
    if kind is c.SUBPATTERN:
        return all(map(_optional, value[3]))
    if kind is c.BRANCH:
        return any(all(map(_optional, branch)) for branch in value[1])
    return False
