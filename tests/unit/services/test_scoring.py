from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from monitor.domain.errors import Retryable
from monitor.domain.signals import Language, Scores
from monitor.services.scoring import BATCH, Scoring, Text, Unread, line_of, read


class Shouting:
    """Says that texts in capitals are German, and all others English."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="de" if text.isupper() else "en", confidence=0.75) for text in texts]


class Lengths:
    """Scores English texts by their length."""

    name = "lengths"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def covers(self, language: str) -> bool:
        return language == "en"

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        self.batches.append(len(texts))
        return [
            Scores(scored_by=self.name, labels={"insult": len(text) / 3}) if language.code == "en" else None
            for text, language in zip(texts, languages, strict=True)
        ]


def rows(*texts: Text, scoring: Scoring | None = None) -> list[object]:
    scoring = scoring or Scoring(Shouting(), Lengths())
    return [msgspec.json.decode(line_of(row)) for row in scoring.rows(texts)]


def test_each_text_gets_its_language_and_its_scores() -> None:
    assert [
        {
            "line": 7,
            "id": "c1",
            "language": "en",
            "confidence": 0.75,
            "scores": {"insult": 0.666667},
            "scored_by": "lengths",
        },
        {
            "line": 8,
            "language": "de",
            "confidence": 0.75,
            "scores": None,
            "scored_by": None,
            "unsupported": True,
        },
    ] == rows(Text(7, "hi", msgspec.Raw(b'"c1"')), Text(8, "HI"))


def test_without_a_model_the_scores_are_unknown_and_no_language_is_unsupported() -> None:
    (row,) = Scoring(Shouting(), None).rows([Text(1, "HI")])
    assert (row.language, row.scores, row.scored_by, row.unsupported) == ("de", None, None, False)


def test_scores_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(Retryable, match="lengths gave a score for insult that is no number from 0 to 1"):
        list(Scoring(Shouting(), Lengths()).rows([Text(1, "long")]))


def test_a_language_that_is_given_is_not_told() -> None:
    (row,) = Scoring(Shouting(), Lengths(), language="en").rows([Text(1, "HI")])
    assert (row.language, row.confidence, row.scored_by) == ("en", 1.0, "lengths")


def test_texts_go_to_the_model_in_batches() -> None:
    model = Lengths()
    found = list(Scoring(Shouting(), model).rows(Text(n, "hi") for n in range(BATCH + 1)))
    assert (list(range(BATCH + 1)), [BATCH, 1]) == ([row.line for row in found], model.batches)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"you turnip\r\n", Text(3, "you turnip")),
        (b"\n", Text(3, "")),
        (b"broken \xff", Text(3, "broken \ufffd")),
        (b'{"text": "no json here"}', Text(3, '{"text": "no json here"}')),
    ],
)
def test_every_line_is_a_text(line: bytes, expected: Text) -> None:
    assert expected == read(line, 3, "lines", "text")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"text": "you turnip", "id": 9, "more": [1]}', Text(3, "you turnip", msgspec.Raw(b"9"))),
        (b'{"text": ""}', Text(3, "")),
        (b'  "you turnip"\n', Text(3, "you turnip")),
        (b" \n", None),
        (b'{"body": "you turnip"}', Unread(3, "it has no 'text'; name the right one with --text")),
        (b'{"text": 9}', Unread(3, "it is no JSON object with a text in 'text'")),
        (b'{"text": "\xff"}', Unread(3, "it is no JSON object with a text in 'text'")),
        (b"you turnip", Unread(3, "it is no JSON object with a text in 'text'")),
        (b"[1]", Unread(3, "it is no JSON object with a text in 'text'")),
    ],
)
def test_every_line_is_json_with_a_text(line: bytes, expected: Text | Unread | None) -> None:
    assert expected == read(line, 3, "jsonl", "text")
