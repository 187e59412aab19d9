"""Starts an embedded broker, prints the id of its process, and holds it until killed."""

import signal

from streams.embedded import EmbeddedBroker

with EmbeddedBroker() as broker:
    print(broker.pid, flush=True)
    signal.pause()
