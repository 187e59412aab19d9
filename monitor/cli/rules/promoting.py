"""`rules promote`: whether a rule may go live, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click

from monitor.cli.output import TEXT_OR_JSON, json_text, leave
from monitor.cli.rules.archives import ARCHIVE, run
from monitor.cli.rules.books import RULES, Identifier, chosen_rules, sound_book
from monitor.engine.book import Book
from monitor.services.backtest import Backtest, RuleReport
from monitor.services.benign import harmless_comments
from monitor.services.decisions import read_decisions
from monitor.services.promotion import PromotionPolicy, gates
from monitor.services.ruletests import prove
from monitor.settings import Configuration


class Options(TypedDict):
    """The command's options."""

    path: Path | None
    archive: Path | None
    decisions: Path | None
    matches: int
    decided: int
    precision: float
    form: Literal["text", "json"]


@click.command(short_help="Say whether a rule may go live, and what it lacks.")
@click.argument("rule")
@RULES
@click.option(
    "--archive", type=ARCHIVE, metavar="FILE", help="Verdicts of the time in which it ran in shadow."
)
@click.option("--decisions", type=ARCHIVE, metavar="FILE", help="What people decided, a JSON object a line.")
@click.option("--matches", type=click.IntRange(0), default=50, show_default=True, help="Matches needed.")
@click.option("--decided", type=click.IntRange(0), default=20, show_default=True, help="Decisions needed.")
@click.option(
    "--precision",
    type=click.FloatRange(0, 1),
    default=0.95,
    show_default=True,
    help="Share of the decided alerts that must be right.",
)
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, rule: str, **options: Unpack[Options]) -> None:
    """Say whether RULE (its id) may go live, and what it lacks.

    It needs to be in shadow, an owner, a why, tests that hold, harmless comments left alone, enough
    matches in an archive, and enough decisions that mostly confirm it. Changes no file.
    """
    path = options["path"]
    book = sound_book(configuration, (path,) if path else (), options["form"])
    chosen_rules(book, [rule])
    policy = PromotionPolicy(
        matches=options["matches"], decided=options["decided"], precision=options["precision"]
    )
    failures = prove(book, rule, Identifier(configuration), harmless_comments())
    found = gates(book.rule(rule), failures, _report(book, rule, options), policy)
    ready = all(gate.met for gate in found)
    if options["form"] == "json":
        click.echo(json_text({"rule": rule, "ready": ready, "gates": found}))
    else:
        for gate in found:
            mark, colour = ("✓", "green") if gate.met else ("✗", "red")
            click.echo(f"{click.style(mark, fg=colour)} {gate.name:<10} {gate.said}")
        place = f"{book.rule(rule).file}:{book.rule(rule).line}"
        click.echo(f"ready: set `status: live` in {place}" if ready else "not ready yet")
    leave(failed=not ready)


def _report(book: Book, rule: str, options: Options) -> RuleReport | None:
    if options["archive"] is None:
        return None
    decisions = read_decisions(options["decisions"]) if options["decisions"] else None
    backtest = Backtest(book, [rule], decisions=decisions, samples=0)
    run(backtest, options["archive"])
    return backtest.report().rules[0]
