from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from monitor.domain.errors import Misconfigured, Retryable
from monitor.sources.polling.site import Policy
from monitor.sources.web.message import Refused
from tests.sites.board import START, Face, a_run
from tests.sites.ledger import EVEN

HOUR = 3_600.0
DAY = 24 * HOUR
STEADY = Policy(adaptive=False, every=60.0, jitter=0.0)


async def test_what_stands_in_the_late_window_is_told_at_the_first_reading() -> None:
    run = a_run(policy=Policy(late_window=24 * HOUR))
    run.site.board.write(age=48 * HOUR)
    run.site.board.write(age=12 * HOUR)
    await run.pass_(HOUR)
    assert run.told() == ["created 2"]
    assert run.watching.polls[0].old == 1


async def test_with_no_backfill_only_what_is_written_from_then_on_is_told() -> None:
    run = a_run(policy=Policy(backfill=0.0))
    run.site.board.write(age=HOUR)
    run.time.plan(HOUR, run.site.board.write)
    await run.pass_(2 * HOUR)
    assert run.told() == ["created 2"]


async def test_a_backfill_reads_further_back_than_the_late_window() -> None:
    run = a_run(Face(per_page=2), Policy(late_window=HOUR, backfill=10 * DAY))
    for days in range(12, 0, -1):
        run.site.board.write(age=days * DAY - HOUR)
    await run.pass_(HOUR)
    assert len(run.told()) == 10


async def test_a_comment_is_told_once_however_often_it_is_read() -> None:
    run = a_run()
    run.site.board.write()
    await run.pass_(24 * HOUR)
    await run.pass_(24 * HOUR)
    assert run.told() == ["created 1"]


async def test_a_late_approval_with_its_old_date_is_told() -> None:
    run = a_run(Face(per_page=5))
    for _ in range(12):
        run.site.board.write()
    held = run.site.board.write(age=24 * HOUR, state="pending")
    run.later(HOUR, held, "visible")
    await run.pass_(2 * HOUR)
    assert run.told().count(f"created {held}") == 1
    assert run.ledger.balance(run.site.board.shown()) == EVEN


async def test_an_edit_behind_the_first_page_is_told_by_the_next_deep_reading() -> None:
    run = a_run(Face(per_page=3))
    for _ in range(10):
        run.site.board.write()
    run.time.plan(HOUR, lambda: run.site.board.edit(1, "Good evening"))
    await run.pass_(2 * HOUR)
    assert run.told()[10:] == ["edited 1"]
    assert run.ledger.events[-1].comment.text == "Good evening"


async def test_what_goes_to_the_trash_and_comes_back_is_told_both_times() -> None:
    run = a_run(Face(moderator=True))
    number = run.site.board.write()
    run.later(HOUR, number, "spam")
    run.later(3 * HOUR, number, "visible")
    await run.pass_(5 * HOUR)
    assert run.told() == ["created 1", "deleted 1", "restored 1"]


async def test_what_is_spam_when_it_is_first_seen_is_told_only_once_it_is_approved() -> None:
    run = a_run(Face(moderator=True))
    number = run.site.board.write(state="spam")
    run.later(HOUR, number, "visible")
    await run.pass_(3 * HOUR)
    assert run.told() == ["created 1"]


async def test_what_waits_for_moderators_is_told_once_also_when_they_approve_it() -> None:
    run = a_run(Face(moderator=True))
    number = run.site.board.write(state="pending")
    run.later(HOUR, number, "visible")
    await run.pass_(3 * HOUR)
    assert run.told() == ["created 1"]


async def test_a_burst_over_many_pages_is_read_at_once() -> None:
    run = a_run(Face(per_page=5), STEADY)
    run.site.board.write()

    def burst() -> None:
        for _ in range(43):
            run.site.board.write()

    run.time.plan(HOUR, burst)
    await run.pass_(HOUR + 120)
    assert len(run.told()) == 44


