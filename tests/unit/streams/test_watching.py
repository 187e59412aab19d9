from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from monitor.metrics import Metrics
from monitor.sources.polling.site import Poll
from streams.clock import now
from streams.watching import IngestWatch

WELL = Poll(outcome="read", at=now(), requests=1, answers={"2xx": 1}, found=3, created=3)
FAILED = Poll(outcome="failed", at=now(), requests=1, trouble="gazette.example answered HTTP 503")


@pytest.fixture
def written() -> Iterator[Sequence[EventDict]]:
    """Yield what is logged."""
    with capture_logs() as lines:
        yield lines


def events(written: Sequence[EventDict]) -> list[str]:
    return [line["event"] for line in written]


def test_a_site_that_is_well_says_nothing(written: Sequence[EventDict]) -> None:
    watch = IngestWatch(Metrics())
    for _ in range(3):
        watch.polled("gazette", WELL)
    assert events(written) == []


def test_trouble_and_its_end_are_said_once(written: Sequence[EventDict]) -> None:
    watch = IngestWatch(Metrics())
    for poll in (WELL, FAILED, FAILED, FAILED, WELL, WELL):
        watch.polled("gazette", poll)
    assert events(written) == ["source.troubled", "source.well_again"]


def test_each_thread_is_in_trouble_for_itself(written: Sequence[EventDict]) -> None:
    watch = IngestWatch(Metrics())
    for thread in ("bridge", "market"):
        watch.polled("gazette", Poll(outcome="failed", at=now(), thread=thread))
    assert events(written) == ["source.troubled", "source.troubled"]


def test_gaps_and_deletes_that_are_not_believed_are_said_each_time(written: Sequence[EventDict]) -> None:
    watch = IngestWatch(Metrics())
    for _ in range(2):
        watch.polled("gazette", Poll(outcome="read", at=now(), gap=True, disbelieved=9))
    assert events(written) == ["source.gap", "source.deletes_disbelieved"] * 2


def test_a_stream_that_cannot_be_resumed_is_a_gap(written: Sequence[EventDict]) -> None:
    metrics = Metrics()
    IngestWatch(metrics).connected("bluesky", up=True, reason="gap")
    assert "source.gap" in events(written)
    labels = {"source": "bluesky"}
    assert metrics.registry.get_sample_value("comment_monitor_source_gaps_total", labels) == 1
