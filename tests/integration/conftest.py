"""Brokers shared by the session, started by the first test that asks; topics of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from streams.embedded import EmbeddedBroker
from tests.brokers import ApacheKafka
from tests.deployment import Deployment
from tests.workload import write_rules


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the session's Apache Kafka."""
    with ApacheKafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker.bootstrap


@pytest.fixture(scope="session")
def tansu() -> Iterator[str]:
    """Return the address of the session's embedded broker."""
    with EmbeddedBroker() as broker:
        yield broker.bootstrap


@pytest.fixture
def prefix() -> str:
    """Return what this test's topics begin with, so that tests share a broker and nothing on it."""
    return f"test-{uuid4().hex[:12]}."


@pytest.fixture
def kafka_settings() -> dict[str, str]:
    """Return what the deployment's settings say of Kafka beyond its address; a file may say otherwise."""
    return {}


@pytest.fixture
async def road(
    tmp_path: Path, kafka: str, prefix: str, kafka_settings: dict[str, str]
) -> AsyncIterator[Deployment]:
    """Yield a deployment on Apache Kafka whose topics are there and whose processes are not yet."""
    road = Deployment(
        folder=tmp_path, bootstrap=kafka, prefix=prefix, rules=write_rules(tmp_path), kafka=kafka_settings
    )
    assert (await road.command("topics", "apply"))[0] == 0
    yield road
    await road.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave everything that needs a broker, a build or an installation out of the quick part."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.slow)
