from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.ports import Batch
from monitor.sources.push.jetstream.messages import read_message
from monitor.sources.push.jetstream.posts import Wanted
from monitor.sources.push.jetstream.source import JetstreamSource, Network
from tests.listening import NOON, Bench, until
from tests.sites.jetstream import NOON_US, POSTS, Jetstream, running_jetstream

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "sources" / "bluesky"
ALL = Wanted(source="sky")
SECOND_WIRE = "/xrpc/network.bsky.jetstream.subscribeEvents"


@pytest.fixture
async def sky() -> AsyncIterator[Jetstream]:
    async with running_jetstream() as server:
        yield server


def source(bench: Bench, *hosts: str, wanted: Wanted = ALL) -> JetstreamSource:
    network = Network(hosts=hosts, wanted=wanted, within=0.02, networks=("127.0.0.0/8",))
    return JetstreamSource(network, bench.tools)


async def saved(bench: Bench, at: int, host: str = "127.0.0.1") -> None:
    await bench.cursors.save(
        "sky", Batch(events=(), cursor=f'{{"at":{NOON_US + at * 1_000_000},"host":"{host}"}}')
    )


@pytest.mark.parametrize("wire", ["", SECOND_WIRE])
async def test_posts_edits_and_deletions_are_told(sky: Jetstream, bench: Bench, wire: str) -> None:
    async with bench.running(source(bench, sky.url + wire)):
        await sky.heard()
        uri = sky.post("a", "Good morning", at=1, langs=["en-GB"])
        sky.edit("a", "Good evening", at=2)
        sky.delete("a", at=3)
        events = await bench.told(3)
    assert bench.seen() == ["created Good morning", "edited Good evening", "deleted"]
    assert {event.comment.native_id for event in events} == {uri}
    first = events[0].comment
    assert (first.author.id, first.thread, first.parent) == ("did:plc:ann", uri, None)
    assert first.url == "https://bsky.app/profile/did:plc:ann/post/a"
    assert first.created_at == NOON + timedelta(seconds=1)
    assert events[1].time == NOON + timedelta(seconds=2)
    assert sky.queries[0]["collections" if wire else "wantedCollections"] == [POSTS]


async def test_a_new_source_begins_now(sky: Jetstream, bench: Bench) -> None:
    sky.post("a", "before", at=0)
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("b", "after", at=1)
        await bench.told(1)
    assert bench.seen() == ["created after"]


