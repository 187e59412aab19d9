"""Everything on one machine under one supervisor, whatever is killed."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from dataclasses import dataclass

import aiohttp
import pytest

from tests.deployment import Deployment, Tail, eventually
from tests.processes import Process, descendants
from tests.workload import workload

PROCESSES = ("notify", "worker-1", "worker-2")
GRACE = 30.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of everything, as its log and its processes show it."""

    road: Deployment
    name: str
    supervisor: int

    @classmethod
    async def begin(cls, road: Deployment, name: str = "first") -> Run:
        """Start everything."""
        return cls(road, name, (await road.start(name, "run", "all", "--workers", "2")).pid)

    def said(self, event: str) -> list[dict[str, object]]:
        """Return the lines that all processes have logged under an event's name."""
        lines = (json.loads(line) for line in self.road.log(self.name).splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == event]

    def pids(self, process: str) -> list[int]:
        """Return the process ids that a process has had so far."""
        return [int(str(line["pid"])) for line in self.said("process.started") if line["process"] == process]

    async def ready(self) -> None:
        """Return once the notifier and two workers are ready."""

        async def all_ready() -> bool:
            assert self.road.processes[self.name].returncode is None, self.road.log(self.name)[-2000:]
            ports = [line["port"] for line in self.said("process.listening") if line["role"] != "all"]
            return sum([await is_ready(port) for port in ports]) == len(PROCESSES)

        await eventually("the notifier and two workers are ready", all_ready)

    async def ended(self) -> int | None:
        """Return the supervisor's exit code once it has ended."""

        async def over() -> bool:
            return self.road.processes[self.name].returncode is not None

        await eventually("the supervisor has ended", over, GRACE)
        return self.road.processes[self.name].returncode


async def is_ready(port: object) -> bool:
    async with aiohttp.ClientSession() as client:
        try:
            async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


async def judged(verdicts: Tail, keys: set[str]) -> None:
    """Return once every one of these comments has a verdict."""

    async def all_there() -> bool:
        return {message.key.decode() for message in await verdicts.look()} >= keys

    await eventually(f"{len(keys)} comments judged", all_there)


async def gone(processes: list[Process]) -> None:
    """Return once none of these runs any more."""

    async def none_runs() -> bool:
        return not any(process.runs for process in processes)

    await eventually(f"none left of {[process.pid for process in processes]}", none_runs, GRACE)


@pytest.fixture
def kafka_settings() -> dict[str, str]:
    return {"session_timeout": "6s"}


async def test_a_worker_that_is_killed_is_started_again_and_judges(road: Deployment) -> None:
    run = await Run.begin(road)
    await run.ready()
    os.kill(run.pids("worker-1")[0], signal.SIGKILL)

    async def started_again() -> bool:
        return len(run.pids("worker-1")) == 2

    await eventually("the worker was started again", started_again)
    made = workload(200)
    await road.send(made.events)
    async with road.tail("verdicts") as verdicts:
        await judged(verdicts, made.keys)
    await run.ready()
    assert [len(run.pids(process)) for process in PROCESSES] == [1, 2, 1]


async def test_a_gentle_stop_ends_every_process_well_and_nothing_is_judged_again(road: Deployment) -> None:
    made = workload(300)
    async with road.tail("verdicts") as verdicts:
        run = await Run.begin(road)
        await road.send(made.events[:-1])
        await judged(verdicts, {event.comment.key for event in made.events[:-1]})
        await run.ready()
        tree = descendants(run.supervisor)
        os.kill(run.supervisor, signal.SIGTERM)
        assert await run.ended() == 0
        assert {line["process"]: line["code"] for line in run.said("process.ended")} == dict.fromkeys(
            PROCESSES, 0
        )
        await gone(tree)

        await Run.begin(road, "second")
        await road.send(made.events[-1:])
        await judged(verdicts, made.keys)
        times = Counter(message.key.decode() for message in verdicts.messages)
    assert times == dict.fromkeys(made.keys, 1)


@pytest.mark.parametrize("moment", ["while they start", "at work"])
async def test_no_process_is_left_when_the_supervisor_is_killed(road: Deployment, moment: str) -> None:
    run = await Run.begin(road)
    if moment == "at work":
        await run.ready()

    async def all_there() -> bool:
        return all(run.pids(process) for process in PROCESSES)

    await eventually("all processes were started", all_there)
    tree = descendants(run.supervisor)
    try:
        assert {process.pid for process in tree} >= {run.pids(process)[0] for process in PROCESSES}
        assert sum(process.judges for process in tree) == (2 if moment == "at work" else 0)
        os.kill(run.supervisor, signal.SIGKILL)
        await gone(tree)
    finally:
        for process in tree:
            process.signal(signal.SIGKILL)
