"""`comment-monitor train`: the embedded model, made anew from labelled comments."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from monitor.domain.errors import Misconfigured


@click.command(short_help="Make the embedded model from labelled comments.")
@click.option(
    "--data",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Labelled comments: CSV, gzipped or not, with text, the six labels, src and lang.",
)
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The model, which toxicity.embedded_model may name.",
)
@click.option(
    "--held-out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the rows that were not learned from, for `comment-monitor evaluate`.",
)
@click.option(
    "--taught",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="English comments of the data as a better model scores them, in the same columns: the network "
    "learns these scores instead of the sources' own labels.",
)
@click.option("--name", default="embedded-1", show_default=True, help="What metrics and verdicts call it.")
def command(data: Path, out: Path, held_out: Path | None, taught: Path | None, name: str) -> None:
    """Make the embedded model from labelled comments.

    One row in eight is never learned from, nor is any near duplicate of it: what `evaluate` says of
    those rows is what to expect of new comments from the same sources. The same data gives the
    same model. Needs comment-monitor[train], some minutes and 4 GB of memory.
    """
    if find_spec("scipy") is None:
        raise Misconfigured.plain(
            "training needs scipy, which is not installed", hint="pip install 'comment-monitor[train]'"
        )
    from monitor.scorers.embedded.training.build import Builder, write_model
    from monitor.scorers.embedded.training.holdout import FOLDS, PARTS, sides
    from monitor.scorers.embedded.training.rows import read_rows, write_rows

    rows = read_rows(data)
    side = sides(rows.texts, PARTS * FOLDS)
    held = side % PARTS == 0
    if held_out:
        write_rows(held_out, rows.where(held))
    builder = Builder(
        name,
        rows.where(~held),
        (side // PARTS)[~held],
        lambda line: click.echo(line, err=True),
        taught=read_rows(taught) if taught else None,
    )
    write_model(out, builder.build())
    click.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB; {int(held.sum())} rows held out", err=True)
