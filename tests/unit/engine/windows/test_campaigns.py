"""Copies of one text by many hands: counted together, and nothing else with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.observing import observation_of
from monitor.engine.reading import RuleFile, read_book
from monitor.services.escalation import Escalator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alerts import Alert
    from monitor.domain.observations import Observation

START: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT: Final = (
    "my neighbour earned nine thousand last month from home with this little known site and so can you "
    "just write to the address in my profile today"
)
EDITED: Final = TEXT.replace("neighbour", "cousin").replace("nine", "eight")
OTHER: Final = "the council votes tonight on the new tram line and most of us will be there with our banners"


def rule(distinct: str = "", rest: str = "") -> str:
    counts = f", distinct: {distinct}" if distinct else ""
    return f"""
id: spam.campaign
title: One text by many hands
status: shadow
severity: low
when: {{text: {{regex: '.'}}}}
escalate: {{by: campaign, count: 3, within: 1h{counts}}}
{rest}
"""


def posted(
    at: float, text: str, *, author: str = "ann", thread: str = "t1", source: str = "gazette"
) -> Verdict:
    time = START + timedelta(seconds=at)
    comment = Comment(
        source=source,
        native_id=f"c{at:g}",
        text=text,
        author=Author(name=author),
        thread=thread,
        created_at=time,
    )
    return Verdict(
        event=CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=time),
        signals=Signals(),
        matches=(Match(rule="spam.campaign", severity=Severity.LOW, status=Status.SHADOW),),
        book="b",
        judged_at=time,
    )


def observations(rule: str, verdicts: Sequence[Verdict]) -> list[Observation]:
    book = read_book([RuleFile("spam.yaml", rule)])
    return [
        observation_of(verdict, match, book.rule(match.rule))
        for verdict in verdicts
        for match in verdict.matches
    ]


def together(observations: Sequence[Observation]) -> list[Observation]:
    """Return them as if all texts met in one window, as different ones now and then do."""
    return [replace(each, group=observations[0].group) for each in observations]


def alerts(observations: Sequence[Observation]) -> tuple[Alert, ...]:
    return Escalator({}, alone=True).decide(observations).alerts


def test_copies_with_some_words_changed_are_one_campaign() -> None:
    seen = [posted(at, text) for at, text in enumerate((TEXT, EDITED, TEXT.upper()))]
    (alert,) = alerts(together(observations(rule(), seen)))
    assert (3, ("gazette:c0", "gazette:c1", "gazette:c2")) == (alert.count, alert.comments)


def test_other_texts_that_meet_in_the_same_window_do_not_count() -> None:
    seen = [posted(at, text) for at, text in enumerate((TEXT, OTHER, EDITED, OTHER))]
    assert () == alerts(together(observations(rule(), seen)))
    (alert,) = alerts(together(observations(rule(), [*seen, posted(9, TEXT)])))
    assert (3, ("gazette:c0", "gazette:c2", "gazette:c9")) == (alert.count, alert.comments)


def test_two_campaigns_in_one_window_do_not_silence_each_other() -> None:
    seen = [posted(2 * at + shift, text) for at in range(3) for shift, text in enumerate((TEXT, OTHER))]
    opened = alerts(together(observations(rule(rest="alert: {cooldown: 6h}"), seen)))
    assert [TEXT, OTHER] == [alert.comment.text for alert in opened]


@pytest.mark.parametrize("distinct", ["author", "thread", "source"])
def test_authors_threads_or_sites_are_counted_instead_of_copies(distinct: str) -> None:
    alike = [posted(at, TEXT) for at in range(5)]
    assert () == alerts(observations(rule(distinct), alike))
    apart = [posted(at, TEXT, **{distinct: f"{distinct}-{at}"}) for at in range(3)]
    assert (3,) == tuple(alert.count for alert in alerts(observations(rule(distinct), apart)))


def test_copies_too_far_apart_in_time_are_no_campaign() -> None:
    assert () == alerts(observations(rule(), [posted(at, TEXT) for at in (0, 1800, 3601)]))


def test_short_texts_are_copies_only_where_they_are_the_same() -> None:
    seen = [posted(at, text) for at, text in enumerate(("well said", "well done", "Well said!"))]
    assert () == alerts(together(observations(rule(), seen)))
    assert 1 == len(alerts(together(observations(rule(), [*seen, posted(5, "WELL SAID")]))))