async def test_nothing_is_lost_or_doubled_over_interruptions(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        for turn in range(4):
            sky.post(f"a{turn}", f"heard {turn}", at=3 * turn)
            await until(lambda turn=turn: len(bench.ledger.events) > 2 * turn)  # type: ignore[misc]
            await sky.hang_up()
            sky.post(f"b{turn}", f"missed {turn}", at=3 * turn + 1)
            await sky.heard()
            await until(lambda turn=turn: len(bench.ledger.events) > 2 * turn + 1)  # type: ignore[misc]
        await bench.told(8)
    assert len(sky.queries) == 5


async def test_events_that_came_out_of_order_are_not_lost(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("a", "late", at=2)
        await bench.told(1)
        await sky.hang_up()
        sky.post("b", "a little earlier", at=1.9)
        await bench.told(2)


async def test_the_next_host_is_asked_when_one_fails(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, "ws://127.0.0.1:1", sky.url)):
        await sky.heard()
        sky.post("a", "Good morning", at=1)
        await bench.told(1)
    assert bench.notes.lines == ["sky down unreachable", "sky up"]


@pytest.mark.parametrize("status", ["deleted", "takendown"])
async def test_all_posts_of_an_account_that_is_gone_are_gone(
    sky: Jetstream, bench: Bench, status: str
) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("a", "one", at=1)
        sky.post("b", "other", at=1, did="did:plc:anna")
        await bench.told(2)
        sky.post("c", "two", at=2)
        sky.account("did:plc:ann", status, at=3)
        events = await bench.told(5)
    assert {event.comment.native_id for event in events[3:]} == {
        f"at://did:plc:ann/{POSTS}/a",
        f"at://did:plc:ann/{POSTS}/c",
    }


async def test_an_account_that_rests_keeps_its_posts(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("a", "one", at=1)
        sky.account("did:plc:ann", "deactivated", at=2)
        sky.post("b", "two", at=3)
        await bench.told(2)


async def test_a_cursor_that_was_clamped_silently_is_a_gap(sky: Jetstream, bench: Bench) -> None:
    await saved(bench, 0)
    bench.clock.forward(200_000)
    sky.floor = NOON_US + 90_000 * 1_000_000
    sky.post("a", "forgotten", at=10)
    sky.post("b", "Good morning", at=100_000)
    async with bench.running(source(bench, sky.url)):
        await bench.told(1)
    assert bench.notes.lines == ["sky up", "sky up gap"]


async def test_a_cursor_that_was_clamped_with_a_word_is_a_gap(sky: Jetstream, bench: Bench) -> None:
    await saved(bench, 0)
    sky.floor = NOON_US + 1_000_000
    sky.post("b", "Good morning", at=1)
    async with bench.running(source(bench, sky.url + SECOND_WIRE)):
        await bench.told(1)
    assert bench.notes.lines == ["sky up", "sky up gap"]


async def test_a_cursor_that_is_declined_is_a_gap_and_the_source_goes_on(
    sky: Jetstream, bench: Bench
) -> None:
    await saved(bench, 0)
    sky.floor, sky.strict = NOON_US + 1_000_000, True
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("b", "Good morning", at=1)
        await bench.told(1)
    assert bench.notes.lines == ["sky up gap", "sky up"]


async def test_a_cursor_within_the_servers_memory_is_none(sky: Jetstream, bench: Bench) -> None:
    await saved(bench, 0)
    bench.clock.forward(200_000)
    sky.identity("did:plc:ben", at=1)
    sky.post("b", "Good morning", at=100_000)
    async with bench.running(source(bench, sky.url)):
        await bench.told(1)
    assert bench.notes.lines == ["sky up"]
    assert sky.queries[0]["cursor"] == [str(NOON_US - 5_000_000)]


async def test_the_cursor_goes_on_though_nothing_counts(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.identity("did:plc:ben", at=60)
        await until(lambda: len(bench.taken_over) == 1)
    assert str(NOON_US + 60_000_000) in bench.taken_over[0].cursor


async def test_posts_may_be_chosen_by_author_language_and_whom_they_answer(
    sky: Jetstream, bench: Bench
) -> None:
    root = {"uri": f"at://did:plc:team/{POSTS}/1", "cid": "c"}
    other = {"uri": f"at://did:plc:ben/{POSTS}/2", "cid": "c"}
    wanted = Wanted(source="sky", replies_to=frozenset({"did:plc:team"}), languages=frozenset({"en"}))
    async with bench.running(source(bench, sky.url, wanted=wanted)):
        await sky.heard()
        sky.post("a", "no reply", at=1)
        sky.post("b", "a reply to others", at=2, reply={"root": other, "parent": other})
        sky.post("c", "in the team's thread", at=3, reply={"root": root, "parent": other})
        sky.post("d", "to the team", at=4, reply={"root": other, "parent": root}, langs=["en-GB"])
        sky.post("e", "auf Deutsch", at=5, reply={"root": root, "parent": root}, langs=["de"])
        events = await bench.told(2)
    assert bench.seen() == ["created in the team's thread", "created to the team"]
    assert (events[0].comment.thread, events[0].comment.parent) == (root["uri"], other["uri"])


async def test_authors_are_asked_for_by_name(sky: Jetstream, bench: Bench) -> None:
    wanted = Wanted(source="sky", dids=frozenset({"did:plc:ann"}))
    async with bench.running(source(bench, sky.url, wanted=wanted)):
        await sky.heard()
        sky.post("a", "others", at=1, did="did:plc:ben")
        sky.post("b", "ours", at=1)
        await bench.told(1)
    assert bench.seen() == ["created ours"]
    assert sky.queries[0]["wantedDids"] == ["did:plc:ann"]


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("2026-11-01T12:00:50Z", NOON + timedelta(seconds=50)),
        ("2026-11-01T11:00:00Z", NOON + timedelta(seconds=40)),
        ("2030-01-01T00:00:00Z", NOON + timedelta(seconds=100)),
        ("yesterday", NOON + timedelta(seconds=100)),
    ],
)
async def test_an_authors_clock_is_believed_within_a_minute(
    sky: Jetstream, bench: Bench, claimed: str, believed: object
) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("a", "Good morning", at=100, createdAt=claimed)
        (event,) = await bench.told(1)
    assert event.comment.created_at == believed
    assert event.comment.extra.get("claimed_created_at", claimed) == claimed


async def test_what_cannot_be_read_is_handed_out_and_costs_nothing_else(sky: Jetstream, bench: Bench) -> None:
    async with bench.running(source(bench, sky.url)):
        await sky.heard()
        sky.post("a", "odd", at=1, langs="en")
        sky.post("b", "good", at=2)
        await bench.told(1)
    (letter,) = bench.ledger.buried
    assert (letter.reason, letter.origin) == ("schema", f"jetstream:sky:127.0.0.1@{NOON_US + 1_000_000}")
    assert b"odd" in letter.payload
    assert "odd" not in letter.detail


async def test_a_cursor_of_another_kind_of_source_is_a_misconfiguration(sky: Jetstream, bench: Bench) -> None:
    with pytest.raises(Misconfigured, match="none of a Jetstream source"):
        await anext(source(bench, sky.url).batches("7"))


def test_recorded_messages_are_read() -> None:
    recordings = sorted(RECORDED.glob("*.jsonl"))
    if not recordings:
        pytest.skip("the recorded streams are not beside this checkout")
    lines = [line for path in recordings for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = Wanted(source="sky")
    told = [each for line in lines if (each := wanted.told(read_message(line)))]
    posts = [line for line in lines if f'"collection":"{POSTS}"' in line and '"text":""' not in line]
    assert len(told) == len(posts) > 0
    assert all(each.comment.created_at for each in told)
