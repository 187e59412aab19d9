from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.domain.alerts import Alert, AlertKind, alert_id
from monitor.domain.comments import EventKind
from monitor.domain.observations import Observation
from monitor.domain.severity import Severity
from monitor.engine.counting import MOST_ENTRIES, Entry, microseconds
from monitor.engine.windows import MOST_ALERTS, MOST_COMMENTS, Window, decide

if TYPE_CHECKING:
    from tests.unit.conftest import Ladder, Observed

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = 3600


def run(observations: Iterable[Observation]) -> list[Alert]:
    window, alerts = Window(), []
    for observation in observations:
        window, alert = decide(window, observation)
        if alert is not None:
            alerts.append(alert)
    return alerts


def happened(alerts: list[Alert]) -> list[tuple[AlertKind, int, Severity, int]]:
    return [(alert.kind, alert.revision, alert.severity, alert.count) for alert in alerts]


def test_below_the_threshold_nobody_is_alerted(observed: Observed) -> None:
    assert [] == run(observed(at) for at in (0, 60))


def test_the_match_that_reaches_the_threshold_opens_the_alert(observed: Observed) -> None:
    (alert,) = run(observed(at) for at in (0, 60, 120))
    key = "insults.repeated|author=gazette:ann"
    assert alert_id(key, "gazette:at-120") == alert.id
    assert ("gazette:at-0", "gazette:at-60", "gazette:at-120") == alert.comments
    assert (AlertKind.OPENED, 1, Severity.LOW, 3) == happened([alert])[0]
    assert START + timedelta(seconds=120) == alert.opened_at
    assert "at-120" == alert.comment.native_id
    assert "author=gazette:ann" == alert.key


def test_matches_exactly_the_window_apart_count_together(observed: Observed) -> None:
    assert 1 == len(run(observed(at) for at in (0, 300, 600)))


def test_matches_just_past_the_window_do_not_count_together(observed: Observed) -> None:
    assert [] == run(observed(at) for at in (0, 300, 600.000001))


def test_a_comment_that_arrives_twice_counts_once(observed: Observed) -> None:
    assert [] == run([observed(0), observed(60), observed(60), observed(0)])


def test_an_edit_of_a_counted_comment_counts_once(observed: Observed) -> None:
    edits = [observed(at, "c1", kind=EventKind.EDITED) for at in (10, 20, 30)]
    assert [] == run([observed(0, "c1"), *edits])


def test_deciding_again_on_the_new_window_alerts_nobody(observed: Observed) -> None:
    window = Window()
    for at in (0, 60, 120):
        window, _ = decide(window, observed(at))
    assert (window, None) == decide(window, observed(120))


def test_deciding_again_on_the_old_window_gives_the_same_alert(observed: Observed) -> None:
    window = Window()
    for at in (0, 60):
        window, _ = decide(window, observed(at))
    assert decide(window, observed(120)) == decide(window, observed(120))


def test_a_late_match_completes_the_threshold(observed: Observed) -> None:
    (alert,) = run(observed(at) for at in (120, 60, 0))
    assert START + timedelta(seconds=120) == alert.opened_at
    assert "at-0" == alert.comment.native_id


def test_further_matches_join_the_open_alert(observed: Observed) -> None:
    assert 1 == len(run(observed(at) for at in (0, 60, 120, 180)))


def test_a_higher_step_updates_the_alert_once(observed: Observed) -> None:
    alerts = run(observed(at) for at in range(0, 420, 60))
    assert [
        (AlertKind.OPENED, 1, Severity.LOW, 3),
        (AlertKind.UPDATED, 2, Severity.HIGH, 5),
    ] == happened(alerts)
    assert 1 == len({alert.id for alert in alerts})
    assert tuple(f"gazette:at-{at}" for at in range(0, 300, 60)) == alerts[1].comments


def test_several_steps_at_once_are_one_event(observed: Observed, ladder: Ladder) -> None:
    steep = ladder((3, Severity.LOW), (4, Severity.MEDIUM), (5, Severity.CRITICAL), within=100)
    apart = [observed(at, rule=steep) for at in (-80, -60, 60, 80)]
    alerts = run([*apart, observed(0, rule=steep)])
    assert [(AlertKind.OPENED, 1, Severity.LOW, 3)] == happened(alerts)
    # Two rows of two, too far apart; the one between makes five of them when the window grows.
    wide = ladder((3, Severity.LOW), (4, Severity.MEDIUM), (5, Severity.CRITICAL), within=200)
    window = Window()
    for observation in apart:
        window, _ = decide(window, observation)
    _, alert = decide(window, observed(0, rule=wide))
    assert alert is not None
    assert (AlertKind.OPENED, 1, Severity.CRITICAL, 5) == happened([alert])[0]


