"""Every metric, defined once: what it counts, by what, and what to do when it moves.

An API: dashboards and alerts stand on these names. Label values come from closed sets only:
never an author, a text or a URL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PREFIX: Final = "comment_monitor_"

Kind = Literal["counter", "gauge", "histogram"]

AGES: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400)
DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
SCORES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One metric. `name` stands without the prefix; `act` is for whoever sees it move."""

    name: str
    kind: Kind
    help: str
    act: str
    unit: str = ""
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def full_name(self) -> str:
        """Return the name as `/metrics` shows it."""
        return PREFIX + self.name


DEFINITIONS: Final = (
    Definition(
        name="comments_ingested_total",
        kind="counter",
        labels=("source",),
        unit="events",
        help="Comment events taken in and acknowledged by the broker",
        act="Flat while the site is busy: look at the source's log lines and its cursor.",
    ),
    Definition(
        name="comments_unreadable_total",
        kind="counter",
        labels=("source", "reason"),
        unit="records",
        help="Records of a source that were no comment; they are in the dead letters",
        act="Rises: the source has changed its form; `comment-monitor dead-letters list` shows the records.",
    ),
    Definition(
        name="source_comments_total",
        kind="counter",
        labels=("source", "seen"),
        unit="comments",
        help="Comments on the pages of a site, by what they were: created, edited, deleted, restored, "
        "known, or old (unknown, but older than what is told as new)",
        act="known grows and created does not: the site is quiet. old jumps: its dates are read wrongly; "
        "look at them with `comment-monitor sources try`.",
    ),
    Definition(
        name="source_polls_total",
        kind="counter",
        labels=("source", "outcome"),
        unit="readings",
        help="Readings of a site: read, unchanged (it said so itself), failed, refused, drifted",
        act="failed or refused rises: `comment-monitor sources explain` says what the site answered.",
    ),
    Definition(
        name="source_requests_total",
        kind="counter",
        labels=("source", "answer"),
        unit="requests",
        help="Requests to a site by the class of its answer, such as 2xx; none: no answer that could be used",
        act="Many for few new comments: raise `poll.min` in the source file, or its `deep_every`.",
    ),
    Definition(
        name="source_up",
        kind="gauge",
        labels=("source",),
        help="1 while the last reading of a site was good or its stream is connected, else 0",
        act="0 for longer than an hour: `comment-monitor sources explain` says why.",
    ),
    Definition(
        name="source_last_success_timestamp_seconds",
        kind="gauge",
        labels=("source",),
        unit="seconds since 1970",
        help="When a site was last read well",
        act="Older than an hour: nothing is coming from there; `comment-monitor sources explain`.",
    ),
    Definition(
        name="source_next_poll_timestamp_seconds",
        kind="gauge",
        labels=("source",),
        unit="seconds since 1970",
        help="When the site, or the thread of it that was read last, is read again",
        act="Far ahead: the site asked for a pause, or fails; `comment-monitor sources explain`.",
    ),
    Definition(
        name="source_gaps_total",
        kind="counter",
        labels=("source",),
        unit="readings",
        help="Readings that did not reach what was known: comments between may have been missed",
        act="Rises: lower `poll.min` or raise `max_pages`; a feed of ten items cannot keep up with a raid.",
    ),
    Definition(
        name="source_drifted",
        kind="gauge",
        labels=("source",),
        help="1 while a site shows no comment where it used to show some",
        act="1: the site was rebuilt; mend the selectors, see `comment-monitor sources try`.",
    ),
    Definition(
        name="source_fields_missing_total",
        kind="counter",
        labels=("source", "field"),
        unit="comments",
        help="Comments that lacked a field which the source file expects",
        act="Rises for one field: the site's form has changed; mend that field in the source file.",
    ),
    Definition(
        name="source_deletes_disbelieved_total",
        kind="counter",
        labels=("source",),
        unit="comments",
        help="Comments that were missing, too many at once to be believed: nobody is told of them",
        act="Rises: look at the site. If they are gone indeed, raise `max_share` in the source file.",
    ),
    Definition(
        name="source_edits_disbelieved_total",
        kind="counter",
        labels=("source",),
        unit="comments",
        help="Comments whose text changed, most of a page at once: nobody is told that they were edited",
        act="Once: the site words its pages anew. All the time: the field `text` takes in what changes by "
        "itself, such as an age; narrow its selector.",
    ),
    Definition(
        name="source_disconnects_total",
        kind="counter",
        labels=("source", "reason"),
        unit="connections",
        help="Ends of a stream's connection, by what ended it",
        act="Rises steadily: the network or the server is unwell; nothing is lost while it can be resumed.",
    ),
    Definition(
        name="webhook_requests_total",
        kind="counter",
        labels=("source", "outcome"),
        unit="requests",
        help="Requests to a webhook, by what they were answered",
        act="Anything but what was taken rises: the sender's secret or form differs from the source file's.",
    ),
    Definition(
        name="comments_judged_total",
        kind="counter",
        labels=("source", "language"),
        unit="events",
        help="Comment events judged by language, model and rules",
        act="Slower than comments_ingested_total: add workers, up to the number of partitions.",
    ),
    Definition(
        name="scores",
        kind="histogram",
        labels=("label",),
        unit="probability",
        buckets=SCORES,
        help="Scores that the model gave, by label",
        act="Its shape changes: other readers, another attack or another model; look at model_info first.",
    ),
    Definition(
        name="scores_unknown_total",
        kind="counter",
        labels=("scorer", "reason"),
        unit="events",
        help="Comment events with no score: there is no_model, their language cannot be told or is "
        "unsupported, or the model failed; no rule on toxicity decides them",
        act="failed rises: look at the worker's log. unsupported rises: the model in force does not know "
        "your readers' language; `comment-monitor models` says which one does.",
    ),
    Definition(
        name="comments_scored_total",
        kind="counter",
        labels=("scored_by",),
        unit="events",
        help="Comment events by what gave their scores; of a cascade, by the model that spoke last",
        act="`(shed)` rises: comments wait too long for the better model; add workers.",
    ),
    Definition(
        name="rule_matches_total",
        kind="counter",
        labels=("rule", "status", "severity"),
        unit="matches",
        help="Matches of each rule, shadow ones too",
        act="Jumps for one rule: a raid, or an edit that made it too wide; read some of its alerts.",
    ),
    Definition(
        name="rule_cut_off_total",
        kind="counter",
        labels=("rule",),
        unit="events",
        help="Judgements of a rule given up because its time was over",
        act="Above 0: rewrite the rule's pattern; `comment-monitor rules check` says how.",
    ),
    Definition(
        name="observations_total",
        kind="counter",
        labels=("rule",),
        unit="observations",
        help="Matches of live rules that were counted in a window",
        act="Rises without alerts: the rule's window is never full; check count and within.",
    ),
    Definition(
        name="alerts_total",
        kind="counter",
        labels=("rule", "severity", "kind"),
        unit="alerts",
        help="Alerts opened, updated and resolved",
        act="Jumps: open the newest alerts. Zero for long: judge a comment that must alert, by hand.",
    ),
    Definition(
        name="comment_age_seconds",
        kind="histogram",
        labels=("stage",),
        unit="seconds",
        buckets=AGES,
        help="Age of a comment (since it was written, else seen) when it was judged, alerted, delivered",
        act="Grows at one stage: that step is behind; look at consumer_lag and deliveries_waiting.",
    ),
    Definition(
        name="batch_seconds",
        kind="histogram",
        labels=("step",),
        unit="seconds",
        buckets=DURATIONS,
        help="Time that a step took for one batch, acknowledgements included",
        act="Grows at the same batch_size: the machine or the broker is slower.",
    ),
    Definition(
        name="batch_size",
        kind="histogram",
        labels=("step",),
        unit="messages",
        buckets=SIZES,
        help="Messages in one batch",
        act="At worker.batch all the time: the worker is full; add workers.",
    ),
    Definition(
        name="consumer_lag",
        kind="gauge",
        labels=("topic", "partition"),
        unit="messages",
        help="Messages of a partition that this process has yet to read",
        act="Grows for minutes: add workers. Grows on one partition only: one thread is very busy.",
    ),
    Definition(
        name="dead_letters_total",
        kind="counter",
        labels=("step", "reason"),
        unit="messages",
        help="Messages that can never be processed as they are",
        act="Rises: `comment-monitor dead-letters list`; fix the cause, then `dead-letters replay`.",
    ),
    Definition(
        name="deliveries_total",
        kind="counter",
        labels=("receiver", "outcome"),
        unit="attempts",
        help="Attempts to deliver an alert: delivered, postponed (tried again) or refused (never)",
        act="Postponed rises: the channel is down. Refused rises: its settings are wrong.",
    ),
    Definition(
        name="delivery_seconds",
        kind="histogram",
        labels=("receiver",),
        unit="seconds",
        buckets=DURATIONS,
        help="Time that a channel took to answer",
        act="Near the receiver's timeout: the channel is about to fail.",
    ),
    Definition(
        name="deliveries_waiting",
        kind="gauge",
        labels=("receiver",),
        unit="alerts",
        help="Alerts that this receiver has yet to get",
        act="Above 0 for minutes: people are not told; look at deliveries_total of that receiver.",
    ),
    Definition(
        name="deliveries_held_total",
        kind="counter",
        labels=("rule",),
        unit="alerts",
        help="Alerts held back because the rule had used up its alerts of the hour",
        act="Above 0: narrow the rule, or raise fuse.alerts_per_rule_per_hour.",
    ),
    Definition(
        name="model_info",
        kind="gauge",
        labels=("scorer",),
        help="1 for the model in use; `none` where there is none",
        act="Not the model you set: the worker's log says why it did not load.",
    ),
    Definition(
        name="model_missing",
        kind="gauge",
        help="1 while the fallback judges: the model that was set is missing, or ends its processes",
        act="1: the worker's log says why; put there what is missing and restart the worker.",
    ),
    Definition(
        name="book_info",
        kind="gauge",
        labels=("digest",),
        help="1 for the rule book in force",
        act="Differs between processes for minutes: one of them has not read the new rules.",
    ),
    Definition(
        name="rules_loaded",
        kind="gauge",
        labels=("status",),
        unit="rules",
        help="Rules in the book in force",
        act="Falls: files are missing; `comment-monitor rules list`.",
    ),
    Definition(
        name="book_refused",
        kind="gauge",
        help="1 while the rule files hold a change that was refused; the last good book stays in force",
        act="1: `comment-monitor rules check` shows every mistake; mend the files, restart nothing.",
    ),
    Definition(
        name="rules_demoted",
        kind="gauge",
        labels=("rule",),
        help="1 for each freshly edited live rule that fired too often and is treated as a shadow one",
        act="Present: `comment-monitor rules backtest` shows what it finds; once narrowed it is live again.",
    ),
    Definition(
        name="broker_up",
        kind="gauge",
        help="1 while the broker answers this process, else 0",
        act="0: start the broker, or check kafka.bootstrap. Nothing is lost meanwhile.",
    ),
)
