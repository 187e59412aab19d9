"""What a Jetstream sends, on either wire, as one kind of message.

The first wire is that of `/subscribe`, the second that of
`/xrpc/network.bsky.jetstream.subscribeEvents` (atproto proposal 0015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from monitor.domain.errors import Rejected
from monitor.ports.wire import without_content

_GONE_FOR_GOOD: Final = frozenset({"deleted", "takendown"})
"""The other states, `suspended` and `deactivated`, are ones that accounts come back from."""


ABSENT: Final = msgspec.Raw()
"""Stands where a field was not sent."""


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was written or taken away; of one that was taken away there is only the name."""

    operation: Literal["create", "update", "delete"]
    collection: str
    rkey: str
    record: msgspec.Raw = ABSENT


class _Account(msgspec.Struct, frozen=True, kw_only=True):
    active: bool = True
    status: str | None = None


class _Old(msgspec.Struct, frozen=True, kw_only=True):
    did: str
    time_us: int
    kind: str
    commit: Commit | None = None
    account: _Account | None = None


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = msgspec.field(name="$type")
    did: str = ""
    time: datetime | None = None
    witnessed: datetime | None = msgspec.field(name="witnessedAt", default=None)
    account: _Account | None = None
    name: str = ""


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = msgspec.field(name="$type", default="")
    payload: msgspec.Raw = ABSENT
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `at` is when the server saw it, in microseconds since 1970, 0 where it does not say.

    `account_gone`: the account was deleted or taken down, and all that it wrote with it. `notice` is
    what the server says about the stream itself.
    """

    at: int = 0
    did: str = ""
    commit: Commit | None = None
    account_gone: bool = False
    notice: str = ""


_FRAME: Final = msgspec.json.Decoder(_Frame)
_PAYLOAD: Final = msgspec.json.Decoder(_Payload)
_COMMIT: Final = msgspec.json.Decoder(Commit)
_OLD: Final = msgspec.json.Decoder(_Old)


def read_message(text: str) -> Message:
    """Return the message.

    Raises:
        Rejected: it is none (`malformed`, `schema`); the detail names the field, not its content.
    """
    try:
        frame = _FRAME.decode(text)
        if frame.kind == "error":
            return Message(notice=frame.error or "error")
        return _new(frame.payload) if frame.payload != ABSENT else _old(_OLD.decode(text))
    except msgspec.ValidationError as error:
        raise Rejected("schema", without_content(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Rejected("malformed", without_content(error)) from None


def _old(message: _Old) -> Message:
    return Message(
        at=message.time_us,
        did=message.did,
        commit=message.commit,
        account_gone=message.account is not None and _is_gone(message.account),
    )


def _new(raw: msgspec.Raw) -> Message:
    payload = _PAYLOAD.decode(raw)
    kind = payload.kind.rpartition("#")[2]
    if kind == "info":
        return Message(notice=payload.name)
    return Message(
        at=microseconds(payload.witnessed or payload.time),
        did=payload.did,
        commit=_COMMIT.decode(raw) if kind == "commit" else None,
        account_gone=kind == "account" and payload.account is not None and _is_gone(payload.account),
    )


def _is_gone(account: _Account) -> bool:
    return not account.active and account.status in _GONE_FOR_GOOD


def microseconds(time: datetime | None) -> int:
    """Return microseconds since 1970; 0 for no time."""
    if time is None:
        return 0
    return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1_000_000)
