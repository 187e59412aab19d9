"""Posts each alert to a Slack incoming webhook, and to what understands the same: Mattermost, Rocket.Chat.

The message is written twice. Slack shows the `blocks`, in which a comment's words are rich text
elements: nothing in them is ever formatted, linked or a mention
(https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). The others show the `text`, in
which the words stand in a block of code for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from monitor.domain.alerts import Alert
from monitor.domain.severity import Severity
from monitor.notifiers.excerpt import Piece, excerpt, safe
from monitor.notifiers.http import Outlet
from monitor.notifiers.record import encode
from monitor.notifiers.wording import counted, measured, place, said, who, written

LONGEST_SECTION: Final = 3000
"""Characters that Slack takes in the text of one block."""

_SIGNS: Final = {
    Severity.INFO: ":white_circle:",
    Severity.LOW: ":large_blue_circle:",
    Severity.MEDIUM: ":large_yellow_circle:",
    Severity.HIGH: ":large_orange_circle:",
    Severity.CRITICAL: ":red_circle:",
}
_ANSWERS: Final = frozenset(
    {
        "ok",
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_blocks",
        "invalid_payload",
        "invalid_token",
        "no_service",
        "no_service_id",
        "no_team",
        "no_text",
        "posting_to_general_channel_denied",
        "rollup_error",
        "team_disabled",
        "too_many_attachments",
        "user_not_found",
    }
)
"""What Slack is known to answer with. Any other body is left out of records: it may repeat the message."""

_APART: Final = "\N{ZERO WIDTH SPACE}"
_IN_A_URL: Final = "%/:?#[]@!$&'()*+,;=~"

Block = dict[str, object]


class Slack:
    """An incoming webhook's URL that gets a message an alert."""

    def __init__(self, name: str, outlet: Outlet) -> None:
        self._name = name
        self._outlet = outlet

    @property
    def name(self) -> str:
        """Return the receiver's name."""
        return self._name

    async def deliver(self, alert: Alert) -> str:
        """Post the alert and return the answer.

        Raises:
            Retryable: the channel is down, asks to wait, or is set up wrongly.
            Rejected: the channel will never take this one.
        """
        answer = await self._outlet.post(encode(message(alert)), {"Idempotency-Key": alert.delivery_id})
        said = answer.body.decode(errors="replace").strip()
        return answer.settle(said if said in _ANSWERS else "")

    async def close(self) -> None:
        """Close the connections."""
        await self._outlet.close()


def message(alert: Alert) -> Block:
    """Return the message: blocks for Slack, the whole of it again as text for the others."""
    words = excerpt(alert.comment.text, alert.match.spans)
    return {
        "text": _text(alert, words),
        "blocks": [
            _section(_head(alert)),
            {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": _rich(words)}]},
            {"type": "context", "elements": [_mrkdwn(fact) for fact in _facts(alert)]},
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _text(alert: Alert, words: Sequence[Piece]) -> str:
    shown = "".join(f">>{piece.text}<<" if piece.matched else piece.text for piece in words)
    quoted = "```\n" + _escaped(shown) + "\n```"
    return "\n".join([_head(alert), quoted, *_facts(alert)])[:LONGEST_SECTION]


def _head(alert: Alert) -> str:
    severity = f"{_SIGNS[alert.severity]} {alert.severity.upper()}"
    lines = [f"{severity} {_escaped(alert.title)}", f"{_escaped(who(alert))} on {_escaped(place(alert))}"]
    if sentence := said(alert):
        lines.insert(1, _escaped(sentence))
    return "\n".join(lines)


def _facts(alert: Alert) -> list[str]:
    facts = [*written(alert), *counted(alert), *measured(alert), f"{alert.rule} · {alert.id}"]
    return [*map(_escaped, facts), *_link(alert.comment.url or "")]


def _link(url: str) -> list[str]:
    """Return the comment's address as a link, unless it is something else than a page's."""
    if not url.startswith(("https://", "http://")):
        return []
    return [f"<{quote(url, safe=_IN_A_URL)}>"]


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text[:LONGEST_SECTION]}


def _rich(words: Sequence[Piece]) -> list[Block]:
    plain: Block = {"type": "text"}
    strong: Block = {"type": "text", "style": {"bold": True}}
    return [{**(strong if piece.matched else plain), "text": piece.text} for piece in words] or [
        {**plain, "text": "(no text)"}
    ]


def _escaped(text: str) -> str:
    """Return text that stays text: no mention, link, picture or code in any of the three chats."""
    entities = safe(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return entities.replace("@", f"@{_APART}").replace("](", f"]{_APART}(").replace("`", "'")
