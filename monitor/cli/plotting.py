"""The pictures of `comment-monitor evaluate`: what is found at which cost, and what a score is worth."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from monitor.domain.errors import Misconfigured
from monitor.services.evaluation import Answers
from monitor.services.figures import Curve, measured, reliability


def check() -> None:
    """Raise Misconfigured where pictures cannot be drawn."""
    if find_spec("matplotlib") is None:
        raise Misconfigured.plain(
            "--plots draws with matplotlib, which is not installed",
            hint="pip install 'comment-monitor[plots]'",
        )


def draw(found: Answers, folder: Path) -> None:
    """Write `roc.png` and `calibration.png` into the folder: a line a label that can be measured."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    roc, calibration = (
        Figure(figsize=(6, 6), layout="constrained"),
        Figure(figsize=(6, 6), layout="constrained"),
    )
    costs = roc.add_subplot(xlabel="share of comments without the label that are found", ylabel="share found")
    worth = calibration.add_subplot(xlabel="score", ylabel="share with the label")
    for label in found.scores:
        scores, truth = found.known(label)
        if measured(scores, truth).auc is None:
            continue
        curve = Curve.of(scores, truth)
        costs.plot(curve.false_positive_rate, curve.recall, label=label)
        said, true, _ = zip(*reliability(scores, truth), strict=True)
        worth.plot(said, true, marker="o", label=label)
    for axes, figure, name in ((costs, roc, "roc.png"), (worth, calibration, "calibration.png")):
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
        axes.legend()
        FigureCanvasAgg(figure)
        figure.savefig(folder / name)
