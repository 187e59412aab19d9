"""A cluster with TLS and logins, by settings alone; and what those say who got them wrong."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.ports.wire import VERDICTS
from monitor.settings import KafkaSettings, load_settings
from streams import admin
from streams.greeting import greet
from tests.brokers import HOST, ApacheKafka, free_ports, tool
from tests.certificates import Authority
from tests.deployment import Deployment, eventually
from tests.workload import write_rules

pytestmark = pytest.mark.slow

USER = "monitor"
PASSWORD = "open sesame"
WRONG = "open barley"
SOON = 15.0
"""Seconds within which a refusal is told, with the start of the command and on a busy machine."""

LISTENERS = """\
listeners=PLAINTEXT://{host}:@PORT@,CONTROLLER://{host}:@CONTROLLER_PORT@,\\
  LOGIN://{host}:{login},MUTUAL://{host}:{mutual},RENAMED://{host}:{renamed}
advertised.listeners=PLAINTEXT://{host}:@PORT@,\\
  LOGIN://{host}:{login},MUTUAL://{host}:{mutual},RENAMED://localhost:{renamed}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,\\
  LOGIN:SASL_SSL,MUTUAL:SSL,RENAMED:SSL
ssl.keystore.type=PEM
ssl.keystore.location={broker}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.login.plain.sasl.jaas.config=\\
  org.apache.kafka.common.security.plain.PlainLoginModule required \\
  user_{user}="{password}" user_guest="{password}";
listener.name.login.scram-sha-256.sasl.jaas.config=\\
  org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.mutual.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:{user};User:CN={user}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A broker's listeners, and the settings that open the secured ones."""

    open: str
    login: str
    mutual: str
    renamed: str
    with_password: Mapping[str, str]
    with_certificate: Mapping[str, str]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder)
    broker = authority.sign("broker", f"subjectAltName=IP:{HOST}")
    both = folder / "broker.pem"
    both.write_text(broker.key.read_text() + broker.certificate.read_text())
    ours = authority.sign(USER)
    (folder / "password").write_text(f"{PASSWORD}\n")
    ports = dict(zip(("login", "mutual", "renamed"), free_ports(3), strict=True))
    properties = LISTENERS.format(
        **ports,
        host=HOST,
        broker=both,
        authority=authority.certificate,
        user=USER,
        password=PASSWORD,
    )
    with ApacheKafka(folder, properties) as kafka:
        add_user(kafka.bootstrap)
        yield Cluster(
            open=kafka.bootstrap,
            **{name: f"{HOST}:{port}" for name, port in ports.items()},
            with_password={
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "SCRAM-SHA-256",
                "sasl_username": USER,
                "sasl_password_file": str(folder / "password"),
                "ssl_cafile": str(authority.certificate),
            },
            with_certificate={
                "security_protocol": "SSL",
                "ssl_cafile": str(authority.certificate),
                "ssl_certfile": str(ours.certificate),
                "ssl_keyfile": str(ours.key),
            },
        )


def add_user(bootstrap: str) -> None:
    """Let the user log in by SCRAM; by PLAIN the listener's own settings do."""
    whom = ["--entity-type", "users", "--entity-name", USER]
    credential = ["--alter", "--add-config", f"SCRAM-SHA-256=[password={PASSWORD}]"]
    tool("kafka.admin.ConfigCommand", "--bootstrap-server", bootstrap, *whom, *credential)


@pytest.fixture
async def road(tmp_path: Path, cluster: Cluster, prefix: str) -> AsyncIterator[Deployment]:
    """Yield a deployment that logs in with a password, by SCRAM."""
    road = Deployment(
        folder=tmp_path,
        bootstrap=cluster.login,
        prefix=prefix,
        rules=write_rules(tmp_path),
        kafka=cluster.with_password,
    )
    yield road
    await road.stop()


async def test_the_whole_road_runs_over_tls_with_a_password_from_a_file(
    road: Deployment, cluster: Cluster
) -> None:
    path = road.folder / "comments.jsonl"
    path.write_text('{"id": "1", "text": "We will find you!"}\n{"id": "2", "text": 5}\n')
    code, created = await road.command("topics", "apply")
    assert (code, created.endswith(" created, 0 were there and fit\n")) == (0, True)
    code, ingested = await road.command("run", "ingest", "--input", str(path), "--source", "gazette")
    assert code == 0, ingested
    await road.start("worker", "run", "worker")
    outside = replace(road, bootstrap=cluster.open, kafka={})  # how this test looks on
    async with outside.tail("verdicts") as verdicts, outside.tail("alerts") as alerts:

        async def judged() -> bool:
            return bool(await verdicts.look()) and bool(await alerts.look())

        await eventually("the comment is judged and the alert opened", judged)
        assert [VERDICTS.decode(m.value).event.comment.native_id for m in verdicts.messages] == ["1"]
    code, listed = await road.command("dead-letters", "list", "--format", "json")
    assert (code, [json.loads(line)["reason"] for line in listed.splitlines()]) == (0, ["schema"])
    await road.stop()
    assert road.processes["worker"].returncode == 0
    assert PASSWORD not in road.log("worker") + created + ingested + listed


