"""A Mastodon status as a comment (docs.joinmastodon.org/entities/Status)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.domain.errors import Rejected
from monitor.ports.wire import without_content
from monitor.sources.markup import html_to_text
from monitor.sources.push.news import Told

_SHIFT: Final = 16
"""An id holds the milliseconds since 1970 above so many bits (Mastodon's `Mastodon::Snowflake`)."""

_EARLIEST: Final = datetime(2016, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_NOTHING: Final = msgspec.Raw(b"null")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote it. `acct` is `name` on the instance itself and `name@host` elsewhere."""

    id: str
    acct: str = ""
    display_name: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What of a status is read."""

    id: str
    created_at: datetime
    account: Account
    content: str = ""
    spoiler_text: str = ""
    edited_at: datetime | None = None
    in_reply_to_id: str | None = None
    visibility: str = "public"
    language: str | None = None
    uri: str = ""
    url: str | None = None
    reblog: msgspec.Raw = _NOTHING


class _Numbered(msgspec.Struct):
    id: str = ""


_STATUS: Final = msgspec.json.Decoder(Status)
_NUMBERED: Final = msgspec.json.Decoder(_Numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which statuses count. A boost is the status of somebody else and never does."""

    source: str
    visibilities: frozenset[str] = frozenset({"public"})

    def told(self, payload: bytes | str, kind: EventKind = EventKind.CREATED) -> Told | None:
        """Return what the status tells, None where it does not count.

        Raises:
            Rejected: it is none (`malformed`, `schema`).
        """
        status = read_status(payload)
        if status.visibility not in self.visibilities or status.reblog != _NOTHING:
            return None
        comment = _comment(self.source, status)
        return Told(kind=kind, comment=comment, at=comment.edited_at or comment.created_at, raw=status.uri)

    def gone(self, native_id: str) -> Told:
        """Return that the status of this id is no more."""
        comment = Comment(source=self.source, native_id=native_id, text="")
        return Told(kind=EventKind.DELETED, comment=comment, only_known=True)


def read_status(payload: bytes | str) -> Status:
    """Return the status.

    Raises:
        Rejected: it is none; the detail names the field, never its content.
    """
    try:
        return _STATUS.decode(payload)
    except msgspec.ValidationError as error:
        raise Rejected("schema", without_content(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("malformed", without_content(error)) from None


def id_of(payload: bytes | str) -> str:
    """Return the id of anything that has one; empty where it has none."""
    try:
        return _NUMBERED.decode(payload).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def rank(native_id: str) -> tuple[int, str]:
    """Return what orders ids. They are numbers too great for many readers, so they travel as text."""
    return len(native_id), native_id


def newest(ids: Iterable[str]) -> str:
    """Return the greatest id; empty where there is none."""
    return max(ids, key=rank, default="")


def earlier(native_id: str, seconds: float, now: datetime) -> str:
    """Return the id that a status of so many seconds before would have had.

    Statuses from elsewhere come late and get an id of the time they were written at, below ids that
    were seen already. An id that holds no time (other software than Mastodon) is returned as it is.
    """
    if not seconds or not (native_id.isascii() and native_id.isdigit()):
        return native_id
    moment = (int(native_id) >> _SHIFT) / 1000
    if not _EARLIEST.timestamp() <= moment <= (now + _DAY).timestamp():
        return native_id
    return str(int((moment - seconds) * 1000) << _SHIFT)


def _comment(source: str, status: Status) -> Comment:
    text = html_to_text(status.content)
    extra = {
        "language": status.language,
        "display_name": status.account.display_name,
        "visibility": None if status.visibility == "public" else status.visibility,
    }
    return Comment(
        source=source,
        native_id=status.id,
        text=f"{status.spoiler_text}\n\n{text}".strip() if status.spoiler_text else text,
        author=Author(id=status.account.id, name=status.account.acct or None),
        thread=None if status.in_reply_to_id else status.id,
        parent=status.in_reply_to_id,
        url=status.url or status.uri or None,
        created_at=_zoned(status.created_at),
        edited_at=_zoned(status.edited_at) if status.edited_at else None,
        extra={name: value for name, value in extra.items() if value},
    )


def _zoned(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
