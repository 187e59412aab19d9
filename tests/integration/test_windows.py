"""What was counted before a restart still counts after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.comments import CommentEvent, EventKind
from monitor.ports.wire import ALERTS
from monitor.services.escalation import unpack
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


async def test_a_deleted_comment_leaves_its_window(road: Deployment) -> None:
    first, *others = insults("tess", 4)
    gone = replace(first, kind=EventKind.DELETED, observed_at=first.observed_at + timedelta(seconds=1))
    async with road.tail("windows") as windows, road.tail("alerts") as alerts:
        await road.start("worker", "run", "worker")
        await road.send([first, *others[:1]])
        await eventually("two insults are counted", lambda: counted(windows, [first, *others[:1]]))
        await road.send([replace(gone, comment=replace(first.comment, text=""))])
        await eventually("one is gone", lambda: forgotten(windows, first))
        await road.send(others[1:])

        async def opened() -> bool:
            return bool(await alerts.look())

        await eventually("the fourth insult opens the alert", opened)
        (alert,) = [ALERTS.decode(message.value) for message in alerts.messages]
        assert (alert.rule, alert.count) == ("road.spree", 3)
        assert set(alert.comments) == {event.comment.key for event in others}


async def counted(windows: Tail, events: list[CommentEvent]) -> bool:
    """Return whether the newest state of the window holds these comments."""
    state = await newest(windows)
    return bool(state) and all(event.comment.native_id.encode() in state for event in events)


async def forgotten(windows: Tail, event: CommentEvent) -> bool:
    """Return whether the comment counts no more; its key stays, among what was withdrawn."""
    window = unpack(await newest(windows))
    return event.comment.key not in {entry.comment for entry in window.entries}


async def newest(windows: Tail) -> bytes:
    """Return the newest state of the spree's window; what is known of single comments stands beside it."""
    states = [each.value for each in await windows.look() if (each.key or b"").startswith(b"road.spree|")]
    return states[-1] if states else b""
