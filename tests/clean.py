"""Comments in six languages that hide nothing, with all that people write beside plain words; of our own."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from monitor.services.benign import harmless_comments
from tests.bench.vocabulary import SIX

BESIDE: Final = (
    "3,50 €", "$4.99", "10:30", "10h30", "24/7", "50/50", "km/h", "100%", "2nd", "3rd", "1.000.000",
    "7-8", "U2", "S-Bahn", "A/C", "w/o", "and/or", "und/oder", "he/she", "y/o", "et/ou", "e/ou",
    "n°5", "No. 5", "e.g.", "i.e.", "z.B.", "d.h.", "p. ex.", "p.ej.", "a.m.", "U.S.A.", "EE. UU.",
    "#Gemeinderat", "#parc2024", "@leser_7", "https://www.gazette.example/a/b?c=1",
    "info@gazette.example", "gazette.example", "...", "…", "!!!", "?!", ":-)", ";)", "<3", "😂",
    "👏👏", "❤️", "C++", "C#", "R&D", "Q&A", "H2O", "CO2", "mp3", "4x4", "F-16", "covid-19",
    "iPhone 15", "B 12", "Wi-Fi", "O'Brien", "D'Angelo", "aujourd'hui", "l'été", "co-op",
    "re-elected", "§ 5", "½", "20°", "±3", "2026-11-29", "29.11.2026", "+1", "-5", "5+5=10", "sooo",
    "haha", "hmmm", "nooo", "jajaja", "kkkk", "Москва", "Αθήνα", "東京", "القاهرة", "*lol*",
    "**wow**", "_really_", "(sic)", "[…]", "“ok”", "«bon»", "B2B", "P2P", "1st", "x2", "10k", "5G",
    "3D", "70s", "80's", "mother-in-law", "tip-top", "v1.2.3", "a, b, c", "I, II, III", "t.b.d.",
    "rock'n'roll", "o'clock", "tak.",
)  # fmt: skip
_ENDS: Final = (". ", ". ", ", ", "! ", "? ", " - ", "; ", ": ", " / ", "... ", ".", ",", "\n", " (", ") ")


def clean_comments(number: int, *, seed: int = 1) -> Iterator[str]:
    """Yield comments: words of one language with what stands beside them, or whole sentences in a row."""
    chance = Random(seed)
    sentences = [each.text for each in harmless_comments()]
    for _ in range(number):
        if chance.random() < 0.3:
            yield " ".join(chance.sample(sentences, k=chance.randint(1, 3)))
        else:
            yield "".join(_parts(chance))


def _parts(chance: Random) -> Iterator[str]:
    words = SIX[chance.choice(list(SIX))]
    for _ in range(chance.randint(4, 60)):
        word = chance.choice(words) if chance.random() < 0.9 else chance.choice(BESIDE)
        yield word.upper() if chance.random() < 0.03 else word
        yield chance.choice(_ENDS) if chance.random() < 0.12 else " "
