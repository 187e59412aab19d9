"""A hundred rules of the shape that teams write, about words that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

import yaml

from tests.bench.vocabulary import WORDS

Clause = dict[str, object]

_SYLLABLES: Final = tuple(
    start + end
    for start in ("br", "d", "fl", "g", "kr", "m", "pl", "sn", "tr", "z")
    for end in ("ab", "e", "imp", "o", "unk", "ül")
)
_ADDRESS: Final = r"\b(?:you|they|du|ihr|tú)(?: are| were| bist| seid| eres| such)*(?: an?| ein| una?| the)? "


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules as one YAML file, and `slurs`: what makes one of them alert at once, whatever it scores."""

    text: str
    slurs: list[str]

    def write(self, folder: Path) -> Path:
        """Write the rules into the folder and return their file."""
        path = folder / "rules.yaml"
        path.write_text(self.text, encoding="utf-8")
        return path


@dataclass(slots=True)
class _Author:
    """Writes one kind of rule after another; no word is used twice."""

    random: Random
    slurs: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def words(self, least: int, most: int) -> list[str]:
        """Return new words; one in eight stands for its endings too."""
        made = list(islice(self._new(), self.random.randint(least, most)))
        return [word + "*" if self.random.random() < 1 / 8 else word for word in made]

    def phrases(self) -> list[str]:
        """Return phrases of everyday words, as threats are made of, one new word at the end of each."""
        ends = islice(self._new(), self.random.randint(8, 16))
        return [" ".join([*self._everyday(self.random.randint(2, 4)), end]) for end in ends]

    def by_words(self) -> Clause:
        """Return a list of words, as most rules are."""
        words = self.words(20, 40)
        self.slurs += words
        return {"text": {"words": words}}

    def by_words_but(self) -> Clause:
        """Return a list of words that are harmless beside some phrases."""
        return {"all": [self.by_words(), {"not": {"text": {"phrases": self.phrases()}}}]}

    def by_phrases(self) -> Clause:
        """Return a list of phrases."""
        phrases = self.phrases()
        self.slurs += phrases
        return {"text": {"phrases": phrases}}

    def by_pattern(self) -> Clause:
        """Return patterns that look for words said to somebody."""
        patterns = []
        for _ in range(self.random.randint(2, 4)):
            words = list(islice(self._new(), 12))
            patterns.append(rf"{_ADDRESS}(?:\w+ ){{0,2}}(?:{'|'.join(words)})(?:s|es|en)?\b")
            self.slurs += [f"you are a {word}" for word in words]
        return {"text": {"regex": patterns}}

    def by_score(self) -> Clause:
        """Return a comparison of scores alone; without a model it is unknown."""
        return {
            "any": [{"toxicity": {"threat": ">= 0.8"}}, {"toxicity": {"insult": ">= 0.9", "unknown": "fail"}}]
        }

    def by_words_and_score(self) -> Clause:
        """Return a list of words that a low score excuses."""
        return {"all": [self.by_words(), {"toxicity": {"insult": ">= 0.6", "unknown": "pass"}}]}

    def _new(self) -> Iterator[str]:
        while True:
            word = "".join(self.random.choices(_SYLLABLES, k=3))
            if word not in self.used:
                self.used.add(word)
                yield word

    def _everyday(self, count: int) -> list[str]:
        return self.random.choices(WORDS[self.random.choice(list(WORDS))][:80], k=count)


def rule_book(seed: int = 1) -> RuleBook:
    """Return a hundred rules; twelve of them count before they alert, eight look at scores."""
    author = _Author(Random(seed))
    at_once = (
        *[author.by_words] * 35,
        *[author.by_words_but] * 15,
        *[author.by_phrases] * 18,
        *[author.by_pattern] * 12,
    )
    by_score = (*[author.by_score] * 4, *[author.by_words_and_score] * 4)
    rules = [_rule(number, kind(), author) for number, kind in enumerate(at_once)]
    slurs = [slur.removesuffix("*") for slur in author.slurs]
    rules += [_rule(number, kind(), author) for number, kind in enumerate(by_score, len(rules))]
    rules += [_counting(number, author) for number in range(len(rules), 100)]
    text = yaml.safe_dump_all(rules, sort_keys=False, allow_unicode=True, width=110)
    return RuleBook(text, slurs)


def _counting(number: int, author: _Author) -> Clause:
    window: Clause = {"by": "author", "count": 3, "within": "10m"}
    return {**_rule(number, author.by_words(), author), "escalate": window}


def _rule(number: int, when: Clause, author: _Author) -> Clause:
    """Return the rule; its test is a slur that its clause has just been given."""
    scored = "any" in when
    comment: Clause = (
        {"text": "?", "scores": {"threat": 0.9}} if scored else {"text": author.slurs[-1].rstrip("*")}
    )
    return {
        "id": f"bench.rule-{number}",
        "title": f"Rule {number}",
        "why": "The road is measured with it.",
        "owner": "bench",
        "status": "live",
        "severity": author.random.choice(["low", "medium", "high"]),
        "when": when,
        "tests": [
            {"it": "matches", "comment": comment, "expect": "alert"},
            {"it": "does not", "comment": {"text": "Nothing of note."}, "expect": "nothing"},
        ],
    }
