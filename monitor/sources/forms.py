"""How the keys of a source file are written: one table is its reader, its JSON Schema and its manual.

A `Key` names what may stand in a group and how its value is written (`Form`); `group` makes a form
of keys. Reading a group reads all of it, so that every problem is reported at once; a value that
cannot be read is None, which `Given.get` gives as if the key were not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar, Union, cast

from monitor.engine.cursor import Cursor
from monitor.engine.nodes import Node, Scalar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Word = TypeVar("Word", bound=StrEnum)

Json: TypeAlias = Union[str, bool, int, float, "list[Json]", "dict[str, Json]"]
Schema: TypeAlias = Mapping[str, Json]

_RATE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)/([0-9]*(?:\.[0-9]+)?)(s|m|h)\Z")
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kB|KB|MB)\Z")
_BYTES: Final = {"kB": 1_000, "KB": 1_000, "MB": 1_000_000}
_SCALAR: Final[list[Json]] = ["string", "number", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[T_co]):
    """A way to write a value. `read` reports what it cannot read and returns None.

    `written` says it in words; `keys` are those of a group.
    """

    read: Callable[[Cursor], T_co | None]
    schema: Schema
    written: str
    keys: Sequence[Key[object]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Generic[T_co]):
    """A key of a group: what it means, how its value is written, and whether the group needs it."""

    name: str
    says: str
    form: Form[T_co]
    needed: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A group as it was read, with the place it stands at."""

    cursor: Cursor
    values: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, Cursor] = field(default_factory=dict)

    def __contains__(self, key: Key[object]) -> bool:
        return key.name in self.places

    def get(self, key: Key[T]) -> T | None:
        """Return what was written; None where nothing (or nothing readable) was."""
        return cast("T | None", self.values.get(key.name))

    def at(self, key: Key[object]) -> Cursor:
        """Return where the key's value stands; the group's own place where it was not written."""
        return self.places.get(key.name, self.cursor)

    def inner(self, key: Key[Given]) -> Given:
        """Return the group of this key; an empty one where it was not written."""
        return self.get(key) or Given(self.cursor)

    def written(self, *keys: Key[object]) -> tuple[Key[object], ...]:
        """Return those of these keys that were written."""
        return tuple(key for key in keys if key in self)


def group(*keys: Key[object], hints: Mapping[str, str] | None = None) -> Form[Given]:
    """Return the form of a group of keys. `hints` are for those who wrote a certain wrong key."""
    needed = [key.name for key in keys if key.needed]

    def read(cursor: Cursor) -> Given | None:
        fields = cursor.fields([key.name for key in keys], required=needed, hints=hints or {})
        if fields is None:
            return None
        places = dict(fields.items())
        values = {key.name: key.form.read(places[key.name]) for key in keys if key.name in places}
        return Given(cursor, values, places)

    schema: dict[str, Json] = {
        "type": "object",
        "properties": {key.name: schema_of(key) for key in keys},
        "additionalProperties": False,
    }
    if needed:
        schema["required"] = [*needed]
    return Form(read=read, schema=schema, written="a group of keys", keys=keys)


def schema_of(key: Key[object]) -> Json:
    """Return the JSON Schema of a key."""
    return {"description": key.says, **key.form.schema}


def either(choose: Callable[[Cursor], bool], yes: Form[T], no: Form[T], *, written: str = "") -> Form[T]:
    """Return the form of a value that may be written in two ways, told apart by `choose`."""
    return Form(
        read=lambda cursor: (yes if choose(cursor) else no).read(cursor),
        schema={"anyOf": [dict(yes.schema), dict(no.schema)]},
        written=written or f"{yes.written}, or {no.written}",
        keys=yes.keys or no.keys,
    )


def converted(form: Form[T], convert: Callable[[T, Cursor], T_co | None]) -> Form[T_co]:
    """Return the form whose value is made of another's; `convert` reports what cannot be."""

    def read(cursor: Cursor) -> T_co | None:
        value = form.read(cursor)
        return None if value is None else convert(value, cursor)

    return Form(read=read, schema=form.schema, written=form.written, keys=form.keys)


