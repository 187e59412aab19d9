"""What the product counts about itself, for Prometheus.

metrics = Metrics()
metrics.ingested("gazette", 12)
metrics.exposition()    # the text of /metrics
"""

from monitor.metrics.definitions import DEFINITIONS, PREFIX, Definition
from monitor.metrics.facts import JudgedFacts, PolledFacts, Unknown
from monitor.metrics.recording import Metrics, describe

__all__ = [
    "DEFINITIONS",
    "PREFIX",
    "Definition",
    "JudgedFacts",
    "Metrics",
    "PolledFacts",
    "Unknown",
    "describe",
]
