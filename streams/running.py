"""Runs a Faust app inside our own process: its start, its watch, its end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    import faust

    from monitor.metrics import Metrics
    from streams.assignment import Assignment
    from streams.lifeline import Lifeline
    from streams.readiness import Readiness

log = structlog.get_logger()

WATCH_EVERY: Final = 1.0
"""Seconds between two looks at the app."""

LAST_SECONDS: Final = 20.0
"""How long batches under way may take to be acknowledged once the process shall stop. What is not done
by then comes again after the next start."""


async def run_app(
    app: faust.App, held: Assignment, lifeline: Lifeline, readiness: Readiness, metrics: Metrics
) -> None:
    """Run until the process shall stop; leave with everything acknowledged committed.

    Raises:
        Exception: what Faust or a step failed with.
    """
    watch = asyncio.create_task(_watch(app, held, readiness, metrics))
    lifeline.tie(watch)
    try:
        await lifeline.race(app.start())
        await lifeline.wait()
    except BaseException:
        app.conf.stream_wait_empty = False  # what failed is never acknowledged: do not wait for it
        raise
    finally:
        watch.cancel()
        await _stop(app)


async def _stop(app: faust.App) -> None:
    """Stop the app, or leave it to itself: while it waits for a broker it cannot be cancelled."""
    stopping = asyncio.ensure_future(app.stop())
    done, _ = await asyncio.wait([stopping], timeout=LAST_SECONDS)
    if done:
        stopping.result()
    else:
        log.warning("process.stopped_with_work_left", seconds=LAST_SECONDS)


async def _watch(app: faust.App, held: Assignment, readiness: Readiness, metrics: Metrics) -> None:
    """Tell the lag, and whether partitions are assigned and windows restored; end when Faust crashes."""
    while app.crash_reason is None:
        if not app.started or app.rebalancing:
            readiness.lost("partitions")
        else:
            readiness.reached("partitions")
            metrics.lag(_lags(app, held))
        await asyncio.sleep(WATCH_EVERY)
    raise app.crash_reason


def _lags(app: faust.App, held: Assignment) -> dict[tuple[str, int], int]:
    """Return how many messages of each partition are not acknowledged yet."""
    committed, ends = app.monitor.tp_committed_offsets, app.monitor.tp_end_offsets
    return {
        (tp.topic, tp.partition): max(ends[tp] - committed[tp], 0)
        for tp in held.partitions
        if tp in committed and tp in ends
    }
