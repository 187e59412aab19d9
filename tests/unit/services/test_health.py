from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from monitor.domain.errors import Misconfigured
from monitor.metrics import Metrics
from monitor.services.health import HealthServer


@pytest.fixture
async def server() -> AsyncIterator[HealthServer]:
    async with HealthServer(Metrics(), host="127.0.0.1", port=0) as running:
        yield running


@pytest.fixture
async def client(server: HealthServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://{server.host}:{server.port}") as session:
        yield session


async def test_port_0_becomes_a_real_port(server: HealthServer) -> None:
    assert server.port > 0


async def test_metrics_are_served_as_prometheus_text(client: aiohttp.ClientSession) -> None:
    async with client.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "# TYPE comment_monitor_comments_judged_total counter" in await answer.text()


async def test_metrics_are_served_as_openmetrics_to_those_who_ask(client: aiohttp.ClientSession) -> None:
    async with client.get("/metrics", headers={"Accept": "application/openmetrics-text"}) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert (await answer.text()).endswith("# EOF\n")


async def test_a_process_that_answers_is_alive(client: aiohttp.ClientSession) -> None:
    async with client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "alive"})


async def test_without_checks_it_is_ready(client: aiohttp.ClientSession) -> None:
    async with client.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ready", "checks": {}})


async def test_a_complaint_makes_it_not_ready_and_is_told(
    server: HealthServer, client: aiohttp.ClientSession
) -> None:
    server.require("broker", lambda: None)
    server.require("model", lambda: "still loading")
    async with client.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "status": "not ready",
            "checks": {"broker": "ok", "model": "still loading"},
        }


async def test_it_is_alive_even_while_not_ready(server: HealthServer, client: aiohttp.ClientSession) -> None:
    server.require("model", lambda: "still loading")
    async with client.get("/healthz") as answer:
        assert answer.status == 200


async def test_checks_are_asked_each_time(server: HealthServer, client: aiohttp.ClientSession) -> None:
    complaints = ["still loading"]
    server.require("model", lambda: complaints[0] if complaints else None)
    complaints.clear()
    async with client.get("/readyz") as answer:
        assert answer.status == 200


async def test_a_taken_port_is_one_clear_sentence(server: HealthServer) -> None:
    with pytest.raises(Misconfigured) as error:
        await HealthServer(Metrics(), host=server.host, port=server.port).start()
    assert f"port {server.port} on 127.0.0.1 is taken by another process" in str(error.value)
    assert "COMMENT_MONITOR_HTTP__PORT" in str(error.value)


async def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"cannot listen on 192\.0\.2\.1:0"):
        await HealthServer(Metrics(), host="192.0.2.1", port=0).start()


async def test_stopping_twice_is_fine_and_frees_the_port(server: HealthServer) -> None:
    await server.stop()
    await server.stop()
    async with HealthServer(Metrics(), host=server.host, port=server.port) as second:
        assert second.port == server.port
