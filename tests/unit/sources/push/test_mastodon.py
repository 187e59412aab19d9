from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.comments import EventKind
from monitor.domain.errors import Rejected
from monitor.settings.secret import Secret
from monitor.sources.push.mastodon.source import Following, MastodonSource, Timeline
from monitor.sources.push.mastodon.statuses import Selection, earlier, rank, read_status
from monitor.sources.push.sse import EventStream
from monitor.sources.web.message import Manners
from tests.listening import NOON, Bench, until
from tests.sites.mastodon import TOKEN, Instance, running_instance

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "sources" / "mastodon"


@pytest.fixture
async def pond() -> AsyncIterator[Instance]:
    async with running_instance() as instance:
        yield instance


def follow(pond: Instance) -> Following:
    return Following(
        url=pond.url,
        token=Secret(TOKEN),
        timeline=Timeline(rest="/api/v1/timelines/public", stream="/api/v1/streaming/public"),
        selection=Selection(source="pond"),
        manners=Manners(robots="skip", networks=("127.0.0.0/8",)),
        within=0.02,
    )


def source(pond: Instance, bench: Bench) -> MastodonSource:
    return MastodonSource(follow(pond), bench.tools)


async def test_a_new_source_begins_with_the_latest_page_oldest_first(pond: Instance, bench: Bench) -> None:
    for number in range(45):
        pond.post(f"Good morning {number}", at=number)
    async with bench.running(source(pond, bench)):
        await bench.told(40)
    assert bench.seen() == [f"created Good morning {number}" for number in range(5, 45)]


