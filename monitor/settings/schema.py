"""What keys a section has, read off its dataclass."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Literal

from msgspec import Meta

from monitor.settings.findings import Section
from monitor.settings.secret import Secret

Shape = Literal["value", "section", "sections"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key.

    `hint` is its annotation, `kinds` all types in it. `section` is the class behind a table or a
    list of tables. `choices` are the values of a closed set; `secret` says that the value is
    never shown.
    """

    name: str
    hint: object
    kinds: tuple[object, ...]
    shape: Shape
    required: bool
    description: str
    choices: tuple[str, ...]
    secret: bool
    section: type[Section] | None
    default: object


def fields_of(section: type[Section]) -> tuple[Field, ...]:
    """Return the keys of a section, in the order they are written."""
    hints = typing.get_type_hints(section, include_extras=True)
    return tuple(_field(field, hints[field.name]) for field in dataclasses.fields(section))  # type: ignore[arg-type]


def keys_of(section: type[Section], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every key that is no table, as `kafka.retention.comments`, lists of tables included."""
    for field in fields_of(section):
        if field.shape == "section" and field.section:
            yield from keys_of(field.section, f"{prefix}{field.name}.")
        else:
            yield f"{prefix}{field.name}", field


def _field(field: dataclasses.Field[object], hint: object) -> Field:
    kinds = list(_parts(hint))
    section = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Section)), None)
    required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    return Field(
        name=field.name,
        hint=hint,
        kinds=tuple(kinds),
        shape="value" if section is None else "sections" if tuple in kinds else "section",
        required=required,
        description=next(
            (kind.description for kind in kinds if isinstance(kind, Meta) and kind.description), ""
        ),
        choices=_choices(kinds),
        secret=Secret in kinds,
        section=section,
        default=None if field.default is dataclasses.MISSING else field.default,
    )


def _parts(hint: object) -> Iterator[object]:
    """Yield the type, its origin and whatever it is made of: `tuple[X, ...] | None` names X."""
    yield hint
    origin = typing.get_origin(hint)
    if origin is None:
        return
    yield origin
    if origin is not Literal:
        for part in typing.get_args(hint):
            if part not in (types.NoneType, Ellipsis):
                yield from _parts(part)


def _choices(kinds: list[object]) -> tuple[str, ...]:
    for kind in kinds:
        if typing.get_origin(kind) is Literal:
            return tuple(typing.get_args(kind))
        if isinstance(kind, type) and issubclass(kind, Enum):
            return tuple(member.value for member in kind)
    return ()
