from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from monitor.domain.errors import Retryable
from monitor.settings import KafkaSettings
from streams.greeting import greet


@pytest.fixture
async def door() -> AsyncIterator[str]:
    """Yield the address of a proxy whose broker is not up yet: it lets connect and hangs up at once."""

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL"])
async def test_a_broker_that_is_starting_behind_its_proxy_may_answer_later(door: str, protocol: str) -> None:
    kafka = KafkaSettings(bootstrap=door, security_protocol=protocol)  # type: ignore[arg-type]
    with pytest.raises(Retryable, match=f"Kafka at {door}: ."):
        await greet(kafka)
