"""What `dbconsole policy ROLE --mqtt` prints, put into a real broker: who hears what there, and who can say what."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from console.mqtt.aiomqtt_carrier import dialler
from console.mqtt.carrier import BrokerRefused, Carrier
from console.policy.mqtt import HEARD, MqttRole, iot, lines
from console.protocol.topics import LIVE, STATE, topic
from tests.rig.dbconsole import environment, run
from tests.rig.mosquitto import Mosquitto, mosquitto

DIAL = dialler()
PATIENCE_S = 50.0
COLLECTOR = "dbconsole-collector"
FAMILIES = {**STATE, **LIVE}
FOR_ALL = {topic("shop", family, *["x"] * FAMILIES[family]) for family in HEARD}
FOR_KIM, FOR_LEE, ASKED = topic("shop", "ack", "kim"), topic("shop", "ack", "lee"), topic("shop", "cmd", "lee")
ELSEWHERE, BEYOND = topic("bakery", "meta"), "other/app"
LAST = topic("shop", "presence", "last")
ROLES: tuple[MqttRole, ...] = ("viewer", "operator", "admin")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Whoever logs in looks, one collects, and `root` may do everything there."""
    acl = [*lines("viewer", (), None), *lines("collector", (), None), "user root", "topic readwrite #"]
    acl += ["topic read $SYS/#"]
    users = ("kim", "lee", COLLECTOR, "root")
    with mosquitto(tmp_path_factory.mktemp("broker"), users=users, acl="\n".join(acl) + "\n") as made:
        yield made


@asynccontextmanager
async def joined(server: Mosquitto, user: str, *filters: str) -> AsyncIterator[Carrier]:
    async with DIAL(server.broker(user), None) as carrier:
        if filters:
            await carrier.subscribe(filters)
        yield carrier


async def says(carrier: Carrier, topics: Sequence[str]) -> int:
    """How many of these were refused."""
    before = carrier.denied
    for each in topics:
        await carrier.publish(each, b"{}", retain=False, assured=True)
    return carrier.denied - before


async def hears(carrier: Carrier, last: str = LAST) -> set[str]:
    """The topics of all that comes up to the last one."""
    found: set[str] = set()
    async with asyncio.timeout(PATIENCE_S):
        async for heard in carrier.heard():
            if heard.topic == last:
                break
            found.add(heard.topic)
    return found


async def test_a_viewer_hears_what_is_for_all_and_what_is_for_them_and_nothing_else(server: Mosquitto) -> None:
    everything = [*FOR_ALL, FOR_KIM, FOR_LEE, ASKED, ELSEWHERE, BEYOND, LAST]
    wild = ("#", "$SYS/#", "dbo/v1/+/cmd/+", "dbo/v1/+/ack/+", "$share/all/dbo/v1/shop/#")
    async with joined(server, "kim", *wild) as kim, joined(server, "root") as root:
        assert await says(root, everything) == 0
        assert await hears(kim) == {*FOR_ALL, FOR_KIM, ELSEWHERE}  # of every estate, as nobody named one


async def test_a_viewer_says_nothing_but_requests_of_their_own(server: Mosquitto) -> None:
    own = topic("shop", "cmd", "kim")
    async with joined(server, "root", "#") as root, joined(server, "kim") as kim:
        refused = [*FOR_ALL, FOR_KIM, FOR_LEE, ASKED, BEYOND, "$SYS/broker/uptime"]
        assert await says(kim, refused) == len(refused)
        assert await says(kim, [own]) == 0
        assert await hears(root, own) == set()


async def test_a_collector_says_all_of_an_estate_and_hears_what_is_asked(server: Mosquitto) -> None:
    async with joined(server, COLLECTOR, "#") as collector, joined(server, "lee") as lee:
        assert await says(collector, [*FOR_ALL, FOR_KIM, BEYOND]) == 1
        assert await says(lee, [ASKED]) == 0
        assert await hears(collector, ASKED) == {*FOR_ALL, FOR_KIM}


async def test_whoever_does_not_log_in_or_as_somebody_else_is_nobody(server: Mosquitto) -> None:
    for user in ("", "nobody", "kim"):
        broker = server.broker("lee" if user == "kim" else user)
        with pytest.raises(BrokerRefused):
            async with DIAL(type(broker)(broker.host, broker.port, user, broker.password), None):
                pass


