from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.severity import Status
from monitor.domain.signals import Language, Signals
from monitor.engine.book import Book
from monitor.engine.rules import Rule
from monitor.services.benign import harmless_comments
from monitor.services.inspection import Inspector
from monitor.services.rulebook import bundled_rules, load_book
from monitor.services.ruletests import run_tests
from monitor.services.twin import Tally, judge_source
from monitor.sources.files import open_source

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEMO = Path(str(resources.files("monitor.services") / "demo" / "thread.jsonl"))


class Unknown:
    """Tells no language: no bundled rule may need it."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language() for _ in texts]


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(bundled_rules())


def lines(path: Path) -> list[str]:
    return [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def fired(book: Book, text: str) -> list[str]:
    """Return the live rules that fire on this comment by itself."""
    comment = Comment(source="gazette", native_id="1", text=text, author=Author(name="ann"), thread="t")
    event = CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=NOW)
    matches = book.judge(event, Signals()).matches
    return sorted(match.rule for match in matches if match.status is Status.LIVE)


def test_the_packs_have_no_problems(book: Book) -> None:
    assert book.warnings == ()


def test_the_tests_of_all_packs_hold(book: Book) -> None:
    assert run_tests(book, Unknown()).failures == ()


def lacking(rule: Rule) -> list[str]:
    held = {
        "why": bool(rule.why),
        "owner": bool(rule.owner),
        "tags": bool(rule.tags),
        "a match": any(test.matches for test in rule.tests),
        "a near miss": any(test.matches is False for test in rule.tests),
    }
    return [name for name, there in held.items() if not there]


def test_every_rule_says_why_and_whose_it_is_and_is_proved_both_ways(book: Book) -> None:
    assert {rule.id: lacking(rule) for rule in book.rules if lacking(rule)} == {}


def test_every_topic_is_there_in_five_languages(book: Book) -> None:
    topics = (
        "violence.threat",
        "harassment.insult",
        "hate.slur",
        "hate.dehumanise",
        "selfharm.worry",
        "terror.praise",
        "terror.recruit",
        "childsafety.approach",
        "childsafety.disclosure",
        "childsafety.trade",
    )
    wanted = {f"{topic}.{language}" for topic in topics for language in ("en", "de", "es", "fr", "pt")}
    assert wanted - {rule.id for rule in book.rules} == set()


def test_the_corpus_of_harmless_comments_is_large() -> None:
    assert len({comment.text for comment in harmless_comments()}) >= 300


def test_no_live_rule_fires_on_a_harmless_comment(book: Book) -> None:
    assert run_tests(book, Unknown(), harmless_comments()).failures == ()


@pytest.mark.parametrize(
    "text",
    [
        "As a gay man I read this differently.",
        "Black people, white people, Jews, Muslims, Roma, Turks: all of them came to the party.",
        "Meine schwulen Nachbarn, die Türken von nebenan und drei Juden aus Odessa spielen Karten.",
        "Los gitanos, los moros de la fiesta, los negros del coro y mis tías lesbianas cantan juntos.",
        "Les Arabes, les Juifs, les Noirs et les homosexuels du quartier ont signé.",
        "Os negros, os ciganos, os judeus e os gays do bairro fizeram a festa.",
    ],
)
def test_the_name_of_a_group_alone_is_no_hate(book: Book, text: str) -> None:
    assert fired(book, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Viva Hezbollah? The graffiti on the bridge has been there since 2006.",
        "ISIS, Boko Haram, al-Qaeda and al-Shabaab are names in the index of this book.",
        "Der Islamische Staat, die Anschläge am Breitscheidplatz, der Prozess: alles in einem Podcast.",
        "El Estado Islámico y Al Qaeda se pelean por la misma montaña.",
        "Une rue porte le nom des victimes de l'État islamique.",
        "O julgamento do Boko Haram começou na capital.",
    ],
)
def test_the_name_of_a_terrorist_group_alone_is_no_praise(book: Book, text: str) -> None:
    assert fired(book, text) == []


def test_alerts_about_children_quote_nothing_and_have_routes_of_their_own(book: Book) -> None:
    rules = [rule for rule in book.rules if rule.id.startswith("childsafety.")]
    assert all("{matched}" not in rule.escalation.say for rule in rules)
    assert all({"emergency", "care"}.intersection(rule.tags) for rule in rules)


@pytest.mark.parametrize(
    "text",
    [
        "Bomb the column before it crosses the pass, then shoot down the drones.",
        "The regiment will be destroyed if it stays in that valley.",
        "Two missiles per truck and the whole division is scrap metal.",
        "Die Panzer sollen die Brücke nehmen, bevor die Luftwaffe sie zerstört.",
        "El ejército debe destruir los lanzacohetes antes del invierno.",
    ],
)
def test_war_between_armies_is_no_threat_to_a_reader(book: Book, text: str) -> None:
    assert fired(book, text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Du bist ein Idjot und ein Dumkopf", "harassment.insult.de"),
        ("du hund sollst vernichtet sein", "violence.wish.de"),
        ("Tienes la cabeza llena de basura", "harassment.mind.es"),
        ("YOU’RE A FOOL", "harassment.insult.en"),
        ("your mum and dad must be cousins!", "harassment.mind.en"),
        ("i know where you live and i will come", "violence.threat.en"),
    ],
)
def test_hasty_and_foreign_spellings_are_found(book: Book, text: str, rule: str) -> None:
    assert rule in fired(book, text)


@pytest.fixture
async def demo(book: Book) -> Tally:
    inspector = Inspector(book, Unknown(), None, lambda: NOW)
    return await judge_source(open_source(DEMO, "jsonl", None), inspector, lambda _: None)


async def test_every_comment_of_the_demo_is_read(demo: Tally) -> None:
    assert (demo.comments, demo.unreadable) == (len(lines(DEMO)), [])
    assert demo.comments >= 64


async def test_the_demo_opens_the_alerts_that_it_is_made_for(demo: Tally) -> None:
    assert Counter(alert.rule for alert in demo.alerts.values()) == {
        "doxxing.contact": 1,
        "harassment.abuse.fr": 1,
        "harassment.insult.de": 1,
        "harassment.insult.en": 3,
        "harassment.insult.es": 1,
        "harassment.insult.fr": 1,
        "harassment.mild.en": 1,
        "harassment.spree": 1,
        "hate.conspiracy.en": 1,
        "hate.dehumanise.en": 1,
        "hate.exclusion.de": 1,
        "hate.exclusion.es": 1,
        "selfharm.worry.en": 1,
        "spam.easy-money": 1,
        "spam.recovery": 1,
        "violence.threat.de": 1,
        "violence.threat.en": 1,
    }


async def test_the_demo_alerts_on_few_of_its_comments(demo: Tally) -> None:
    alerted = {key for alert in demo.alerts.values() for key in alert.comments}
    assert len(alerted) == 16
