"""`rules explain`: why, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack

import click

from monitor.cli.output import TEXT_OR_JSON, json_text
from monitor.cli.rules.books import RULES, Identifier, chosen_rules, sound_book
from monitor.cli.rules.comments import Score, event_of_file, event_of_text, measured, signals_of
from monitor.domain.comments import CommentEvent
from monitor.domain.signals import Signals
from monitor.engine.book import Book
from monitor.engine.conditions.base import Truth
from monitor.engine.conditions.explaining import Explanation, Found
from monitor.notifiers.excerpt import safe
from monitor.services.ruleexplain import Answer, explain_rule
from monitor.settings import Configuration

_MARKS: Final[dict[Truth, tuple[str, str]]] = {
    True: ("✓", "green"),
    False: ("✗", "red"),
    None: ("?", "yellow"),
}


class Options(TypedDict):
    """The command's options."""

    path: Path | None
    text: str | None
    comment: Path | None
    author: str | None
    language: str | None
    scores: tuple[tuple[str, float], ...]
    form: Literal["text", "json"]


@click.command(short_help="Show clause by clause why a rule fires on a comment, or does not.")
@click.argument("rule")
@click.option("--text", help="The comment's text.")
@click.option(
    "--comment",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The comment as a JSON object, as a source gives it, or a verdict from an archive.",
)
@click.option("--author", metavar="NAME", help="The author's name, beside --text.")
@click.option("--language", metavar="CODE", help="The comment's language; without it, it is identified.")
@click.option("--score", "scores", type=Score(), multiple=True, help="A score of the model; may be repeated.")
@RULES
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, rule: str, **options: Unpack[Options]) -> None:
    """Show clause by clause why RULE (its id) fires on a comment, or why it does not.

    ✓ true, ✗ false, ? unknown. Works for rules in any status. Scores are those of the model that the
    settings name, unless --score gives them.
    """
    path = options["path"]
    book = sound_book(configuration, (path,) if path else (), options["form"])
    chosen_rules(book, [rule])
    event, signals = _comment(options, configuration, book)
    answer = explain_rule(book, rule, event, signals)
    if options["form"] == "json":
        click.echo(json_text(answer))
        return
    for line in _lines(answer):
        click.echo(line)


def _comment(options: Options, configuration: Configuration, book: Book) -> tuple[CommentEvent, Signals]:
    text, file = options["text"], options["comment"]
    if (text is None) == (file is None):
        raise click.UsageError("give either --text or --comment")
    event, known = (
        event_of_file(file) if file is not None else (event_of_text(text or "", options["author"]), None)
    )
    if known is not None and not options["language"] and not options["scores"]:
        return event, known
    if not options["scores"]:
        return event, measured(event, configuration, options["language"], book)
    shown = event.comment.text[: book.max_text]
    return event, signals_of(shown, Identifier(configuration), options["language"], options["scores"])


def _lines(answer: Answer) -> Iterator[str]:
    said = "fires" if answer.fires else "does not fire"
    yield click.style(f"{answer.rule} ({answer.status}) {said}", bold=True)
    if answer.outside:
        yield f"  {answer.outside}"
    yield from _clause(answer.when, 1)
    if answer.cut_off:
        yield "  a pattern took too long on this text and was stopped: the rule could not be decided"
    if answer.then:
        yield f"  so {answer.then}"


def _clause(clause: Explanation, depth: int) -> Iterator[str]:
    mark, colour = _MARKS[clause.truth]
    indent = "  " * depth
    seen = f"  ({safe(clause.seen)})" if clause.seen else ""
    yield f"{indent}{click.style(mark, fg=colour)} {clause.says}{seen}"
    for found in clause.found:
        yield f"{indent}    {_place(found)}"
    for part in clause.parts:
        yield from _clause(part, depth + 1)


def _place(found: Found) -> str:
    places = ", ".join(
        f"“{safe(words)}” at {start}-{end}"
        for words, (start, end) in zip(found.words, found.spans, strict=True)
    )
    return f"found {places} by “{found.entry}” (view {found.view})"
