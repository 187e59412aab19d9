"""Copies of one text by many hands: counted together, and nothing else with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.observations import Whereabouts
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.observing import observations_of
from monitor.engine.reading import RuleFile, read_book
from monitor.services.escalation import Escalator
from tests.bench.vocabulary import WORDS

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
        observation
        for verdict in verdicts
        for match in verdict.matches
        for observation in observations_of(verdict, match, book.rule(match.rule))
    ]


def together(observations: Sequence[Observation]) -> list[Observation]:
    """Return them as if all texts met in one window, as different ones now and then do."""
    one = {each.event.comment.key: each for each in observations}
    group = observations[0].group
    return [replace(each, group=group, cooldown_group=group) for each in one.values()]


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


def campaign(seed: int, *, copies: int, words: int, changed: int) -> list[Verdict]:
    """Return a text and its copies, in each of them other words changed."""
    chance = Random(seed)
    text = chance.sample(WORDS["en"], k=words)
    seen = [posted(0, " ".join(text), author="a0")]
    for number in range(1, copies):
        copy = [*text]
        for at in chance.sample(range(words), changed):
            copy[at] = f"turnip{chr(97 + number)}{chr(97 + at % 26)}"
        seen.append(posted(60 * number, " ".join(copy), author=f"a{number}"))
    return seen


@pytest.mark.parametrize(
    ("copies", "words", "changed", "found"),
    [(3, 20, 1, 0.95), (3, 20, 2, 0.8), (4, 30, 2, 0.9), (8, 20, 2, 0.99), (8, 30, 3, 0.99)],
)
def test_small_edits_do_not_escape_and_a_campaign_is_one_alert(
    copies: int, words: int, changed: int, found: float
) -> None:
    opened = [
        len(
            {
                alert.id
                for alert in alerts(
                    observations(rule("author"), campaign(seed, copies=copies, words=words, changed=changed))
                )
            }
        )
        for seed in range(100)
    ]
    assert set(opened) <= {0, 1}
    assert sum(opened) / len(opened) >= found


def test_the_alert_of_a_campaign_is_told_once_though_copies_meet_in_several_windows() -> None:
    (alert,) = alerts(observations(rule("author"), [posted(at, TEXT, author=f"a{at}") for at in range(3)]))
    assert (1, 3) == (alert.revision, alert.count)


def test_a_campaign_whose_severity_rises_is_the_same_alert_once_more() -> None:
    steps = rule("author").replace("count: 3", "count: 3, ladder: [{count: 5, severity: high}]")
    told = alerts(observations(steps, [posted(at, TEXT, author=f"a{at}") for at in range(7)]))
    assert [(1, "low"), (2, "high")] == [(alert.revision, alert.severity) for alert in told]
    assert 1 == len({alert.id for alert in told})


def test_after_the_cooldown_a_campaign_that_goes_on_is_another_alert() -> None:
    seen = [posted(at, TEXT, author=f"a{at}") for at in (0, 1, 2, 9000, 9001, 9002)]
    told = alerts(observations(rule("author"), seen))
    assert [2, 9002] == [(alert.opened_at - START).total_seconds() for alert in told]
    assert 2 == len({alert.id for alert in told})


def test_a_copy_that_is_deleted_counts_in_none_of_its_windows() -> None:
    seen = [posted(at, TEXT, author=f"a{at}") for at in range(3)]
    one, two, three = (observations(rule("author"), [each]) for each in seen)
    gone = Whereabouts(
        comment=one[0].event.comment.key,
        observed_at=START + timedelta(seconds=1.5),
        windows=(),
        keep=7200,
    )
    here = replace(gone, observed_at=START, windows=tuple(each.key for each in one))
    told = Escalator({}, alone=True).decide([*one, here, *two, gone, *three]).alerts
    assert () == told


@given(data=st.data(), seed=st.integers(0, 50))
def test_in_any_order_two_campaigns_are_two_alerts(data: st.DataObject, seed: int) -> None:
    one = [posted(at, TEXT, author=f"a{at}") for at in range(4)]
    other = [posted(10 + at, OTHER, author=f"b{at}") for at in range(4)]
    book = rule("author")
    seen = observations(book, [*one, *other])
    Random(seed).shuffle(seen)
    told = alerts(data.draw(st.permutations(seen)))
    assert {"a", "b"} == {(alert.comment.author.name or "")[0] for alert in told}
    assert 2 == len({alert.id for alert in told}) == len(told)
