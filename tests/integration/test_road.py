"""The road over Kafka and its offline twin give the same verdicts and the same alerts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.domain.alerts import Alert
from monitor.ports.wire import ALERTS, VERDICTS
from tests.deployment import Deployment, eventually

REPOSITORY = Path(__file__).parents[2]
THREAD = REPOSITORY / "monitor" / "services" / "demo" / "thread.jsonl"


@pytest.fixture
async def road(tmp_path: Path, kafka: str, prefix: str) -> AsyncIterator[Deployment]:
    road = Deployment(
        folder=tmp_path, bootstrap=kafka, prefix=prefix, rules=REPOSITORY / "rules", partitions=1
    )
    yield road
    await road.stop()


async def test_the_road_and_its_twin_agree(road: Deployment, tmp_path: Path) -> None:
    out, alerts_out = tmp_path / "verdicts.jsonl", tmp_path / "alerts.jsonl"
    files = ["--input", THREAD, "--rules", road.rules, "--out", out, "--alerts", alerts_out]
    code, said = await road.command("judge", *map(str, files))
    assert code == 0, said
    twin_verdicts = [json.loads(line) for line in out.read_text().splitlines()]
    twin_alerts = [json.loads(line) for line in alerts_out.read_text().splitlines()]

    assert (await road.command("run", "ingest", "--input", str(THREAD)))[0] == 0
    await road.start("worker", "run", "worker")
    async with road.tail("verdicts") as verdicts, road.tail("alerts") as alerts:

        async def settled() -> bool:
            newest = _newest([ALERTS.decode(message.value) for message in await alerts.look()])
            return len(await verdicts.look()) == len(twin_verdicts) and len(newest) == len(twin_alerts)

        await eventually("as many verdicts and alerts as the twin has", settled)
        on_the_road = [VERDICTS.decode(message.value) for message in verdicts.messages]
        newest = _newest([ALERTS.decode(message.value) for message in alerts.messages])

    assert [
        (verdict["id"], verdict["language"]["code"], [(m["rule"], m["spans"]) for m in verdict["matches"]])
        for verdict in twin_verdicts
    ] == [
        (
            verdict.event.comment.native_id,
            verdict.signals.language.code,
            [(match.rule, [list(span) for span in match.spans]) for match in verdict.matches],
        )
        for verdict in on_the_road
    ]
    assert {alert["id"]: (alert["rule"], alert["severity"], alert["key"]) for alert in twin_alerts} == {
        alert.id: (alert.rule, str(alert.severity), alert.key) for alert in newest.values()
    }


def _newest(events: list[Alert]) -> dict[str, Alert]:
    return {event.id: event for event in sorted(events, key=lambda event: event.revision)}
