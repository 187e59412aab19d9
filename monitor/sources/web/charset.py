"""Turns the bytes of an answer into text, whatever its labels say.

What is tried, in this order: a byte order mark, which no other text begins with; UTF-8, if there is
anything in the body that would look different in another encoding, because a body that happens to
be valid UTF-8 is UTF-8 (servers that call every page ISO-8859-1 are many); then the charset of the
Content-Type, and the one that the document names itself. If all fail, what cannot be read is
replaced, so that one broken comment does not hide the others.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from monitor.sources.web.message import Answer

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED: Final = re.compile(
    rb"""<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE | re.ASCII,
)
_LOOKED_AT: Final = 4_096

_READ: Final = (
    "utf-8", "utf-16", "iso8859", "cp125", "cp866", "cp874", "cp932", "cp949", "cp950", "koi8", "mac-",
    "gb18030", "big5", "euc_", "iso2022_jp", "shift_jis", "tis-620",
)  # fmt: skip
"""Beginnings of Python's names of the encodings that text on the web is in. Its others are no
charsets, or slow in the wrong hands (punycode)."""

_MEANT: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What browsers read for a label, because writers mean it (WHATWG Encoding, section 4.2)."""

_OF_SEVEN_BITS: Final = ("iso2022_jp", "utf-16")


def decoded(answer: Answer) -> str:
    """Return the body as text. Never fails."""
    body = answer.body
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    labelled = list(_labelled(answer))
    if not (labelled and labelled[0].startswith(_OF_SEVEN_BITS)):
        labelled.insert(0, "utf-8")
    for encoding in labelled:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode(next(iter(_labelled(answer)), "utf-8"), "replace")


def _labelled(answer: Answer) -> Iterator[str]:
    """Yield the encodings that the answer and the document name, as Python calls them."""
    named = _NAMED.search(answer.body[:_LOOKED_AT])
    inside = (named[1] or named[2]).decode("ascii") if named else ""
    for label in (answer.charset, inside):
        encoding = _known(label)
        if encoding.startswith("utf-16") and b"\0" not in answer.body:
            continue
        if encoding:
            yield encoding


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label.strip().lower().removeprefix("x-")).name if label.isascii() else ""
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name.startswith(_READ) else ""
