from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.comments import Comment
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match
from monitor.metrics import DEFINITIONS, Metrics, Unknown
from monitor.metrics.labels import Bounded
from monitor.sources.polling.site import Poll

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    source: str = "gazette"
    language: str = "en"
    matches: tuple[tuple[str, str, str], ...] = ()
    scores: tuple[tuple[str, float], ...] | None = None
    cut_off: tuple[str, ...] = ()
    age: float = 0.2
    scored_by: str | None = None
    unknown: Unknown | None = None


POLL = Poll(
    outcome="read",
    at=NOW,
    requests=5,
    answers={"2xx": 3, "3xx": 1},
    created=4,
    known=90,
    old=2,
    disbelieved=7,
    reworded=12,
    missing_fields={"author": 3},
    gap=True,
    next_in=30.0,
)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(clock=lambda: NOW)


def value(metrics: Metrics, name: str, /, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"comment_monitor_{name}", labels)


def alert(created_at: datetime | None = None) -> Alert:
    return Alert(
        id="al_1",
        revision=1,
        kind=AlertKind.OPENED,
        rule="threats.direct",
        title="Threat",
        severity=Severity.HIGH,
        group=(("author", "ann"),),
        comments=("gazette:1",),
        count=1,
        within=600,
        opened_at=NOW - timedelta(seconds=3),
        comment=Comment(source="gazette", native_id="1", text="…", created_at=created_at),
        signals=Signals(),
        match=Match(rule="threats.direct", severity=Severity.HIGH, status=Status.LIVE),
        book="b1",
    )


def use_all(metrics: Metrics) -> None:
    """Count one of everything."""
    metrics.ingested("gazette", 12)
    metrics.unreadable("gazette", "schema", 2)
    metrics.polled("gazette", POLL)
    metrics.disconnected("bluesky", "silent")
    metrics.knocked("forum", "forged")
    metrics.judged(Facts(unknown="no_model"))
    metrics.judged(
        Facts(
            scores=(("insult", 0.97),),
            scored_by="detoxify-original",
            matches=(("insults.plain", "shadow", "low"),),
            cut_off=("slow.rule",),
        )
    )
    metrics.observed("threats.direct")
    metrics.alerted(alert())
    metrics.delivered(alert(NOW - timedelta(seconds=40)), "desk", 0.3)
    metrics.attempted("desk", "postponed", 10)
    metrics.waiting({"desk": 3})
    metrics.held("insults.plain", 4)
    metrics.batch("inspect", 500, 0.2)
    metrics.lag({("comments", 0): 7})
    metrics.dead_letter("inspect", "schema")
    metrics.model("none")
    metrics.missing(model=True)
    metrics.book("b1", {"live": 4, "shadow": 1})
    metrics.rules_in_force(refused=True, demoted=("threats.direct",))
    metrics.broker(up=True)


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("comments_ingested_total", {"source": "gazette"}, 12),
        ("comments_unreadable_total", {"source": "gazette", "reason": "schema"}, 2),
        ("source_comments_total", {"source": "gazette", "seen": "created"}, 4),
        ("source_comments_total", {"source": "gazette", "seen": "old"}, 2),
        ("source_polls_total", {"source": "gazette", "outcome": "read"}, 1),
        ("source_requests_total", {"source": "gazette", "answer": "2xx"}, 3),
        ("source_requests_total", {"source": "gazette", "answer": "none"}, 1),
        ("source_up", {"source": "gazette"}, 1),
        ("source_last_success_timestamp_seconds", {"source": "gazette"}, NOW.timestamp()),
        ("source_next_poll_timestamp_seconds", {"source": "gazette"}, NOW.timestamp() + 30),
        ("source_gaps_total", {"source": "gazette"}, 1),
        ("source_drifted", {"source": "gazette"}, 0),
        ("source_fields_missing_total", {"source": "gazette", "field": "author"}, 3),
        ("source_deletes_disbelieved_total", {"source": "gazette"}, 7),
        ("source_edits_disbelieved_total", {"source": "gazette"}, 12),
        ("source_disconnects_total", {"source": "bluesky", "reason": "silent"}, 1),
        ("webhook_requests_total", {"source": "forum", "outcome": "forged"}, 1),
        ("comments_judged_total", {"source": "gazette", "language": "en"}, 2),
        ("scores_count", {"label": "insult"}, 1),
        ("scores_bucket", {"label": "insult", "le": "0.95"}, 0),
        ("scores_unknown_total", {"scorer": "none", "reason": "no_model"}, 1),
        ("comments_scored_total", {"scored_by": "detoxify-original"}, 1),
        ("model_missing", {}, 1),
        ("rule_matches_total", {"rule": "insults.plain", "status": "shadow", "severity": "low"}, 1),
        ("rule_cut_off_total", {"rule": "slow.rule"}, 1),
        ("observations_total", {"rule": "threats.direct"}, 1),
        ("alerts_total", {"rule": "threats.direct", "severity": "high", "kind": "opened"}, 1),
        ("comment_age_seconds_sum", {"stage": "judged"}, 0.4),
        ("comment_age_seconds_sum", {"stage": "alerted"}, 3),
        ("comment_age_seconds_sum", {"stage": "delivered"}, 40),
        ("batch_seconds_sum", {"step": "inspect"}, 0.2),
        ("batch_size_sum", {"step": "inspect"}, 500),
        ("consumer_lag", {"topic": "comments", "partition": "0"}, 7),
        ("dead_letters_total", {"step": "inspect", "reason": "schema"}, 1),
        ("book_refused", {}, 1),
        ("rules_demoted", {"rule": "threats.direct"}, 1),
        ("deliveries_total", {"receiver": "desk", "outcome": "delivered"}, 1),
        ("deliveries_total", {"receiver": "desk", "outcome": "postponed"}, 1),
        ("delivery_seconds_sum", {"receiver": "desk"}, 10.3),
        ("deliveries_waiting", {"receiver": "desk"}, 3),
        ("deliveries_held_total", {"rule": "insults.plain"}, 4),
        ("model_info", {"scorer": "none"}, 1),
        ("book_info", {"digest": "b1"}, 1),
        ("rules_loaded", {"status": "live"}, 4),
        ("broker_up", {}, 1),
    ],
)
def test_what_happens_is_counted(
    metrics: Metrics, name: str, labels: dict[str, str], expected: float
) -> None:
    use_all(metrics)
    assert expected == value(metrics, name, **labels)


