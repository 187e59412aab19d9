from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from streams.lifeline import Lifeline, Stopped

ROOT = Path(__file__).parents[3]


async def forever() -> None:
    await asyncio.Event().wait()


async def test_work_that_ends_first_gives_its_result() -> None:
    async def work() -> int:
        return 7

    assert await Lifeline().race(work()) == 7


async def test_work_is_given_up_when_the_process_shall_stop() -> None:
    lifeline = Lifeline()
    work = asyncio.ensure_future(forever())
    race = asyncio.create_task(lifeline.race(work))
    await asyncio.sleep(0)
    lifeline.stop()
    with pytest.raises(Stopped):
        await race
    assert work.cancelled()


async def test_work_that_begins_after_the_stop_is_given_up_too() -> None:
    lifeline = Lifeline()
    lifeline.stop()
    with pytest.raises(Stopped):
        await lifeline.race(forever())


async def test_a_failure_ends_the_race_with_itself() -> None:
    lifeline = Lifeline()
    race = asyncio.create_task(lifeline.race(forever()))
    await asyncio.sleep(0)
    lifeline.failed(ValueError("broken"))
    with pytest.raises(ValueError, match="broken"):
        await race


async def test_what_the_work_itself_fails_with_is_raised() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Lifeline().race(work())


async def test_whoever_gives_up_the_race_gives_up_the_work() -> None:
    work = asyncio.ensure_future(forever())
    race = asyncio.create_task(Lifeline().race(work))
    await asyncio.sleep(0)
    race.cancel()
    await asyncio.wait([race])
    assert (race.cancelled(), work.cancelled()) == (True, True)


async def test_it_ends_once_a_later_failure_changes_nothing() -> None:
    lifeline = Lifeline()
    lifeline.stop()
    lifeline.failed(ValueError())
    await lifeline.wait()


async def test_it_ends_once_a_later_stop_hides_no_failure() -> None:
    lifeline = Lifeline()
    lifeline.failed(ValueError("broken"))
    lifeline.stop()
    with pytest.raises(ValueError, match="broken"):
        await lifeline.wait()


async def test_waiting_may_be_given_up_without_ending_it() -> None:
    lifeline = Lifeline()
    first = asyncio.create_task(lifeline.wait())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    second = asyncio.create_task(lifeline.wait())
    lifeline.stop()
    await second


async def test_a_task_that_is_tied_to_it_takes_it_along_when_it_fails() -> None:
    lifeline = Lifeline()

    async def work() -> None:
        raise ValueError("broken")

    lifeline.tie(asyncio.create_task(work()))
    with pytest.raises(ValueError, match="broken"):
        await lifeline.wait()


async def test_a_tied_task_that_ends_well_or_is_cancelled_changes_nothing() -> None:
    lifeline = Lifeline()
    done = asyncio.create_task(asyncio.sleep(0))
    cancelled = asyncio.create_task(forever())
    for task in (done, cancelled):
        lifeline.tie(task)
    cancelled.cancel()
    await asyncio.wait([done, cancelled])
    waiting = asyncio.create_task(lifeline.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    lifeline.stop()
    await waiting


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_real_process_well(number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.programs.heed_signals", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    output, _ = await asyncio.wait_for(process.communicate(), 10)
    assert (output, process.returncode) == (b"stopped\n", 0)
