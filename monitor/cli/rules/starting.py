"""`rules new`: a first version of a rule, tested before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from monitor.cli.output import json_text, leave, print_problems
from monitor.cli.rules.books import Identifier
from monitor.domain.errors import Misconfigured
from monitor.domain.severity import Severity
from monitor.engine.schema import rule_schema
from monitor.services.rulestarter import SCHEMA, Answers, starter, try_out
from monitor.settings import Configuration

_FOLDER: Final = Path("rules")


class Options(TypedDict):
    """The command's options."""

    title: str | None
    why: str | None
    owner: str | None
    severity: str
    entries: str | None
    finds: str | None
    spares: str | None
    languages: tuple[str, ...]
    out: Path | None


@click.command(short_help="Write a first version of a rule, tested, in shadow.")
@click.argument("rule_id", metavar="ID")
@click.option("--title", help="What happened, in a few words.")
@click.option("--why", help="The harm, and the clause of your policy.")
@click.option("--owner", help="Who answers for the rule.")
@click.option(
    "--severity", type=click.Choice([str(each) for each in Severity]), default="medium", show_default=True
)
@click.option("--words", "entries", help="Words and phrases to look for, divided by commas.")
@click.option("--finds", help="A comment that it must find.")
@click.option("--spares", help="The nearest harmless comment, which it must leave alone.")
@click.option(
    "--language", "languages", multiple=True, metavar="CODE", help="Only this language; may be repeated."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; without it rules/ID.yaml.",
)
@click.pass_obj
def command(configuration: Configuration, rule_id: str, **options: Unpack[Options]) -> None:
    """Write a first version of the rule ID, such as shop.refund-scam: whole, tested, in shadow.

    What no option says is asked for. The rule's tests are run first; where one fails, nothing is
    written. The JSON Schema is put beside it for your editor, if none is there.
    """
    path = options["out"] or _FOLDER / f"{rule_id}.yaml"
    if path.exists():
        raise Misconfigured.plain(f"{path} is there already", hint="choose another id, or --out")
    text = starter(_answers(rule_id, options))
    try:
        failures = try_out(str(path), text, Identifier(configuration))
    except Misconfigured as error:
        print_problems(error.problems, {}, "text")
        leave(failed=True)
        return
    for failure in failures:
        click.echo(
            f"{failure.test}: expected {failure.expected}, got {failure.happened}: {failure.why}", err=True
        )
    if failures:
        click.echo("nothing was written", err=True)
        leave(failed=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    schema = path.parent / SCHEMA
    if not schema.exists():
        schema.write_text(json_text(rule_schema()) + "\n", encoding="utf-8")
    click.echo(f"{path}: its 2 tests hold; next: comment-monitor rules check, rules test, rules backtest")


def _answers(rule_id: str, options: Options) -> Answers:
    asked = _asked(options["entries"], "Words and phrases to look for, divided by commas")
    return Answers(
        id=rule_id,
        title=_asked(options["title"], "Title: what happened, in a few words"),
        why=_asked(options["why"], "Why: the harm, and the clause of your policy"),
        owner=_asked(options["owner"], "Owner: who answers for the rule"),
        severity=Severity(options["severity"]),
        entries=[entry.strip() for entry in asked.split(",") if entry.strip()],
        finds=_asked(options["finds"], "A comment that it must find"),
        spares=_asked(options["spares"], "The nearest harmless comment, which it must leave alone"),
        languages=options["languages"],
    )


def _asked(given: str | None, question: str) -> str:
    if given is not None:
        return given
    answer: str = click.prompt(question, err=True)
    return answer
