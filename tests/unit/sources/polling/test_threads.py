from __future__ import annotations

from monitor.sources.polling.site import Policy
from tests.sites.board import Face, a_run

HOUR = 3_600.0
DAY = 24 * HOUR
STEADY = Policy(adaptive=False, every=60.0, jitter=0.0)


async def test_a_thread_that_is_broken_stops_no_other() -> None:
    run = a_run(threads=("bridge", "market"))
    run.web.down_threads = {"bridge"}
    run.site.board.write(thread="bridge")
    run.site.board.write(thread="market")
    await run.pass_(HOUR)
    assert run.told() == ["created 2"]


async def test_threads_that_come_into_the_list_are_read_and_those_that_leave_once_more() -> None:
    run = a_run(Face(listed=True), threads=("bridge",))
    run.site.board.write(thread="bridge")
    run.time.plan(HOUR, lambda: setattr(run.site, "threads_", ("market",)))
    run.time.plan(HOUR, lambda: run.site.board.write(thread="bridge"))
    run.time.plan(HOUR, lambda: run.site.board.write(thread="market"))
    await run.pass_(2 * HOUR)
    assert sorted(run.told()) == ["created 1", "created 2", "created 3"]
    assert list((await run.bookmarks()).threads) == ["market"]


async def test_a_list_that_is_suddenly_empty_takes_no_thread_away() -> None:
    run = a_run(Face(listed=True), threads=("bridge",))
    run.time.plan(HOUR, lambda: setattr(run.site, "threads_", ()))
    await run.pass_(2 * HOUR)
    assert list((await run.bookmarks()).threads) == ["bridge"]
    assert "drifted" in {poll.outcome for poll in run.watching.polls}
