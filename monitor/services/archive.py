"""Reads verdicts back: the messages of the topic, and the lines of `comment-monitor judge --out`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import msgspec

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Rejected
from monitor.domain.signals import Scores, Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.ports.wire import VERDICTS, without_content
from monitor.services.rows import VerdictRow

_WIRE: Final = b'{"v":'
_GZIP: Final = b"\x1f\x8b"

_ROW: Final = msgspec.json.Decoder(VerdictRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an archive: its verdict, or why there is none.

    `end` is how many bytes of the file were read so far.
    """

    line: int
    end: int
    verdict: Verdict | None = None
    problem: str = ""


def read_archive(path: Path) -> Iterator[Entry]:
    """Yield every line of the archive, however long the file is; blank ones are left out.

    The file may be gzipped, whatever it is called.

    Raises:
        Misconfigured: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            packed = file.peek(len(_GZIP)).startswith(_GZIP)
            yield from _entries(gzip.GzipFile(fileobj=file) if packed else file, file)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is packed, and damaged"
        raise Misconfigured.plain(f"the archive {path} cannot be read: {reason}") from error


def _entries(lines: Iterable[bytes], file: IO[bytes]) -> Iterator[Entry]:
    end = 0
    for number, line in enumerate(lines, start=1):
        end = end + len(line) if lines is file else file.tell()
        if line.strip():
            yield _entry(line, number, end)


def _entry(line: bytes, number: int, end: int) -> Entry:
    try:
        return Entry(line=number, end=end, verdict=read_verdict(line))
    except Rejected as error:
        return Entry(line=number, end=end, problem=error.detail)


def read_verdict(line: bytes) -> Verdict:
    """Return the verdict of one line, in either form.

    Raises:
        Rejected: it is none; the detail names the field, never its content.
    """
    if line.startswith(_WIRE):
        return VERDICTS.decode(line)
    try:
        row = _ROW.decode(line)
    except msgspec.ValidationError as error:
        if b'"event"' in line:
            return VERDICTS.decode(line)
        raise Rejected("schema", without_content(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Rejected("malformed", "this is no JSON") from None
    return _verdict(row)


def _verdict(row: VerdictRow) -> Verdict:
    edited = row.kind is EventKind.EDITED
    comment = Comment(
        source=row.source,
        native_id=row.id,
        text=row.text,
        author=Author(id=row.author_id, name=row.author),
        thread=row.thread,
        parent=row.parent,
        url=row.url,
        created_at=row.created_at if edited else row.created_at or row.at,
        edited_at=row.at if edited else None,
        extra=row.extra,
    )
    scores = None if row.scores is None else Scores(scored_by=row.scored_by or "archive", labels=row.scores)
    return Verdict(
        event=CommentEvent(kind=row.kind, comment=comment, observed_at=row.observed_at or row.at),
        signals=Signals(
            language=row.language, scores=scores, unsupported=row.unsupported, truncated=row.truncated
        ),
        matches=tuple(
            Match(rule=m.rule, severity=m.severity, status=m.status, view=m.view, spans=m.spans)
            for m in row.matches
        ),
        book=row.book,
        judged_at=row.at,
        cut_off=row.cut_off,
    )
