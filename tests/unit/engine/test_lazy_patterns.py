"""A pattern that is not compiled when it is read must be one that `regex` takes."""

from __future__ import annotations

import re

import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.engine.conditions.matchers.patterns import _COMMON
from monitor.engine.widening import parse

PIECES = st.sampled_from(
    [
        *"abz09 ._,;:'\"<>=!@#%&~-|^$*+?()",
        r"\w",
        r"\s",
        r"\b",
        r"\.",
        r"\(",
        r"\[",
        r"\\",
        r"\/",
        "(?:",
        "(?=",
        "(?!",
        "(?<=",
        "(?P<a>",
        "(?i)",
        "(?>",
        "[a-z]",
        "[^abc]",
        "[]x]",
        r"[\w-]",
        "[a-]",
        "[&&]",
        "[||x]",
        "[~~]",
        "[--a]",
        "{2}",
        "{,3}",
        "{2,}",
        "{2,3}",
        "+?",
        "*+",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_what_is_common_to_both_parsers_compiles_in_both(pattern: str) -> None:
    try:
        parse(pattern, re.IGNORECASE)
    except (re.error, OverflowError, FutureWarning, DeprecationWarning):
        assume(False)
    if _COMMON.match(pattern):
        regex.compile(pattern, regex.IGNORECASE | regex.V0)
