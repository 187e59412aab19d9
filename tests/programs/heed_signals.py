"""Says `ready`, runs until SIGTERM or SIGINT, and ends well: `python -m tests.programs.heed_signals`."""

from __future__ import annotations

import asyncio

from streams.lifeline import Lifeline


async def main() -> None:
    lifeline = Lifeline()
    lifeline.heed_signals()
    print("ready", flush=True)
    await lifeline.wait()
    print("stopped", flush=True)


asyncio.run(main())
