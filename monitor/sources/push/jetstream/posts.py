"""A record of the network as a comment (the lexicon `app.bsky.feed.post`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.domain.errors import Rejected
from monitor.ports.wire import without_content
from monitor.sources.push.jetstream.messages import ABSENT, Commit, Message
from monitor.sources.push.news import Told

POSTS: Final = "app.bsky.feed.post"

_SKEW: Final = timedelta(minutes=1)
"""How far an author's clock may be behind. Beyond it, the time that the author claims is not believed:
posts that claim to be old would not be counted together by any window."""

_KINDS: Final = {"create": EventKind.CREATED, "update": EventKind.EDITED}


class _Link(msgspec.Struct, frozen=True):
    uri: str


class _Reply(msgspec.Struct, frozen=True):
    root: _Link
    parent: _Link


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    text: str = ""
    created: str = msgspec.field(name="createdAt", default="")
    langs: tuple[str, ...] = ()
    reply: _Reply | None = None


_RECORD: Final = msgspec.json.Decoder(_Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records count; each filter lets all through where it is empty.

    `dids` are authors. `replies_to` are accounts whose posts are answered, at the thread's root or
    right above. `languages` are those that authors name; a post without any counts.
    """

    source: str
    collections: frozenset[str] = frozenset({POSTS})
    dids: frozenset[str] = frozenset()
    replies_to: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def told(self, message: Message) -> Told | None:
        """Return what a message tells of a record, None where it does not count.

        Raises:
            Rejected: the record does not fit its lexicon (`schema`).
        """
        commit = message.commit
        if commit is None or commit.collection not in self.collections or not self._of(message.did):
            return None
        if commit.operation == "delete":
            return self.gone(_uri(message.did, commit), message.at)
        record = _read(commit)
        if record is None or not self._counts(record):
            return None
        at = moment(message.at)
        return Told(
            kind=_KINDS[commit.operation],
            comment=_comment(self.source, message.did, commit, record, at),
            at=at,
        )

    def gone(self, uri: str, at: int) -> Told:
        """Return that the record of this address is no more."""
        comment = Comment(source=self.source, native_id=uri, text="", author=Author(id=did_of(uri)))
        return Told(kind=EventKind.DELETED, comment=comment, at=moment(at), only_known=True)

    def _of(self, did: str) -> bool:
        return not self.dids or did in self.dids

    def _counts(self, record: _Record) -> bool:
        if self.languages and record.langs:
            spoken = {lang.partition("-")[0].lower() for lang in record.langs}
            if not spoken & self.languages:
                return False
        if not self.replies_to:
            return True
        links = [record.reply.root, record.reply.parent] if record.reply else []
        return any(did_of(link.uri) in self.replies_to for link in links)


def did_of(uri: str) -> str:
    """Return the account in `at://ACCOUNT/COLLECTION/KEY`."""
    return uri.removeprefix("at://").partition("/")[0]


def moment(at: int) -> datetime:
    """Return the time of microseconds since 1970."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at)


def _read(commit: Commit) -> _Record | None:
    """Return the record; None where it carries no text of its own."""
    try:
        record = _RECORD.decode(commit.record) if commit.record != ABSENT else None
    except msgspec.ValidationError as error:
        raise Rejected("schema", without_content(error)) from None
    return record if record and record.text else None


def _comment(source: str, did: str, commit: Commit, record: _Record, at: datetime) -> Comment:
    uri = _uri(did, commit)
    edited = commit.operation == "update"
    extra: dict[str, object] = {"languages": list(record.langs)} if record.langs else {}
    created = _clamped(record.created, at)
    if created is None or created != _claimed(record.created):
        extra["claimed_created_at"] = record.created
    return Comment(
        source=source,
        native_id=uri,
        text=record.text,
        author=Author(id=did),
        thread=record.reply.root.uri if record.reply else uri,
        parent=record.reply.parent.uri if record.reply else None,
        url=f"https://bsky.app/profile/{did}/post/{commit.rkey}" if commit.collection == POSTS else None,
        created_at=_claimed(record.created) if edited else created,
        edited_at=at if edited else None,
        extra=extra,
    )


def _uri(did: str, commit: Commit) -> str:
    return f"at://{did}/{commit.collection}/{commit.rkey}"


def _claimed(created: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(created)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _clamped(created: str, at: datetime) -> datetime:
    claimed = _claimed(created)
    return at if claimed is None else min(max(claimed, at - _SKEW), at)
