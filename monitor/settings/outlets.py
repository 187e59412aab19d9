"""The lists of the settings: where comments come from and where alerts go to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta

from monitor.domain.severity import Severity
from monitor.settings.duration import Duration
from monitor.settings.findings import Finding, Section
from monitor.settings.secret import Secret

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]

SourceFormat: TypeAlias = Literal["auto", "jsonl", "csv", "page"]

_NEEDS: Final = {"jsonl": "path", "webhook": "url", "slack": "url"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings(Section):
    """One channel that alerts go out by."""

    name: Annotated[
        Name, Meta(description="Unique; deliveries and metrics carry it. Lower case, digits, `-_.`")
    ]
    type: Annotated[str, Meta(description="`console`, `jsonl`, `webhook`, `slack`, or a plug-in's name")]
    path: Annotated[Path | None, Meta(description="The file, for jsonl")] = None
    url: Annotated[
        Secret | None, Meta(description="Where to send, for webhook and slack; such URLs are secrets")
    ] = None
    secrets: Annotated[
        tuple[Secret, ...], Meta(description="Keys that a webhook is signed with; two while they are rotated")
    ] = ()
    min_severity: Annotated[Severity, Meta(description="Alerts below it are not sent here")] = Severity.INFO
    rules: Annotated[
        tuple[str, ...],
        Meta(description="Only alerts of these rules, `threats.*` for a family; empty: of all"),
    ] = ()
    allow_private: Annotated[
        tuple[str, ...],
        Meta(description="Private networks (`10.0.0.0/8`) that the URL may lead to; none unless named"),
    ] = ()
    timeout: Annotated[Duration, Meta(description="Longest wait for the channel's answer")] = Duration(10)

    def findings(self) -> Iterator[Finding]:
        """Check that the type has what it needs and that networks are networks."""
        needed = _NEEDS.get(self.type)
        if needed and getattr(self, needed) is None:
            yield Finding(key="type", message=f"receiver '{self.name}' of type {self.type} needs a {needed}")
        for network in self.allow_private:
            if problem := _network_problem(network):
                yield Finding(key="allow_private", message=problem, hint='write a network as "10.0.0.0/8"')
        if not self.timeout:
            yield Finding(key="timeout", message="with no time to answer, no channel ever answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings(Section):
    """One place that comments are read from: a file of comments, or source files that tell of sites."""

    name: Annotated[
        Name | None,
        Meta(
            description="file: unique; the cursor is kept under it. Lower case, digits, `-_.`. "
            "Sites have the ids that their source files give them"
        ),
    ] = None
    type: Annotated[
        Literal["file", "site"], Meta(description="file: comments in a file; site: what source files tell of")
    ] = "file"
    path: Annotated[
        Path | None,
        Meta(description="file: the file, `-` is standard input. site: a source file, or a folder of them"),
    ] = None
    format: Annotated[
        SourceFormat,
        Meta(description="How a file of comments is written; auto: told by its name and its first line"),
    ] = "auto"
    follow: Annotated[bool, Meta(description="Wait for more at the end of a file of comments")] = False

    def findings(self) -> Iterator[Finding]:
        """Check that there is something to read, and that only a file of comments has a name."""
        if self.path is None:
            yield Finding(key="type", message=f"source '{self.name}' of type {self.type} needs a path")
        if self.type == "file" and self.name is None:
            yield Finding(key="type", message="a source of type file needs a name")
        if self.type == "site" and self.name is not None:
            yield Finding(
                key="name",
                message="sites are called by the ids in their source files",
                hint="leave the name out",
            )


def _network_problem(network: str) -> str | None:
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        return str(error)
    return None
