from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.web.charset import decoded
from monitor.sources.web.message import Answer

GERMAN = "Grüße aus Köln – „schön“"
RUSSIAN = "Привет, мир"
JAPANESE = "こんにちは、世界"
KOREAN = "안녕하세요"
CHINESE = "今天天气很好"


def read(body: bytes, charset: str = "") -> str:
    return decoded(
        Answer(url="", status=200, headers={}, body=body, charset=charset, received_at=datetime.now(UTC))
    )


def page(text: str, charset: str) -> str:
    return f'<html><head><meta charset="{charset}"></head><p>{text}</p></html>'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        (KOREAN, "euc-kr"),
        (CHINESE, "gb2312"),
        (CHINESE, "gb18030"),
        ("今天天氣很好", "big5"),
    ],
)
def test_the_charset_of_the_answer_or_of_the_document_is_heard(text: str, encoding: str) -> None:
    document = page(text, encoding)
    assert [text, document] == [read(text.encode(encoding), encoding), read(document.encode(encoding))]


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_goes_before_every_label(mark: str) -> None:
    assert RUSSIAN == read(RUSSIAN.encode(mark), "windows-1251")


@pytest.mark.parametrize(
    "label",
    [
        "iso-8859-1",
        "us-ascii",
        "windows-1251",
        "shift_jis",
        "utf-16",
        "utf-7",
        "nonsense",
        "zlib",
        "punycode",
        "a\0b",
        "ü",
        "x" * 999,
        "",
    ],
)
def test_utf_8_is_read_whatever_it_is_called(label: str) -> None:
    assert GERMAN == read(GERMAN.encode(), label)


def test_what_is_called_utf_8_and_is_not_is_read_as_the_document_says() -> None:
    document = page(RUSSIAN, "windows-1251")
    assert document == read(document.encode("windows-1251"), "utf-8")


def test_an_xml_declaration_is_heard_too() -> None:
    feed = f'<?xml version="1.0" encoding="windows-1251"?><feed>{RUSSIAN}</feed>'
    assert feed == read(feed.encode("windows-1251"))


def test_utf_16_without_a_mark_is_read_by_its_label() -> None:
    assert "<p>hello</p>" == read("<p>hello</p>".encode("utf-16-le"), "utf-16le")


def test_one_broken_comment_does_not_hide_the_others() -> None:
    assert f"{GERMAN}\n\ufffd\n{RUSSIAN}" == read(GERMAN.encode() + b"\n\xff\n" + RUSSIAN.encode(), "utf-8")


def test_what_is_meant_by_latin_1_is_windows_1252() -> None:
    assert "„–“" == read("„–“".encode("cp1252"), "iso-8859-1")


@given(
    st.binary(max_size=200),
    st.text(max_size=20) | st.sampled_from(["utf-8", "utf-16", "shift_jis", "cp1252"]),
)
def test_anything_is_read_somehow(body: bytes, label: str) -> None:
    assert isinstance(read(body, label), str)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
    st.sampled_from(["", "utf-8", "latin-1", "gbk", "bogus"]),
)
def test_utf_8_survives_every_label(text: str, label: str) -> None:
    assert text.removeprefix("\ufeff") == read(text.encode(), label)
