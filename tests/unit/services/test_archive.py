from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Rejected
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Language, Scores, Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.ports.wire import VERDICTS
from monitor.services.archive import read_archive, read_verdict
from monitor.services.rows import verdict_line

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def verdict(kind: EventKind = EventKind.CREATED) -> Verdict:
    edited = NOW + timedelta(minutes=3) if kind is EventKind.EDITED else None
    return Verdict(
        event=CommentEvent(
            kind=kind,
            comment=Comment(
                source="gazette",
                native_id="c1",
                text="you turnip",
                author=Author(id="7", name="ann"),
                thread="soups",
                url="https://gazette.example/c1",
                created_at=NOW,
                edited_at=edited,
                extra={"reports": 2, "author": {"karma": 3}},
            ),
            observed_at=NOW + timedelta(minutes=5),
        ),
        signals=Signals(
            language=Language(code="en", confidence=0.5),
            scores=Scores(scored_by="embedded-1", labels={"insult": 0.7}),
            unsupported=False,
            truncated=True,
        ),
        matches=(
            Match(rule="a.b", severity=Severity.LOW, status=Status.SHADOW, view="folded", spans=((4, 10),)),
        ),
        book="b1",
        judged_at=edited or NOW,
        cut_off=("c.d",),
    )


@pytest.mark.parametrize("kind", [EventKind.CREATED, EventKind.EDITED])
def test_a_line_of_judge_is_read_back_whole(kind: EventKind) -> None:
    assert verdict(kind) == read_verdict(verdict_line(verdict(kind)))


def test_a_message_of_the_topic_is_read_back_whole() -> None:
    assert verdict() == read_verdict(VERDICTS.encode(verdict()))


def test_a_message_is_known_whatever_the_order_of_its_fields() -> None:
    fields = json.loads(VERDICTS.encode(verdict()))
    shuffled = json.dumps({key: fields[key] for key in sorted(fields, reverse=True)})
    assert verdict() == read_verdict(shuffled.encode())


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"{", "no JSON"),
        (b'{"id": 7}', "$.id"),
        (
            b'{"id": "1", "author": null, "text": "secret", "language": {}, "scores": null, "matches": []}',
            "`at`",
        ),
    ],
)
def test_what_is_no_verdict_says_what_is_wrong_and_never_what_it_says(line: bytes, detail: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_verdict(line)
    assert detail in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_archive_is_read_line_by_line_with_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_bytes(verdict_line(verdict()) + b"\nnonsense\n" + VERDICTS.encode(verdict()))
    entries = list(read_archive(path))
    assert [1, 3, 4] == [entry.line for entry in entries]
    assert [True, False, True] == [entry.verdict is not None for entry in entries]
    assert path.stat().st_size == entries[-1].end


def test_an_archive_that_cannot_be_read_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        list(read_archive(tmp_path))


def test_a_packed_archive_is_read_like_any_other(tmp_path: Path) -> None:
    lines = verdict_line(verdict()) * 3
    (tmp_path / "plain.jsonl").write_bytes(lines)
    (tmp_path / "packed").write_bytes(gzip.compress(lines))
    plain, packed = (list(read_archive(tmp_path / name)) for name in ("plain.jsonl", "packed"))
    assert [each.verdict for each in plain] == [each.verdict for each in packed]
    assert packed[-1].end <= (tmp_path / "packed").stat().st_size


def test_a_packed_archive_that_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "packed.gz").write_bytes(gzip.compress(verdict_line(verdict()) * 3)[:-20])
    with pytest.raises(Misconfigured, match="it is packed, and damaged"):
        list(read_archive(tmp_path / "packed.gz"))
