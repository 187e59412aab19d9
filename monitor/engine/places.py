"""Street addresses in a text, in the form of some languages (en, de, es, pt, fr).

A number beside a word for a street is not enough: `10 years in court`, `la calle tiene 3 casas`. So
what stands between them must be a name: no small word of everyday talk, or a word with a capital
where the word for the street has another meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.text import Span

_TALK_LIST: Final = """
    a an the in on at of to for from by with and or but who that which what this these those is are was were
    be been have has had do does did i we you he she they it my your his her our their no not just only about
    than then so more most less years? months? weeks? days? hours? minutes? seconds? times? people kids?
    children men women cars? houses? miles? km metres? meters? percent different other new old down along
    across near off into
"""
_TALK: Final = "|".join(_TALK_LIST.split())
_NAME: Final = r"(?-i:[A-ZÀ-ÖØ-Þ][\w'\u2019.-]*)"
"""A word with a capital, whatever the pattern around it says of capitals."""

_NAMES: Final = rf"{_NAME}(?: {_NAME}){{0,3}}"
_ENGLISH: Final = (
    rf"\b\d{{1,5}}[a-z]? (?:"
    rf"(?:(?!(?:{_TALK})\b)[^\W\d]\w* ){{1,3}}(?:street|avenue|ave|road|lane|boulevard|blvd|crescent)"
    rf"|{_NAMES} (?-i:Drive|Close|Court|Terrace|Place|Way|Square|St|Rd|Dr))\b"
)
_NO_STREET_LIST: Final = """
    tabellen park sitz start stell steh liege arbeits ausbildungs studien kita medaillen podest spitzen
    mittel schul heim um hin rück irr holz aus lebens ab flug spiel sport camping markt listen welt
"""
_NO_STREET: Final = "|".join(_NO_STREET_LIST.split())
"""Beginnings of German words in `-platz` and `-weg` that are no streets, as far as a number may follow."""

_GERMAN: Final = (
    rf"\b(?:\w{{2,40}}(?:strasse|straße|str\.|gasse|allee)"
    rf"|(?!(?:{_NO_STREET})(?:platz|weg)\b)\w{{2,40}}(?:weg|platz)) \d{{1,4}}[a-z]?\b"
)
_OF: Final = r"(?:(?:de la|de los|de las|del|de|da|do|das|dos|la|el|los|las) )?"
_SPANISH: Final = (
    rf"\b(?:calle|avenida|avda\.?|plaza|rua|travessa) "
    rf"(?:{_OF}{_NAME}(?: {_OF}{_NAME}){{0,3}},? (?:n[°º.o]* ?)?"
    r"|(?:\w+ ){0,4}?\w+(?:, ?| n[°º.]+ ?| n[uú]mero ))\d{1,4}\b"
)
_FRENCH: Final = (
    r"(?<!en )(?<!depuis )\b\d{1,4},? (?:bis,? |ter,? )?(?:rue|avenue|boulevard|impasse|allée) "
    rf"(?:(?:de la|des|du|de|la|le|les) |(?:de )?[ld]['\u2019])?(?:\w{{3,}}|{_NAME})(?: {_NAME}){{0,3}}"
)
_ADDRESS: Final = re.compile(f"{_ENGLISH}|{_GERMAN}|{_SPANISH}|{_FRENCH}", re.IGNORECASE)


def addresses(text: str) -> Iterator[Span]:
    """Yield street addresses with their numbers."""
    yield from (found.span() for found in _ADDRESS.finditer(text))
