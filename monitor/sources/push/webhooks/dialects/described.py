"""JSON of any form, as the source file describes it: the team's own CMS, and Standard Webhooks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from monitor.domain.comments import EventKind
from monitor.domain.errors import Rejected
from monitor.sources.declared.comments import Reader
from monitor.sources.declared.data import DataDocument, DataRecord, Selection
from monitor.sources.declared.documents import Spot
from monitor.sources.declared.expressions import Query
from monitor.sources.declared.fields import Field, Place
from monitor.sources.polling.site import Item
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.letter import Content, Letter, Spoiled
from monitor.sources.web.message import Answer


class What(StrEnum):
    """What an event's word means."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    IGNORED = "ignored"


_USUAL: Final[Mapping[str, What]] = {
    **dict.fromkeys(("created", "create", "new", "added", "add", "posted", "published"), What.CREATED),
    **dict.fromkeys(("edited", "edit", "updated", "update", "changed"), What.EDITED),
    **dict.fromkeys(("deleted", "delete", "removed", "remove", "trashed", "destroyed"), What.DELETED),
    **dict.fromkeys(("restored", "restore", "recovered", "undeleted"), What.RESTORED),
    **dict.fromkeys(("ping", "test"), What.IGNORED),
}
_PARTED: Final = re.compile(r"[^a-z]+")
_GONE: Final = Field(name="deleted", places=(Place(spot=Spot(const="true")),))
_WITHOUT_WORDS: Final = frozenset({What.DELETED, What.RESTORED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Where a letter says what happened, and what its words mean. Without a place all is `created`."""

    path: Query | None = None
    header: str = ""
    words: Mapping[str, What] = field(default_factory=dict)

    def of(self, letter: Letter, body: object) -> What:
        """Return what happened.

        Raises:
            Rejected: by a word that is not known.
        """
        if self.path is None and not self.header:
            return What.CREATED
        word = letter.header(self.header) if self.header else self.path.search(body) if self.path else None
        if not isinstance(word, str) or not word:
            raise Rejected("schema", "`event` is missing: nothing says what happened")
        if word in self.words:
            return self.words[word]
        last = _PARTED.split(word.lower())[-1]
        if last in _USUAL:
            return _USUAL[last]
        raise Rejected("schema", "`event` says something that `words` does not explain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Reads letters by a description. The delivery's id stands in a header, or at a path."""

    items: Query
    reader: Reader
    happening: Happening
    id_header: str = ""
    id_path: Query | None = None

    def delivery(self, letter: Letter) -> str:
        """Return the delivery's id as the file says where it stands."""
        if self.id_header:
            return letter.header(self.id_header)
        if self.id_path is None:
            return ""
        try:
            found = self.id_path.search(letter.read(object))
        except Rejected:
            return ""
        return str(found) if isinstance(found, str | int) else ""

    async def read(self, letter: Letter) -> Content:
        """Return the events of the letter's items; one that cannot be read leaves the others alone."""
        body = letter.read(object)
        what = self.happening.of(letter, body)
        if what is What.IGNORED:
            return Content()
        page = DataDocument(body, Selection(items=self.items))
        found = self.items.search(body)
        records = [DataRecord(item, page) for item in (found if isinstance(found, list) else [found])]
        if found is None or not records:
            raise Rejected("schema", f"nothing stands at `{self.items.text}`, where comments should")
        answer = Answer(url="", status=200, headers={}, body=letter.body, received_at=letter.received_at)
        reading = self._reader(what).read(records, answer, None)
        return Content(
            told=tuple(_told(item, what) for item in reading.items),
            spoiled=tuple(
                Spoiled(payload=each.payload, reason=each.reason, detail=each.detail)
                for each in reading.unreadable
            ),
        )

    def _reader(self, what: What) -> Reader:
        """Return the reader; one that needs no text where the site may leave it out."""
        if what not in _WITHOUT_WORDS:
            return self.reader
        return replace(self.reader, fields={**self.reader.fields, "deleted": _GONE})


def _told(item: Item, what: What) -> Told:
    kind = EventKind(what.value)
    if item.standing.gone and kind is not EventKind.RESTORED:
        kind = EventKind.DELETED
    timed = kind in {EventKind.CREATED, EventKind.EDITED}
    at = (item.comment.edited_at or item.comment.created_at) if timed else None
    return Told(kind=kind, comment=item.comment, at=at)
