"""One value, from what was written to its type, and in a person's words where it does not fit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from monitor.settings.duration import Duration
from monitor.settings.findings import Unfit
from monitor.settings.schema import Field
from monitor.settings.secret import Secret

_WORDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
_KIND: Final = re.compile(r"`(\w+)(?: \| null)?`")


def convert(field: Field, value: object, *, base: Path, lenient: bool, quotable: bool = True) -> object:
    """Return the value as the field's type.

    `base` is the folder that a path is relative to. `lenient` reads numbers, truth and lists
    (divided by commas) out of a text, as the environment gives them. A value that is not
    `quotable` (it came out of a reference) stands in no message.

    Raises:
        Unfit: with what was expected, and a hint where one can be given.
    """

    def custom(kind: type, written: object) -> object:
        if kind is Duration:
            return Duration.parse(written)
        if not isinstance(written, str):
            raise Unfit("expected a text in quotes")
        return Secret(written) if kind is Secret else _path(written, base)

    if lenient and isinstance(value, str) and _is_list(field):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, field.hint, strict=not lenient, dec_hook=custom)
    except msgspec.ValidationError as error:
        raise _unfit(field, value if quotable else None, error) from None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Return the hint that names the nearest known word, or nothing where none is near."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(written.casefold(), by_folded, n=1, cutoff=0.7)
    return f"did you mean '{by_folded[near[0]]}'?" if near else ""


def _path(written: str, base: Path) -> Path:
    return Path(written) if written == "-" else base / Path(written).expanduser()


def _is_list(field: Field) -> bool:
    return isinstance(field.default, tuple)


def _unfit(field: Field, value: object, error: msgspec.ValidationError) -> Unfit:
    """Return what is wrong; `value` is None where it may not be shown."""
    if isinstance(error.__cause__, Unfit):
        return error.__cause__
    if field.choices and (value is None or isinstance(value, str)):
        wrong = "the value" if value is None else f"'{value}'"
        hint = did_you_mean(value or "", field.choices)
        return Unfit(f"{wrong} is none of {', '.join(field.choices)}", hint=hint)
    said = _KIND.sub(lambda kind: _WORDS.get(kind[1], kind[1]), str(error).split(" - at")[0])
    if "matching regex" in said:
        said = "there are characters in it that are not allowed"
    return Unfit(said[:1].lower() + said[1:], hint=_hint(field, value, said))


def _hint(field: Field, value: object, said: str) -> str:
    if isinstance(value, str) and "got a text" in said:
        if _is_list(field):
            return f'put it into brackets: {field.name} = ["…"]'
        if re.fullmatch(r"true|false|[0-9]+(\.[0-9]+)?", value):
            return f"without the quotes: {field.name} = {value}"
    return field.description
