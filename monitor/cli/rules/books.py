"""Where the tools get their rules from: the paths given, the settings, the bundled packs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from monitor.cli.output import Form, checked, leave, print_problems
from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.domain.signals import Language
from monitor.engine.book import Book
from monitor.engine.cursor import suggestion
from monitor.services.rulebook import find_rules, load_book
from monitor.settings import Configuration
from monitor.settings.duration import Duration
from monitor.settings.findings import Unfit

PATHS: Final = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
RULES: Final = click.option(
    "--rules",
    "path",
    type=click.Path(path_type=Path, exists=True),
    help="A rule file or a folder. Without it: the setting rules.path, else ./rules, else the bundled packs.",
)


class _Length(click.ParamType):
    """A length of time as rules write it: `30m`, `2h`, `7d`."""

    name = "7d"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return timedelta(seconds=Duration.parse(str(value)))
        except Unfit:
            self.fail(f"{value!r} is no length of time, such as 12h or 7d", param, ctx)


SINCE: Final = click.option(
    "--since", type=_Length(), help="Only comments of the time up to now that is this long: 12h, 7d."
)


def read(configuration: Configuration, paths: Sequence[Path]) -> tuple[Book | None, Sequence[Problem]]:
    """Return the book and its warnings, or no book and every problem."""
    settings = configuration.load().settings.rules
    try:
        book = load_book(*(paths or settings.paths), max_text=settings.max_text)
    except Misconfigured as error:
        return None, error.problems
    return book, book.warnings


def sound_book(configuration: Configuration, paths: Sequence[Path], form: Form) -> Book:
    """Return the book; where it is wrong, print every problem and leave with the code of a failure."""
    book, problems = read(configuration, paths)
    if book is None:
        print_problems(problems, {"rules": 0}, form)
        if form == "text":
            click.echo(checked(problems))
        leave(failed=True)
        raise AssertionError
    return book


def origin(configuration: Configuration, paths: Sequence[Path]) -> str:
    """Return where the rules were read from."""
    if paths:
        return ", ".join(map(str, paths))
    return " and ".join(str(find_rules(path)) for path in configuration.load().settings.rules.paths)


def chosen_rules(book: Book, names: Sequence[str]) -> list[str]:
    """Return the ids of these rules; without any, of all that are judged."""
    known = [rule.id for rule in book.rules]
    for name in names:
        if name not in known:
            raise click.UsageError(f"there is no rule {name}; {suggestion(name, known)}")
    return list(dict.fromkeys(names)) or [rule.id for rule in book.rules if rule.status.judged]


class Identifier:
    """Identifies languages; its model, which takes a second to load, is loaded when first asked."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._identify: Callable[[Sequence[str]], list[Language]] | None = None

    def identify(self, texts: Sequence[str]) -> list[Language]:
        """Return one language a text, in order, as the settings have them told apart."""
        if self._identify is None:
            from monitor.scorers.language import Py3LangId

            chosen = self._configuration.load().settings.language
            self._identify = Py3LangId(chosen.languages, fewest_letters=chosen.min_letters).identify
        return self._identify(texts)
