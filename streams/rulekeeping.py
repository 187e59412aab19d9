"""Keeps a worker's metrics true to the rules that its judges have in force."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from streams.pool import Crashed

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from streams.judging import Loaded
    from streams.lifeline import Lifeline
    from streams.pool import JudgePool


def count(metrics: Metrics, loaded: Loaded) -> None:
    """Tell the metrics what a judge has in force."""
    metrics.book(loaded.digest, loaded.rules)
    metrics.rules_in_force(refused=loaded.refused, demoted=loaded.demoted)


@asynccontextmanager
async def keeping(pool: JudgePool, metrics: Metrics, lifeline: Lifeline, every: float) -> AsyncIterator[None]:
    """Ask a judge every so many seconds, also while no comments come; 0 is never."""
    task = asyncio.create_task(_keep(pool, metrics, every))
    lifeline.tie(task)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _keep(pool: JudgePool, metrics: Metrics, every: float) -> None:
    while every:
        await asyncio.sleep(every)
        try:
            count(metrics, await pool.look())
        except Crashed:
            continue  # judging itself says so, and what it does about it