async def test_no_connection_can_be_taken_over_by_its_name(server: Mosquitto) -> None:
    async with joined(server, "kim", LAST) as kim, joined(server, COLLECTOR) as collector:
        names = re.findall(r"as (\S+) \(p\d", server.log)
        assert len(set(names)) == len(names) >= 2
        assert all(re.fullmatch(r"dbo-[0-9a-f]{18}", name) for name in names)
        assert await says(collector, [LAST]) == 0
        assert await hears(kim) == set()


@pytest.mark.parametrize("role", ROLES)
async def test_a_named_person_and_estate_is_all_that_is_granted(tmp_path: Path, role: MqttRole) -> None:
    acl = [*lines(role, ("kim",), "shop"), *lines("collector", ("col",), "shop")]
    with mosquitto(tmp_path, users=("kim", "lee", "col"), acl="\n".join(acl) + "\n") as server:
        async with joined(server, "kim", "#") as kim, joined(server, "lee", "#") as lee, joined(server, "col") as col:
            assert await says(lee, [ASKED]) == await says(kim, [ASKED]) == 1
            assert await says(kim, [topic("shop", "cmd", "kim")]) == 0
            assert await says(col, [*FOR_ALL, FOR_KIM, FOR_LEE, ELSEWHERE, LAST]) == 1
            assert await hears(kim) == {*FOR_ALL, FOR_KIM}
            await lee.subscribe(["dbo/v1/shop/tick"])  # answered after all that came before
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    raise AssertionError(await anext(aiter(lee.heard())))


def matches(resource: str, text: str) -> bool:
    """As AWS IoT Core reads a resource: `*` stands for anything, slashes too."""
    return re.fullmatch(re.escape(resource).replace(r"\*", ".*").replace(r"\?", "."), text) is not None


def allows(policy: str, action: str, kind: str, text: str) -> bool:
    arns = [
        resource
        for statement in json.loads(policy)["Statement"]
        if f"iot:{action}" in statement["Action"]
        for resource in statement["Resource"]
    ]
    me = "${iot:Certificate.Subject.CommonName}"
    return any(matches(arn.replace(me, "kim"), f"arn:aws:iot:REGION:ACCOUNT:{kind}/{text}") for arn in arns)


@pytest.mark.parametrize("role", ROLES)
def test_aws_iot_core_grants_a_person_the_same(role: MqttRole) -> None:
    policy = iot(role, "shop")
    assert len(policy) <= 2_048
    assert allows(policy, "Connect", "client", "dbo-0123")
    assert not allows(policy, "Connect", "client", "else")
    assert all(allows(policy, "Receive", "topic", each) for each in (*FOR_ALL, FOR_KIM))
    assert not any(allows(policy, "Receive", "topic", each) for each in (FOR_LEE, ASKED, ELSEWHERE, BEYOND))
    assert not any(allows(policy, "Publish", "topic", each) for each in (*FOR_ALL, FOR_KIM, ASKED, ELSEWHERE, BEYOND))
    assert allows(policy, "Publish", "topic", topic("shop", "cmd", "kim"))
    assert not allows(policy, "RetainPublish", "topic", topic("shop", "cmd", "kim"))


def test_aws_iot_core_grants_a_collector_its_estate() -> None:
    policy = iot("collector", "shop")
    assert all(allows(policy, "RetainPublish", "topic", each) for each in (*FOR_ALL, FOR_KIM))
    assert not any(allows(policy, action, "topic", ELSEWHERE) for action in ("Publish", "RetainPublish", "Receive"))


def test_it_is_printed_as_it_is_put_there(tmp_path: Path) -> None:
    env = environment(tmp_path)
    printed = run("policy", "viewer", "--mqtt", "--user", "kim", env=env)
    assert printed.stdout.splitlines() == list(lines("viewer", ("kim",), None))
    assert json.loads(run("policy", "collector", "--mqtt", "--iot", env=env).stdout)["Statement"]
    for words, said in (
        (("collector", "--sql"), "Only a broker knows"), (("viewer", "--sql", "--iot"), "goes with `--mqtt`"),
        (("viewer", "--mqtt", "--iot", "--user", "kim"), "does not go with"),
        (("viewer", "--mqtt", "--user", "kim\ntopic readwrite #"), "no name"),
    ):  # fmt: skip
        refused = run("policy", *words, env=env)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert said in refused.stderr
