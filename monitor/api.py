"""The product as a library: what another program, the command line and the workers start from."""

from __future__ import annotations

from monitor.ports import Clock
from monitor.scorers.choose import choose_scorer
from monitor.scorers.language import Py3LangId
from monitor.services.inspection import Inspector
from monitor.services.rulebook import load_book
from monitor.settings import Settings


def build_inspector(settings: Settings, clock: Clock) -> Inspector:
    """Return the inspector that judges comments by these settings.

    Raises:
        Misconfigured: the rules or the model cannot be loaded.
    """
    choice = choose_scorer(settings.toxicity)
    return Inspector(
        load_book(*settings.rules.paths, max_text=settings.rules.max_text),
        build_identifier(settings),
        choice.scorer,
        clock,
        missing=choice.missing,
        assume=settings.language.assume,
    )


def build_identifier(settings: Settings) -> Py3LangId:
    """Return what tells the languages of comments by these settings.

    Raises:
        Misconfigured: they name a language that the model does not know.
    """
    language = settings.language
    return Py3LangId(language.languages, fewest_letters=language.min_letters)
