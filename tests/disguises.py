"""How people hide words from filters, and words to hide; all of our own."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

WORDS: Final = (
    "idiot", "turnip", "scumbag", "blockhead", "dunce", "numbskull", "moron", "loser", "weasel", "parasite",
    "vermin", "cretin", "lowlife", "halfwit", "imbecile", "buffoon", "cockroach", "pigheaded", "traitor",
    "asshole",
)  # fmt: skip

Disguise = Callable[[str, random.Random], str]

_CYRILLIC: Final = dict(zip("aeiocpxysjdhbkmt", "аеіосрхуѕјԁһвкмт", strict=True))
_GREEK: Final = dict(zip("aeiouptkxvnbhmz", "αειουρτκχνηβημζ", strict=True))
_EXOTIC: Final = dict(zip("abcdeghijklmnoprstuvwxyz", "ɑƅᴄԁҽɡһіјĸӏмոօрꭇѕтսѵԝхуᴢ", strict=True))
_SMALL_CAPITALS: Final = dict(zip("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", strict=True))
_TURNED: Final = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", strict=True))
_DIGITS: Final = dict(zip("oieastbg", "01345789", strict=True))
_SYMBOLS: Final = dict(zip("asi", "@$!", strict=True))
_SIGNS: Final = dict(zip("achiost", "@(#!0$+", strict=True))
_LISU: Final = dict(zip("abcdefghjklmnoprstuvwxyz", "ꓮꓐꓚꓓꓰꓝꓖꓧꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", strict=True))
_CHEROKEE: Final = dict(zip("abcdeghijklmprstvwyz", "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᏔᎩᏃ", strict=True))
_PHONETIC: Final = dict(zip("abcdeghijklmnorstuvxyz", "ɑɓɕɖɛɠɦɨʝƙɭɱɳɵɽʂʈʉʋᶍʏʐ", strict=True))
_STROKED: Final = dict(zip("abcdehiloprtuyz", "ⱥƀȼđɇħɨłøᵽɍŧʉɏƶ", strict=True))
_MARKS_OF_OTHERS: Final = "\u0e47\u0e48\u0941\u0a41\u0ebb"
_ACCENTS: Final = "\u0300\u0301\u0302\u0303\u0308\u030a\u0323\u0331"
_HEAVY: Final = "\u0335\u0336\u0337\u0338\u20d2\u0489"
_FAMILY: Final = "🔥", "💩", "👏🏽", "❤️"


def _shifted(first: int) -> Disguise:
    return lambda word, _: "".join(chr(first + ord(char) - ord("a")) for char in word)


def _between(mark: str) -> Disguise:
    return lambda word, _: mark.join(word)


def _each(letters: Mapping[str, str]) -> Disguise:
    return lambda word, _: "".join(letters.get(char, char) for char in word)


def _one(letters: Mapping[str, str]) -> Disguise:
    def disguise(word: str, chance: random.Random) -> str:
        at = chance.choice([index for index, char in enumerate(word) if char in letters])
        return word[:at] + letters[word[at]] + word[at + 1 :]

    return disguise


def _marked(marks: Sequence[str], number: int) -> Disguise:
    return lambda word, chance: "".join(
        char + "".join(chance.choice(marks) for _ in range(number)) for char in word
    )


def _masked(mark: str, number: int) -> Disguise:
    def disguise(word: str, chance: random.Random) -> str:
        at = chance.randrange(1, len(word) - number)
        return word[:at] + mark * number + word[at + number :]

    return disguise


def _masked_at_the_end(mark: str, number: int) -> Disguise:
    return lambda word, _: word[:-number] + mark * number


def _pieces(mark: str, length: int) -> Disguise:
    return lambda word, _: mark.join(word[at : at + length] for at in range(0, len(word), length))


def _broken(mark: str) -> Disguise:
    def disguise(word: str, chance: random.Random) -> str:
        at = chance.randrange(1, len(word))
        return word[:at] + mark + word[at:]

    return disguise


def _repeated(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randrange(3, 9) + word[at + 1 :]


def _badges(first: int) -> Disguise:
    return lambda word, _: "".join(chr(first + ord(char) - ord("a")) for char in word)


def _alternating(word: str, _: random.Random) -> str:
    return "".join(char.upper() if at % 2 else char for at, char in enumerate(word))


def _upside_down(word: str, _: random.Random) -> str:
    return "".join(_TURNED[char] for char in reversed(word))


DISGUISES: Final[Mapping[str, Disguise]] = {
    "capitals": lambda word, _: word.upper(),
    "reversed case": _alternating,
    "full-width": _shifted(0xFF41),
    "bold": _shifted(0x1D41A),
    "sans bold italic": _shifted(0x1D656),
    "circled": _shifted(0x24D0),
    "in boxes": _badges(0x1F130),
    "in black boxes": _badges(0x1F170),
    "in black circles": _badges(0x1F150),
    "flags": _badges(0x1F1E6),
    "flags apart": lambda word, chance: " ".join(_badges(0x1F1E6)(word, chance)),
    "small capitals": _each(_SMALL_CAPITALS),
    "zero-width space": _between("\u200b"),
    "soft hyphen": _between("\u00ad"),
    "word joiner": _between("\u2060"),
    "bidi marks": _between("\u202e"),
    "tags": _between("\U000e0061"),
    "variation selectors": _between("\ufe0f"),
    "one Cyrillic letter": _one(_CYRILLIC),
    "Cyrillic": _each(_CYRILLIC),
    "Greek": _each(_GREEK),
    "far scripts": _each(_EXOTIC),
    "accents": lambda word, chance: unicodedata.normalize("NFC", _marked(_ACCENTS, 1)(word, chance)),
    "strokes": _marked(_HEAVY, 1),
    "heaps of marks": _marked(_ACCENTS + _HEAVY, 6),
    "iota below": _marked("\u0345", 1),
    "a stray mark before": lambda word, _: "\u0301" + word,
    "one digit": _one(_DIGITS),
    "digits": _each(_DIGITS),
    "symbols": _each(_SYMBOLS),
    "spaced": _between(" "),
    "spaced widely": _between("  "),
    "one letter a line": _between("\n"),
    "dotted": _between("."),
    "hyphened": _between("-"),
    "underscored": _between("_"),
    "spaced digits": lambda word, chance: " ".join(_each(_DIGITS)(word, chance)),
    "dots and spaces": _between(". "),
    "emoji between": lambda word, chance: chance.choice(_FAMILY).join(word),
    "emoji once": lambda word, _: f"{word[:3]}🔥{word[3:]}",
    "a letter repeated": _repeated,
    "all repeated": lambda word, _: "".join(char * 3 for char in word),
    "all doubled": lambda word, _: "".join(char * 2 for char in word),
    "a star": _masked("*", 1),
    "two stars": _masked("*", 2),
    "a hash": _masked("#", 1),
    "many marks": _masked("%", 3),
    "in pairs": _pieces(" ", 2),
    "in dotted pairs": _pieces(".", 2),
    "in threes with slashes": _pieces("/", 3),
    "a dot inside": _broken("."),
    "dots inside": _broken("..."),
    "a comma inside": _broken(","),
    "a slash inside": _broken("/"),
    "a hyphen inside": _broken("-"),
    "commas between": _between(","),
    "slashes between": _between("/"),
    "raised dots": _between("\u00b7"),
    "in parentheses": lambda word, _: "".join(f"({char})" for char in word),
    "in brackets": lambda word, _: "".join(f"[{char}]" for char in word),
    "upside down": _upside_down,
    "shown from right to left": lambda word, _: f"\u202e{word[::-1]}\u202c",
    "signs": _each(_SIGNS),
    "Lisu": _each(_LISU),
    "Cherokee": _each(_CHEROKEE),
    "phonetic letters": _each(_PHONETIC),
    "stroked letters": _each(_STROKED),
    "marks of other scripts": _marked(_MARKS_OF_OTHERS, 1),
    "the last letter masked": _masked_at_the_end("*", 1),
    "the last two masked": _masked_at_the_end("*", 2),
    "digits thrice": lambda word, chance: "".join(char * 3 for char in _one(_DIGITS)(word, chance)),
    "one letter a line, called": lambda word, _: "\n".join(word) + "!",
    "with tabs": _between("\t"),
}
