from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from monitor.metrics import Metrics
from monitor.settings import RulesSettings, Settings, WorkerSettings
from monitor.settings.duration import Duration
from streams.lifeline import Lifeline
from streams.pool import JudgePool
from streams.rulekeeping import keeping
from tests.deployment import eventually
from tests.workload import write_rules

pytestmark = pytest.mark.slow


async def test_an_unsound_change_is_seen_in_the_metrics_while_no_comments_come(tmp_path: Path) -> None:
    rules = write_rules(tmp_path)
    every = Duration(0.05)
    settings = Settings(rules=RulesSettings(path=rules, reload=every), worker=WorkerSettings(judges=1))
    metrics = Metrics()

    async def refused() -> bool:
        return metrics.registry.get_sample_value("comment_monitor_book_refused") == 1

    async with JudgePool(settings) as pool:
        await asyncio.wait_for(pool.warm_up(), 60)
        async with keeping(pool, metrics, Lifeline(), every):
            rules.write_text("id: [")
            await eventually("the refusal", refused, patience=20)
