"""The forms of this room's source files, by kind: for the JSON Schema and the manual."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monitor.sources.forms import Form, Given
from monitor.sources.push.jetstream.reading import JETSTREAM
from monitor.sources.push.mastodon.reading import MASTODON
from monitor.sources.push.webhooks.reading import WEBHOOK

LISTENING: Final[Mapping[str, Form[Given]]] = MappingProxyType(
    {"mastodon": MASTODON, "jetstream": JETSTREAM, "webhook": WEBHOOK}
)
