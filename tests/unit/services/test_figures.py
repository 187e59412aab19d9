from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.services.figures import Figures, measured, reliability


def figures(*pairs: tuple[float, int]) -> Figures:
    scores, truth = zip(*pairs, strict=True)
    return measured(np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=np.bool_))


def test_perfect_order_is_one() -> None:
    found = figures((0.9, 1), (0.8, 1), (0.2, 0), (0.1, 0))
    assert (1.0, 1.0) == (found.auc, found.average_precision)
    assert {"0.01": 1.0, "0.02": 1.0, "0.05": 1.0} == found.recall_at_fpr


def test_one_score_for_all_is_a_coin() -> None:
    found = figures((0.5, 1), (0.5, 0), (0.5, 1), (0.5, 0))
    assert (0.5, 0.5) == (found.auc, found.average_precision)
    assert {"0.01": 0.0, "0.02": 0.0, "0.05": 0.0} == found.recall_at_fpr


def test_one_swap_costs_its_share() -> None:
    found = figures((0.9, 1), (0.7, 0), (0.6, 1), (0.2, 0))
    assert pytest.approx(3 / 4) == found.auc
    assert pytest.approx((1 + 2 / 3) / 2) == found.average_precision


def test_recall_is_what_is_found_before_too_many_others_are() -> None:
    harmless = [(0.5 + number / 1000, 0) for number in range(100)]
    found = figures((0.99, 1), (0.5985, 1), (0.5975, 1), (0.1, 1), *harmless)
    assert {"0.01": 0.5, "0.02": 0.75, "0.05": 0.75} == found.recall_at_fpr


def test_calibration_error_is_the_mean_distance_from_the_truth() -> None:
    found = figures(*[(0.85, 1)] * 8, *[(0.85, 0)] * 2, *[(0.15, 1)] * 5, *[(0.15, 0)] * 5)
    assert pytest.approx((0.05 + 0.35) / 2) == found.calibration_error


@pytest.mark.parametrize(("truth", "positives"), [(1, 2), (0, 0)])
def test_one_class_alone_has_no_figures(truth: int, positives: int) -> None:
    assert Figures(n=2, positives=positives) == figures((0.1, truth), (0.9, truth))


def test_nothing_has_no_figures() -> None:
    assert Figures(n=0, positives=0) == measured(np.zeros(0), np.zeros(0, dtype=np.bool_))


def test_ranges_without_comments_are_left_out() -> None:
    scores, truth = np.array([0.05, 1.0, 1.0]), np.array([False, True, False])
    assert [(0.05, 0.0, 1), (1.0, 0.5, 2)] == reliability(scores, truth)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3, 0.7]), st.booleans()), min_size=1, max_size=30))
def test_auc_is_how_often_a_pair_is_in_order(pairs: list[tuple[float, bool]]) -> None:
    with_it = [score for score, truth in pairs if truth]
    without = [score for score, truth in pairs if not truth]
    auc = figures(*pairs).auc
    if not with_it or not without:
        assert auc is None
        return
    won = sum((one > other) + (one == other) / 2 for one in with_it for other in without)
    assert pytest.approx(won / len(with_it) / len(without)) == auc
