from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from streams.lifetime import END_WITHIN, TRY_LATER
from streams.running import LAST_SECONDS
from streams.supervisor import GRACE

ROOT = Path(__file__).parents[3]


async def test_a_process_that_cannot_end_is_gone_in_time_and_says_so() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.programs.hang_on", "0.2"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    said, _ = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, b"process.did_not_end" in said) == (TRY_LATER, True)


def test_each_has_time_before_the_next_insists() -> None:
    assert LAST_SECONDS < END_WITHIN < GRACE
