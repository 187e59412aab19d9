"""What an edit or a deletion undoes, beside a brute-force oracle that sees all versions at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.comments import EventKind
from monitor.domain.observations import Counted, Observation, Whereabouts, Withdrawal
from monitor.domain.severity import Severity
from monitor.engine.counting import microseconds
from monitor.engine.trails import MOST_VERSIONS, Trail, follow
from monitor.engine.windows import MOST_WITHDRAWN, Window, decide, withdraw
from monitor.services.escalation import Escalator, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alerts import Alert
    from tests.unit.conftest import Ladder, Observed

KEEP = 3600.0
GROUPS = ("ann", "bob", "eve")
ALL_GROUPS = st.frozensets(st.sampled_from(GROUPS))


class Version(NamedTuple):
    """A comment as it was seen after so many seconds, and by what its matches count then."""

    comment: int
    seen: int
    groups: frozenset[str]


histories = st.lists(
    st.builds(Version, comment=st.integers(0, 3), seen=st.integers(0, 60), groups=ALL_GROUPS),
    max_size=14,
    unique_by=lambda each: (each.comment, each.seen),
)


def in_group(observation: Observation, group: str) -> Observation:
    return replace(observation, group=(("author", group),))


def told(version: Version, observed: Observed, ladder: Ladder) -> list[Counted]:
    """Return what the escalation is told of this version."""
    rule = ladder((3, Severity.LOW), within=30)
    seen = observed(version.seen, f"c{version.comment}", kind=EventKind.EDITED, rule=rule)
    observations = [in_group(seen, group) for group in sorted(version.groups)]
    where = Whereabouts(
        comment=seen.event.comment.key,
        observed_at=seen.observed_at,
        windows=tuple(each.key for each in observations),
        keep=KEEP,
    )
    return [*observations, where]


def standing(history: Sequence[Version]) -> dict[str, set[tuple[int, int]]]:
    """Return by group which comments count there, and since when."""
    found = defaultdict(set)
    for version in history:
        later = [each for each in history if each.comment == version.comment and each.seen > version.seen]
        for group in version.groups:
            if all(group in each.groups for each in later):
                found[group].add((version.comment, version.seen))
    return found


def remembered(state: dict[str, bytes], start: datetime) -> dict[str, set[tuple[int, int]]]:
    found = {}
    for key, packed in state.items():
        if not key.startswith("@"):
            entries = unpack(packed).entries
            group = key.rpartition("=")[2]
            found[group] = {
                (int(entry.comment.rpartition("c")[2]), (entry.time - microseconds(start)) // 1_000_000)
                for entry in entries
            }
    return {group: entries for group, entries in found.items() if entries}


@given(data=st.data(), history=histories)
def test_in_any_order_and_with_repeats_only_what_no_later_version_undoes_counts(
    observed: Observed, ladder: Ladder, data: st.DataObject, history: list[Version]
) -> None:
    messages = [each for version in history for each in told(version, observed, ladder)]
    repeated = [*messages, *(data.draw(st.lists(st.sampled_from(messages), max_size=5)) if messages else [])]
    state: dict[str, bytes] = {}
    escalator = Escalator(state, alone=True)
    for each in data.draw(st.permutations(repeated)):
        escalator.keep(escalator.decide([each]))
    assert standing(history) == remembered(state, observed(0).time)


@given(data=st.data(), history=histories)
def test_withdrawals_that_travel_to_other_processes_come_to_the_same(
    observed: Observed, ladder: Ladder, data: st.DataObject, history: list[Version]
) -> None:
    """As on the road: what follows from a version waits among all other messages."""
    waiting: list[Counted] = [each for version in history for each in told(version, observed, ladder)]
    state: dict[str, bytes] = {}
    escalator = Escalator(state)
    while waiting:
        decided = escalator.decide([waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))])
        escalator.keep(decided)
        waiting += decided.onward
    assert standing(history) == remembered(state, observed(0).time)


@given(data=st.data(), history=histories)
def test_after_all_was_told_a_threshold_is_reached_by_what_still_counts_only(
    observed: Observed, ladder: Ladder, data: st.DataObject, history: list[Version]
) -> None:
    state: dict[str, bytes] = {}
    escalator = Escalator(state, alone=True)
    messages = [each for version in history for each in told(version, observed, ladder)]
    for each in data.draw(st.permutations(messages)):
        escalator.keep(escalator.decide([each]))
    window = unpack(state[key]) if (key := "insults.repeated|author=ann") in state else Window()
    probe = in_group(observed(60, "probe", rule=ladder((3, Severity.LOW), within=30)), "ann")
    _, alert = decide(Window(entries=window.entries), probe)
    expected = {comment for comment, seen in standing(history)["ann"] if seen >= 30}
    assert (len(expected) >= 2) == (alert is not None)


def run(counted: Sequence[Counted]) -> tuple[Alert, ...]:
    return Escalator({}, alone=True).decide(counted).alerts


def gone(observation: Observation, after: float) -> Whereabouts:
    """Return that the comment was deleted so many seconds after it was observed."""
    return Whereabouts(
        comment=observation.event.comment.key,
        observed_at=observation.observed_at + timedelta(seconds=after),
        windows=(),
        keep=KEEP,
    )


def here(observation: Observation) -> Whereabouts:
    return replace(gone(observation, 0), windows=(observation.key,))


def test_a_deleted_match_does_not_help_to_reach_the_threshold(observed: Observed) -> None:
    one, two, three, four = (observed(at) for at in (0, 60, 120, 180))
    assert () == run([one, here(one), two, gone(one, 90), three])
    assert 1 == len(run([one, here(one), two, gone(one, 90), three, four]))


def test_a_match_that_arrives_after_its_deletion_never_counts(observed: Observed) -> None:
    one, two, three = (observed(at) for at in (0, 60, 120))
    assert () == run([gone(one, 90), one, here(one), two, three])


def test_a_version_of_which_the_rule_says_nothing_undoes_no_match(observed: Observed) -> None:
    one, two, three = (observed(at) for at in (0, 60, 120))
    untold = replace(gone(one, 90), untold=("insults.repeated",))
    assert 1 == len(run([one, here(one), two, untold, three]))
    assert () == run([one, here(one), two, untold, gone(one, 95), three])


def test_an_alert_that_was_opened_stands_when_its_match_is_deleted(observed: Observed) -> None:
    one, two, three, late = (observed(at) for at in (0, 60, 120, 130))
    assert 1 == len(run([one, here(one), two, three, gone(one, 125), late]))


def test_a_comment_that_matches_again_counts_again(observed: Observed) -> None:
    one, two = observed(0, "c1"), observed(60)
    again, three = observed(100, "c1", kind=EventKind.EDITED), observed(120)
    assert 1 == len(run([one, here(one), two, gone(one, 50), again, here(again), three]))


def a_withdrawal(number: int, observed: Observed) -> Withdrawal:
    return Withdrawal(
        window="w", comment=f"c{number}", observed_at=observed(number / 100).observed_at, keep=KEEP
    )


def test_twice_the_quota_of_withdrawals_leaves_the_newest(observed: Observed) -> None:
    window = Window()
    for number in range(2 * MOST_WITHDRAWN):
        window = withdraw(window, a_withdrawal(number, observed))
    assert MOST_WITHDRAWN == len(window.withdrawn)
    assert f"c{2 * MOST_WITHDRAWN - 1}" == window.withdrawn[-1].comment


def test_withdrawals_that_nothing_can_need_any_more_are_dropped(observed: Observed) -> None:
    window = withdraw(Window(), a_withdrawal(0, observed))
    late = Withdrawal(window="w", comment="late", observed_at=observed(5 * KEEP).observed_at, keep=KEEP)
    assert ["late"] == [each.comment for each in withdraw(window, late).withdrawn]


def test_twice_the_quota_of_versions_leaves_the_newest(observed: Observed) -> None:
    trail = Trail()
    for number in range(2 * MOST_VERSIONS):
        trail, _ = follow(trail, here(observed(number, "c1")))
    assert MOST_VERSIONS == len(trail.versions)
    assert microseconds(observed(2 * MOST_VERSIONS - 1).time) == trail.versions[-1].observed
