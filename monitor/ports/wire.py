"""The wire format: JSON with a version, strict when read.

Each message is the domain value's fields beside `"v": 1`. Decoding refuses what does not fit and
names the field; it never repeats the content.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints

import msgspec

from monitor.domain.alerts import Alert
from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Rejected
from monitor.domain.observations import Candidate, Counted, Observation, Whereabouts, Withdrawal
from monitor.domain.verdicts import Verdict

VERSION: Final = 1

_HEAD: Final = b'{"v":%d,' % VERSION
_QUOTED: Final = re.compile(r"""['"].*['"]""", flags=re.DOTALL)
"""From the first quotation mark to the last: a value may hold some itself."""

T = TypeVar("T")


class _Version(msgspec.Struct):
    v: int


class _Type(msgspec.Struct):
    type: str = ""


class Wire(Generic[T]):
    """Encodes and decodes one kind of message; `named` ones say their type beside the version."""

    def __init__(self, kind: type[T], *, named: str = "") -> None:
        self.kind = kind
        self._head = _HEAD + (b'"type":"%s",' % named.encode() if named else b"")
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(kind).decode
        self._version = msgspec.json.Decoder(_Version).decode
        self._times = tuple((path, attrgetter(path)) for path in _times_in(kind))

    def encode(self, value: T) -> bytes:
        """Return the value as one line of JSON, UTF-8."""
        return self._head + self._encode(value)[1:]

    def decode(self, payload: bytes | None) -> T:
        """Return the value.

        Raises:
            Rejected: with reason `malformed` (no JSON), `version` or `schema`; the detail names
                the field.
        """
        if not payload:
            raise Rejected("malformed", "the message is empty")
        try:
            version = self._version(payload).v
            if version != VERSION:
                raise Rejected("version", f"this release reads version {VERSION}, not {version}")
            return self._zoned(self._decode(payload))
        except msgspec.ValidationError as error:
            raise Rejected("schema", without_content(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Rejected("malformed", without_content(error)) from None

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema of one message."""
        schema = msgspec.json.schema(self.kind, schema_hook=lambda _: {"description": "any JSON value"})
        own = schema["$defs"][self.kind.__name__]
        own["properties"] = {"v": {"const": VERSION}, **own["properties"]}
        own["required"] = ["v", *own.get("required", [])]
        times = {path.rpartition(".")[2] for path, _ in self._times}
        for definition in schema["$defs"].values():
            definition["description"] = inspect.cleandoc(definition["description"])
            _name_times(definition.get("properties", {}), times)
        return schema

    def _zoned(self, value: T) -> T:
        for path, get in self._times:
            time = get(value)
            if time is not None and time.tzinfo is None:
                raise Rejected("schema", f"Expected a time with a zone - at `$.{path}`")
        return value


def _times_in(kind: type, within: str = "") -> Iterator[str]:
    """Yield where times stand in a message, inside its values too: `comment.created_at`."""
    for name, hint in get_type_hints(kind).items():
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            yield from _times_in(hint, f"{within}{name}.")
        elif datetime in (hint, *get_args(hint)):
            yield f"{within}{name}"


def _name_times(fields: Mapping[str, dict[str, Any]], times: AbstractSet[str]) -> None:
    for name in times & fields.keys():
        for kind in fields[name].get("anyOf", [fields[name]]):
            if kind["type"] == "string":
                kind["format"] = "date-time"


def without_content(error: Exception) -> str:
    """Return what is wrong and where, without any quoted value (it may be a person's words)."""
    if isinstance(error, UnicodeDecodeError):
        return "invalid UTF-8"
    return _QUOTED.sub("'…'", str(error))


EVENTS: Final = Wire(CommentEvent)
VERDICTS: Final = Wire(Verdict)
OBSERVATIONS: Final = Wire(Observation)
ALERTS: Final = Wire(Alert)


class CountedWire:
    """What the topic of observations carries: these, and what undoes some of them."""

    def __init__(self) -> None:
        self._whereabouts = Wire(Whereabouts, named="whereabouts")
        self._withdrawals = Wire(Withdrawal, named="withdrawal")
        self._candidates = Wire(Candidate, named="candidate")
        self._type = msgspec.json.Decoder(_Type).decode

    def encode(self, value: Counted) -> bytes:
        """Return the value as one line of JSON, UTF-8."""
        match value:
            case Observation():
                return OBSERVATIONS.encode(value)
            case Whereabouts():
                return self._whereabouts.encode(value)
            case Withdrawal():
                return self._withdrawals.encode(value)
            case Candidate():
                return self._candidates.encode(value)

    def decode(self, payload: bytes | None) -> Counted:
        """Return the value.

        Raises:
            Rejected: as `Wire.decode` does.
        """
        match self._named(payload):
            case "whereabouts":
                return self._whereabouts.decode(payload)
            case "withdrawal":
                return self._withdrawals.decode(payload)
            case "candidate":
                return self._candidates.decode(payload)
            case _:
                return OBSERVATIONS.decode(payload)

    def _named(self, payload: bytes | None) -> str:
        try:
            return self._type(payload or b"{}").type
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return ""  # the decoder of observations says what is wrong with it


COUNTED: Final = CountedWire()
