"""How a rule is written around its condition: the keys that the schema knows."""

from __future__ import annotations

from typing import Final

from monitor.domain.comments import EventKind
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import LABELS
from monitor.engine.conditions.forms import Form
from monitor.engine.escalating import DISTINCT, GROUPS, PLACEHOLDERS, WINDOWS
from monitor.engine.given import NAMES

_SEVERITIES: Final = tuple(Severity)

_APPLIES_TO: Final = Form(
    says="only these comments",
    kind="group",
    keys={
        "languages": Form(says="ISO 639 codes", kind="texts"),
        "sources": Form(says="names of sources, `gazette-*` for several", kind="texts"),
        "events": Form(says="what happened to the comment", kind="choices", among=tuple(EventKind)),
    },
)
_STEP: Final = Form(
    says="from this count on the alert has this severity",
    kind="group",
    keys={
        "count": Form(says="the count", kind="number"),
        "severity": Form(says="the severity", kind="choice", among=_SEVERITIES),
    },
    needs=("count", "severity"),
)
_ESCALATE: Final = Form(
    says="count matches in a window before anyone is alerted",
    kind="group",
    keys={
        "by": Form(
            says="whose matches are counted together; `target`: who is answered or mentioned; "
            "`campaign`: copies of one text, small edits allowed",
            kind="choice",
            among=WINDOWS,
        ),
        "count": Form(says="how many open the alert", kind="number"),
        "distinct": Form(says="count different values of this instead", kind="choice", among=DISTINCT),
        "within": Form(says="the window", kind="length"),
        "ladder": Form(
            says="higher counts, higher severities", kind="groups", keys=_STEP.keys, needs=_STEP.needs
        ),
    },
    needs=("by", "count", "within"),
)
_ALERT: Final = Form(
    says="how people are told",
    kind="group",
    keys={
        "cooldown": Form(says="one alert in this time at most; what follows joins it", kind="length"),
        "group_by": Form(says="whose alerts the cool-down holds together", kind="choices", among=GROUPS),
        "say": Form(
            says="the alert's sentence; it knows " + ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            kind="text",
        ),
    },
)
_COMMENT: Final = {
    "text": Form(says="the comment's text", kind="text"),
    "author": Form(says="the author's name", kind="text"),
    "thread": Form(says="the thread's id", kind="text"),
    "source": Form(says="the source's name", kind="text"),
    "language": Form(says="its ISO 639 code", kind="text"),
    "scores": Form(
        says="scores of the toxicity model",
        kind="group",
        keys={label: Form(says="from 0 to 1", kind="fraction") for label in LABELS},
    ),
    "unsupported": Form(says="no model in force knows its language", kind="flag"),
    "edited": Form(says="it is the text after an edit", kind="flag"),
    "given": Form(
        says="what the source gives beyond that",
        kind="group",
        keys={name: Form(says=says, kind="texts") for name, says in NAMES.items()},
    ),
}
_TESTS: Final = Form(
    says="proofs that the rule does what it should",
    kind="groups",
    keys={
        "it": Form(says="what the rule does here", kind="text"),
        "comment": Form(says="one comment", kind="group", keys=_COMMENT, needs=("text",)),
        "thread": Form(
            says="several comments in order of time",
            kind="groups",
            keys={
                "at": Form(says="the time since the first", kind="length"),
                **_COMMENT,
                "edits": Form(says="this is the new text of the comment of this number", kind="number"),
                "deletes": Form(says="the comment of this number is deleted; no text", kind="number"),
            },
            needs=("at",),
        ),
        "expect": Form(
            says="what comes of it",
            kind="choice",
            among=("alert", "nothing"),
            otherwise=Form(
                says="how many alerts",
                kind="group",
                keys={"alerts": Form(says="how many", kind="number")},
                needs=("alerts",),
            ),
        ),
    },
    needs=("it", "expect"),
)

RULE: Final = Form(
    says="a rule",
    kind="group",
    keys={
        "id": Form(says="its name for ever: small letters, digits, dots and dashes", kind="text"),
        "title": Form(says="what happened, in a few words", kind="text"),
        "why": Form(says="the harm, and the clause of the policy it serves", kind="text"),
        "owner": Form(says="who answers for it", kind="text"),
        "status": Form(says="how far along it is", kind="choice", among=tuple(Status)),
        "severity": Form(says="how bad it is", kind="choice", among=_SEVERITIES),
        "tags": Form(says="words to find it by", kind="texts"),
        "applies_to": _APPLIES_TO,
        "define": Form(says="conditions with names, for `use`", kind="clauses_by_name"),
        "when": Form(says="the condition", kind="clause"),
        "unless_matched": Form(says="rules that go first: where one is true, this one is not", kind="texts"),
        "escalate": _ESCALATE,
        "alert": _ALERT,
        "false_alarms": Form(says="known harmless comments that it finds", kind="texts"),
        "tests": _TESTS,
    },
    needs=("id", "title", "severity", "when"),
)

OVERRIDE: Final = Form(
    says="local tuning of a rule that somebody else maintains",
    kind="group",
    keys={
        "override": Form(says="the id of the rule", kind="text"),
        "why": Form(says="what it is for", kind="text"),
        "disable": Form(says="true: the rule is not judged at all", kind="flag"),
        "status": Form(says="how far along the rule is here", kind="choice", among=tuple(Status)),
        "severity": Form(says="how bad it is here", kind="choice", among=_SEVERITIES),
        "count": Form(says="how many matches open the alert, of a rule that counts", kind="number"),
        "within": Form(says="the window, of a rule that counts", kind="length"),
        "cooldown": Form(says="one alert in this time at most", kind="length"),
    },
    needs=("override",),
)
