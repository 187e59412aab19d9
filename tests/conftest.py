"""What every test may use."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be made longer than CI's."""
    parser.addoption(
        "--road-size", type=int, default=2000, help="comments that the tests of the whole road send"
    )
