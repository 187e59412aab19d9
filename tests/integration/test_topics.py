"""Topics are created once, and a broker whose topics differ is refused with one clear message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.deployment import Deployment, eventually
from tests.workload import write_rules

NAMES = ("comments", "verdicts", "observations", "windows", "alerts", "dead-letters")


@pytest.fixture
def road(tmp_path: Path, kafka: str, prefix: str) -> Deployment:
    return Deployment(folder=tmp_path, bootstrap=kafka, prefix=prefix, rules=write_rules(tmp_path))


async def test_topics_are_created_once_and_found_the_next_time(road: Deployment) -> None:
    created = "".join(f"created {road.prefix}{name}\n" for name in NAMES)
    assert await road.command("topics", "apply") == (0, f"{created}6 created, 0 were there and fit\n")
    assert await road.command("topics", "apply") == (0, "0 created, 6 were there and fit\n")


async def test_what_is_missing_is_shown_and_how_to_create_it(road: Deployment) -> None:
    code, said = await road.command("topics", "show")
    assert (code, said.count("missing")) == (78, 6)
    assert (
        f"error: topic {road.prefix}comments does not exist\n"
        "    hint: run `comment-monitor topics apply`, or set kafka.manage_topics\n"
    ) in said


async def test_what_fits_is_shown_and_all_is_well(road: Deployment) -> None:
    await road.command("topics", "apply")
    code, said = await road.command("topics", "show")
    assert (code, said.count("4 partitions"), "error" in said) == (0, 6, False)
    assert "what happened to a comment" in said


async def test_another_number_of_partitions_stops_everyone_and_says_what_to_do(road: Deployment) -> None:
    await road.command("topics", "apply")
    wider = replace(road, partitions=8)
    code, said = await wider.command("topics", "apply")
    assert (code, said.count("error:")) == (78, 6)
    assert (
        f"error: topic {road.prefix}comments has 4 partitions, the settings say 8\n"
        "    hint: set kafka.partitions to what exists, or use another kafka.topic_prefix"
    ) in said
    assert await refused(wider) == (
        f"error: topic {road.prefix}comments has 4 partitions, the settings say 8"
    )


async def test_another_retention_stops_everyone_and_says_what_to_do(road: Deployment) -> None:
    await road.command("topics", "apply")
    shorter = replace(road, kafka={"retention.alerts": "1h"})
    code, said = await shorter.command("topics", "apply")
    message = f"error: topic {road.prefix}alerts has retention.ms=7776000000, the settings say 3600000"
    assert code == 78
    assert said == (
        f"{message}\n    hint: change the setting, or the topic: kafka-configs --alter --topic "
        f"{road.prefix}alerts --add-config retention.ms=3600000\n"
    )
    assert await refused(shorter) == message


async def refused(road: Deployment) -> str:
    """Return the first error of a worker that stops by itself because a person must help."""
    worker = await road.start("worker", "run", "worker")

    async def ended() -> bool:
        return worker.returncode is not None

    await eventually("the worker stopped by itself", ended)
    assert worker.returncode == 78
    return next(line for line in road.log("worker").splitlines() if line.startswith("error"))