async def test_a_password_is_taken_by_plain_too(road: Deployment) -> None:
    road.kafka = {**road.kafka, "sasl_mechanism": "PLAIN"}
    await greet(settings(road))


async def test_a_certificate_of_our_own_is_a_login(road: Deployment, cluster: Cluster) -> None:
    road.bootstrap, road.kafka = cluster.mutual, cluster.with_certificate
    code, output = await road.command("topics", "apply")
    assert (code, output.endswith(" created, 0 were there and fit\n")) == (0, True)


async def test_one_broker_that_lets_us_in_is_enough(road: Deployment) -> None:
    (nobody,) = free_ports(1)
    road.bootstrap = f"{HOST}:{nobody},{road.bootstrap}"
    await greet(settings(road))


NO_LOGIN = {"security_protocol": "SSL", "sasl_username": None, "sasl_password_file": None}


@pytest.mark.parametrize("command", [("topics", "apply"), ("run", "worker"), ("dead-letters", "list")])
@pytest.mark.parametrize(
    ("mistake", "message", "hint"),
    [
        (
            {"sasl_password_file": None, "sasl_password": WRONG},
            "it refuses our login: Authentication failed ",
            "look at kafka.sasl_username, kafka.sasl_password and kafka.sasl_mechanism",
        ),
        (
            {"ssl_cafile": None},
            "its certificate cannot be trusted: unable to get local issuer certificate",
            "set kafka.ssl_cafile to the certificate of the authority that the brokers' are signed by",
        ),
        (
            {"security_protocol": "SASL_PLAINTEXT"},
            "it speaks TLS only",
            'set kafka.security_protocol = "SASL_SSL"',
        ),
    ],
    ids=["password", "authority", "plain"],
)
async def test_a_mistake_is_told_once_and_at_once(
    road: Deployment, command: tuple[str, ...], mistake: Mapping[str, str | None], message: str, hint: str
) -> None:
    road.kafka = changed(road.kafka, mistake)
    began = time.monotonic()
    code, output = await road.command(*command)
    assert time.monotonic() - began < SOON
    assert code == 78
    first, second = (line for line in output.splitlines() if not line.startswith("{"))
    assert first.startswith(f"error: Kafka at {road.bootstrap} does not let us in: {message}")
    assert second == f"    hint: {hint}"
    assert WRONG not in output
    assert PASSWORD not in output


@pytest.mark.parametrize(
    ("listener", "mistake", "message"),
    [
        ("login", {"sasl_mechanism": "SCRAM-SHA-512"}, "it takes no login by SCRAM-SHA-512"),
        ("login", NO_LOGIN, 'it wants a login\n.* set kafka.security_protocol = "SASL_SSL"'),
        (
            "mutual",
            NO_LOGIN,
            "it breaks off the TLS handshake: .*\n.* kafka.ssl_certfile and kafka.ssl_keyfile",
        ),
        ("open", NO_LOGIN, 'it speaks no TLS\n.* kafka.security_protocol = "PLAINTEXT"'),
        (
            "open",
            {"security_protocol": "SASL_PLAINTEXT"},
            'it takes no login\n.* set kafka.security_protocol = "PLAINTEXT"',
        ),
        (
            "renamed",
            NO_LOGIN,
            r"Kafka at localhost:.* \(so the cluster names itself: .* not valid for 'localhost'",
        ),
    ],
)
async def test_what_the_listener_wants_is_told(
    road: Deployment, cluster: Cluster, listener: str, mistake: Mapping[str, str | None], message: str
) -> None:
    road.bootstrap, road.kafka = getattr(cluster, listener), changed(road.kafka, mistake)
    with pytest.raises(Misconfigured, match=message):
        await greet(settings(road))


async def test_a_certificate_is_good_for_its_own_names_only(road: Deployment) -> None:
    road.bootstrap = road.bootstrap.replace(HOST, "localhost")
    with pytest.raises(
        Misconfigured, match=r"not valid for 'localhost'.\n.* call it by a name that stands there"
    ):
        await greet(settings(road))


async def test_a_user_without_rights_is_told_which_to_ask_for(road: Deployment) -> None:
    road.kafka = {**road.kafka, "sasl_mechanism": "PLAIN", "sasl_username": "guest"}
    code, output = await road.command("topics", "apply")
    assert code == 78
    assert re.match(f"error: Kafka refused to create the topic {road.prefix}.*: Authorization failed", output)
    assert "hint: let our user create, describe, read and write the topics" in output
    with pytest.raises(Misconfigured, match=f"does not let us: .* {road.prefix}comment-monitor-worker"):
        await admin.check_group(settings(road), f"{road.prefix}comment-monitor-worker")


def changed(kafka: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings with these changes; None takes one away."""
    return {key: value for key, value in {**kafka, **changes}.items() if value is not None}


def settings(road: Deployment) -> KafkaSettings:
    """Return the settings as the commands read them."""
    return load_settings(road.settings, {}).settings.kafka
