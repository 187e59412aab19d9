"""Real judging processes, killed at the worst moments."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.metrics import Metrics
from monitor.ports.wire import EVENTS
from monitor.settings import KafkaSettings, RulesSettings, Settings, WorkerSettings
from streams.guard import Message
from streams.judging import Judged, Refused
from streams.pool import TRIES, Crashed, JudgePool
from streams.steps.inspect import Inspect
from streams.topics import topics
from tests.deployment import eventually
from tests.processes import Process, judges
from tests.trial import an_event
from tests.workload import write_rules

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PAYLOAD = EVENTS.encode(an_event("We will find you, wait for it."))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(rules=RulesSettings(path=write_rules(tmp_path)), worker=WorkerSettings(judges=1))


async def one_judge() -> Process:
    """Return the judging process of this one once it is there."""

    async def there() -> bool:
        return len(judges(os.getpid())) == 1

    await eventually("one judging process", there, patience=10)
    return judges(os.getpid())[0]


@asynccontextmanager
async def nobody_lives() -> AsyncIterator[list[int]]:
    """Kill every judging process as soon as it is there; yield how many were."""
    killed: list[int] = []

    async def kill_on() -> None:
        while True:
            for judge in judges(os.getpid()):
                judge.signal(signal.SIGKILL)
                killed.append(judge.pid)
            await asyncio.sleep(0.01)

    killing = asyncio.create_task(kill_on())
    try:
        yield killed
    finally:
        killing.cancel()


async def test_messages_are_judged_in_order_in_another_process(settings: Settings) -> None:
    async with JudgePool(settings) as pool:
        assert (await pool.warm_up()).rules == {"live": 3}
        results = await pool.judge([PAYLOAD, b"?", PAYLOAD])
        assert [type(result) for result in results] == [Judged, Refused, Judged]
        assert (await one_judge()).pid != os.getpid()


async def test_every_batch_that_a_killed_process_had_is_judged_and_nothing_buried(settings: Settings) -> None:
    messages = [Message(topic="comments", partition=0, offset=n, key=None, value=PAYLOAD) for n in range(3)]
    async with JudgePool(settings) as pool:
        await pool.warm_up()
        inspect = Inspect(pool=pool, topics=topics(KafkaSettings()), metrics=Metrics())
        judge = await one_judge()
        judge.signal(signal.SIGSTOP)  # so that the batches are under way and not done when it is killed
        work = [asyncio.create_task(inspect.process(messages[:size])) for size in (1, 2, 3)]
        await asyncio.sleep(0)
        judge.signal(signal.SIGKILL)
        outcomes = await asyncio.gather(*work)
        assert (await one_judge()).pid != judge.pid
    assert [outcome.failures for outcome in outcomes] == [[], [], []]
    assert [[record.topic for record in outcome.records] for outcome in outcomes] == [
        ["verdicts", "observations"] * size for size in (1, 2, 3)
    ]


async def test_rules_are_loaded_although_a_process_is_killed_over_it(settings: Settings) -> None:
    async with JudgePool(settings) as pool:
        loading = asyncio.create_task(pool.warm_up())
        (await one_judge()).signal(signal.SIGKILL)
        assert (await loading).rules == {"live": 3}


async def test_a_batch_that_no_process_survives_is_given_up_and_the_next_is_judged(
    settings: Settings,
) -> None:
    async with JudgePool(settings) as pool:
        async with nobody_lives() as killed:
            with pytest.raises(Crashed):
                await asyncio.wait_for(pool.judge([PAYLOAD]), 30)
            assert len(set(killed)) >= TRIES
        assert [type(result) for result in await pool.judge([PAYLOAD])] == [Judged]


async def test_broken_rules_are_told_as_in_this_process(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: one.rule\ntitle: A rule\nseverity: hihg\nwhen:\n  text: {words: [potato]}\n")
    async with JudgePool(replace(settings, rules=RulesSettings(path=broken))) as pool:
        with pytest.raises(Misconfigured) as while_loading:
            await pool.warm_up()
        with pytest.raises(Misconfigured) as while_judging:
            await pool.judge([PAYLOAD])
    assert str(while_loading.value) == str(while_judging.value)
    assert str(while_loading.value).startswith(f"{broken}:3:11: error: `severity` cannot be `hihg`\n")
    assert while_loading.value.problems[0].line == 3


async def test_a_process_that_dies_over_unsound_rules_is_replaced_by_one_with_the_last_good_ones(
    settings: Settings,
) -> None:
    async with JudgePool(settings) as pool:
        before = await pool.warm_up()
        assert settings.rules.path
        settings.rules.path.write_text("id: [")
        (await one_judge()).signal(signal.SIGKILL)
        assert [type(result) for result in await pool.judge([PAYLOAD])] == [Judged]
        after = await pool.warm_up()
    assert (before.digest, True) == (after.digest, after.refused)


async def test_no_judging_process_is_left_when_the_worker_is_killed(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.programs.judge_on", str(write_rules(tmp_path))]
    worker = await asyncio.create_subprocess_exec(*program, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"ready\n"
    left = judges(worker.pid)
    assert len(left) == 2
    worker.kill()
    await worker.wait()

    async def gone() -> bool:
        return not any(judge.runs for judge in left)

    await eventually("no judging process", gone, patience=10)


async def test_the_process_that_only_moves_bytes_carries_neither_rules_nor_models() -> None:
    asked = "import sys, streams.commands.run; print({'numpy', 'monitor.engine.book'} & sys.modules.keys())"
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", asked), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await worker.communicate()
    assert said == b"set()\n"
