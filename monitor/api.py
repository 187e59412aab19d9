"""The product as a library: what another program, the command line and the workers start from."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from monitor.engine.book import Book
from monitor.engine.probation import ProbationPolicy
from monitor.ports import Clock
from monitor.scorers.choose import choose_scorer
from monitor.scorers.language import Py3LangId
from monitor.services.following import Following
from monitor.services.inspection import Inspector
from monitor.services.reload import Reloader, RuleFiles
from monitor.services.rulebook import Sources, edited_since, load_book
from monitor.services.ruleguard import RuleGuard
from monitor.settings import Settings

FRESH: Final = timedelta(days=1)
"""A rule whose file was changed so shortly before a process starts, and others were not, is on probation."""


def build_inspector(settings: Settings, clock: Clock, book: Book | None = None) -> Inspector:
    """Return the inspector that judges comments by these settings, and by `book` if it is given.

    Raises:
        Misconfigured: the rules or the model cannot be loaded.
    """
    choice = choose_scorer(settings.toxicity)
    return Inspector(
        book or load_book(*settings.rules.paths, max_text=settings.rules.max_text),
        build_identifier(settings),
        choice.scorer,
        clock,
        missing=choice.missing,
        assume=settings.language.assume,
    )


def build_following(settings: Settings, clock: Clock, last_good: Sources | None = None) -> Following:
    """Return the inspector whose rules follow their files, as these settings say.

    `last_good` are the texts that were in force before; they serve where the files cannot.

    Raises:
        Misconfigured: the rules or the model cannot be loaded.
    """
    rules, fuse = settings.rules, settings.fuse
    files = RuleFiles(paths=rules.paths, max_text=rules.max_text)
    reloader = Reloader(files, clock, timedelta(seconds=rules.reload), last_good)
    policy = ProbationPolicy(share=fuse.fresh_rule_share, matches=fuse.fresh_rule_matches)
    guard = RuleGuard(policy)
    guard.begin(reloader.book, edited_since(reloader.book, clock() - FRESH))
    return Following(build_inspector(settings, clock, reloader.book), reloader, guard)


def build_identifier(settings: Settings) -> Py3LangId:
    """Return what tells the languages of comments by these settings.

    Raises:
        Misconfigured: they name a language that the model does not know.
    """
    language = settings.language
    return Py3LangId(language.languages, fewest_letters=language.min_letters)
