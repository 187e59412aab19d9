"""One request of a site, and what a dialect makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from monitor.domain.errors import Rejected
from monitor.ports.wire import without_content
from monitor.sources.push.news import Told

T = TypeVar("T")

_DIGITS: Final = 16

_FORM: Final = b"payload="


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request as it came: header names in small letters, the body's bytes untouched."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def header(self, name: str) -> str:
        """Return a header's value; empty where it was not sent."""
        return self.headers.get(name.lower(), "")

    def with_body(self, delivery_id: str) -> str:
        """Return a delivery's id made safe to go by, where it stands in a header that nobody signed.

        With the body in it, one who caught a signed body cannot use up a later delivery's id with it.
        Empty where the site gave none.
        """
        return f"{delivery_id}.{hashlib.sha256(self.body).hexdigest()[:_DIGITS]}" if delivery_id else ""

    def read(self, kind: type[T]) -> T:
        """Return the body as this type.

        GitHub and Discourse send a form with the JSON in its field `payload` unless they are told
        otherwise; it is read as well.

        Raises:
            Rejected: it is no JSON (`malformed`), or not of this form (`schema`).
        """
        return decoded(_out_of_form(self.body) if self.body.startswith(_FORM) else self.body, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """A part of a letter that cannot be read, and why; the rest of it can."""

    payload: bytes
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a letter tells; nothing where it is about something else than comments."""

    told: tuple[Told, ...] = ()
    spoiled: tuple[Spoiled, ...] = field(default=())


class Dialect(Protocol):
    """How one kind of site writes its webhooks."""

    def delivery(self, letter: Letter) -> str:
        """Return the id by which the site knows this delivery; empty where it gives none."""
        ...

    async def read(self, letter: Letter) -> Content:
        """Return what the letter tells.

        Raises:
            Rejected: it is authentic and cannot be read.
            Retryable: what it refers to cannot be read now; the site shall send it again.
        """
        ...


def decoded(payload: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Return JSON as this type.

    Raises:
        Rejected: it is none (`malformed`), or not of this form (`schema`); without its content.
    """
    try:
        return msgspec.json.decode(payload, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise Rejected("schema", without_content(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("malformed", without_content(error)) from None


def _out_of_form(body: bytes) -> bytes:
    """Return the value of a form's first field."""
    value = body.removeprefix(_FORM).partition(b"&")[0]
    return unquote_to_bytes(value.replace(b"+", b" "))


def zoned(time: datetime | None) -> datetime | None:
    """Return the time with a zone: UTC where the site wrote none."""
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
