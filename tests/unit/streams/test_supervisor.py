from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from streams.lifeline import Lifeline
from streams.supervisor import Child, Supervisor
from tests.deployment import eventually
from tests.processes import children

pytestmark = pytest.mark.slow

CHILD = (sys.executable, "-m", "tests.programs.child")


@pytest.fixture(autouse=True)
def checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where `python -m tests.…` is found, whatever the folder pytest was started in."""
    monkeypatch.chdir(Path(__file__).parents[3])


class Troupe:
    """Children under a supervisor, and the process ids that each of them noted down."""

    def __init__(self, folder: Path) -> None:
        self.lifeline = Lifeline()
        self._folder = folder

    def child(
        self,
        name: str,
        what: str,
        *words: str,
        lasting: bool = True,
        output: Callable[[str], None] | None = None,
    ) -> Child:
        return Child(name, [what, str(self._folder / name), *words], lasting=lasting, output=output)

    def starts(self, name: str) -> list[int]:
        """Return the process ids that this child has had so far."""
        notes = self._folder / name
        return [int(line) for line in notes.read_text().split()] if notes.exists() else []

    async def started(self, name: str, times: int = 1) -> None:
        """Wait until it was started so many times."""
        await eventually(
            f"{name} started {times} times", lambda: _now(len(self.starts(name)) >= times), patience=10
        )

    def left(self, *names: str) -> list[int]:
        """Return which processes of these children run still."""
        running = {child.pid for child in children(os.getpid())}
        return [pid for name in names for pid in self.starts(name) if pid in running]

    @asynccontextmanager
    async def at_work(self, *cast: Child) -> AsyncIterator[asyncio.Task[None]]:
        """Yield the supervision of these children; stop it at the end, if it runs still."""
        work = asyncio.create_task(Supervisor(self.lifeline, CHILD).run(cast))
        try:
            yield work
        finally:
            self.lifeline.stop()
            await asyncio.wait([work], timeout=10)


async def _now(answer: bool) -> bool:  # noqa: FBT001 - what `eventually` asks for
    return answer


@pytest.fixture
async def troupe(tmp_path: Path) -> Troupe:
    return Troupe(tmp_path)


async def test_all_children_end_when_the_process_shall_stop(troupe: Troupe) -> None:
    async with troupe.at_work(troupe.child("a", "lasts"), troupe.child("b", "lasts")) as work:
        await troupe.started("a")
        await troupe.started("b")
        assert len(troupe.left("a", "b")) == 2
        troupe.lifeline.stop()
        await work
    assert troupe.left("a", "b") == []


async def test_a_child_that_is_killed_is_started_again(troupe: Troupe) -> None:
    async with troupe.at_work(troupe.child("a", "lasts")):
        await troupe.started("a")
        os.kill(troupe.starts("a")[0], signal.SIGKILL)
        await troupe.started("a", times=2)


@pytest.mark.parametrize("code", ["0", "1", "75"])
async def test_a_lasting_child_is_started_again_however_it_ended(troupe: Troupe, code: str) -> None:
    async with troupe.at_work(troupe.child("a", code)):
        await troupe.started("a", times=2)


async def test_a_child_that_may_end_is_done_when_it_ends_well(troupe: Troupe) -> None:
    said: list[str] = []
    async with troupe.at_work(
        troupe.child("a", "says", "done", lasting=False, output=said.append), troupe.child("b", "1")
    ):
        await troupe.started("b", times=2)
    assert (said, len(troupe.starts("a"))) == (["done"], 1)


async def test_a_child_that_may_end_is_started_again_when_it_fails(troupe: Troupe) -> None:
    async with troupe.at_work(troupe.child("a", "1", lasting=False)):
        await troupe.started("a", times=2)


async def test_a_child_that_a_person_must_help_stops_all_of_them(troupe: Troupe) -> None:
    async with troupe.at_work(troupe.child("notify", "78"), troupe.child("worker", "lasts")) as work:
        with pytest.raises(Misconfigured) as stopped:
            await asyncio.wait_for(work, 10)
    assert str(stopped.value) == "error: notify cannot run\n    hint: its own message stands above"
    assert (len(troupe.starts("notify")), troupe.left("notify", "worker")) == (1, [])


async def test_what_a_child_writes_is_passed_on_line_by_line(troupe: Troupe) -> None:
    said: list[str] = []
    async with troupe.at_work(
        troupe.child("a", "says", "eins", "zwei", "größer", lasting=False, output=said.append)
    ):
        await eventually("three lines", lambda: _now(len(said) == 3), patience=10)
    assert said == ["eins", "zwei", "größer"]


async def test_a_fault_of_its_own_ends_it_instead_of_leaving_a_child_alone(troupe: Troupe) -> None:
    def broken(line: str) -> None:
        raise ValueError(line)

    async with troupe.at_work(troupe.child("a", "says", "well", output=broken)) as work:
        with pytest.raises(ValueError, match="well"):
            await asyncio.wait_for(work, 10)


async def test_a_program_that_is_not_there_is_no_silent_failure(troupe: Troupe) -> None:
    work = Supervisor(troupe.lifeline, ["/nowhere/comment-monitor"]).run([troupe.child("a", "lasts")])
    with pytest.raises(FileNotFoundError):
        await asyncio.wait_for(work, 10)
