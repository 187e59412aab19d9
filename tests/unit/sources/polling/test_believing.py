from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

import pytest

from monitor.sources.polling.site import Policy
from tests.sites.board import Face, a_run

HOUR = 3_600.0
DAY = 24 * HOUR
STEADY = Policy(adaptive=False, every=60.0, jitter=0.0)


async def test_a_validator_that_lies_is_not_believed_for_long() -> None:
    run = a_run(Face(etag="lazy"), replace(STEADY, deep_every=DAY, full_every=10))
    run.site.board.write()
    run.site.board.write()
    run.time.plan(HOUR, lambda: run.site.board.edit(1, "Good evening"))
    await run.pass_(2 * HOUR)
    assert run.told()[2:] == ["edited 1"]
    outcomes = [poll.outcome for poll in run.watching.polls]
    assert outcomes.count("unchanged") > 8 * outcomes.count("read")


async def test_a_site_whose_pages_hold_nothing_any_more_has_drifted_and_nobody_is_told_of_deletions() -> None:
    run = a_run(policy=STEADY)
    for _ in range(5):
        run.site.board.write()
    run.time.plan(HOUR, lambda: setattr(run.site, "blind", True))
    await run.pass_(3 * HOUR)
    assert run.watching.polls[-1].outcome == "drifted"
    assert len(run.told()) == 5


async def test_what_is_gone_is_told_when_the_site_says_so_of_one_comment() -> None:
    run = a_run(policy=replace(STEADY, deletes=replace(STEADY.deletes, mode="status_code")))
    for _ in range(6):
        run.site.board.write()
    run.later(HOUR, 3, "erased")
    await run.pass_(2 * HOUR)
    assert run.told()[6:] == ["deleted 3"]


async def test_comments_are_not_asked_for_one_by_one_where_nothing_changed() -> None:
    deletes = replace(STEADY.deletes, mode="status_code")
    policy = replace(STEADY, order="any", full_every=1000, deep_every=DAY, deletes=deletes)
    run = a_run(Face(order="any", etag="true"), policy)
    run.site.board.write()
    await run.pass_(HOUR)
    assert len(run.web.asked) == len(run.watching.polls)


@pytest.mark.parametrize(("edited", "told"), [(9, 9), (11, 0)])
async def test_most_of_a_page_reworded_at_once_are_no_edits_by_people(edited: int, told: int) -> None:
    run = a_run(Face(per_page=20), STEADY)
    for _ in range(18):
        run.site.board.write()
    for number in range(1, edited + 1):
        run.time.plan(HOUR, partial(run.site.board.edit, number, "Good morning, 5 minutes ago"))
    run.time.plan(2 * HOUR, lambda: run.site.board.edit(18, "Good evening"))
    await run.pass_(3 * HOUR)
    assert len(run.told()[18:]) == told + 1
    assert sum(poll.reworded for poll in run.watching.polls) == edited - told


@pytest.mark.parametrize("mode", ["reconcile", "status_code"])
async def test_what_stays_away_for_long_is_gone_however_much_it_is(
    mode: Literal["reconcile", "status_code"],
) -> None:
    deletes = replace(STEADY.deletes, mode=mode)
    run = a_run(policy=replace(STEADY, deep_every=600.0, deletes=deletes))
    for minutes in range(10, 0, -1):
        run.site.board.write(age=60 * minutes)
    for number in range(2, 7):
        run.later(HOUR, number, "erased")
    await run.pass_(4 * HOUR)
    assert run.told()[10:] == []
    await run.pass_(2 * HOUR)
    assert sorted(run.told()[10:]) == [f"deleted {number}" for number in range(2, 7)]


@pytest.mark.parametrize("mode", ["reconcile", "status_code"])
async def test_a_fault_that_passes_takes_nothing_away(mode: Literal["reconcile", "status_code"]) -> None:
    deletes = replace(STEADY.deletes, mode=mode)
    run = a_run(policy=replace(STEADY, deep_every=600.0, deletes=deletes))
    for minutes in range(10, 0, -1):
        run.site.board.write(age=60 * minutes)
    for hours in (1, 4):
        for number in range(2, 7):
            run.later(hours * HOUR, number, "erased")
            run.later((hours + 2) * HOUR, number, "visible")
    await run.pass_(9 * HOUR)
    assert run.told()[10:] == []


@pytest.mark.parametrize(("gone", "told"), [(2, 2), (5, 0)])
async def test_too_many_gone_at_once_are_believed_of_none(gone: int, told: int) -> None:
    deletes = replace(STEADY.deletes, mode="reconcile", max_share=0.3)
    run = a_run(policy=replace(STEADY, deletes=deletes))
    for minutes in range(10, 0, -1):
        run.site.board.write(age=60 * minutes)
    for number in range(2, 2 + gone):
        run.later(HOUR, number, "deleted")
    await run.pass_(4 * HOUR)
    assert len(run.told()[10:]) == told
    assert (sum(poll.disbelieved for poll in run.watching.polls) > 0) is (told == 0)


async def test_what_was_missing_once_and_is_back_was_never_gone() -> None:
    deletes = replace(STEADY.deletes, mode="reconcile", confirm_after=3)
    run = a_run(policy=replace(STEADY, deep_every=60.0, deletes=deletes))
    for minutes in range(10, 0, -1):
        run.site.board.write(age=60 * minutes)
    run.later(HOUR, 5, "deleted")
    run.later(HOUR + 100, 5, "visible")
    await run.pass_(3 * HOUR)
    assert len(run.told()) == 10
