"""A client for the tests of the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from monitor.sources.web.client import WebClient
from tests.sites.asking import open_web


@pytest.fixture
async def web() -> AsyncIterator[WebClient]:
    """Return a client that goes by the wall's clock."""
    async with open_web() as client:
        yield client