async def test_more_than_a_reading_takes_is_a_gap_and_is_made_up_for_at_once() -> None:
    run = a_run(Face(per_page=5), replace(STEADY, max_pages=3))
    run.site.board.write()

    def burst() -> None:
        for _ in range(60):
            run.site.board.write()

    run.time.plan(HOUR, burst)
    await run.pass_(HOUR + 200)
    assert run.ledger.balance(run.site.board.shown()) == EVEN
    assert [poll.gap for poll in run.watching.polls].count(True) >= 1


async def test_a_feed_in_which_nothing_is_known_any_more_is_a_gap() -> None:
    run = a_run(Face(newest=10), STEADY)
    for _ in range(10):
        run.site.board.write()

    def burst() -> None:
        for _ in range(15):
            run.site.board.write()

    run.time.plan(HOUR, burst)
    await run.pass_(2 * HOUR)
    assert [poll.gap for poll in run.watching.polls].count(True) == 1
    assert len(run.told()) == 20


async def test_comments_that_come_while_the_pages_are_read_double_and_lose_nothing() -> None:
    run = a_run(Face(per_page=4), STEADY)
    for _ in range(20):
        run.site.board.write()
    for tenth in range(400):
        run.time.plan(tenth / 10, run.site.board.write)
    await run.pass_(HOUR)
    assert run.ledger.balance(run.site.board.shown()) == EVEN


async def test_a_reading_that_is_cut_off_is_made_up_for_whatever_is_known_by_then() -> None:
    run = a_run(Face(per_page=5), STEADY)
    for _ in range(30):
        run.site.board.write()
    answers = iter(range(10_000))

    def fail_third() -> None:
        if next(answers) == 2:
            raise Retryable("reset in the middle")

    run.web.before = fail_third
    await run.pass_(HOUR)
    assert sorted(run.told()) == sorted(f"created {number}" for number in range(1, 31))


async def test_an_empty_page_in_the_middle_is_not_the_end() -> None:
    run = a_run(Face(per_page=2, hidden_page=2), STEADY)
    for _ in range(8):
        run.site.board.write()
    await run.pass_(HOUR)
    assert len(run.told()) == 6


async def test_pages_that_lead_round_in_a_circle_come_to_an_end() -> None:
    run = a_run(Face(per_page=2, circle=True), STEADY)
    for _ in range(6):
        run.site.board.write()
    await run.pass_(HOUR)
    assert len(run.told()) == 6
    assert run.watching.polls[0].ended == "loop"


async def test_an_outage_longer_than_the_late_window_loses_nothing() -> None:
    run = a_run(Face(per_page=3), Policy(late_window=DAY))
    run.site.board.write()
    await run.pass_(HOUR)
    for day in range(10):
        run.time.plan(day * DAY + 2 * HOUR, run.site.board.write)
    run.time.pass_(10 * DAY)
    await run.pass_(HOUR)
    assert run.ledger.balance(run.site.board.shown()) == EVEN


async def test_a_site_that_fails_is_asked_less_and_less_and_heard_again() -> None:
    run = a_run()
    run.web.down = Retryable("503")
    run.time.plan(5 * HOUR, lambda: setattr(run.web, "down", None))
    run.site.board.write()
    await run.pass_(5 * HOUR)
    assert len(run.web.asked) < 50
    await run.pass_(HOUR)
    assert run.told() == ["created 1"]


async def test_a_pause_that_a_site_asks_for_is_kept_also_over_a_restart() -> None:
    run = a_run(threads=("bridge", "market"))
    run.web.down = Retryable("429", retry_after=2 * HOUR)
    await run.pass_(60)
    assert len(run.web.asked) == 1
    await run.pass_(HOUR)
    assert len(run.web.asked) == 1


async def test_a_site_that_refuses_is_asked_seldom() -> None:
    run = a_run(policy=STEADY)
    run.web.down = Refused("robots", "robots.txt forbids it")
    await run.pass_(3 * HOUR)
    assert {poll.outcome for poll in run.watching.polls} == {"refused"}
    assert len(run.web.asked) <= 12