def listing(form: Form[T]) -> Form[tuple[T, ...]]:
    """Return the form of a list; one value stands for a list of one."""

    def read(cursor: Cursor) -> tuple[T, ...] | None:
        entries = list(cursor.items()) if cursor.is_list() else [cursor]
        values = [form.read(entry) for entry in entries]
        return tuple(value for value in values if value is not None)

    one = dict(form.schema)
    return Form(
        read=read,
        schema={"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]},
        written=f"{form.written}, or a list of such",
        keys=form.keys,
    )


def names(form: Form[T]) -> Form[dict[str, T]]:
    """Return the form of a group whose keys are the author's own names."""

    def read(cursor: Cursor) -> dict[str, T] | None:
        values = {name: form.read(value) for name, value in cursor.named()}
        return {name: value for name, value in values.items() if value is not None}

    return Form(
        read=read,
        schema={"type": "object", "additionalProperties": dict(form.schema)},
        written=f"names, each with {form.written}",
    )


def word(kind: type[Word]) -> Form[Word]:
    """Return the form of one word of a closed set."""
    return Form(
        read=lambda cursor: cursor.member(kind),
        schema={"enum": [member.value for member in kind]},
        written=" or ".join(f"`{member.value}`" for member in kind),
    )


def whole(*, least: int = 0) -> Form[int]:
    """Return the form of a whole number."""
    return Form(
        read=lambda cursor: cursor.integer(least=least),
        schema={"type": "integer", "minimum": least},
        written="a whole number",
    )


def _rate(cursor: Cursor) -> float | None:
    value = cursor.text()
    if value is None:
        return None
    found = _RATE.match(value)
    if found is None or not float(found[1]) or not float(found[2] or 1):
        cursor.error(f"`{value}` is no rate", "requests in a time: 1/s, 1/3s, 30/m")
        return None
    return float(found[1]) / (float(found[2] or 1) * _SECONDS[found[3]])


def _size(cursor: Cursor) -> int | None:
    value = cursor.text()
    if value is None:
        return None
    found = _SIZE.match(value)
    if found is None:
        cursor.error(f"`{value}` is no size", "a number and its unit: 500kB, 5MB")
        return None
    return int(float(found[1]) * _BYTES[found[2]])


def _anything(cursor: Cursor) -> Node:
    return cursor.node


def _once(cursor: Cursor) -> Cursor | None:
    return cursor if cursor.text() is not None else None


TEXT: Final[Form[str]] = Form(read=Cursor.text, schema={"type": _SCALAR}, written="a text")
SPELLED: Final[Form[str]] = Form(read=Cursor.spelled, schema={"type": _SCALAR}, written="a text, empty too")
TEXT_AT: Final[Form[Cursor]] = Form(read=_once, schema={"type": _SCALAR}, written="a text")
"""A text with its place, for a reader that has more to say about it."""

FLAG: Final[Form[bool]] = Form(read=Cursor.flag, schema={"type": "boolean"}, written="`true` or `false`")
SHARE: Final[Form[float]] = Form(
    read=Cursor.share, schema={"type": "number", "minimum": 0, "maximum": 1}, written="a number from 0 to 1"
)
LENGTH: Final[Form[float]] = Form(
    read=Cursor.duration,
    schema={"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?[smhd]$"},
    written="a length of time: `30s`, `10m`, `2h`, `3d`",
)
RATE: Final[Form[float]] = Form(
    read=_rate,
    schema={"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?/[0-9]*(\.[0-9]+)?[smh]$"},
    written="requests in a time: `1/s`, `1/3s`, `30/m`",
)
SIZE: Final[Form[int]] = Form(
    read=_size,
    schema={"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*(kB|KB|MB)$"},
    written="a size: `500kB`, `5MB`",
)
ANYTHING: Final[Form[Node]] = Form(read=_anything, schema={}, written="anything")


def is_scalar(cursor: Cursor) -> bool:
    """Return whether a single value stands here."""
    return isinstance(cursor.node, Scalar)
