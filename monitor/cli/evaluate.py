"""`comment-monitor evaluate`: how well a scorer does on comments that people labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click
import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from monitor.api import build_identifier
from monitor.domain.errors import Misconfigured
from monitor.scorers.choose import KINDS, choose_scorer
from monitor.scorers.doubt import Doubt, propose
from monitor.services.evaluation import Answers, evaluate, read_labelled
from monitor.services.figures import Figures
from monitor.settings import Configuration, ScorerKind

_COLUMNS: Final = ("language", "label", "comments", "with it", "AUC", "AP", "1 %", "2 %", "5 %", "error")

_IN_A_FILE: Final = 100
"""Columns of a table that goes to no terminal: as wide as it is."""


class Options(TypedDict):
    """The command's options."""

    path: Path
    scorer: ScorerKind | None
    as_json: bool
    plots: Path | None
    recall: float | None
    threshold: float


@click.command(short_help="Say how well a scorer does on comments that people labelled.")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--scorer", type=click.Choice(KINDS), help="Without it: the setting toxicity.scorer.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON, for a program.")
@click.option(
    "--plots",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Draw ROC and calibration into this folder, as PNG. Needs comment-monitor[plots].",
)
@click.option(
    "--recall",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Propose the toxicity.doubt with which a cascade asks about this share of each label's comments.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="What your rules compare scores with; for --recall.",
)
@click.pass_obj
def command(configuration: Configuration, **options: Unpack[Options]) -> None:
    """Say how well a scorer does on comments that people labelled.

    FILE is a CSV file, gzipped or not, with a column `text`, one or more of `toxicity`,
    `severe_toxicity`, `obscene`, `threat`, `insult`, `identity_attack` (1, 0, or empty where nobody
    said), and maybe `lang`; else the language is identified.

    A comment that the scorer cannot judge, because of its language, is counted as unscored and
    left out of the figures: it is unknown, not harmless.
    """
    settings = configuration.load().settings
    scorer, plots = options["scorer"], options["plots"]
    toxicity = settings.toxicity if scorer is None else replace(settings.toxicity, scorer=scorer)
    chosen = choose_scorer(replace(toxicity, fallback="stop")).scorer
    if chosen is None:
        raise Misconfigured.plain("there is no scorer to evaluate", hint="set toxicity.scorer, or --scorer")
    if plots:
        from monitor.cli import plotting

        plotting.check()
    found = evaluate(read_labelled(options["path"]), chosen, build_identifier(settings))
    if plots:
        plotting.draw(found, plots)
    doubt = _doubt(options, found)
    if options["as_json"]:
        record = _record(chosen.name, found) | ({"doubt": asdict(doubt)} if doubt else {})
        click.echo(msgspec.json.format(msgspec.json.encode(record)))
        return
    _show(chosen.name, found)
    if doubt:
        click.echo("\n".join(_proposal(doubt, options["threshold"])))


def _doubt(options: Options, found: Answers) -> Doubt | None:
    if options["recall"] is None:
        return None
    return propose(found.scores, found.truths, options["recall"], options["threshold"])


def _proposal(doubt: Doubt, threshold: float) -> Iterator[str]:
    """Yield the setting, and what it brings and costs."""
    yield f"\ntoxicity.doubt = {doubt.share:g} where rules compare with {threshold:g}: a second opinion on"
    for label, share in doubt.found.items():
        yield f"  {share:6.1%} of {label}"
    if doubt.harmless is not None:
        yield f"  {doubt.harmless:6.1%} of what has none of these labels"


def _record(name: str, found: Answers) -> dict[str, object]:
    """Return the figures as a program reads them."""
    languages = sorted(set(found.languages.tolist()))
    return {
        "scorer": name,
        "n": len(found.languages),
        "unscored": found.unscored,
        "labels": _plain(found.figures()),
        "languages": {code: _plain(found.figures(code)) for code in languages},
    }


def _plain(figures: dict[str, Figures]) -> dict[str, object]:
    return {label: asdict(each) for label, each in figures.items()}


def _show(name: str, found: Answers) -> None:
    click.echo(f"{name} on {len(found.languages)} comments, {found.unscored} of them not scored")
    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for row in _rows(found):
        table.add_row(*row)
    console = Console()
    (console if console.is_terminal else Console(width=_IN_A_FILE)).print(table)
    click.echo("1 %, 2 %, 5 %: share found where so many of the others are found too. error: of calibration.")


def _rows(found: Answers) -> Iterator[list[str]]:
    codes, counts = np.unique(found.languages, return_counts=True)
    by_size = [code for _, code in sorted(zip((-counts).tolist(), codes.tolist(), strict=True))]
    for code in (None, *by_size):
        for label, each in found.figures(code).items():
            if each.n:
                yield [code or "all", label, str(each.n), str(each.positives), *_cells(each)]


def _cells(figures: Figures) -> list[str]:
    recalls = figures.recall_at_fpr.values()
    values = [figures.auc, figures.average_precision, *recalls, figures.calibration_error]
    return ["-" if value is None else f"{value:.3f}" for value in values]
