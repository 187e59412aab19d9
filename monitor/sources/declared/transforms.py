"""What may be done to a value between the answer and the comment: a closed list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeAlias
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.engine.cursor import Cursor, suggestion
from monitor.sources.declared.documents import Record
from monitor.sources.declared.expressions import PATTERN, QUERY, Pattern, Query
from monitor.sources.declared.moments import Dating, Tongue, Unit
from monitor.sources.forms import (
    SPELLED,
    TEXT,
    Form,
    Given,
    Json,
    Key,
    converted,
    either,
    group,
    is_scalar,
    listing,
    names,
    word,
)
from monitor.sources.markup import html_to_text


class Unfit(ValueError):
    """A value is not what its description says; the message names no part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a transform knows beside the value: the item, the address of the answer, and when it came."""

    record: Record
    base: str
    now: datetime


Change: TypeAlias = Callable[[object, Setting], object]


@dataclass(frozen=True, slots=True)
class Transform:
    """One transform, with its arguments put in. `text` is how it is written."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A transform of the closed list: its arguments' form (None: it takes none), and what it does.

    `bare` says that it may be written without arguments too.
    """

    says: str
    read: Callable[[Cursor], Change | None] | None = None
    schema: Mapping[str, Json] | None = None
    written: str = ""
    bare: Change | None = None
    example: str = ""
    keys: Sequence[Key[object]] = ()


def _simple(says: str, change: Callable[[str], object]) -> Kind:
    return Kind(says=says, bare=lambda value, _: change(_string(value)))


def _with(form: Form[Change], says: str, *, bare: Change | None = None, example: str = "") -> Kind:
    return Kind(
        says=says,
        read=form.read,
        schema=form.schema,
        written=form.written,
        bare=bare,
        example=example,
        keys=form.keys,
    )


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    raise Unfit("is no single value")


def _integer(text: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise Unfit("is no whole number") from None


def _last_of_path(text: str) -> str:
    """Return the last part of an address' path, or of a path of ids such as Lemmy's `0.24.27`."""
    path = urlsplit(text).path.rstrip("/") if "/" in text else text.rstrip(".")
    return path.rpartition("/" if "/" in text else ".")[2]


def _prefixing(prefix: str, _: Cursor) -> Change:
    return lambda value, _: prefix + _string(value)


_STRIPPED = Key(name="regex", says="what is taken off at the very start", form=PATTERN, needed=True)
_ONLY_IF = Key(
    name="only_if",
    says="only from items of which this is true (JMESPath)",
    form=QUERY,
    example='"thr_in-reply-to".ref',
)


def _stripping(pattern: Pattern, only_if: Query | None = None) -> Change:
    def change(value: object, setting: Setting) -> object:
        text = _string(value)
        if only_if is not None and not setting.record.holds(only_if):
            return text
        return text[pattern.end_at_start(text) :]

    return change


def _stripping_given(given: Given, _: Cursor) -> Change | None:
    pattern = given.get(_STRIPPED)
    return _stripping(pattern, given.get(_ONLY_IF)) if pattern else None


def _mapping(words: dict[str, str], _: Cursor) -> Change:
    def change(value: object, _: Setting) -> object:
        found = _string(value)
        return words.get(found, words.get("*", found))

    return change


def _zone(cursor: Cursor) -> tzinfo | None:
    name = cursor.text()
    if name is None:
        return None
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cursor.error(f"there is no time zone `{name}`", "such as UTC, Europe/Berlin or America/New_York")
        return None


def _date_format(cursor: Cursor) -> str | None:
    value = cursor.text()
    if value is not None and "%" not in value:
        cursor.error(
            f"`{value}` is no format of a time", "such as %d.%m.%Y %H:%M, as Python's strptime has it"
        )
        return None
    return value


_TZ = Key(
    name="tz",
    says="the zone of times that name none; without it UTC",
    form=Form(read=_zone, schema={"type": "string"}, written="a time zone"),
    example="Europe/Berlin",
)
_UNIT = Key(name="unit", says="what a number counts since 1970", form=word(Unit), example="ms")
_FORMAT = Key(
    name="format",
    says="how the time is written, as Python's strptime has it",
    form=Form(read=_date_format, schema={"type": "string"}, written="a text"),
    example="%d. %B %Y, %H:%M",
)
_LANGUAGES = Key(name="languages", says="whose names of months the format means", form=listing(word(Tongue)))


def _dating(given: Given, _: Cursor) -> Change:
    return _reading_times(
        Dating(
            zone=given.get(_TZ) or UTC,
            unit=given.get(_UNIT),
            format=given.get(_FORMAT) or "",
            languages=tuple(given.get(_LANGUAGES) or ()),
        )
    )


def _reading_times(dating: Dating) -> Change:
    return lambda value, setting: dating.moment(value, setting.now)


KINDS: Final[Mapping[str, Kind]] = {
    "html_to_text": _simple("the words of a piece of HTML, as a reader sees them", html_to_text),
    "trim": _simple("without blanks around it", str.strip),
    "lower": _simple("in small letters", str.lower),
    "int": _simple("a whole number", _integer),
    "str": _simple("a text", str),
    "prefix": _with(converted(TEXT, _prefixing), "with this before it", example="t1_"),
    "strip_prefix": _with(
        either(
            is_scalar,
            converted(PATTERN, lambda pattern, _: _stripping(pattern)),
            converted(group(_STRIPPED, _ONLY_IF), _stripping_given),
        ),
        "without what a pattern matches at its very start",
    ),
    "urljoin": Kind(
        says="an address made whole by the page's own",
        bare=lambda value, setting: urljoin(setting.base, _string(value)),
    ),
    "datetime": _with(
        converted(group(_TZ, _UNIT, _FORMAT, _LANGUAGES), _dating),
        "a time; without more: ISO 8601, the form of feeds, or seconds since 1970",
        bare=_reading_times(Dating()),
        example="{datetime: {tz: Europe/Berlin}}",
    ),
    "map": _with(
        converted(names(SPELLED), _mapping),
        "another word for each of these; `*` for all others",
        example="{map: {hold: pending}}",
    ),
    "last_of_path": _simple("the last part of an address or of a dotted path", _last_of_path),
}
"""Every transform there is."""


def _read(cursor: Cursor) -> Transform | None:
    if not cursor.is_mapping():
        return _read_bare(cursor)
    fields = cursor.fields(KINDS)
    written = dict(fields.items()) if fields else {}
    if len(written) != 1:
        if fields and not fields.refused:
            cursor.error("one entry of `transform` says one thing", "write each after a dash of its own")
        return None
    [(name, argument)] = written.items()
    kind = KINDS[name]
    if kind.read is None:
        argument.error(f"`{name}` takes nothing", f"write `{name}` alone")
        return None
    change = kind.read(argument)
    return Transform(name, change) if change else None


def _read_bare(cursor: Cursor) -> Transform | None:
    name = cursor.text()
    if name is None:
        return None
    kind = KINDS.get(name)
    if kind is None:
        cursor.error(f"there is no transform `{name}`", suggestion(name, KINDS))
    elif kind.bare is None:
        cursor.error(f"`{name}` needs to be told more", f"write {{{name}: …}}")
    return Transform(name, kind.bare) if kind and kind.bare else None


def _schema() -> Mapping[str, Json]:
    bare: list[Json] = [name for name, kind in KINDS.items() if kind.bare]
    full: dict[str, Json] = {
        name: {"description": kind.says, **kind.schema} for name, kind in KINDS.items() if kind.schema
    }
    group_: dict[str, Json] = {
        "type": "object", "properties": full, "additionalProperties": False, "minProperties": 1,
        "maxProperties": 1,
    }  # fmt: skip
    return {"anyOf": [{"enum": bare}, group_]}


TRANSFORM: Final[Form[Transform]] = Form(
    read=_read, schema=_schema(), written="a transform's name, or `{name: …}`"
)
TIME: Final = Transform("datetime", _reading_times(Dating()))
"""What is done to a field that is a time where its description says nothing."""