async def test_a_record_that_cannot_be_read_is_buried_once() -> None:
    run = a_run(Face(odd=("{broken",)), STEADY)
    run.site.board.write()
    await run.pass_(DAY)
    assert [record.payload for record in run.ledger.buried] == [b"{broken"]


async def test_dates_in_the_future_hold_nothing_open() -> None:
    run = a_run(policy=replace(STEADY, late_window=DAY))
    run.site.board.write(age=-400 * DAY)
    await run.pass_(HOUR)
    known = await run.sightings.known("gazette", ["1"])
    assert known["1"].created_at is not None
    assert known["1"].created_at <= run.time()


async def test_a_cursor_from_a_clock_that_ran_ahead_stops_nothing() -> None:
    run = a_run(policy=STEADY)
    run.time.now = START + timedelta(days=400)
    run.site.board.write()
    await run.pass_(HOUR)
    run.time.now = START + timedelta(hours=2)
    run.site.board.write(age=HOUR)
    await run.pass_(DAY + 4 * HOUR)
    assert run.told() == ["created 1", "created 2"]


async def test_the_memory_holds_the_late_window_and_not_the_whole_site() -> None:
    run = a_run(Face(per_page=10), replace(STEADY, every=2 * HOUR, late_window=DAY))
    for hour in range(20 * 24):
        run.time.plan(hour * HOUR, run.site.board.write)
    await run.pass_(20 * DAY + 4 * HOUR)
    remembered = await run.sightings.standing("gazette", None, START)
    assert len(run.told()) == 20 * 24
    assert len(remembered) < 5 * 24
    assert len((await run.bookmarks()).write()) < 2_000


async def test_a_cursor_of_another_kind_of_source_is_refused() -> None:
    run = a_run()
    with pytest.raises(Misconfigured, match="none of a polled source"):
        await anext(aiter(run.source().batches("1767225600")))


async def test_sources_do_not_all_start_at_once() -> None:
    asked: set[float] = set()
    chances = iter((0.0, 0.25, 0.5, 0.75))
    for _ in range(4):
        run = a_run(policy=STEADY)
        run.chance = partial(float, next(chances))
        await run.pass_(60)
        asked.add(run.watching.polls[0].at.timestamp())
    assert len(asked) == 4


async def test_oldest_first_with_the_sites_own_cursor_goes_on_where_it_was() -> None:
    run = a_run(Face(per_page=5, order="oldest_first", resumes=True), replace(STEADY, order="oldest_first"))
    for _ in range(300):
        run.site.board.write()
    await run.pass_(HOUR)
    run.web.asked.clear()
    run.site.board.write()
    await run.pass_(90)
    assert len(run.told()) == 301
    assert len(run.web.asked) < 70


async def test_the_rest_that_answers_ask_for_is_kept_between_any_two_requests() -> None:
    deletes = replace(STEADY.deletes, mode="status_code")
    run = a_run(Face(per_page=3, rest=30.0), replace(STEADY, deletes=deletes))
    times: list[float] = []
    run.web.before = lambda: times.append(run.time().timestamp())
    for _ in range(8):
        run.site.board.write()
    run.later(HOUR, 3, "erased")
    run.later(HOUR, 4, "erased")
    await run.pass_(2 * HOUR)
    assert sorted(run.told()[8:]) == ["deleted 3", "deleted 4"]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 30


async def test_what_a_quota_leaves_is_spread_until_it_is_renewed_over_all_threads() -> None:
    run = a_run(policy=STEADY, threads=("bridge", "market"))
    run.web.headers = {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "3600"}
    await run.pass_(HOUR)
    assert 10 <= len(run.web.asked) <= 13
    assert run.watching.polls[-1].why == "asked"


async def test_an_answer_that_says_how_long_it_stays_the_same_is_not_asked_for_earlier() -> None:
    run = a_run(policy=STEADY)
    run.web.headers = {"cache-control": "max-age=600"}
    await run.pass_(HOUR)
    assert len(run.web.asked) <= 7
