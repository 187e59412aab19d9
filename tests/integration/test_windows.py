"""What was counted before a restart still counts after it."""

from __future__ import annotations

import pytest

from monitor.domain.comments import CommentEvent
from monitor.ports.wire import ALERTS
from tests.deployment import Deployment, Tail, eventually
from tests.workload import insults


@pytest.mark.parametrize("gently", [True, False], ids=["SIGTERM", "SIGKILL"])
async def test_a_window_survives_its_worker(road: Deployment, *, gently: bool) -> None:
    two, third = insults("tess", 3)[:2], insults("tess", 3)[2:]
    async with road.tail("windows") as windows, road.tail("alerts") as alerts:
        await road.start("first", "run", "worker")
        await road.send(two)
        await eventually("two insults are counted", lambda: counted(windows, two))
        if gently:
            await road.stop()
        else:
            await road.kill("first")

        await road.start("second", "run", "worker")
        await road.send(third)

        async def opened() -> bool:
            return bool(await alerts.look())

        await eventually("the third insult opens the alert", opened)
        (alert,) = [ALERTS.decode(message.value) for message in alerts.messages]
        assert (alert.rule, alert.count) == ("road.spree", 3)
        assert set(alert.comments) == {event.comment.key for event in [*two, *third]}


async def counted(windows: Tail, events: list[CommentEvent]) -> bool:
    """Return whether the newest state of the window holds these comments."""
    states = await windows.look()
    return bool(states) and all(event.comment.native_id.encode() in states[-1].value for event in events)
