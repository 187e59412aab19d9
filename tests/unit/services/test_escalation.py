from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.errors import Rejected
from monitor.domain.observations import Whereabouts
from monitor.domain.severity import Severity
from monitor.engine.campaigns import MOST_CAMPAIGNS, Campaign, Campaigns
from monitor.engine.counting import Entry
from monitor.engine.windows import Window, decide
from monitor.services.escalation import MOST_BYTES, Escalator, pack, unpack

if TYPE_CHECKING:
    from tests.unit.conftest import Ladder, Observed

KEY = "insults.repeated|author=gazette:ann"


def test_a_window_survives_its_bytes(observed: Observed) -> None:
    window = Window()
    for at in range(5):
        window, _ = decide(window, observed(at, value="Übel", cooldown_group=(("thread", "gazette:t1"),)))
    assert window == unpack(pack(window))


def test_a_remembered_match_takes_few_bytes(observed: Observed) -> None:
    window = Window()
    for at in range(100):
        window, _ = decide(window, observed(at))
    assert len(pack(window)) / 100 < 30


def test_a_window_of_twice_the_quota_loses_its_oldest_matches() -> None:
    entries = tuple(Entry(number, f"gazette:{number:0>400}") for number in range(2 * MOST_BYTES // 400))
    packed = pack(Window(entries=entries))
    kept = unpack(packed).entries
    assert MOST_BYTES / 4 < len(packed) <= MOST_BYTES
    assert entries[-len(kept) :] == kept


def test_campaigns_of_twice_the_quota_lose_the_oldest() -> None:
    long = tuple("c" * 400 + str(number) for number in range(100))
    standing = tuple(
        Campaign(id=f"al_{number}", time=number, revision=1, severity=Severity.LOW, comments=long)
        for number in range(MOST_CAMPAIGNS)
    )
    packed = pack(Campaigns(standing=standing))
    assert MOST_BYTES / 4 < len(packed) <= MOST_BYTES
    assert b"al_199" in packed


def test_a_batch_counts_on_what_the_state_holds(observed: Observed) -> None:
    state: dict[str, bytes] = {}
    for batch in ([observed(0), observed(1)], [observed(2)]):
        escalator = Escalator(state)
        decided = escalator.decide(batch)
        escalator.keep(decided)
    assert ["gazette:at-2"] == [alert.comment.key for alert in decided.alerts]
    assert [KEY] == list(state)


def test_observations_of_one_batch_count_together(observed: Observed) -> None:
    decided = Escalator({}).decide(observed(at) for at in range(5))
    assert [1, 2] == [alert.revision for alert in decided.alerts]
    assert [KEY] == list(decided.windows)


def test_nothing_is_kept_before_the_alerts_are_safe(observed: Observed) -> None:
    state: dict[str, bytes] = {}
    batch = [observed(at) for at in range(3)]
    first = Escalator(state).decide(batch)
    assert {} == state
    assert first == Escalator(state).decide(batch)


def test_a_kept_batch_alerts_nobody_again(observed: Observed) -> None:
    escalator = Escalator({})
    batch = [observed(at) for at in range(3)]
    escalator.keep(escalator.decide(batch))
    assert () == escalator.decide(batch).alerts


def test_idle_windows_are_forgotten(observed: Observed, ladder: Ladder) -> None:
    state: dict[str, bytes] = {}
    escalator = Escalator(state, lateness=60)
    rule = ladder((2, Severity.LOW), within=60, cooldown=60)
    escalator.keep(escalator.decide([observed(0, rule=rule)]))
    start = observed(0).time
    assert 0 == escalator.forget(start + timedelta(seconds=180), list(state))
    assert 1 == escalator.forget(start + timedelta(seconds=181), list(state))
    assert {} == state


@pytest.mark.parametrize(
    "damaged", [b"", b"\x02\x90", b"\x01", b"\x01\x93nonsense", b"\x01\x93\x00\x91\x93\x00\xa1\xff\xa0"]
)
def test_a_damaged_window_is_rejected(observed: Observed, damaged: bytes) -> None:
    with pytest.raises(Rejected) as refusal:
        Escalator({KEY: damaged}).decide([observed(0)])
    assert "window" == refusal.value.reason


def test_what_is_known_of_single_comments_and_of_campaigns_is_forgotten_with_the_windows(
    observed: Observed, ladder: Ladder
) -> None:
    state: dict[str, bytes] = {}
    escalator = Escalator(state, lateness=60, alone=True)
    rule = ladder((2, Severity.LOW), within=60, cooldown=60)
    copies = [replace(observed(at, rule=rule), sketch=b"1234") for at in (0, 1)]
    told = [
        Whereabouts(
            comment=each.event.comment.key, observed_at=each.observed_at, windows=(each.key,), keep=120
        )
        for each in copies
    ]
    escalator.keep(escalator.decide([*copies, *told]))
    start = observed(0).time

    assert {"@", "i"} == {key[0] for key in state}
    assert f"{copies[0].match.rule}|campaign" in state
    assert 4 == escalator.forget(start + timedelta(seconds=300), list(state))
    assert {} == state


def test_what_can_still_matter_is_kept(observed: Observed) -> None:
    state: dict[str, bytes] = {}
    escalator = Escalator(state, lateness=60, alone=True)
    gone = Whereabouts(comment="gazette:c1", observed_at=observed(0).time, windows=(), keep=120)
    escalator.keep(escalator.decide([gone]))
    start = observed(0).time

    assert 0 == escalator.forget(start + timedelta(seconds=180), list(state))
    assert 1 == escalator.forget(start + timedelta(seconds=181), list(state))
