"""Says `ready` and ends by no word at all but its last: `python -m tests.programs.hang_on SECONDS`."""

from __future__ import annotations

import asyncio
import sys

from streams.lifeline import Lifeline
from streams.lifetime import end_within


async def main(seconds: float) -> None:
    lifeline = Lifeline()
    lifeline.heed_signals()
    lifeline.at_end(lambda: end_within(seconds))
    print("ready", flush=True)
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue


asyncio.run(main(float(sys.argv[1])))
