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
    parser.addoption(
        "--real-wordpress",
        action="store_true",
        help="run the tests against a real WordPress too, out of Debian's packages (33 MB, fetched once)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the real WordPress out unless it is asked for: it needs Debian's package archive."""
    if config.getoption("--real-wordpress"):
        return
    apart = [item for item in items if item.get_closest_marker("wordpress")]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]
