"""py3langid's automaton in an eighth of its memory.

A row of its table says for each of 256 bytes which state comes next: 39 MB, in every judging process.
Cut in pieces of 16 bytes nine in ten are equal to another one, and each is kept once: 6 MB.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

Places: TypeAlias = NDArray[np.intp]
States: TypeAlias = NDArray[np.uint32]
Letters: TypeAlias = NDArray[np.uint8]

_SHIFT: Final = 4
_PIECE: Final = 1 << _SHIFT
_BYTES: Final = 256
_LOW: Final = _PIECE - 1


class Automaton:
    """Finds the features of a text: byte sequences, each known by its number.

    One text at a time is walked through views of the arrays, which Python reads faster than the arrays.
    """

    def __init__(self, model: LanguageIdentifier) -> None:
        table = np.asarray(model.tk_nextmove, dtype=np.uint32)
        self._pieces, self._states = _folded(table.reshape(-1, _PIECE))
        self._rows = np.asarray(model.tk_row, dtype=np.intp) * (_BYTES // _PIECE)
        self._features = np.asarray(model.tk_output, dtype=np.int32)

    def features(self, text: bytes) -> Iterator[int]:
        """Yield the features of one text, in order."""
        rows, pieces = self._rows.data, self._pieces.data
        states, features = self._states.data, self._features.data
        state = 0
        for letter in text:
            state = states[pieces[rows[state] + (letter >> _SHIFT)] + (letter & _LOW)]
            if (feature := features[state]) >= 0:
                yield feature

    def together(self, letters: Letters, left: list[int]) -> NDArray[np.int32]:
        """Return the feature found at each step of each text, -1 where there is none.

        `letters` holds a row a step and a column a text; at each step the first `left` texts have one.
        """
        found = np.full(letters.shape, -1, dtype=np.int32)
        high, low = letters >> np.uint8(_SHIFT), letters & np.uint8(_LOW)
        states = np.zeros(letters.shape[1], dtype=np.uint32)
        for step, count in enumerate(left):
            pieces = self._pieces[self._rows[states[:count]] + high[step, :count]]
            states = self._states[pieces + low[step, :count]]
            found[step, :count] = self._features[states]
        return found


def _folded(pieces: States) -> tuple[States, States]:
    """Return where in the second array each piece begins, and the distinct pieces one after the other.

    Pieces are told apart by a number of 64 bits that is taken from each; that no two of them share it is
    checked.
    """
    drawn = np.random.default_rng(1).integers(1, 1 << 62, pieces.shape[1], dtype=np.uint64)
    marks = (pieces * (drawn * np.uint64(2) + np.uint64(1))).sum(axis=1, dtype=np.uint64)
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    distinct = pieces[first]
    if not np.array_equal(distinct[which], pieces):
        raise AssertionError("two pieces share a mark")
    return (which * pieces.shape[1]).astype(np.uint32), distinct.ravel()
