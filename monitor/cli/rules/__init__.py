"""`comment-monitor rules`: a rule author's tools; no Kafka, no model, no network.

A tool is imported when it is run, so that `rules check` in an editor or a commit hook starts fast.
A new one is a file of its own and a line in `TOOLS`.
"""

from __future__ import annotations

from typing import Final

import click

from monitor.cli.tools import Listed, Tools

TOOLS: Final[Listed] = {
    "backtest": ("backtesting", "Say what rules would have done on an archive of verdicts."),
    "check": ("checking", "Read all rules and report every problem, with its place and what to do."),
    "explain": ("explaining", "Show clause by clause why a rule fires on a comment, or does not."),
    "import": ("importing", "Bring over rules and word lists from other tools."),
    "list": ("listing", "List the rules: id, status, severity, owner, and where each stands."),
    "new": ("starting", "Write a first version of a rule, tested, in shadow."),
    "promote": ("promoting", "Say whether a rule may go live, and what it lacks."),
    "schema": ("describing", "Print the JSON Schema of rule files, by which editors complete."),
    "test": ("testing", "Run the tests inside the rules, and live rules on harmless comments."),
}
"""Each tool: the module that holds its `command`, and its line in the help."""


@click.group(cls=Tools, package=__name__, tools=TOOLS, short_help="Write, check, test and explain rules.")
def command() -> None:
    """Write, check, test and explain rules.

    PATH is a rule file or a folder, several are one book. Without any: the setting rules.path, else
    ./rules, else the bundled packs.

    Exit codes: 0 all is well, 1 a rule is wrong or a test failed, 2 the command was used wrongly.
    """
