"""Brokers shared by the session, started by the first test that asks; topics of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from streams.embedded import EmbeddedBroker
from tests.brokers import ApacheKafka


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave everything that needs a broker, a build or an installation out of the quick part."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.slow)
