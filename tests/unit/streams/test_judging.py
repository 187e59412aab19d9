from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.comments import CommentEvent, EventKind
from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS
from monitor.ports.wire import EVENTS, OBSERVATIONS, VERDICTS
from monitor.settings import RulesSettings, Settings
from monitor.settings.duration import Duration
from streams.judging import Judged, Refused, judge, warm_up
from tests.trial import an_event

pytestmark = pytest.mark.slow

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
    assert facts.scores is not None
    assert [label for label, _ in facts.scores] == list(LABELS)
    assert (facts.scored_by, facts.unknown, facts.cut_off) == ("embedded-1", None, ())
    assert 0 <= facts.age < 10


def test_without_a_model_it_is_counted_that_there_is_none(settings: Settings) -> None:
    facts = judged(replace(settings, toxicity=replace(settings.toxicity, scorer="none")), THREAT).facts
    assert (facts.scores, facts.scored_by, facts.unknown) == (None, None, "no_model")


def test_a_language_that_no_model_knows_is_counted_apart_from_one_that_cannot_be_told(
    settings: Settings,
) -> None:
    finnish = an_event("Uusi raitiolinja säästää minulta joka aamu kaksikymmentä minuuttia, kiitos siitä.")
    results = [judged(settings, event) for event in (finnish, an_event("?!"))]
    assert [("fi", None, "unsupported"), ("und", None, "language")] == [
        (result.facts.language, result.facts.scores, result.facts.unknown) for result in results
    ]
    assert [True, None] == [VERDICTS.decode(result.verdict).signals.unsupported for result in results]


def test_a_deleted_comment_has_a_verdict_with_nothing_in_it(settings: Settings) -> None:
    gone = replace(THREAT, kind=EventKind.DELETED)
    result = judged(settings, gone)
    verdict = VERDICTS.decode(result.verdict)
    assert (verdict.event.kind, verdict.matches, verdict.signals.language.code) == ("deleted", (), "und")
    assert (result.observations, result.facts.language, result.facts.matches) == ((), "und", ())
    assert result.facts.unknown is None


def test_warming_up_tells_what_will_judge(settings: Settings) -> None:
    loaded = warm_up(settings)
    assert (loaded.rules, loaded.scorer) == ({"live": 1, "shadow": 1}, "embedded-1")
    assert loaded.digest == VERDICTS.decode(judged(settings, HARMLESS).verdict).book


def test_broken_rules_judge_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: one.rule\nseverity: hihg\n")
    broken = replace(settings, rules=RulesSettings(path=tmp_path / "broken.yaml"))
    with pytest.raises(Misconfigured, match="did you mean `high`"):
        judge(broken, [EVENTS.encode(HARMLESS)])


@pytest.fixture
def changing(tmp_path: Path) -> Settings:
    """Return settings of rules that are looked at again with every batch."""
    (tmp_path / "rules.yaml").write_text(RULES)
    return Settings(rules=RulesSettings(path=tmp_path, reload=Duration.parse("1ms")))


def rewrite(settings: Settings, text: str) -> None:
    """Change the rules, and let them be quiet for two looks."""
    assert settings.rules.path
    (settings.rules.path / "rules.yaml").write_text(text)
    for _ in range(2):
        time.sleep(0.002)
        warm_up(settings)


def test_changed_rules_judge_the_next_batch(changing: Settings) -> None:
    before = warm_up(changing).digest
    rewrite(changing, RULES.replace("[potato]", "[turnip]"))
    verdict = VERDICTS.decode(judged(changing, an_event("What a turnip.")).verdict)
    assert ["road.potato"] == [match.rule for match in verdict.matches]
    assert before != verdict.book == warm_up(changing).digest


def test_an_unsound_change_is_refused_and_judging_goes_on(changing: Settings) -> None:
    before = warm_up(changing)
    rewrite(changing, RULES + "severity: hihg\n")
    after = warm_up(changing)
    assert (False, True) == (before.refused, after.refused)
    assert before.digest == after.digest == VERDICTS.decode(judged(changing, THREAT).verdict).book


def test_a_fresh_rule_that_fires_on_twice_its_share_alerts_nobody_and_is_named(changing: Settings) -> None:
    fuse = replace(changing.fuse, fresh_rule_share=0.2, fresh_rule_matches=20)
    settings = replace(changing, fuse=fuse)
    batch = [EVENTS.encode(THREAT)] * 40 + [EVENTS.encode(HARMLESS)] * 60
    before = judge(settings, batch)
    rewrite(settings, RULES.replace("[we will find you]", "[we will find you, we will get you]"))
    after = judge(settings, batch)
    assert (40, 0) == (alerting(before), alerting(after))
    loaded = warm_up(settings)
    assert (("road.threat",), {"shadow": 2}) == (loaded.demoted, loaded.rules)


def alerting(results: Sequence[Judged | Refused]) -> int:
    return sum(bool(result.observations) for result in results if isinstance(result, Judged))


def test_the_texts_of_the_rules_are_told_once(changing: Settings) -> None:
    loaded = warm_up(changing)
    assert loaded.sources is not None
    assert [RULES] == [file.text for file in loaded.sources.rules]
    assert warm_up(changing, loaded.digest).sources is None