async def test_what_is_said_is_told_at_once(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        await bench.up()
        pond.post("Good &amp; <b>bad</b><br>morning")
        (event,) = await bench.told(1)
    assert event.kind is EventKind.CREATED
    assert event.comment.text == "Good & bad\nmorning"
    assert (event.comment.author.id, event.comment.author.name) == ("7", "ann")
    assert event.comment.created_at == NOON
    assert event.comment.url == f"https://pond.example/@ann/{event.comment.native_id}"
    assert bench.notes.lines == ["pond up"]
    assert pond.agents == {"comment-monitor/1 (+https://gazette.example)"}


async def test_edits_and_deletions_are_told(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        await bench.up()
        first, second = pond.post("one"), pond.post("two", at=1)
        pond.edit(first, "one more", at=5)
        pond.delete(second)
        pond.tell("delete", "999")
        await bench.told(4)
    assert bench.seen() == ["created one", "created two", "edited one more", "deleted"]


async def test_nothing_is_lost_or_doubled_over_interruptions(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        for turn in range(4):
            await pond.heard()
            pond.post(f"heard {turn}", at=turn)
            pond.hang_up()
            for number in range(90):
                pond.post(f"missed {turn}.{number}", at=turn + number / 100)
        await bench.told(4 * 91)
        await until(lambda: bench.notes.lines == ["pond up", "pond down closed"] * 4 + ["pond up"])
    assert {event.comment.native_id for event in bench.ledger.events} == pond.statuses.keys()


async def test_a_gap_that_could_not_be_filled_is_filled_the_next_time(pond: Instance, bench: Bench) -> None:
    pond.post("one")
    async with bench.running(source(pond, bench)):
        await bench.told(1)
        await pond.heard()
        for number in range(100):
            pond.statuses.pop(pond.post(f"late {number}", at=number), None)
        pond.hang_up()
        await until(lambda: bench.notes.lines[-1:] == ["pond down closed"])
        pond.failures = [200, 500]
        kept = [pond.post(f"missed {number}", at=200 + number) for number in range(100)]
        await until(lambda: len(bench.ledger.events) >= 101 + 100)
    assert {event.comment.native_id for event in bench.ledger.events} >= set(kept)


async def test_a_status_from_elsewhere_that_comes_late_is_found(pond: Instance, bench: Bench) -> None:
    pond.post("one", at=100)
    async with bench.running(source(pond, bench)):
        await bench.told(1)
        await pond.heard()
        listeners, pond.listeners = pond.listeners, []
        pond.post("written before it, arrived after it", at=30)
        pond.listeners = listeners
        pond.hang_up()
        await bench.told(2)


async def test_what_changed_while_nobody_listened_is_found_later(pond: Instance, bench: Bench) -> None:
    ids = [pond.post(f"status {number}", at=number) for number in range(6)]
    async with bench.running(source(pond, bench)):
        await bench.told(6)
        await pond.heard()
        pond.hang_up()
        pond.edit(ids[0], "status zero", at=60)
        pond.delete(ids[1])
        await bench.told(8)
    assert sorted(bench.seen()[6:]) == ["deleted", "edited status zero"]


@pytest.mark.parametrize("bulk", [True, False])
async def test_an_instance_that_forgot_everything_is_not_believed(
    pond: Instance, bench: Bench, *, bulk: bool
) -> None:
    ids = [pond.post(f"status {number}", at=number) for number in range(6)]
    pond.bulk = bulk
    async with bench.running(source(pond, bench)):
        await bench.told(6)
        await pond.heard()
        pond.hang_up()
        for native_id in ids[:5]:
            del pond.statuses[native_id]
        await pond.heard()
        pond.post("and on", at=60)
        await bench.told(7)


async def test_a_stream_without_a_sign_of_life_is_joined_again(pond: Instance, bench: Bench) -> None:
    async with bench.running(MastodonSource(replace(follow(pond), silence=0.05), bench.tools)):
        await until(lambda: bench.notes.lines[:2] == ["pond up", "pond down silent"])
        await pond.heard(2)


async def test_a_heartbeat_is_a_sign_of_life(pond: Instance, bench: Bench) -> None:
    async with bench.running(MastodonSource(replace(follow(pond), silence=0.2), bench.tools)):
        await pond.heard()
        for _ in range(20):
            pond.send(b":thump\n")
            await asyncio.sleep(0.02)
        assert bench.notes.lines == ["pond up"]


async def test_a_wrong_token_is_a_refusal_that_names_no_token(pond: Instance, bench: Bench) -> None:
    wrong = MastodonSource(replace(follow(pond), token=Secret("wrong")), bench.tools)
    async with bench.running(wrong):
        await until(lambda: len(bench.pauses) > 0)
    assert bench.pauses[0] == 900.0
    assert bench.notes.lines[0] == "pond down forbidden"


async def test_an_instance_that_asks_to_wait_is_waited_for(pond: Instance, bench: Bench) -> None:
    pond.busy = "Sun, 01 Nov 2026 12:01:30 GMT"
    async with bench.running(source(pond, bench)):
        await until(lambda: len(bench.pauses) > 0)
        pond.busy = ""
        await bench.up()
    assert bench.pauses[0] == 90.0


async def test_only_public_statuses_count_and_no_boosts(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        await pond.heard()
        pond.post("hidden", visibility="unlisted")
        pond.post("a boost", at=1, reblog={"id": "1"})
        pond.post("public", at=2)
        await bench.told(1)
    assert bench.seen() == ["created public"]


async def test_what_cannot_be_read_is_handed_out_and_costs_nothing_else(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        await bench.up()
        pond.tell("update", '{"id": "5", "created_at": "never"}')
        pond.tell("update", "{")
        pond.post("good")
        await bench.told(1)
    assert [(each.reason, each.origin) for each in bench.ledger.buried] == [
        ("schema", "mastodon:pond:5"),
        ("malformed", "mastodon:pond:"),
    ]


async def test_replies_stand_in_the_thread_of_the_first(pond: Instance, bench: Bench) -> None:
    async with bench.running(source(pond, bench)):
        await pond.heard()
        root = pond.post("root")
        reply = pond.post("reply", at=1, parent=root)
        pond.post("reply to it", at=2, parent=reply)
        events = await bench.told(3)
    assert [event.comment.thread for event in events] == [root] * 3
    assert [event.comment.parent for event in events] == [None, root, reply]


async def test_a_whole_timeline_may_be_read_from_its_beginning(pond: Instance, bench: Bench) -> None:
    for number in range(95):
        pond.post(f"status {number}", at=number)
    async with bench.running(MastodonSource(replace(follow(pond), oldest=True), bench.tools)):
        await bench.told(95)


def test_ids_are_numbers_in_text() -> None:
    assert max(["9", "10", "099"], key=rank) == "099"
    assert max(["9", "10"], key=rank) == "10"


def test_an_id_is_put_back_in_time() -> None:
    native_id = str((int(NOON.timestamp() * 1000) << 16) + 5)
    before = str(int((NOON - timedelta(minutes=2)).timestamp() * 1000) << 16)
    assert earlier(native_id, 120, NOON) == before


@pytest.mark.parametrize("native_id", ["A2fqFpkYz", "12", "9" * 30])
def test_an_id_that_holds_no_time_stays(native_id: str) -> None:
    assert earlier(native_id, 120, NOON) == native_id


def test_recorded_statuses_become_comments() -> None:
    recordings = sorted(RECORDED.glob("*.sse"))
    if not recordings:
        pytest.skip("the recorded streams are not beside this checkout")
    selection = Selection(source="pond", visibilities=frozenset({"public", "unlisted", "private", "direct"}))
    events = [event for path in recordings for event in EventStream().feed(path.read_bytes())]
    told = [selection.told(event.data) for event in events if event.event in {"update", "status.update"}]
    assert all(each and each.comment.text and each.comment.created_at for each in told)
    assert told


def test_what_is_no_status_is_rejected_without_its_words() -> None:
    with pytest.raises(Rejected) as caught:
        read_status('{"id": "1", "created_at": "private words"}')
    assert "private" not in str(caught.value)
