"""Letters that look like Latin ones, after folding.

The first rows come from Unicode's table of confusable characters (UTS 39, Unicode License v3), of
which single letters are kept; `_LOOSE` are letters that readers are made to take for Latin ones
though they only resemble them; `_TURNED` are what upside-down writing is made of.
"""

# ruff: noqa: RUF001 - look-alike letters are what this table is made of

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALIKE: Final = {
    "a": "ɑαаᎪᗅꓮ𐊠𖽀ᴀ",
    "b": "ƅβвьᏏᏴᑲᖯᗷꓐꞵ𐊂𐊡𐌁ʙɓ",
    "c": "сᏟᴄⲥꓚ𐊢𐌂𐐽𐔜ƈ",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓᴅɗɖ",
    "e": "εеҽᎬⴹꓰꬲ𐊆𑣆𑣎ᴇɛ",
    "f": "ϝքᖴꓝꞙꬵ𐊇𐊥𐔥𑣂ꜰƒ",
    "g": "ƍɡԍցᏀᏳᶃꓖɢɠ",
    "h": "нһհᎻᏂᕼⲏꓧ𐋏ʜɦ",
    "i": "ɩɪιіᎥꙇ𑣃ɨ",
    "j": "ʝϳјᎫᒍꓙᴊ",
    "k": "κкᏦᛕⲕꓗ𐔘ᴋƙĸ",
    "l": "ǀӏᏞᒪᛁⲓⳑⵏꓡꓲ𐊊𐌉𐑃𐔦𑣒𖼖𖼨ʟɭ",
    "m": "ϻмᎷᗰᛖⲙꓟ𐊰𐌑ᴍɱ",
    "n": "νոռⲛꓠ𐔓ɴɳƞ",
    "o": "οσоօଠഠဝჿዐᴏᴑⲟⵔꓳꬽ𐊒𐊫𐐬𐓪𐔖𑣈𑣕𑣗ɵөθфφ",
    "p": "ρрᏢᑭⲣꓑ𐊕ᴘƥ",
    "q": "ԛգզⵕʠ",
    "r": "ʀгᎡᎱᏒᖇᴦⲅꓣꭇꭈ𐓜𖼵ɼɽ",
    "s": "ƽѕտᏕᏚꓢꜱ𐊖𐑈𑣁𖼺ʂ",
    "t": "τтᎢⲧꓔ𐊗𐊱𐌕𑣜𖼊ᴛƭ",
    "u": "ʋυսሀᑌᴜꓴꞟꭎꭒ𐓶𑣘𖽂ʊ",
    "v": "ѵᏙᐯᴠⴸꓦꛟ𐔝𑜆𑣀𖼈",
    "w": "ѡԝաᎳᏔᴡꓪ𑜊𑜎𑜏ωɰ",
    "x": "χхᕁᕽᚷⲭⵝꓫꭓ𐊐𐊴𐌗𐔧",
    "y": "ɣʏγуүყᎩᎽᶌỿⲩꓬꭚ𐊲𑣄ƴ",
    "z": "ζᏃᴢꓜʐȥ",
}
_LOOSE: Final = {
    "a": "λ", "b": "бъ", "c": "ҫ", "d": "дδ", "e": "эєзξ", "h": "ћђ", "i": "ї", "k": "қ", "l": "ł",
    "n": "пиηл", "r": "яґ", "u": "цμ", "w": "шщ", "x": "жҳ", "y": "ч",
}  # fmt: skip
_OTHERWISE: Final = {
    "н": "n", "η": "h", "ν": "v", "υ": "y", "ι": "l", "ӏ": "i", "и": "u", "μ": "m", "σ": "s",
    "г": "g", "ʋ": "v",
}  # fmt: skip
"""Second readings: capitals and small letters of these look like different Latin letters."""

_TURNED: Final = {
    "ɐ": "a", "ɔ": "c", "ǝ": "e", "ɟ": "f", "ƃ": "g", "ɥ": "h", "ᴉ": "i", "ɾ": "j", "ʞ": "k", "ꞁ": "l",
    "ן": "l", "ɯ": "m", "ɹ": "r", "ʇ": "t", "ʌ": "v", "ʍ": "w", "ʎ": "y",
}  # fmt: skip
_TURNING: Final = dict(zip("uodpbqnszxli", "nopdqbuszxli", strict=True))
"""Latin letters that are Latin letters upside down too."""

_CYRILLIC: Final = dict(zip("abcehikmoptxy", "авсенікмортху", strict=True))


_PHONETIC: Final = (*range(0x250, 0x2B0), *range(0x1D6C, 0x1DA0))
_NAMED: Final = re.compile(
    "LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) (?:BARRED )?([A-Z])(?: WITH .*| BAR)?"
)


def by_name(codes: Iterable[int]) -> Mapping[str, str]:
    """Return which of these characters are Latin letters with a hook, a tail or a stroke, by their names."""
    named = {chr(code): _NAMED.fullmatch(unicodedata.name(chr(code), "")) for code in codes}
    return {char: found[1].lower() for char, found in named.items() if found}


def _readings() -> Mapping[str, tuple[str, ...]]:
    single = (
        dict(by_name(_PHONETIC))
        | {char: latin for rows in (_LOOSE, _ALIKE) for latin, chars in rows.items() for char in chars}
        | _TURNED
    )
    return {
        char: (latin, _OTHERWISE[char]) if char in _OTHERWISE else (latin,) for char, latin in single.items()
    }


def _badges() -> Iterable[tuple[str, str]]:
    """Yield the letters in boxes and circles, and the halves of flags, that NFKC leaves as they are."""
    for first in (0x1F1E6, 0x1F150, 0x1F170):
        for number in range(26):
            yield chr(first + number), chr(ord("a") + number)


READINGS: Final = _readings()
"""Letters that may be Latin in disguise, and as what they are read."""

BADGES: Final[Mapping[str, str]] = dict(_badges())
"""Symbols that are Latin letters."""

TURNED: Final[Mapping[str, str]] = _TURNED | _TURNING
"""What each letter of upside-down writing stands for."""

PLAINLY_TURNED: Final = frozenset(_TURNED)
"""Letters that hardly anything but upside-down writing holds."""

TO_CYRILLIC: Final[Mapping[str, str]] = _CYRILLIC
"""Latin letters that look like Cyrillic ones."""
