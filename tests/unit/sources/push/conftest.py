from __future__ import annotations

import pytest

from tests.listening import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