def test_after_the_cooldown_a_new_alert_opens(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((2, Severity.LOW), within=60, cooldown=1800)
    alerts = run(observed(at, rule=rule) for at in (0, 1, 1801, 1802))
    assert ["at-1", "at-1802"] == [alert.comment.native_id for alert in alerts]
    assert 2 == len({alert.id for alert in alerts})


def test_matches_that_arrive_before_an_open_alert_join_it(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((2, Severity.LOW), within=60, cooldown=600)
    assert 1 == len(run(observed(at, rule=rule) for at in (500, 501, 10, 11)))


def test_cooldown_groups_do_not_silence_each_other(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((2, Severity.LOW), within=60, cooldown=HOUR)
    threads = ("a", "a", "b", "b", "a")
    alerts = run(
        observed(at, rule=rule, cooldown_group=(("thread", thread),)) for at, thread in enumerate(threads)
    )
    assert ["at-1", "at-2"] == [alert.comment.native_id for alert in alerts]


def test_distinct_values_are_counted_instead_of_matches(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((2, Severity.LOW), distinct=True)
    same = [observed(at, rule=rule, value="thread-1") for at in (0, 1, 2)]
    assert [] == run(same)
    (alert,) = run([*same, observed(3, rule=rule, value="thread-2")])
    assert (2, 4) == (alert.count, len(alert.comments))


def test_a_rule_that_does_not_count_alerts_for_each_comment(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((1, Severity.HIGH), within=0)
    alerts = run(observed(at, comment, rule=rule) for at, comment in [(0, "c1"), (0, "c2"), (5, "c3")])
    assert [("gazette:c1",), ("gazette:c2",), ("gazette:c3",)] == [alert.comments for alert in alerts]
    assert [1, 1, 1] == [alert.count for alert in alerts]


def test_an_edited_comment_opens_no_second_alert(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((1, Severity.HIGH), within=0)
    assert 1 == len(run([observed(0, "c1", rule=rule), observed(60, "c1", kind=EventKind.EDITED, rule=rule)]))


def test_a_rule_that_does_not_count_cools_down(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((1, Severity.HIGH), within=0, cooldown=1800)
    alerts = run(observed(at, rule=rule) for at in (0, 900, 1800, 1801))
    assert ["at-0", "at-1801"] == [alert.comment.native_id for alert in alerts]


def test_an_edit_on_another_day_may_open_another_alert_of_a_counting_rule(
    observed: Observed, ladder: Ladder
) -> None:
    rule = ladder((2, Severity.LOW), within=60)
    day = 86_400
    alerts = run(
        [
            observed(0, "c1", rule=rule),
            observed(1, "c2", rule=rule),
            observed(day, "c3", rule=rule),
            observed(day + 1, "c2", kind=EventKind.EDITED, rule=rule),
        ]
    )
    assert 2 == len({alert.id for alert in alerts})


def test_a_thread_read_from_its_newest_comment_backwards_is_counted(observed: Observed) -> None:
    days = [day * 86_400.0 for day in (3, 2, 1)]
    assert 3 == len(run(observed(day - second) for day in days for second in (0, 1, 2)))


def test_an_alert_carries_the_newest_comments_and_the_true_count(observed: Observed, ladder: Ladder) -> None:
    most = MOST_COMMENTS + 100
    rule = ladder((most, Severity.LOW), within=10 * HOUR)
    (alert,) = run(observed(at, rule=rule) for at in range(most))
    assert (MOST_COMMENTS, most) == (len(alert.comments), alert.count)
    assert f"gazette:at-{most - 1}" == alert.comments[-1]


def test_twice_the_quota_of_matches_leaves_the_newest(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((3, Severity.LOW), within=10 * HOUR)
    start = microseconds(observed(0).time)
    full = Window(
        entries=tuple(Entry(start - number, f"c{number}") for number in range(2 * MOST_ENTRIES, 0, -1))
    )
    window, _ = decide(full, observed(0, rule=rule))
    assert MOST_ENTRIES == len(window.entries)
    assert "gazette:at-0" == window.entries[-1].comment


def test_twice_the_quota_of_alerts_leaves_the_newest(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((1, Severity.HIGH), within=0)
    window = Window()
    for number in range(2 * MOST_ALERTS):
        window, _ = decide(window, observed(number / 10, f"c{number}", rule=rule))
    assert MOST_ALERTS <= len(window.alerts) <= MOST_ALERTS + 1


def test_old_entries_and_alerts_are_dropped(observed: Observed) -> None:
    window = Window()
    for at in range(0, 24 * HOUR, 60):
        window, _ = decide(window, observed(at))
    assert 2 * 600 / 60 + 1 == len(window.entries)
    assert len(window.alerts) <= 3
    assert MOST_ENTRIES > len(window.entries)
