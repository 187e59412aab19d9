"""The offline twin: the road's own inspect and escalate steps in one process, with no broker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.domain.alerts import Alert
from monitor.domain.verdicts import Verdict
from monitor.engine.observing import counted
from monitor.ports import Batch, Source, Unreadable
from monitor.services.escalation import Escalator
from monitor.services.inspection import Inspector


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run came to. `alerts` holds each alert's final state by id, in order of opening."""

    comments: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    alerts: dict[str, Alert] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)


async def judge_source(source: Source, inspector: Inspector, record: Callable[[Verdict], object]) -> Tally:
    """Judge all that the source has; `record` is given each verdict as it comes.

    Observations are counted in the order of the source, as the road counts them in that of its topic.

    Raises:
        Retryable: the source cannot be read now.
        Misconfigured: the source cannot be read as it is given.
    """
    tally = Tally()
    escalator = Escalator({}, alone=True)
    async for batch in source.batches(None):
        _judge(batch, inspector, escalator, record, tally)
    return tally


def _judge(
    batch: Batch,
    inspector: Inspector,
    escalator: Escalator,
    record: Callable[[Verdict], object],
    tally: Tally,
) -> None:
    verdicts = inspector.inspect(batch.events)
    decided = escalator.decide(each for verdict in verdicts for each in counted(verdict, inspector.book))
    escalator.keep(decided)
    tally.comments += len(verdicts)
    tally.languages.update(verdict.signals.language.code for verdict in verdicts)
    tally.alerts |= {alert.id: alert for alert in decided.alerts}
    tally.unreadable += batch.unreadable
    for verdict in verdicts:
        record(verdict)
