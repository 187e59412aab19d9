from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.comments import CommentEvent, EventKind
from monitor.domain.errors import Misconfigured
from monitor.ports.wire import EVENTS, OBSERVATIONS, VERDICTS
from monitor.settings import RulesSettings, Settings
from streams.judging import Judged, Refused, judge, warm_up
from tests.trial import an_event

RULES = """\
id: road.threat
title: Threat
why: A person is threatened.
owner: desk
status: live
severity: high
when:
  text: {phrases: [we will find you]}
tests:
  - it: catches it
    comment: {text: "We will find you!"}
    expect: alert
  - it: ignores the rest
    comment: {text: "We will find out."}
    expect: nothing
---
id: road.potato
title: Potato
severity: low
status: shadow
when:
  text: {words: [potato]}
"""

HARMLESS = an_event("The new tram line saves me twenty minutes every morning, thank you.")
THREAT = an_event("We will find you, wait for it.")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("rules") / "rules.yaml"
    path.write_text(RULES)
    return Settings(rules=RulesSettings(path=path))


def judged(settings: Settings, event: CommentEvent) -> Judged:
    (result,) = judge(settings, [EVENTS.encode(event)])
    assert isinstance(result, Judged)
    return result


def test_what_is_no_comment_is_refused_at_its_own_place(settings: Settings) -> None:
    good, empty, newer = EVENTS.encode(HARMLESS), None, EVENTS.encode(HARMLESS).replace(b'"v":1', b'"v":2')
    results = judge(settings, [empty, good, newer, good, b"?"])
    assert [result.reason if isinstance(result, Refused) else "judged" for result in results] == [
        "malformed",
        "judged",
        "version",
        "judged",
        "malformed",
    ]


def test_nothing_is_made_of_nothing(settings: Settings) -> None:
    assert judge(settings, []) == []


def test_a_verdict_carries_its_comment_under_the_comments_key(settings: Settings) -> None:
    result = judged(settings, HARMLESS)
    verdict = VERDICTS.decode(result.verdict)
    assert (result.key, verdict.event, verdict.matches) == (b"gazette:1", HARMLESS, ())


def test_a_live_match_is_an_observation_under_its_windows_key(settings: Settings) -> None:
    ((key, encoded),) = judged(settings, THREAT).observations
    observation = OBSERVATIONS.decode(encoded)
    assert (key, observation.match.rule) == (observation.key.encode(), "road.threat")


def test_a_shadow_match_stands_in_the_verdict_and_is_observed_by_nobody(settings: Settings) -> None:
    result = judged(settings, an_event("What a potato."))
    assert ([match.rule for match in VERDICTS.decode(result.verdict).matches], result.observations) == (
        ["road.potato"],
        (),
    )


def test_what_is_counted_holds_closed_sets_and_numbers_only(settings: Settings) -> None:
    now = datetime.now(UTC)
    event = replace(THREAT, comment=replace(THREAT.comment, created_at=now), observed_at=now)
    facts = judged(settings, event).facts
    assert (facts.source, facts.language, facts.matches) == (
        "gazette",
        "en",
        (("road.threat", "live", "high"),),
    )
    assert (facts.scores, facts.cut_off) == (None, ())
    assert (facts.scored_by, facts.unknown) == (None, "no_model")
    assert 0 <= facts.age < 10


def test_a_deleted_comment_has_a_verdict_with_nothing_in_it(settings: Settings) -> None:
    gone = replace(THREAT, kind=EventKind.DELETED)
    result = judged(settings, gone)
    verdict = VERDICTS.decode(result.verdict)
    assert (verdict.event.kind, verdict.matches, verdict.signals.language.code) == ("deleted", (), "und")
    assert (result.observations, result.facts.language, result.facts.matches) == ((), "und", ())
    assert result.facts.unknown is None


def test_warming_up_tells_what_will_judge(settings: Settings) -> None:
    loaded = warm_up(settings)
    assert (loaded.rules, loaded.scorer) == ({"live": 1, "shadow": 1}, "none")
    assert loaded.digest == VERDICTS.decode(judged(settings, HARMLESS).verdict).book


def test_broken_rules_judge_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: one.rule\nseverity: hihg\n")
    broken = replace(settings, rules=RulesSettings(path=tmp_path / "broken.yaml"))
    with pytest.raises(Misconfigured, match="did you mean `high`"):
        judge(broken, [EVENTS.encode(HARMLESS)])
