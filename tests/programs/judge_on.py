"""Opens a judge pool, says `ready` once it is warm, and waits: `python -m tests.programs.judge_on RULES`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from monitor.settings import RulesSettings, Settings, WorkerSettings
from streams.pool import JudgePool


async def main(rules: Path) -> None:
    settings = Settings(rules=RulesSettings(path=rules), worker=WorkerSettings(judges=2))
    async with JudgePool(settings) as pool:
        await asyncio.gather(pool.warm_up(), pool.warm_up())
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
