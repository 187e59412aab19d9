"""Whatever happens at a site, in the end the source has told what stands there: all of it, and once."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.errors import Retryable
from monitor.sources.polling.site import Deletes, Policy
from tests.sites.board import START, Face, Run, a_run
from tests.sites.ledger import EVEN

HOUR: Final = 3_600.0
NUMBERS: Final = st.integers(min_value=1, max_value=30)
MOMENTS: Final = st.floats(min_value=0, max_value=6 * HOUR)

History: TypeAlias = list[tuple[float, tuple[str, int]]]

GROWTH: Final = st.one_of(
    st.tuples(st.just("write"), st.integers(min_value=1, max_value=3)),
    st.tuples(st.just("burst"), st.integers(min_value=10, max_value=60)),
    st.tuples(st.just("hold"), NUMBERS),
    st.tuples(st.just("edit"), NUMBERS),
    st.tuples(st.just("visible"), NUMBERS),
)
ACTIONS: Final = st.one_of(
    GROWTH,
    st.tuples(st.just("spam"), NUMBERS),
    st.tuples(st.just("deleted"), NUMBERS),
    st.tuples(st.just("down"), st.integers(min_value=1, max_value=3600)),
)
HISTORIES: Final = st.lists(st.tuples(MOMENTS, ACTIONS), max_size=25)
FACES: Final = st.builds(
    Face,
    per_page=st.integers(min_value=2, max_value=12),
    order=st.sampled_from(["newest_first", "oldest_first", "any"]),
    moderator=st.booleans(),
    etag=st.sampled_from(["none", "true", "lazy"]),
    resumes=st.booleans(),
)


def happen(run: Run, what: str, number: int, moment: float) -> None:
    """Do at the board what the history says."""
    board = run.site.board
    match what:
        case "write" | "burst":
            for _ in range(number):
                board.write(f"Written at {moment:.0f}")
        case "hold":
            board.write(f"Held at {moment:.0f}", age=number * HOUR, state="pending")
        case "edit" if number in board.entries:
            board.edit(number, f"Edited at {moment:.0f}")
        case "visible" | "spam" | "deleted" if number in board.entries:
            board.move(number, "visible" if what == "visible" else "spam" if what == "spam" else "deleted")
        case "down":
            run.web.down = Retryable("the site is down", retry_after=60.0 if number % 2 else None)
            run.time.plan(moment + number, lambda: setattr(run.web, "down", None))
        case _:
            pass


def lived(face: Face, deletes: Deletes, history: History, stop: float) -> Run:
    """Return a run over a site that went through this history; the source was stopped once."""
    run = a_run(face, Policy(order=face.order, deletes=deletes))
    for hours in range(5, 0, -1):
        run.site.board.write("There from the beginning", age=hours * HOUR)
    for moment, (what, number) in history:
        run.time.plan(moment, partial(happen, run, what, number, moment))

    async def live() -> None:
        await run.pass_(stop)
        run.time.pass_(HOUR)
        await run.pass_(8 * HOUR)

    asyncio.run(live())
    return run


def told_what_stands(face: Face, history: History, stop: float) -> None:
    """Hold the source to the site where the site can be asked for one comment."""
    run = lived(face, Deletes(mode="status_code", max_share=1.0), history, stop)
    truth = run.site.board.shown()
    if face.moderator:
        waiting = [each for each in run.site.board.entries.values() if each.state == "pending"]
        truth |= {str(each.id): each.text for each in waiting}
    assert run.ledger.balance(truth) == EVEN


def told_what_is_missing(face: Face, history: History, stop: float) -> None:
    """Hold the source to the site where only a reading shows what is missing."""
    public = replace(face, moderator=False)
    run = lived(public, Deletes(mode="reconcile", max_share=1.0), history, stop)
    balance = run.ledger.balance(run.site.board.shown())
    unknowable = {each for each in balance.ghosts if cannot_be_missed(run, each)}
    assert replace(balance, ghosts=balance.ghosts - unknowable) == EVEN


def cannot_be_missed(run: Run, native_id: str) -> bool:
    """Return whether it stood below all that a list of the newest shows, or alone on an empty site."""
    board = run.site.board
    written = [each.created or START for each in board.entries.values() if each.state == "visible"]
    if not written:
        return True
    fell_off = (board.entries[int(native_id)].created or START) <= min(written)
    return run.site.face.order == "newest_first" and fell_off


@settings(max_examples=10)
@given(face=FACES, history=HISTORIES, stop=MOMENTS)
@example(
    face=Face(per_page=2, etag="lazy"),
    history=[(10.0, ("hold", 2)), (20.0, ("burst", 60)), (3000.0, ("visible", 6)), (3001.0, ("spam", 3))],
    stop=25.0,
)
def test_what_stands_in_the_end_was_told_once_and_what_is_gone_was_told_to_be(
    face: Face, history: History, stop: float
) -> None:
    told_what_stands(face, history, stop)


@settings(max_examples=10)
@given(face=FACES, history=HISTORIES, stop=MOMENTS)
@example(face=Face(per_page=2, order="oldest_first"), history=[(3606.0, ("spam", 1))], stop=0.0)
def test_what_is_missing_where_it_ought_to_stand_is_told_to_be_gone(
    face: Face, history: History, stop: float
) -> None:
    told_what_is_missing(face, history, stop)


@pytest.mark.slow
@settings(max_examples=300)
@given(face=FACES, history=HISTORIES, stop=MOMENTS)
def test_many_histories_are_told(face: Face, history: History, stop: float) -> None:
    told_what_stands(face, history, stop)
    told_what_is_missing(face, history, stop)


@pytest.mark.slow
@settings(max_examples=200)
@given(face=FACES, history=st.lists(st.tuples(MOMENTS, GROWTH), max_size=20), seed=st.integers(0, 1000))
def test_no_deletion_is_made_up_however_often_the_site_fails(face: Face, history: History, seed: int) -> None:
    chance = random.Random(seed)
    run = a_run(face, Policy(order=face.order, max_pages=3, deletes=Deletes(mode="reconcile")))

    def fail() -> None:
        if chance.random() < 0.2:
            raise Retryable("reset in the middle")

    run.web.before, run.chance = fail, chance.random
    for moment, (what, number) in history:
        run.time.plan(moment, partial(happen, run, what, number, moment))
    asyncio.run(run.pass_(12 * HOUR))
    assert [told for told in run.told() if told.startswith("deleted")] == []
