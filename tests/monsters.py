"""Comments and patterns that were made to hold a worker; all of our own."""

from __future__ import annotations

from typing import Final

SLOW: Final = (
    "(?:x+x+)+y(?!z)",
    "(x|xx)+y(?!z)",
    r"(\w*\w*)*y$",
    "x.*x.*x.*x.*y(?!z)",
    r"(x+)+\1y(?!z)",
)
TRAP: Final = "x" * 6_000 + "yz"
"""Holds all that a slow pattern needs but for its very end."""

MONSTERS: Final = {
    "a megabyte": "turnip " * 150_000,
    "marks": "a" + "\u0301\u0323" * 5_000,
    "bidi": "\u202e\u2066\u200f\u200b" * 2_500 + "turnip",
    "dotted": "İ" * 20_000,
    "ligatures": "ﷺ" * 20_000,
    "apostrophes": "'" * 20_000,
    "halves": "\ud800" * 20_000,
    "jamo": "가\u11a8" * 10_000,
    "unbroken": "turnip" * 3_333,
    "digits": "1a1b! " * 3_500,
    "one long digit word": "1a" * 10_000,
    "apart": "t u r n i p " * 1_700,
    "doubled": "aabb" * 5_000,
    "tripled": "aaabbb" * 3_300,
    "masked": "t*p t*u*i " * 2_000,
    "in pieces": "a.b." * 5_000,
    "in spaced pieces": "ab " * 7_000,
    "look-alikes": "іdіоt ημν " * 2_000,
    "symbols": "🇮🇩ʇɐ a🔥é" * 2_500,
}
