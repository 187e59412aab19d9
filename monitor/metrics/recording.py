"""One line to count each thing that happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from monitor.domain.alerts import Alert
from monitor.metrics.definitions import DEFINITIONS, Definition
from monitor.metrics.facts import JudgedFacts, PolledFacts
from monitor.metrics.labels import Bounded

MOST_NAMES: Final = 200
"""Distinct languages, rules and labels; what comes later is counted as `other`."""

MOST_SOURCES: Final = 1000
"""Distinct sources; what comes later is counted as `other`."""

DeliveryOutcome = Literal["delivered", "postponed", "refused"]
Stage = Literal["judged", "alerted", "delivered"]
M = TypeVar("M", Counter, Gauge, Histogram)


def _now() -> datetime:
    return datetime.now(UTC)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._counters = self._family("counter", Counter)
        self._gauges = self._family("gauge", Gauge)
        self._histograms = {
            each.name: Histogram(
                each.full_name, each.help, each.labels, registry=self.registry, buckets=each.buckets
            )
            for each in DEFINITIONS
            if each.kind == "histogram"
        }
        self._sources = Bounded(MOST_SOURCES)
        self._fields = Bounded(MOST_NAMES)
        self._languages = Bounded(MOST_NAMES)
        self._labels = Bounded(MOST_NAMES)
        self._scorers = Bounded(MOST_NAMES)
        self._scorer = "none"
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def _family(self, kind: str, build: type[M]) -> dict[str, M]:
        return {
            each.name: build(each.full_name, each.help, each.labels, registry=self.registry)
            for each in DEFINITIONS
            if each.kind == kind
        }

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return the text of `/metrics` and its content type, in the format the client accepts."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def ingested(self, source: str, count: int = 1) -> None:
        """Count comment events that the broker has acknowledged."""
        self._counters["comments_ingested_total"].labels(self._sources.label(source)).inc(count)

    def unreadable(self, source: str, reason: str, count: int = 1) -> None:
        """Count records of a source that were no comment."""
        self._counters["comments_unreadable_total"].labels(self._sources.label(source), reason).inc(count)

    def polled(self, source: str, poll: PolledFacts) -> None:
        """Count one reading of a site."""
        name = self._sources.label(source)
        self._counters["source_polls_total"].labels(name, poll.outcome).inc()
        for answer, count in poll.answers.items():
            self._counters["source_requests_total"].labels(name, answer).inc(count)
        unanswered = poll.requests - sum(poll.answers.values())
        self._counters["source_requests_total"].labels(name, "none").inc(max(unanswered, 0))
        for seen in ("created", "edited", "deleted", "restored", "known", "old"):
            self._counters["source_comments_total"].labels(name, seen).inc(getattr(poll, seen))
        for field, count in poll.missing_fields.items():
            self._counters["source_fields_missing_total"].labels(name, self._fields.label(field)).inc(count)
        self.gap(source, int(poll.gap))
        self._counters["source_deletes_disbelieved_total"].labels(name).inc(poll.disbelieved)
        self._counters["source_edits_disbelieved_total"].labels(name).inc(poll.reworded)
        self._gauges["source_drifted"].labels(name).set(int(poll.outcome == "drifted"))
        self._gauges["source_next_poll_timestamp_seconds"].labels(name).set(
            poll.at.timestamp() + poll.next_in
        )
        if poll.outcome in {"read", "unchanged"}:
            self._gauges["source_last_success_timestamp_seconds"].labels(name).set(poll.at.timestamp())
        self.source_up(source, up=poll.outcome in {"read", "unchanged"})

    def gap(self, source: str, count: int = 1) -> None:
        """Count that comments of a source may have been missed."""
        self._counters["source_gaps_total"].labels(self._sources.label(source)).inc(count)

    def source_up(self, source: str, *, up: bool) -> None:
        """Say whether a source can be read."""
        self._gauges["source_up"].labels(self._sources.label(source)).set(int(up))

    def disconnected(self, source: str, reason: str) -> None:
        """Count the end of a stream's connection."""
        self._counters["source_disconnects_total"].labels(self._sources.label(source), reason).inc()

    def knocked(self, source: str, outcome: str) -> None:
        """Count a request to a webhook."""
        self._counters["webhook_requests_total"].labels(self._sources.label(source), outcome).inc()

    def judged(self, facts: JudgedFacts) -> None:
        """Count one judged comment with its language, scores and matches."""
        source, language = self._sources.label(facts.source), self._languages.label(facts.language)
        self._counters["comments_judged_total"].labels(source, language).inc()
        self._age("judged", facts.age)
        if facts.unknown:
            self._counters["scores_unknown_total"].labels(self._scorer, facts.unknown).inc()
        if facts.scored_by:
            self._counters["comments_scored_total"].labels(self._scorers.label(facts.scored_by)).inc()
        for label, score in facts.scores or ():
            self._histograms["scores"].labels(self._labels.label(label)).observe(score)
        for rule, status, severity in facts.matches:
            self._counters["rule_matches_total"].labels(rule, status, severity).inc()
        for rule in facts.cut_off:
            self._counters["rule_cut_off_total"].labels(rule).inc()

    def observed(self, rule: str) -> None:
        """Count an observation that went into a window."""
        self._counters["observations_total"].labels(rule).inc()

    def alerted(self, alert: Alert) -> None:
        """Count an alert opened, updated or resolved."""
        self._counters["alerts_total"].labels(alert.rule, alert.severity, alert.kind).inc()
        self._age("alerted", self._age_of(alert))

    def delivered(self, alert: Alert, receiver: str, seconds: float) -> None:
        """Count a delivery that the channel took, after `seconds`."""
        self.attempted(receiver, "delivered", seconds)
        self._age("delivered", self._age_of(alert))

    def attempted(self, receiver: str, outcome: DeliveryOutcome, seconds: float) -> None:
        """Count an attempt to deliver, which took `seconds`."""
        self._counters["deliveries_total"].labels(receiver, outcome).inc()
        self._histograms["delivery_seconds"].labels(receiver).observe(seconds)

    def waiting(self, waiting: Mapping[str, int]) -> None:
        """Set how many alerts wait, by receiver."""
        for receiver, count in waiting.items():
            self._gauges["deliveries_waiting"].labels(receiver).set(count)

    def held(self, rule: str, count: int = 1) -> None:
        """Count alerts that the fuse held back."""
        self._counters["deliveries_held_total"].labels(rule).inc(count)

    def batch(self, step: str, size: int, seconds: float) -> None:
        """Count one batch of a step."""
        self._histograms["batch_size"].labels(step).observe(size)
        self._histograms["batch_seconds"].labels(step).observe(seconds)

    def lag(self, lags: Mapping[tuple[str, int], int]) -> None:
        """Set the lag of the partitions that this process reads; all others are forgotten."""
        gauge = self._gauges["consumer_lag"]
        gauge.clear()
        for (topic, partition), count in lags.items():
            gauge.labels(topic, str(partition)).set(count)

    def dead_letter(self, step: str, reason: str) -> None:
        """Count a message that can never be processed."""
        self._counters["dead_letters_total"].labels(step, reason).inc()

    def model(self, scorer: str) -> None:
        """Name the model in use; `none` where there is none."""
        self._scorer = scorer
        self._only("model_info", {scorer: 1})

    def missing(self, *, model: bool) -> None:
        """Say whether the model that the settings name is missing."""
        self._gauges["model_missing"].set(int(model))

    def book(self, digest: str, rules: Mapping[str, int]) -> None:
        """Name the rule book in force and how many rules of each status it holds."""
        self._only("book_info", {digest: 1})
        self._only("rules_loaded", rules)

    def rules_in_force(self, *, refused: bool, demoted: Sequence[str]) -> None:
        """Say whether a change of the rule files was refused, and which fresh rules were demoted."""
        self._gauges["book_refused"].set(int(refused))
        self._only("rules_demoted", dict.fromkeys(demoted, 1))

    def broker(self, *, up: bool) -> None:
        """Say whether the broker answers."""
        self._gauges["broker_up"].set(int(up))

    def _only(self, name: str, values: Mapping[str, int]) -> None:
        gauge = self._gauges[name]
        gauge.clear()
        for label, value in values.items():
            gauge.labels(label).set(value)

    def _age(self, stage: Stage, seconds: float) -> None:
        self._histograms["comment_age_seconds"].labels(stage).observe(max(seconds, 0.0))

    def _age_of(self, alert: Alert) -> float:
        written = alert.comment.edited_at or alert.comment.created_at or alert.opened_at
        return (self._clock() - written).total_seconds()


def describe() -> str:
    """Return the table of all metrics, in Markdown."""
    rows = [_row(each) for each in DEFINITIONS]
    head = ["| metric | kind | unit | labels | what it counts | when it moves |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _row(each: Definition) -> str:
    labels = ", ".join(f"`{label}`" for label in each.labels)
    return f"| `{each.full_name}` | {each.kind} | {each.unit} | {labels} | {each.help} | {each.act} |"