def test_every_metric_that_is_defined_is_counted_somewhere(metrics: Metrics) -> None:
    use_all(metrics)
    exposed = metrics.exposition()[0].decode()
    unused = [
        each.full_name
        for each in DEFINITIONS
        if not any(f"\n{each.full_name}{end}" in exposed for end in ("{", " ", "_bucket{"))
    ]
    assert unused == []


def test_every_metric_says_what_to_do() -> None:
    assert [each.name for each in DEFINITIONS if not (each.help and each.act)] == []


def test_the_process_itself_is_measured(metrics: Metrics) -> None:
    assert "process_resident_memory_bytes" in metrics.exposition()[0].decode()


def test_two_processes_in_one_do_not_share_their_counts() -> None:
    first, second = Metrics(), Metrics()
    first.observed("threats.direct")
    assert value(second, "observations_total", rule="threats.direct") is None


def test_unknown_scores_are_counted_for_the_model_in_use(metrics: Metrics) -> None:
    metrics.model("detoxify-original")
    metrics.judged(Facts(unknown="no_model"))
    labels = {"scorer": "detoxify-original", "reason": "no_model"}
    assert value(metrics, "scores_unknown_total", **labels) == 1


def test_a_site_that_fails_is_down_and_its_last_success_stays(metrics: Metrics) -> None:
    metrics.polled("gazette", POLL)
    metrics.polled("gazette", Poll(outcome="failed", at=NOW + timedelta(hours=1), requests=1))
    assert value(metrics, "source_up", source="gazette") == 0
    assert value(metrics, "source_last_success_timestamp_seconds", source="gazette") == NOW.timestamp()


def test_a_new_book_takes_the_place_of_the_old(metrics: Metrics) -> None:
    metrics.book("b1", {"live": 4, "shadow": 1})
    metrics.book("b2", {"live": 5})
    assert value(metrics, "book_info", digest="b1") is None
    assert value(metrics, "rules_loaded", status="shadow") is None
    assert value(metrics, "rules_loaded", status="live") == 5


def test_partitions_that_went_elsewhere_are_forgotten(metrics: Metrics) -> None:
    metrics.lag({("comments", 0): 7, ("comments", 1): 2})
    metrics.lag({("comments", 1): 0})
    assert value(metrics, "consumer_lag", topic="comments", partition="0") is None
    assert value(metrics, "consumer_lag", topic="comments", partition="1") == 0


def test_a_clock_that_runs_ahead_makes_no_negative_age(metrics: Metrics) -> None:
    metrics.judged(Facts(age=-5))
    assert value(metrics, "comment_age_seconds_sum", stage="judged") == 0


def test_a_flood_of_sources_becomes_one_label(metrics: Metrics) -> None:
    for number in range(1100):
        metrics.ingested(f"site-{number}")
    assert value(metrics, "comments_ingested_total", source="other") == 100
    assert value(metrics, "comments_ingested_total", source="site-0") == 1


def test_a_value_that_was_seen_keeps_its_name_after_the_limit() -> None:
    bounded = Bounded(2)
    assert [bounded.label(value) for value in ("a", "b", "c", "a")] == ["a", "b", "other", "a"]
