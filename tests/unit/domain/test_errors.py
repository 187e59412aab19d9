from __future__ import annotations

import pickle

import pytest

from monitor.domain.errors import Misconfigured, MonitorError, Rejected, Retryable
from monitor.domain.problems import Problem

BROKEN_RULE = Problem(
    message="there is no severity 'hihg'",
    hint="did you mean 'high'?",
    file="rules/threats.yaml",
    line=4,
    column=11,
    source_line="severity: hihg",
)

ERRORS = (
    Retryable("the site is down"),
    Retryable("the channel asks to wait", retry_after=2.5),
    Rejected("schema", "`text` is missing"),
    Misconfigured([BROKEN_RULE, Problem(message="there is no rule at all")]),
    Misconfigured.plain("port 8080 is taken", hint="set http.port"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"{error!r:.30}")
def test_an_error_crosses_from_one_process_to_another_whole(error: MonitorError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what process pools do
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_a_rejection_says_its_reason_and_the_detail() -> None:
    error = Rejected("schema", "`text` is missing")
    assert (error.reason, error.detail, str(error)) == (
        "schema",
        "`text` is missing",
        "schema: `text` is missing",
    )


def test_what_a_person_must_change_reads_like_a_compilers_message() -> None:
    assert str(Misconfigured([BROKEN_RULE, Problem(message="there is no rule at all")])) == (
        "rules/threats.yaml:4:11: error: there is no severity 'hihg'\n"
        "    severity: hihg\n"
        "              ^\n"
        "    hint: did you mean 'high'?\n"
        "error: there is no rule at all"
    )
