from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import Language, Scores
from monitor.services.evaluation import Answers, evaluate, read_labelled


class Shouting:
    """Scores a text by its share of capitals, where it is English."""

    name = "shouting"

    def covers(self, language: str) -> bool:
        return language == "en"

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        return [
            Scores(scored_by=self.name, labels={"toxicity": sum(map(str.isupper, text)) / len(text)})
            if language.code == "en"
            else None
            for text, language in zip(texts, languages, strict=True)
        ]


class English:
    """Takes every text for English."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="en", confidence=1.0)] * len(texts)


def evaluated(path: Path) -> Answers:
    return evaluate(read_labelled(path), Shouting(), English())


def write(path: Path, *lines: str) -> Path:
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz"])
def test_figures_by_label(tmp_path: Path, name: str) -> None:
    path = write(
        tmp_path / name, "text,toxicity,threat", "LEAVE,1,", '"no,\nthanks",0,1', "GO,1,0", "fine,0,"
    )
    found = evaluated(path)
    assert ["toxicity", "threat"] == list(found.figures())
    assert (4, 2, 1.0) == tuple(
        getattr(found.figures()["toxicity"], name) for name in ("n", "positives", "auc")
    )


def test_a_label_that_the_scorer_does_not_know_has_no_figures(tmp_path: Path) -> None:
    found = evaluated(write(tmp_path / "rows.csv", "text,threat", "LEAVE,1", "fine,0"))
    assert (0, None) == (found.figures()["threat"].n, found.figures()["threat"].auc)


def test_languages_are_measured_apart_and_unknown_ones_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", "text,toxicity,lang", "LEAVE,1,en", "fine,0,", "RAUS,1,de")
    found = evaluated(path)
    assert 1 == found.unscored
    assert {"de", "en"} == set(found.languages.tolist())
    assert (2, 0) == (found.figures("en")["toxicity"].n, found.figures("de")["toxicity"].n)


@pytest.mark.parametrize("tag", ["en", "EN", "en-US", "en_gb", " en "])
def test_a_language_is_told_as_platforms_write_it(tmp_path: Path, tag: str) -> None:
    found = evaluated(write(tmp_path / "rows.csv", "text,toxicity,lang", f"LEAVE,1,{tag}", "fine,0,de"))
    assert ["en", "de"] == found.languages.tolist()


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_columns_are_divided_and_written_as_the_file_likes(tmp_path: Path, divider: str) -> None:
    lines = (f"Text{divider} TOXICITY ", f"LEAVE{divider}1", f"fine{divider}0")
    found = evaluated(write(tmp_path / "rows.csv", *lines))
    assert (2, 1) == (found.figures()["toxicity"].n, found.figures()["toxicity"].positives)


def test_an_average_of_answers_counts_from_a_half_on(tmp_path: Path) -> None:
    found = evaluated(write(tmp_path / "rows.csv", "text,toxicity", "a,0.5", "b,0.49"))
    assert 1 == found.figures()["toxicity"].positives


def test_nothing_is_kept_of_the_texts(tmp_path: Path) -> None:
    found = evaluated(write(tmp_path / "rows.csv", "text,toxicity", "LEAVE,1"))
    assert np.array_equal([1.0], found.scores["toxicity"])
    assert "LEAVE" not in repr(found)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["comment,toxicity", "a,1"], "needs a column `text` and .*; its columns are: comment, toxicity"),
        (["text,rude", "a,1"], "needs a column `text` and at least one label"),
        (["text,toxicity", "a,1", "b,yes"], "line 3: `toxicity` is no number from 0 to 1"),
        (["text,toxicity", "a,2"], "line 2: `toxicity` is no number from 0 to 1"),
        (["text,toxicity", "a,nan"], "line 2: `toxicity` is no number from 0 to 1"),
        (["text,toxicity,lang", "a,1,english"], "line 2: `lang` is no language tag"),
        (["text,toxicity"], "there is no comment to evaluate on"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        evaluated(write(tmp_path / "rows.csv", *lines))


@pytest.mark.parametrize("name", ["none.csv", "broken.csv.gz", "latin.csv"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    if not name.startswith("none"):
        (tmp_path / name).write_bytes("text,toxicity\nschön,1\n".encode("latin-1"))
    with pytest.raises(Misconfigured, match="cannot be read"):
        evaluated(tmp_path / name)
