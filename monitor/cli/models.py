"""`comment-monitor models`: which model can judge which label in which language."""

from __future__ import annotations

from dataclasses import asdict

import click
import msgspec
from rich.console import Console
from rich.table import Table

from monitor.domain.signals import LABELS
from monitor.scorers.coverage import Coverage, coverage
from monitor.settings import Configuration, ToxicitySettings


@click.command(short_help="List the models, and which labels each knows in which language.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, for a program.")
@click.pass_obj
def command(configuration: Configuration, *, as_json: bool) -> None:
    """List the models, and which labels each knows in which language.

    Whatever is not listed is unknown to that model: it gives no score, and a rule on scores is
    neither true nor false. * is the one that the settings name.
    """
    toxicity = configuration.load().settings.toxicity
    found = coverage(toxicity.embedded_model)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([asdict(each) for each in found])))
        return
    table = Table("", "scorer", "model", "languages", "labels", box=None, pad_edge=False)
    for each in found:
        used = _used(each, toxicity)
        for number, (labels, codes) in enumerate(_by_labels(each).items()):
            first = ("*" if used else "", each.scorer, each.model) if number == 0 else ("", "", "")
            table.add_row(*first, " ".join(codes), labels)
    Console().print(table)


def _used(each: Coverage, toxicity: ToxicitySettings) -> bool:
    """Return whether the settings name this model, alone or in a cascade."""
    named = each.scorer == "embedded" or each.model == toxicity.model
    return named and toxicity.scorer in (each.scorer, "cascade")


def _by_labels(each: Coverage) -> dict[str, list[str]]:
    """Return the languages that know the same labels, by what these are."""
    found: dict[str, list[str]] = {}
    for code, labels in each.languages.items():
        found.setdefault("all six" if labels == LABELS else ", ".join(labels), []).append(code)
    return found
