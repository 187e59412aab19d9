"""`comment-monitor score`: languages and scores for a file of texts, without rules."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final, Literal, TypedDict, Unpack

import click

from monitor.api import build_identifier
from monitor.cli.progress import Progress, progress
from monitor.domain.errors import Rejected
from monitor.domain.signals import language_code
from monitor.scorers.choose import KINDS, choose_scorer
from monitor.services.scoring import Form, Scoring, Text, Unread, line_of, read
from monitor.settings import Configuration, ScorerKind, Settings

_SHOWN: Final = 10
"""Lines without a text that are listed one by one; the others are counted."""

_JSON_NAMES: Final = (".jsonl", ".ndjson", ".json")


class Options(TypedDict):
    """The command's options."""

    path: str
    form: Form | Literal["auto"]
    text: str
    language: str
    scorer: ScorerKind | None
    out: IO[bytes]


@dataclass(slots=True)
class _Reader:
    """Reads the texts of a file and remembers what was no text."""

    file: IO[bytes]
    form: Form
    key: str
    show: Progress
    bytes_read: int = 0
    unread: list[Unread] = field(default_factory=list)

    def texts(self) -> Iterator[Text]:
        """Yield the texts, in order."""
        for number, line in enumerate(self.file, 1):
            self.bytes_read += len(line)
            self.show(self.bytes_read)
            found = read(line, number, self.form, self.key)
            if isinstance(found, Text):
                yield found
            elif found is not None:
                self.unread.append(found)


def _language(_context: click.Context, _option: click.Parameter, tag: str) -> str:
    code = language_code(tag) if tag else ""
    if code is None:
        raise click.BadParameter(f"'{tag}' is no language code; such are en, pt-BR, und")
    return code


@click.command(short_help="Score a file of texts, without rules.")
@click.argument(
    "path", type=click.Path(exists=True, dir_okay=False, allow_dash=True), default="-", metavar="[FILE]"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "lines", "jsonl"]),
    default="auto",
    show_default=True,
    help="lines: each line is a text. jsonl: each line is a JSON object with a text. auto goes by the name.",
)
@click.option("--text", default="text", show_default=True, metavar="NAME", help="The field with the text.")
@click.option(
    "--language",
    default="",
    callback=_language,
    metavar="CODE",
    help="Every text's language; else it is told.",
)
@click.option(
    "--scorer", type=click.Choice(KINDS), help="Without it: the setting toxicity.scorer, or its fallback."
)
@click.option("--out", type=click.File("wb"), default="-", metavar="FILE", help="Else standard output.")
@click.pass_obj
def command(configuration: Configuration, **options: Unpack[Options]) -> None:
    """Tell the language and the toxicity scores of every text in FILE, or of standard input.

    Writes a JSON object a line, in order: the number of the text's line, its "id" if it had one, its
    language, its scores and what gave them. Scores are null where they are unknown; "unsupported" is
    true where that is because the model does not know the language.

    Exit code 0 when every line was a text, 65 when some were not.
    """
    settings = _chosen(configuration.load().settings, options)
    choice = choose_scorer(settings.toxicity)
    if choice.missing:
        click.echo(str(choice.missing), err=True)
        instead = choice.scorer.name if choice.scorer else "no model"
        click.echo(f"{instead} judges instead, by the setting toxicity.fallback", err=True)
    scoring = Scoring(
        build_identifier(settings),
        choice.scorer,
        language=options["language"],
        assume=settings.language.assume,
    )
    began, counted = time.monotonic(), Counter[str]()
    with click.open_file(options["path"], "rb") as file, progress("Scoring", _size(file)) as show:
        reader = _Reader(file, _form(options), options["text"], show)
        for row in scoring.rows(reader.texts()):
            counted[
                row.scored_by or ("in a language that no model knows" if row.unsupported else "unknown")
            ] += 1
            options["out"].write(line_of(row))
    for line in _summary(counted, reader.unread, time.monotonic() - began):
        click.echo(line, err=True)
    if reader.unread:
        raise Rejected("malformed", "what is named above holds no text and was not scored")


def _chosen(settings: Settings, options: Options) -> Settings:
    """Return the settings a worker would have; who asks for a model gets no other."""
    if options["scorer"] is None:
        return settings
    return replace(settings, toxicity=replace(settings.toxicity, scorer=options["scorer"], fallback="stop"))


def _form(options: Options) -> Form:
    if options["form"] != "auto":
        return options["form"]
    return "jsonl" if Path(options["path"]).suffix in _JSON_NAMES else "lines"


def _size(file: IO[bytes]) -> int:
    """Return the bytes of a file; 0 of a pipe, which has no end that is known."""
    try:
        return os.fstat(file.fileno()).st_size
    except OSError:
        return 0


def _summary(counted: Counter[str], unread: list[Unread], seconds: float) -> Iterator[str]:
    """Yield what a person wants to know first, a line each."""
    total = counted.total()
    yield f"texts      {total} in {seconds:.1f} s, {total / max(seconds, 1e-9):.0f}/s"
    shares = ", ".join(f"{count} {name}" for name, count in counted.most_common())
    yield f"scored by  {shares or 'nothing'}"
    for each in unread[:_SHOWN]:
        yield f"no text    line {each.line}: {each.reason}"
    if (more := len(unread) - _SHOWN) > 0:
        yield f"           and {more} more"
