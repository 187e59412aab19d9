from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS, Language
from monitor.scorers.embedded.scorer import load_embedded
from monitor.scorers.embedded.training.holdout import sides
from monitor.scorers.embedded.training.rows import read_rows, write_rows

pytest.importorskip("scipy")
pytestmark = pytest.mark.slow

RUDE = ("turnip", "gherkin", "radish")
POLITE = ("gardener", "neighbour", "teacher")
REST = ("you", "are", "a", "real", "true", "and", "proper", "old", "new", "little", "big", "today")


def sentence(random: Random, *, rude: bool) -> str:
    words = [*random.choices(REST, k=9), random.choice(RUDE if rude else POLITE)]
    random.shuffle(words)
    return " ".join(words)


def write(path: Path) -> Path:
    """Write rows in which three words are rude, in three languages' sources."""
    random = Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", *LABELS, "src", "lang"))
        for number in range(1500):
            rude = number % 2 == 0
            source, code = (("J6", "en"), ("TSPANS", "en"), ("GERMEVAL", "de"))[number % 3]
            severe = "" if code == "de" else int(rude)
            writer.writerow((sentence(random, rude=rude), int(rude), severe, *[""] * 4, source, code))
    return path


def train(data: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(
        command_line, ["train", "--data", str(data), "--out", str(out), "--held-out", f"{out}.csv.gz", *more]
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    assert 0 == train(write(folder / "data.csv"), folder / "model.npz").exit_code
    return folder


def test_what_was_learned_is_told_from_what_was_not(made: Path) -> None:
    scorer = load_embedded(made / "model.npz")
    texts = ["a little turnip you are", "a little teacher you are"]
    en, de, fr = (Language(code=code, confidence=1.0) for code in ("en", "de", "fr"))
    rude, polite = scorer.score(texts, [en, en])
    assert rude is not None
    assert polite is not None
    assert ["toxicity", "severe_toxicity"] == list(rude.labels)
    assert rude.labels["toxicity"] > 0.8
    assert polite.labels["toxicity"] < 0.2
    german, french = scorer.score(texts[:1] * 2, [de, fr])
    assert german is not None
    assert ["toxicity"] == list(german.labels)
    assert french is None


def test_the_same_data_give_the_same_file(made: Path) -> None:
    again = made / "again.npz"
    assert 0 == train(made / "data.csv", again).exit_code
    assert (made / "model.npz").read_bytes() == again.read_bytes()


def test_the_network_learns_what_it_is_taught(made: Path) -> None:
    rows = read_rows(made / "data.csv")
    known = rows.where(rows.sources == "TSPANS")
    known.labels[:] = 0.5
    write_rows(made / "taught.csv", known)
    assert 0 == train(made / "data.csv", made / "dull.npz", "--taught", str(made / "taught.csv")).exit_code
    dull, own = (np.load(made / name)["network.table"] for name in ("dull.npz", "model.npz"))
    assert np.abs(dull).sum() > 0
    assert not np.array_equal(dull, own)


def test_the_rows_held_out_are_rows_that_can_be_evaluated(made: Path) -> None:
    held, rows = read_rows(made / "model.npz.csv.gz"), read_rows(made / "data.csv")
    assert 0 < len(held.texts) < len(rows.texts) / 4
    assert set(held.texts) <= set(rows.texts)


def test_near_duplicates_stand_on_one_side() -> None:
    random = Random(2)
    words = ["".join(random.choices("abcdefgh", k=6)) for _ in range(500)]
    texts = [" ".join(random.choices(words, k=40)) for _ in range(60)]
    twins = [f"{text.upper()}!! 2" for text in texts[:30]] + [f"so {text} again" for text in texts[30:]]
    found = sides([*texts, *twins], 4).tolist()
    assert found[:60] == found[60:]
    assert {0, 1, 2, 3} == set(found)


def test_sides_do_not_depend_on_the_order_of_rows() -> None:
    texts = ["one potato two potato", "three potato four", "", "five", "One potato, two potato!"]
    assert sides(texts, 100).tolist() == sides(texts[::-1], 100).tolist()[::-1]


@pytest.mark.parametrize("text", ["text,toxicity\na,1\n", ""])
def test_data_without_the_columns_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match="has no column"):
        read_rows(path)
