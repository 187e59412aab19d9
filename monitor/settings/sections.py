"""The settings, section by section. Each key's description is the line of the generated table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta

from monitor.settings.duration import Duration
from monitor.settings.findings import Finding, Section
from monitor.settings.outlets import ReceiverSettings, SourceSettings
from monitor.settings.secret import Secret

Count = Annotated[int, Meta(ge=1)]
Ratio = Annotated[float, Meta(gt=0, le=1)]
ScorerKind = Literal["none", "embedded", "detoxify", "cascade"]

_DAY: Final = 86400.0
_LOGIN: Final = "set sasl_username, and sasl_password or the file that holds it, sasl_password_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings(Section):
    """How long Kafka keeps each topic's messages."""

    comments: Annotated[Duration, Meta(description="Comments as they came in")] = Duration(7 * _DAY)
    verdicts: Annotated[Duration, Meta(description="The archive that backtests read")] = Duration(30 * _DAY)
    observations: Annotated[Duration, Meta(description="What the windows count")] = Duration(7 * _DAY)
    alerts: Annotated[Duration, Meta(description="Alerts opened, updated, resolved")] = Duration(90 * _DAY)
    decisions: Annotated[Duration, Meta(description="What reviewers decided")] = Duration(365 * _DAY)
    dead_letters: Annotated[Duration, Meta(description="Messages that failed, until they are replayed")] = (
        Duration(30 * _DAY)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings(Section):
    """The broker, and the topics on it."""

    bootstrap: Annotated[
        str, Meta(min_length=1, description="Brokers to start from, `host:port`, several divided by commas")
    ] = "localhost:9092"
    topic_prefix: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._-]*$",
            description="Put before every topic and consumer group, for a cluster that is shared",
        ),
    ] = ""
    partitions: Annotated[
        Count, Meta(description="Partitions of each topic; bounds the number of workers")
    ] = 4
    replication: Annotated[Count, Meta(description="Copies of each message; 3 in production")] = 1
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Meta(description="How the brokers are spoken to"),
    ] = "PLAINTEXT"
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], Meta(description="How to log in, with SASL_*")
    ] = "PLAIN"
    sasl_username: Annotated[str | None, Meta(description="User, with SASL_*")] = None
    sasl_password: Annotated[Secret | None, Meta(description="Password, with SASL_*")] = None
    ssl_cafile: Annotated[
        Path | None, Meta(description="Certificates (PEM) that the brokers are checked by")
    ] = None
    ssl_certfile: Annotated[Path | None, Meta(description="Our own certificate (PEM)")] = None
    ssl_keyfile: Annotated[Path | None, Meta(description="The key of our own certificate (PEM)")] = None
    session_timeout: Annotated[
        Duration, Meta(description="A worker that is silent so long loses its partitions to the others")
    ] = Duration(10)
    idempotence: Annotated[
        bool,
        Meta(description="Let the broker drop what a retry sent twice; false where it cannot (embedded)"),
    ] = True
    manage_topics: Annotated[
        bool, Meta(description="Create missing topics at start; false where an administrator does")
    ] = True

    def findings(self) -> Iterator[Finding]:
        """Check that a login is complete and that a certificate has its key."""
        if self.security_protocol.startswith("SASL"):
            for key in ("sasl_username", "sasl_password"):
                if getattr(self, key) is None:
                    message = f"{self.security_protocol} needs kafka.{key}"
                    yield Finding(key=key, message=message, hint=_LOGIN)
        elif self.sasl_username or self.sasl_password:
            yield Finding(
                key="security_protocol",
                message=f"a login is set, but {self.security_protocol} never sends it",
                hint='set security_protocol = "SASL_SSL"',
            )
        if (self.ssl_certfile is None) != (self.ssl_keyfile is None):
            key = "ssl_certfile" if self.ssl_keyfile is None else "ssl_keyfile"
            yield Finding(key=key, message="ssl_certfile and ssl_keyfile go together; one is missing")
        if self.session_timeout < 1:
            yield Finding(key="session_timeout", message="brokers refuse a session shorter than 1s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSettings(Section):
    """The rule book."""

    path: Annotated[
        Path | None, Meta(description="A rule file or a folder; without it `./rules`, else the bundled packs")
    ] = None
    max_text: Annotated[
        Count, Meta(description="Characters of a comment that are matched; the rest is cut")
    ] = 20_000
    local: Annotated[
        Path | None,
        Meta(description="A folder beside them for rules of your own and overrides, which no update touches"),
    ] = None
    reload: Annotated[
        Duration, Meta(description="How often workers look for changed rule files; 0s: never")
    ] = Duration(5)

    @property
    def paths(self) -> tuple[Path | None, ...]:
        """Return where rules are read from; None stands for the usual places."""
        return (self.path, self.local) if self.local else (self.path,)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSettings(Section):
    """Telling a comment's language."""

    min_letters: Annotated[
        int, Meta(ge=0, description="With fewer letters the language stays `und`, undetermined")
    ] = 10
    languages: Annotated[
        tuple[str, ...], Meta(description="Only these are considered (ISO 639-1); empty: all that are known")
    ] = ()
    assume: Annotated[
        str,
        Meta(
            pattern=r"^([a-z]{2})?$",
            description="Language, such as `en`, that `und` texts in its script are scored in; empty: none",
        ),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToxicitySettings(Section):
    """The model that gives toxicity scores."""

    scorer: Annotated[ScorerKind, Meta(description="The model; with none, scores are unknown, never 0")] = (
        "embedded"
    )
    fallback: Annotated[
        Literal["none", "embedded", "stop"],
        Meta(description="What judges where the model cannot be loaded; stop: the process does not start"),
    ] = "embedded"
    embedded_model: Annotated[
        Path | None,
        Meta(description="A model that `comment-monitor train` made; without it, the bundled one"),
    ] = None
    doubt: Annotated[
        Ratio,
        Meta(
            description="cascade: Detoxify is asked from this share of a rule's threshold on; less asks more"
        ),
    ] = 0.1
    shed_after: Annotated[
        Duration,
        Meta(description="cascade: it asks Detoxify less when comments have waited longer than this"),
    ] = Duration(30)
    model: Annotated[
        Literal["original", "unbiased", "multilingual", "original-small", "unbiased-small"],
        Meta(description="Detoxify's model; of a checkpoint of your own, the one that it was made from"),
    ] = "original"
    checkpoint: Annotated[
        Path | None, Meta(description="A model file of your own; then nothing is fetched")
    ] = None
    config_path: Annotated[
        Path | None, Meta(description="Folder with the tokenizer and configuration of that model")
    ] = None
    sha256: Annotated[
        str,
        Meta(
            pattern=r"^([0-9A-Fa-f]{64})?$",
            description="SHA-256 of that model file, which can run code: any other is not loaded",
        ),
    ] = ""
    device: Annotated[str, Meta(description="Where Detoxify runs: cpu, cuda, cuda:0, ...")] = "cpu"
    bf16: Annotated[
        Literal["auto", "off"],
        Meta(description="auto: bfloat16 where the device multiplies it; faster, scores move by hundredths"),
    ] = "auto"
    remember: Annotated[
        int, Meta(ge=0, description="Texts that Detoxify scored lately and does not score again")
    ] = 10_000

    def findings(self) -> Iterator[Finding]:
        """Check that a model of one's own is complete."""
        if (self.checkpoint is None) != (self.config_path is None):
            key = "checkpoint" if self.checkpoint else "config_path"
            yield Finding(
                key=key,
                message="checkpoint and config_path go together; one is missing",
                hint="the file, and the folder of the base model that it was made from",
            )
        if self.sha256 and self.checkpoint is None:
            message = "there is no checkpoint that this could be the sum of"
            yield Finding(key="sha256", message=message, hint="set checkpoint and config_path")
        if not self.shed_after:
            yield Finding(key="shed_after", message="comments always wait a little", hint='such as "30s"')


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings(Section):
    """How a worker takes comments in."""

    batch: Annotated[Count, Meta(description="Most comments judged in one go")] = 500
    linger: Annotated[
        Duration, Meta(description="Longest wait for a batch to fill; the least delay at low rates")
    ] = Duration(0.02)
    judges: Annotated[Count, Meta(description="Processes for language, model and rules, per worker")] = 1
    data_dir: Annotated[Path, Meta(description="Where a worker keeps its tables")] = Path(
        "comment-monitor-data"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FuseSettings(Section):
    """When an automatic action stops itself."""

    dead_letter_ratio: Annotated[
        Ratio, Meta(description="A worker stops when more than this share of messages fails")
    ] = 0.5
    dead_letter_sample: Annotated[Count, Meta(description="Messages that the share is measured over")] = 200
    alerts_per_rule_per_hour: Annotated[
        Count, Meta(description="More alerts of one rule than this are held back and counted")
    ] = 100
    fresh_rule_share: Annotated[
        Ratio, Meta(description="A freshly edited live rule that fires on more than this goes into shadow")
    ] = 0.1
    fresh_rule_matches: Annotated[
        Count, Meta(description="Matches before that is believed; escalating rules count their alerts")
    ] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings(Section):
    """What must survive every restart: cursors and deliveries."""

    path: Annotated[
        Path, Meta(description="The SQLite file; on a disk that lasts, not on a network share")
    ] = Path("comment-monitor-data/monitor.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings(Section):
    """Where each process serves `/metrics`, `/healthz` and `/readyz`."""

    host: Annotated[
        str, Meta(description="Address to listen on; 0.0.0.0 to be reached from other machines")
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Meta(
            ge=0,
            le=65535,
            description="Port of the first process, each further one takes the next; 0: any free",
        ),
    ] = 8080

    def port_of(self, index: int) -> int:
        """Return the port of the process with this number, counted from 0."""
        return self.port + index if self.port else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings(Section):
    """How sites are asked. What a site needs beyond it stands in its source file."""

    contact: Annotated[
        str,
        Meta(description="A URL or mail address for owners of sites, put into the User-Agent; set it"),
    ] = ""
    proxies: Annotated[
        bool, Meta(description="Use the proxies that the environment names (HTTPS_PROXY and its like)")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksSettings(Section):
    """Where webhooks come in, once a source file of `kind: webhook` asks for it."""

    host: Annotated[str, Meta(description="Address to listen on; put a proxy that speaks TLS before it")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0: any free")] = 8070


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings(Section):
    """What is written to standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least important line that is written"),
    ] = "info"
    format: Annotated[
        Literal["auto", "json", "console"],
        Meta(description="json for machines, console for people; auto: console on a terminal, else json"),
    ] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Section):
    """All that can be set. Every default works on one machine with a broker at localhost:9092."""

    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    rules: RulesSettings = field(default_factory=RulesSettings)
    language: LanguageSettings = field(default_factory=LanguageSettings)
    toxicity: ToxicitySettings = field(default_factory=ToxicitySettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    fuse: FuseSettings = field(default_factory=FuseSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    http: HttpSettings = field(default_factory=HttpSettings)
    web: WebSettings = field(default_factory=WebSettings)
    webhooks: WebhooksSettings = field(default_factory=WebhooksSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    receivers: tuple[ReceiverSettings, ...] = (ReceiverSettings(name="console", type="console"),)
    sources: tuple[SourceSettings, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Check that names, under which cursors and deliveries are kept, are unique."""
        for key, entries in (("receivers", self.receivers), ("sources", self.sources)):
            names = [entry.name for entry in entries if entry.name is not None]
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                yield Finding(
                    key=key, message=f"two {key} are called '{name}'", hint="give each its own name"
                )
