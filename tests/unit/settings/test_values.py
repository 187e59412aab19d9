from __future__ import annotations

import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings import Duration, Secret
from monitor.settings.findings import Unfit


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("20ms", 0.02), ("30s", 30), ("1.5 h", 5400), ("10m", 600), ("2h", 7200), (" 7d ", 604800), ("0s", 0)],
)
def test_a_duration_is_a_number_with_a_unit(written: str, seconds: float) -> None:
    assert seconds == Duration.parse(written)


@pytest.mark.parametrize("written", [30, 1.5, "30"])
def test_a_number_without_a_unit_gets_a_hint(written: object) -> None:
    with pytest.raises(Unfit, match="needs a unit") as error:
        Duration.parse(written)
    assert f'write "{written}s"' in error.value.hint


@pytest.mark.parametrize("written", ["", "s", "-3s", "3 weeks", "1e3s", "\u0661s", True, None, ["3s"]])
def test_anything_else_is_no_duration(written: object) -> None:
    with pytest.raises(Unfit, match="no length of time"):
        Duration.parse(written)


@given(st.integers(0, 10**9), st.sampled_from(["ms", "s", "m", "h", "d"]))
def test_a_duration_prints_as_one_that_reads_the_same(count: int, unit: str) -> None:
    duration = Duration.parse(f"{count}{unit}")
    assert duration == pytest.approx(Duration.parse(str(duration)))


@given(st.text(min_size=9))
def test_a_secret_never_prints(text: str) -> None:
    secret = Secret(text)
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}"):
        assert shown.strip("[]") in {"********", "Secret(********)"}


def test_a_secret_is_no_json() -> None:
    with pytest.raises(TypeError, match="unsupported"):
        msgspec.json.encode(Secret("correct horse"))


def test_a_secret_reveals_itself_only_when_told_to() -> None:
    assert Secret("correct horse").reveal() == "correct horse"


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(pickle.loads(pickle.dumps(Secret("a"))))  # noqa: S301 - our own
