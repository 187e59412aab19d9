"""Windows beside a brute-force oracle that sees all matches at once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.comments import EventKind
from monitor.domain.severity import Severity
from monitor.engine.counting import length_of, microseconds
from monitor.engine.windows import Window, decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alerts import Alert
    from monitor.domain.observations import Escalation, Observation
    from tests.unit.conftest import Ladder, Observed

NEVER_TOO_LATE = 1e9
STEPS = [(2, Severity.LOW), (3, Severity.MEDIUM), (5, Severity.CRITICAL)]


class Happening(NamedTuple):
    at: int
    comment: int
    value: int


class Policy(NamedTuple):
    first_step: int
    within: int
    cooldown: int
    distinct: bool


happenings = st.builds(Happening, at=st.integers(0, 60), comment=st.integers(0, 8), value=st.integers(0, 3))
policies = st.builds(
    Policy,
    first_step=st.integers(0, 2),
    within=st.integers(1, 30),
    cooldown=st.integers(0, 40),
    distinct=st.booleans(),
)


def escalation(policy: Policy, ladder: Ladder) -> Escalation:
    return ladder(
        *STEPS[policy.first_step :], within=policy.within, cooldown=policy.cooldown, distinct=policy.distinct
    )


def observations(
    policy: Policy, happened: Sequence[Happening], observed: Observed, rule: Escalation
) -> list[Observation]:
    """Return edits, so that one comment may match at several times."""
    return [
        observed(
            each.at,
            f"c{each.comment}",
            kind=EventKind.EDITED,
            value=f"v{each.value}" if policy.distinct else None,
            rule=rule,
        )
        for each in happened
    ]


def run(observed: Sequence[Observation]) -> list[Alert]:
    window, alerts = Window(), []
    for observation in observed:
        window, alert = decide(window, observation, lateness=NEVER_TOO_LATE)
        alerts += [alert] if alert else []
    return alerts


def final(alerts: Sequence[Alert]) -> list[Alert]:
    return list({alert.id: alert for alert in alerts}.values())


def windows(policy: Policy, happened: Sequence[Happening]) -> list[tuple[list[int], int]]:
    """Return the times and the count of the window that ends at each match."""
    found = []
    for last in happened:
        inside = [each for each in happened if last.at - policy.within <= each.at <= last.at]
        counted = {each.value if policy.distinct else each.comment for each in inside}
        found.append(([each.at for each in inside], len(counted)))
    return found


def severity_of(count: int) -> Severity:
    return [severity for least, severity in STEPS if least <= count][-1]


def threshold(policy: Policy) -> int:
    return STEPS[policy.first_step][0]


def opened_at(alert: Alert, observed: Observed) -> float:
    return (alert.opened_at - observed(0).time).total_seconds()


@given(policy=policies, happened=st.lists(happenings, max_size=25))
def test_in_any_order_an_alert_opens_exactly_where_a_window_reaches_the_threshold(
    observed: Observed, ladder: Ladder, policy: Policy, happened: list[Happening]
) -> None:
    alerts = run(observations(policy, happened, observed, escalation(policy, ladder)))
    near = max(policy.within, policy.cooldown) + policy.within  # a fuller window beside may have joined
    reached = [times for times, count in windows(policy, happened) if count >= threshold(policy)]
    opened = [opened_at(alert, observed) for alert in final(alerts)]
    assert bool(reached) == bool(opened)
    assert all(any(abs(at - time) <= near for at in opened for time in times) for times in reached)


@given(policy=policies, happened=st.lists(happenings, max_size=25))
def test_in_any_order_the_highest_step_that_any_window_reaches_is_alerted(
    observed: Observed, ladder: Ladder, policy: Policy, happened: list[Happening]
) -> None:
    alerts = run(observations(policy, happened, observed, escalation(policy, ladder)))
    highest = max((count for _, count in windows(policy, happened)), default=0)
    expected = [severity_of(highest)] if highest >= threshold(policy) else []
    assert expected == sorted({alert.severity for alert in alerts}, key=lambda each: each.rank)[-1:]


@given(policy=policies, happened=st.lists(happenings, max_size=25))
def test_in_any_order_no_two_alerts_stand_within_each_others_reach(
    observed: Observed, ladder: Ladder, policy: Policy, happened: list[Happening]
) -> None:
    alerts = run(observations(policy, happened, observed, escalation(policy, ladder)))
    opened = sorted(opened_at(alert, observed) for alert in final(alerts))
    reach = max(policy.within, policy.cooldown)
    assert all(later - earlier > reach for earlier, later in pairwise(opened))


@given(policy=policies, happened=st.lists(happenings, max_size=25))
def test_each_alert_event_has_the_next_revision_and_a_higher_severity(
    observed: Observed, ladder: Ladder, policy: Policy, happened: list[Happening]
) -> None:
    latest: dict[str, Alert] = {}
    for alert in run(observations(policy, happened, observed, escalation(policy, ladder))):
        before = latest.get(alert.id)
        assert alert.revision == (before.revision + 1 if before else 1)
        assert before is None or alert.severity.rank > before.severity.rank
        latest[alert.id] = alert


@given(data=st.data(), policy=policies)
def test_repeats_change_nothing(
    observed: Observed, ladder: Ladder, data: st.DataObject, policy: Policy
) -> None:
    rule = escalation(policy, ladder)
    comments = data.draw(st.lists(happenings, max_size=12, unique_by=lambda each: (each.at, each.comment)))
    once = observations(policy, comments, observed, rule)
    seen: list[Observation] = []
    with_repeats = []
    for observation in once:
        seen.append(observation)
        with_repeats += [observation, *data.draw(st.lists(st.sampled_from(seen), max_size=3))]
    assert run(once) == run(with_repeats)


@given(data=st.data(), policy=policies, episodes=st.integers(1, 4))
def test_separate_episodes_open_one_alert_each_with_the_highest_step_of_their_own(
    observed: Observed, ladder: Ladder, data: st.DataObject, policy: Policy, episodes: int
) -> None:
    reach = max(policy.within, policy.cooldown)
    apart = 2 * reach + policy.within + 1
    happened = [
        Happening(episode * apart + data.draw(st.integers(0, reach)), 100 * episode + comment, comment % 4)
        for episode in range(episodes)
        for comment in range(data.draw(st.integers(1, 7)))
    ]
    shuffled = data.draw(st.permutations(happened))
    alerts = final(run(observations(policy, shuffled, observed, escalation(policy, ladder))))
    expected: dict[int, int] = {}
    for times, count in windows(policy, happened):
        if count >= threshold(policy):
            episode = times[0] // apart
            expected[episode] = max(expected.get(episode, 0), count)
    assert {episode: severity_of(count) for episode, count in expected.items()} == {
        int(opened_at(alert, observed)) // apart: alert.severity for alert in alerts
    }
    assert len(expected) == len(alerts)


@given(times=st.lists(st.integers(0, 100_000), min_size=1, max_size=60, unique=True))
def test_a_window_remembers_only_what_stands_near_the_latest_or_the_present_match(
    observed: Observed, ladder: Ladder, times: list[int]
) -> None:
    rule = ladder((3, Severity.LOW), within=60, cooldown=120)
    keep = length_of(60 + 120 + 600)
    window = Window()
    for at in times:
        window, _ = decide(window, observed(at, rule=rule))
        present, latest = microseconds(observed(at).time), window.entries[-1].time
        kept = [entry.time for entry in window.entries] + [alert.time for alert in window.alerts]
        assert all(abs(time - present) <= keep or latest - time <= keep for time in kept)
