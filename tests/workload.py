"""Comments whose verdicts and alerts are known beforehand, whatever order they are judged in.

Each alert has an author or a thread of its own and lies within one window of event time, so
that neither late arrivals nor repeats may change how many alerts open, nor how severe they end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.severity import Severity

START: Final = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

RULES: Final = """\
id: road.threat
title: Threat
why: A person is threatened.
owner: desk
status: live
severity: high
when:
  text: {phrases: [we will find you]}
tests:
  - it: catches it
    comment: {text: "We will find you!"}
    expect: alert
  - it: ignores the rest
    comment: {text: "We will find out."}
    expect: nothing
---
id: road.spree
title: Insults without end
why: One author insults again and again.
owner: desk
status: live
severity: medium
when:
  text: {words: [numbskull]}
escalate:
  by: author
  count: 3
  within: 10m
  ladder: [{count: 6, severity: high}]
tests:
  - it: counts three
    thread:
      - {at: 0s, author: a, text: "numbskull"}
      - {at: 1m, author: a, text: "numbskull"}
      - {at: 2m, author: a, text: "numbskull"}
    expect: {alerts: 1}
  - it: forgives one
    comment: {text: "numbskull"}
    expect: nothing
---
id: road.pile-on
title: Pile-on
why: Many authors gang up in one thread.
owner: desk
status: live
severity: critical
when:
  text: {words: [outcast]}
escalate:
  by: thread
  count: 4
  distinct: author
  within: 10m
tests:
  - it: counts four authors
    thread:
      - {at: 0s, author: a, text: "outcast"}
      - {at: 1m, author: b, text: "outcast"}
      - {at: 2m, author: c, text: "outcast"}
      - {at: 3m, author: d, text: "outcast"}
    expect: {alerts: 1}
  - it: forgives one
    comment: {text: "outcast"}
    expect: nothing
"""

HARMLESS: Final = (
    "The new tram line saves me twenty minutes every morning, thank you.",
    "Does anyone know when the swimming pool opens again after the works?",
    "Die Straße am Hafen ist seit Wochen gesperrt, und niemand sagt warum.",
    "Ich finde den neuen Park sehr gelungen, besonders den Spielplatz.",
    "El mercado de los sábados es lo mejor que tiene este barrio.",
    "Yo creo que el ayuntamiento debería escuchar más a los vecinos.",
)


@dataclass(frozen=True, slots=True)
class Expected:
    """An alert that must open once: the rule, what it is counted by, how severe it ends."""

    rule: str
    group: str
    severity: Severity


@dataclass(slots=True)
class Workload:
    """Comment events in the order that they are sent in, and the alerts they must lead to."""

    events: list[CommentEvent] = field(default_factory=list)
    alerts: set[Expected] = field(default_factory=set)

    @property
    def keys(self) -> set[str]:
        """Return the keys of all comments."""
        return {event.comment.key for event in self.events}


def workload(size: int, seed: int = 1) -> Workload:
    """Return `size` comments, of which about one in twelve counts towards an alert."""
    random = Random(seed)
    made = Workload()
    numbers = iter(range(10**9))
    while len(made.events) < size:
        moment = START + timedelta(seconds=len(made.events))
        kind = random.choices(["harmless", "threat", "spree", "pile-on"], [95, 2, 2, 1])[0]
        if kind == "harmless":
            made.events.append(_comment(next(numbers), moment, random.choice(HARMLESS)))
        elif kind == "threat":
            event = _comment(next(numbers), moment, "We will find you, wait for it.")
            made.events.append(event)
            made.alerts.add(Expected("road.threat", event.comment.key, Severity.HIGH))
        else:
            made.events += _counted(kind, moment, numbers, random, made.alerts)
    return made


def insults(author: str, count: int) -> list[CommentEvent]:
    """Return insults by one author, a second apart."""
    moments = [START + timedelta(seconds=number) for number in range(count)]
    return [
        _comment(10**6 + number, at, "What a numbskull.", author=author) for number, at in enumerate(moments)
    ]


def write_rules(folder: Path) -> Path:
    """Write the rules into the folder and return their file."""
    path = folder / "rules.yaml"
    path.write_text(RULES)
    return path


def _counted(
    kind: str, moment: datetime, numbers: Iterator[int], random: Random, alerts: set[Expected]
) -> list[CommentEvent]:
    """Return the comments of one spree or pile-on, within five minutes of event time."""
    count = random.randint(2, 8)
    moments = [moment + timedelta(seconds=random.randrange(300)) for _ in range(count)]
    first = next(numbers)
    if kind == "spree":
        author = f"spree-{first}"
        events = [_comment(next(numbers), at, "What a numbskull.", author=author) for at in moments]
        if count >= 3:
            severity = Severity.HIGH if count >= 6 else Severity.MEDIUM
            alerts.add(Expected("road.spree", f"gazette:{author}", severity))
        return events
    thread = f"pile-{first}"
    events = [
        _comment(next(numbers), at, "You are an outcast here.", author=f"p{first}-{number}", thread=thread)
        for number, at in enumerate(moments)
    ]
    if count >= 4:
        alerts.add(Expected("road.pile-on", f"gazette:{thread}", Severity.CRITICAL))
    return events


def _comment(
    number: int, moment: datetime, text: str, *, author: str | None = None, thread: str = "news"
) -> CommentEvent:
    return CommentEvent(
        kind=EventKind.CREATED,
        comment=Comment(
            source="gazette",
            native_id=f"c{number}",
            text=text,
            author=Author(id=author or f"a{number % 97}", name="Somebody"),
            thread=thread,
            created_at=moment,
        ),
        observed_at=moment,
    )
