from __future__ import annotations

import time

import pytest

from monitor.domain.errors import Misconfigured
from monitor.engine.personal import FINDERS
from tests.trial import a_book, fires, found


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("email", "mail ann.b+c@mail.example.org now", ["ann.b+c@mail.example.org"]),
        ("email", "ann [at] example [dot] org", ["ann [at] example [dot] org"]),
        ("email", "@ann and b@c", []),
        ("iban", "DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]),
        ("iban", "DE89 3704 0044 0532 0130 01", []),
        ("card", "4111 1111 1111 1111 is mine", ["4111 1111 1111 1111"]),
        ("card", "4111 1111 1111 1112", []),
        ("ip", "at 192.0.2.7, not 1.2.3 or 300.1.1.1", ["192.0.2.7"]),
        ("ip", "2001:db8::1 at 12:30:15", ["2001:db8::1"]),
        ("phone", "call +1 202 555 0142 tonight", ["+1 202 555 0142"]),
        ("phone", "030 1234567 or (030) 1234567", ["030 1234567", "(030) 1234567"]),
        ("phone", "202-555-0142", ["202-555-0142"]),
        ("phone", "on 2026-11-28 at 192.0.2.7, for 1,234,567.89 or 10 000 000", []),
        ("address", "he lives at 12 Quarry Hill Road", ["12 Quarry Hill Road"]),
        ("address", "Lindenstraße 14", ["Lindenstraße 14"]),
        ("address", "calle de la Luna, 7", ["calle de la Luna, 7"]),
        ("address", "at the end of the road", []),
    ],
)
def test_personal_data_is_found(kind: str, text: str, expected: list[str]) -> None:
    assert expected == found(f"pii: {kind}", text)


def test_several_kinds_are_alternatives() -> None:
    assert fires("pii: [email, phone]", "ann@example.org")
    assert not fires("pii: [iban, phone]", "ann@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "+1 202 555 0142",
        "0012025550142",
        "011 1 202-555-0142",
        "(202) 555.0142",
        "call 2O2 555 Ol42!",
        "1-202-555-0142",
        "+1 (202) 5550142",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert fires('phones: ["+1 202 555 0142"]', text)


def test_letters_stand_for_digits_as_on_a_keypad() -> None:
    assert fires('phones: ["+1 800 356 9377"]', "call 1-800-FLOWERS")


@pytest.mark.parametrize(
    "text", ["+1 202 555 0143", "5550142", "192.0.2.55", "20.25.55.0142 x", "2025550142999"]
)
def test_other_numbers_and_machines_are_not(text: str) -> None:
    assert not fires('phones: ["+1 202 555 0142"]', text)


def test_a_number_is_given_with_its_country_code() -> None:
    with pytest.raises(Misconfigured, match="is no number with its country code"):
        a_book('phones: ["555 0142"]')


@pytest.mark.parametrize("kind", FINDERS)
@pytest.mark.parametrize(
    "text", ["a.b+" * 5_000, "1 " * 10_000, "DE89 " * 4_000, "a:" * 10_000, "4111 " * 4_000]
)
def test_no_text_takes_long(kind: str, text: str) -> None:
    start = time.perf_counter()
    list(FINDERS[kind](f"{text}@"))

    assert time.perf_counter() - start < 1
