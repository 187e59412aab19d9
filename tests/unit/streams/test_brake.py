from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.settings import Settings, ToxicitySettings
from streams.brake import FIRST, LONGEST, ModelBrake

WITH = Settings(toxicity=ToxicitySettings(scorer="detoxify", fallback="none"))
WITHOUT = replace(WITH, toxicity=replace(WITH.toxicity, scorer="none"))


def test_the_model_is_used_while_it_works() -> None:
    brake = ModelBrake(WITH)
    assert (WITH, "") == (brake.settings(0), brake.complaint)


def test_a_model_that_ends_its_processes_rests_and_is_tried_again() -> None:
    brake = ModelBrake(WITH)
    brake.failed(1000)
    assert [WITHOUT, WITHOUT, WITH] == [brake.settings(1000 + after) for after in (0, FIRST - 1, FIRST)]
    assert "detoxify ends every process" in brake.complaint


def test_it_rests_twice_as_long_each_time_up_to_an_hour() -> None:
    brake = ModelBrake(WITH)
    rests = []
    for time in range(0, 1_000_000, 100_000):
        brake.failed(time)
        rests.append(brake.rest)
    assert [FIRST, 2 * FIRST, 4 * FIRST] == rests[:3]
    assert LONGEST == rests[-1]


def test_batches_that_fail_together_are_one_piece_of_news() -> None:
    brake = ModelBrake(WITH)
    for _ in range(5):
        brake.failed(1000)
    assert FIRST == brake.rest


def test_once_it_works_all_is_forgotten() -> None:
    brake = ModelBrake(WITH)
    brake.failed(1000)
    brake.succeeded()
    assert (WITH, "") == (brake.settings(1001), brake.complaint)


@pytest.mark.parametrize("fallback", ["none", "stop"])
def test_where_there_is_no_model_there_is_nothing_to_leave_out(fallback: str) -> None:
    toxicity = ToxicitySettings(scorer="none", fallback="stop" if fallback == "stop" else "none")
    settings = Settings(toxicity=toxicity)
    assert settings is ModelBrake(settings).without


def test_a_process_that_shall_stop_at_its_start_still_judges_without_the_model_later() -> None:
    settings = replace(WITH, toxicity=replace(WITH.toxicity, fallback="stop"))
    assert "none" == ModelBrake(settings).without.toxicity.scorer
