"""Personal data in a text: addresses, numbers, cards. What has a check sum is believed by it alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.places import addresses

if TYPE_CHECKING:
    from monitor.engine.text import Span

Finder: TypeAlias = "Callable[[str], Iterator[Span]]"

_AT: Final = r"(?:@|\s?[\[({]\s?at\s?[\])}]\s?)"
_DOT: Final = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)"
_EMAIL: Final = re.compile(
    rf"(?<![\w.%+-])[\w.%+-]{{1,64}}{_AT}(?:[a-z0-9-]{{1,63}}{_DOT}){{1,5}}[a-z]{{2,24}}(?![\w@])",
    re.IGNORECASE,
)
_IBAN: Final = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?!\w)", re.IGNORECASE
)
_ACCOUNT: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?\d{4}){3,7}(?: ?\d{1,4})?(?!\w)", re.IGNORECASE)
"""What is spelled like an account number of digits, right or not: no card and no telephone number."""

_CARD: Final = re.compile(r"(?<![\d.,+])[2-6](?:[ -]?\d){11,18}(?!\d)")
_ISSUED: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-5]|36\d|3[89]\d)\d{11}"  # Diners Club
    r"|(?:6011|65\d{2}|64[4-9]\d|35(?:2[89]|[3-8]\d)|62\d{2})\d{12,15}"  # Discover, JCB, UnionPay
    r"|(?:50\d{2}|5[6-8]\d{2}|6[37]\d{2})\d{8,15}"  # Maestro
)
"""The beginnings that card issuers have, with the lengths of their numbers."""
_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_PHONE: Final = re.compile(
    r"(?<![\w.,/+])(?:(?:\+|00)[1-9]|\(0?\d{2,5}\)|0[1-9])[\d ()./-]{5,20}\d(?!\w)"
    r"|(?<![\w.,/+-])\d{3}[ .-]\d{3}[ .-]\d{4}(?!\w)"
)
_CALLED: Final = re.compile(
    r"\b(?:call|phone|ring|tel|text|mobile|cell|whats ?app|signal|number|ruf|anrufen|nummer|handy|telefon"
    r"|ll[aá]ma|tel[ée]fono|m[oó]vil|n[uú]mero|appelle|t[ée]l[ée]phone|num[ée]ro|portable|liga|ligue|telefone|celular)"
    r"\w{0,3}\b[^\d\n]{0,20}?((?<!\w)[+(]?\d(?:[ ()./-]{0,3}\d){7,14})(?!\w|,\d)",
    re.IGNORECASE,
)
"""Numbers of which only what stands before them says that one can call them."""

_GAP: Final = re.compile(r"[ -]")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
_FEWEST_IN_A_GROUP, _FEWEST_OF_AN_IBAN = 3, 15
_FEWEST_PARTS: Final = 3
"""Parts of an IPv6 address that is meant: `1::2` and `::` stand in programs."""


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses; `ann [at] example [dot] org` is one."""
    if "@" in text or "at" in text:
        yield from (found.span() for found in _EMAIL.finditer(text))


def ibans(text: str) -> Iterator[Span]:
    """Yield account numbers whose check digits are right (ISO 13616, modulo 97)."""
    yield from _checked(_IBAN, text, _is_iban)


def cards(text: str) -> Iterator[Span]:
    """Yield payment card numbers: begun as an issuer's, as long, the check digit right (ISO/IEC 7812)."""
    yield from _apart(_checked(_CARD, text, _is_card), _accounts(text))


def _checked(pattern: re.Pattern[str], text: str, is_one: Callable[[str], bool]) -> Iterator[Span]:
    """Yield what is one as a whole or without its last groups: a date or a word may stand behind it."""
    for found in pattern.finditer(text):
        ends = [found.end(), *(gap.start() for gap in reversed(list(_GAP.finditer(text, *found.span()))))]
        end = next((end for end in ends if is_one(text[found.start() : end])), None)
        if end is not None:
            yield found.start(), end


def _is_iban(written: str) -> bool:
    number = _GAP.sub("", written)
    if len(number) < _FEWEST_OF_AN_IBAN:
        return False
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def _is_card(written: str) -> bool:
    """Return whether this is a card's number; one in ten rows of numbers would have the check digit, too."""
    groups = _GAP.split(written)
    if min(map(len, groups)) < _FEWEST_IN_A_GROUP or not _ISSUED.fullmatch("".join(groups)):
        return False
    digits = [int(digit) for digit in reversed("".join(groups))]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 == 0


def addresses_of_machines(text: str) -> Iterator[Span]:
    """Yield IP addresses."""
    yield from (found.span() for found in _IPV4.finditer(text) if _is_ip(found[0]))
    for found in _IPV6.finditer(text):
        if len([part for part in found[0].split(":") if part]) >= _FEWEST_PARTS and _is_ip(found[0]):
            yield found.span()


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers: with a country code, a leading zero, or in groups as in North America.

    Others are believed where the text says that they are numbers to call.
    """
    accounts = _accounts(text)
    written = (found.span() for found in _PHONE.finditer(text) if _is_phone(found[0].strip()))
    spans = list(_apart(written, accounts))
    yield from spans
    called = (found.span(1) for found in _CALLED.finditer(text) if _is_phone(found[1]))
    yield from _apart(called, [*accounts, *spans])


def _accounts(text: str) -> list[Span]:
    return [found.span() for found in _ACCOUNT.finditer(text)]


def _apart(spans: Iterable[Span], others: Collection[Span]) -> Iterator[Span]:
    """Yield the spans that share no character with another one."""
    for start, end in spans:
        if not any(first < end and start < last for first, last in others):
            yield start, end


def _is_phone(number: str) -> bool:
    digits = sum(map(str.isdigit, number))
    return _FEWEST_DIGITS <= digits <= _MOST_DIGITS and not _is_ip(number)


def _is_ip(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True


FINDERS: Final[Mapping[str, Finder]] = {
    "email": emails,
    "phone": phones,
    "iban": ibans,
    "card": cards,
    "ip": addresses_of_machines,
    "address": addresses,
}
"""What each kind of personal data is found by."""
