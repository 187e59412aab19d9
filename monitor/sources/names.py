"""Tells the lines that name an author from the paragraphs that people wrote, in a page's plain text.

No single line can be told for sure: `good neighbour` may be a reader's name or all that a reader
had to say. So every block gets a weight as a name, and the reading of the whole page with the
greatest total weight is taken, under the page's own rules:

- a name stands alone in its line, after at most one blank line, and one blank line before what
  its owner wrote; so the block after a name is never a name;
- a block after two blank lines is never a name: there a comment without one begins.

A line weighs as a name by its shape (short, no sentence, words in capitals, no words that only
sentences have) and by coming back: people write more than one comment, and name lines stand between
long paragraphs. A line that comes back only beside other short lines is a habit of speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MAX_NAME: Final = 60
MAX_WORDS: Final = 6
MAX_PLAIN_WORDS: Final = 3
"""Words of the longest name in small letters, or all in capitals, that is believed from one place."""

_BESIDE: Final = 0.5
"""What a line loses that stands before another one that may be a name: most comments are sentences."""

_NO_NAME: Final = re.compile(r"""^["“”„«»>•*-]|https?://|www\.""")
_SENTENCE_END: Final = re.compile(r"""[.!?…:;,]["”»)]?$""")
_ABBREVIATION: Final = re.compile(r"\b(?:[^\W\d_]|Jr|Sr|Dr|St)\.")
_REMARK: Final = re.compile(r"\s\(.*\)$")
_INSIDE: Final = re.compile(r"[.!?…:;,]\s")
_HANDLE: Final = re.compile(r"[a-z][A-Z]|_|[^\W\d_]\d|\d[^\W\d_]")

_PARTICLE_LIST: Final = "of the and de la las los del den der di du da van von zu al el bin ibn ben y e i le"
_SENTENCE_WORD_LIST: Final = """
    i me my you your he him his she her it its we us our they them their this that these those who what why
    how when where there here is are was were be been am do does did have has had would can could should
    not no yes yeah never so but if or as at in on to from with for by about than too very just only all also
    same ok okay lol lmao haha wow exactly agreed agree true thanks thank amen please edit update
    yo tu tú usted él ella ellos nosotros es son está están era fue no sí si que qué como cómo por para con
    sin muy más pero porque también nunca siempre gracias claro jaja un una
    ich du er sie es wir ihr mich dich uns euch ist sind war waren bin bist nicht kein keine ja nein wie was
    warum wer wo und oder aber mit ohne für auf zu sehr nur auch doch genau danke stimmt ein eine
"""
_PARTICLES: Final = frozenset(_PARTICLE_LIST.split())
_SENTENCE_WORDS: Final = frozenset(_SENTENCE_WORD_LIST.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines without a blank one between them. `gap` counts the blank lines before it."""

    lines: tuple[str, ...]
    gap: int
    line: int
    offset: int

    @property
    def text(self) -> str:
        """Return the lines as they stand."""
        return "\n".join(self.lines)


_Chain = tuple[int, "_Chain | None"]
_Reading = tuple[float, _Chain | None]


def find_names(blocks: Sequence[Block]) -> set[int]:
    """Return which blocks name an author, by their index."""
    ending_in_text: _Reading = (0.0, None)
    ending_in_name: _Reading | None = None
    for index, weight in enumerate(_weights(blocks)):
        named = (ending_in_text[0] + weight, (index, ending_in_text[1])) if weight > 0 else None
        ending_in_text = max(ending_in_text, ending_in_name or ending_in_text, key=_total)
        ending_in_name = named
    return set(_indices(ending_in_text[1]))


def _total(reading: _Reading) -> float:
    return reading[0]


def _indices(chain: _Chain | None) -> Iterator[int]:
    while chain:
        index, chain = chain
        yield index


def _weights(blocks: Sequence[Block]) -> list[float]:
    """Return each block's weight as a name; 0 for one that cannot be a name where it stands."""
    possible = [_possible(blocks, index) for index in range(len(blocks))]
    often = Counter(block.text for block, can in zip(blocks, possible, strict=True) if can)
    apart = Counter(
        block.text
        for index, block in enumerate(blocks)
        if possible[index] and not possible[index + 1] and not (index and possible[index - 1])
    )
    return [
        shape(block.text) + _recurrence(often[block.text], apart[block.text]) - _BESIDE * possible[index + 1]
        if possible[index]
        else 0.0
        for index, block in enumerate(blocks)
    ]


def _possible(blocks: Sequence[Block], index: int) -> bool:
    followed = index + 1 < len(blocks) and blocks[index + 1].gap == 1
    return (
        followed and blocks[index].gap <= 1 and len(blocks[index].lines) == 1 and may_name(blocks[index].text)
    )


def may_name(line: str) -> bool:
    """Return whether the line could name somebody at all."""
    words = line.split()
    numbers = sum(word.isdigit() for word in words)
    return (
        len(line) <= MAX_NAME
        and len(words) <= MAX_WORDS
        and numbers * 2 <= len(words)
        and any(char.isalpha() for char in line)
        and not _NO_NAME.search(line)
        and not _SENTENCE_END.search(_ABBREVIATION.sub("", line))
    )


def shape(line: str) -> float:
    """Return how much the line looks like a name, from 0 to 3, wherever it stands."""
    bare = _ABBREVIATION.sub("", _REMARK.sub("", line))
    words = bare.split()
    if _INSIDE.search(bare) or _SENTENCE_WORDS & {word.lower() for word in words if word not in _PARTICLES}:
        return 0.0
    if any(_HANDLE.search(word) for word in words):
        return 3.0
    capitals = not any(word[0].islower() for word in words if word not in _PARTICLES)
    if capitals and not (line.isupper() and len(words) > 1):
        return 3.0 if len(words) > 1 else 2.0
    return 1.0 if len(words) <= MAX_PLAIN_WORDS else 0.0


def _recurrence(often: int, apart: int) -> float:
    """Return what coming back adds: most between long paragraphs, little beside short lines."""
    return min(max(apart - 1, 0), 2) * 1.5 + min(often - 1, 4) * 0.1
