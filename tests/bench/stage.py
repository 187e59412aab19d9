"""Where one measurement takes place: a folder, topics and a deployment of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from monitor.settings import KafkaSettings
from streams.topics import Topic, topics
from tests.bench.broker import declared
from tests.bench.processes import Running, running
from tests.bench.rulebook import RuleBook, rule_book
from tests.deployment import Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`deployment` runs on `kafka` by the rules of `book`."""

    deployment: Deployment
    kafka: KafkaSettings
    book: RuleBook
    passed: Topic

    def worker(self, scorer: str = "embedded") -> AbstractAsyncContextManager[Running]:
        """Run one worker, all else as it ships."""
        return self._run("worker", {"COMMENT_MONITOR_TOXICITY__SCORER": scorer})

    def notifier(self) -> AbstractAsyncContextManager[Running]:
        """Run the notifier."""
        return self._run("notify")

    def passthrough(self) -> AbstractAsyncContextManager[Running]:
        """Run the baseline, from the topic of the comments to the topic `passed`."""
        kafka = self.kafka
        names = (f"{kafka.topic_prefix}passthrough", topics(kafka).comments.name, self.passed.name)
        arguments = ("tests.bench.passthrough", kafka.bootstrap, *names)
        return running("passthrough", self.deployment.folder, *arguments)

    def _run(
        self, command: str, variables: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Running]:
        arguments = ("monitor", "--config", str(self.deployment.settings), "run", command)
        return running(command, self.deployment.folder, *arguments, variables=variables)


@asynccontextmanager
async def stage(bootstrap: str, url: str = "") -> AsyncIterator[Stage]:
    """Yield a stage whose alerts go to `url`; nothing is left of it afterwards."""
    kafka = KafkaSettings(bootstrap=bootstrap, topic_prefix=f"bench-{uuid4().hex[:8]}.")
    book = rule_book()
    with TemporaryDirectory(prefix="bench-road-") as name:
        folder = Path(name)
        deployment = Deployment(
            folder=folder, bootstrap=bootstrap, prefix=kafka.topic_prefix, rules=book.write(folder)
        )
        if url:
            deployment.url = url
        passed = _passed(kafka)
        async with declared(kafka, passed):
            yield Stage(deployment=deployment, kafka=kafka, book=book, passed=passed)


def _passed(kafka: KafkaSettings) -> Topic:
    """Return the topic that the baseline writes to; it is like the comments'."""
    return Topic(
        name=f"{kafka.topic_prefix}passed",
        key="none",
        holds="what the baseline passed on",
        partitions=kafka.partitions,
        replication=kafka.replication,
        retention=kafka.retention.comments,
    )
