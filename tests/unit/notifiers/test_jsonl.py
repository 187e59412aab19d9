from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest

from monitor.domain.errors import Retryable
from monitor.notifiers.jsonl import JsonLines
from tests.alerts import NOON, TEXT, WORDS, an_alert, from_nobody


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


async def test_a_line_tells_what_is_documented(tmp_path: Path) -> None:
    receiver = JsonLines("log", tmp_path / "alerts.jsonl")
    assert await receiver.deliver(an_alert()) == "written"
    await receiver.close()

    line = json.loads((tmp_path / "alerts.jsonl").read_text(encoding="utf-8"))
    start, end = line["spans"][0]
    assert line["comment"]["text"][start:end] == WORDS
    assert line == {
        "id": an_alert().id,
        "revision": 1,
        "kind": "opened",
        "rule": "threats.direct",
        "title": "Direct threat of violence",
        "severity": "high",
        "key": "author=4711",
        "comments": ["gazette:c1"],
        "count": 1,
        "within": 600.0,
        "opened_at": "2026-11-28T12:00:00Z",
        "say": "",
        "comment": {
            "source": "gazette",
            "native_id": "c1",
            "text": TEXT,
            "author": {"id": "4711", "name": "Ann Onym"},
            "thread": "harbour-bridge",
            "parent": None,
            "url": "https://gazette.example/harbour-bridge#c1",
            "created_at": NOON.isoformat().replace("+00:00", "Z"),
            "edited_at": None,
            "extra": {},
        },
        "language": {"code": "en", "confidence": 0.99},
        "scores": {"threat": 0.93, "toxicity": 0.88, "insult": 0.12},
        "scored_by": "detoxify",
        "view": "folded",
        "spans": [[start, end]],
        "book": "b1",
    }


async def test_unknown_scores_are_null(tmp_path: Path) -> None:
    receiver = JsonLines("log", tmp_path / "alerts.jsonl")
    await receiver.deliver(from_nobody(an_alert()))
    await receiver.close()

    line = json.loads((tmp_path / "alerts.jsonl").read_text(encoding="utf-8"))
    assert (line["scores"], line["scored_by"]) == (None, None)


async def test_alerts_at_the_same_time_get_a_line_each(tmp_path: Path) -> None:
    receiver = JsonLines("log", tmp_path / "alerts.jsonl")
    await asyncio.gather(*(receiver.deliver(an_alert(number)) for number in range(50)))
    await receiver.close()

    assert sorted(ids(tmp_path / "alerts.jsonl")) == sorted(an_alert(number).id for number in range(50))


async def test_a_rotated_file_is_left_for_a_new_one(tmp_path: Path) -> None:
    path, old = tmp_path / "alerts.jsonl", tmp_path / "alerts.jsonl.1"
    receiver = JsonLines("log", path)
    await receiver.deliver(an_alert(1))
    path.rename(old)
    await receiver.deliver(an_alert(2))
    await receiver.close()

    assert (ids(old), ids(path)) == ([an_alert(1).id], [an_alert(2).id])


async def test_a_file_that_was_cut_empty_is_written_on(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    receiver = JsonLines("log", path)
    await receiver.deliver(an_alert(1))
    path.write_bytes(b"")
    await receiver.deliver(an_alert(2))
    await receiver.close()

    assert ids(path) == [an_alert(2).id]


async def test_after_a_torn_line_the_next_alert_has_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"id":"al_1"}\n{"id":"al_2","revi')
    receiver = JsonLines("log", path)
    await receiver.deliver(an_alert())
    await receiver.close()

    lines = path.read_bytes().splitlines()
    assert lines[:2] == [b'{"id":"al_1"}', b'{"id":"al_2","revi']
    assert [json.loads(line)["id"] for line in lines[2:]] == [an_alert().id]


async def test_the_file_is_made_with_its_folder_and_not_for_everyone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.jsonl"
    receiver = JsonLines("log", path)
    await receiver.deliver(an_alert())
    await receiver.close()

    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


async def test_a_file_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.mkdir()
    receiver = JsonLines("log", path)
    with pytest.raises(Retryable, match="Is a directory"):
        await receiver.deliver(an_alert())

    path.rmdir()
    assert await receiver.deliver(an_alert()) == "written"
    await receiver.close()


async def test_a_full_disk_is_tried_again() -> None:
    receiver = JsonLines("log", Path("/dev/full"))
    with pytest.raises(Retryable, match="No space left on device"):
        await receiver.deliver(an_alert())
    await receiver.close()
