from __future__ import annotations

from datetime import timedelta

from monitor.ports.backoff import Backoff
from monitor.services.brake import Brake
from tests.alerts import NOON


def made(chance: float = 1.0) -> Brake:
    return Brake(Backoff(first=1.0, longest=300.0), lambda: chance)


def pause(brake: Brake) -> float:
    until = brake.paused_until(NOON)
    return (until - NOON).total_seconds() if until else 0.0


def test_nothing_is_slowed_down_before_a_failure() -> None:
    brake = made()
    assert (brake.probing, brake.paused_until(NOON)) == (False, None)


def test_a_failure_pauses_the_receiver_and_then_it_is_probed() -> None:
    brake = made()
    brake.failed("a", brake.era, NOON, None)

    assert pause(brake) == 1.0
    assert brake.paused_until(NOON + timedelta(seconds=1)) is None
    assert brake.probing


def test_each_further_alert_that_fails_doubles_the_pause_up_to_five_minutes() -> None:
    brake = made()
    pauses = []
    for number in range(11):
        brake.failed(f"alert {number}", brake.era, NOON, None)
        pauses.append(pause(brake))
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_one_alert_that_always_fails_costs_the_others_a_moment() -> None:
    brake = made()
    for _ in range(20):
        brake.failed("poison", brake.era, NOON, None)
    assert pause(brake) == 1.0


def test_the_pause_is_any_time_up_to_its_ceiling() -> None:
    brake = made(chance=0.25)
    brake.failed("a", brake.era, NOON, None)
    assert pause(brake) == 0.25


def test_several_under_way_that_fail_together_are_one_piece_of_news() -> None:
    brake, era = made(), made().era
    for number in range(8):
        brake.failed(f"alert {number}", era, NOON, None)
    assert pause(brake) == 1.0


def test_the_wait_that_the_receiver_asks_for_is_not_undercut() -> None:
    brake, era = made(), made().era
    brake.failed("a", era, NOON, 60.0)
    assert pause(brake) == 60.0

    brake.failed("b", era, NOON, 90.0)
    brake.failed("c", era, NOON, None)
    assert pause(brake) == 90.0


def test_one_that_arrives_afterwards_frees_the_receiver() -> None:
    brake = made()
    brake.failed("a", brake.era, NOON, None)
    brake.succeeded(brake.era)
    assert not brake.probing

    brake.failed("b", brake.era, NOON, None)
    assert pause(brake) == 1.0


def test_one_that_was_under_way_before_frees_nothing() -> None:
    brake, era = made(), made().era
    brake.failed("a", era, NOON, 60.0)
    brake.succeeded(era)
    assert (brake.probing, pause(brake)) == (True, 60.0)
