from __future__ import annotations

from monitor.sources.polling.site import Policy
from tests.sites.board import Face, a_run
from tests.sites.ledger import EVEN

HOUR = 3_600.0


async def test_what_stands_in_the_late_window_is_told_at_the_first_reading() -> None:
    run = a_run(policy=Policy(late_window=24 * HOUR))
    run.site.board.write(age=48 * HOUR)
    run.site.board.write(age=12 * HOUR)
    await run.pass_(HOUR)
    assert run.told() == ["created 2"]


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
    run.time.plan(HOUR, lambda: run.site.board.move(held, "visible"))
    await run.pass_(2 * HOUR)
    assert run.told().count(f"created {held}") == 1
    assert run.ledger.balance(run.site.board.shown()) == EVEN
