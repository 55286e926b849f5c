"""Whom does a key mean? A member's cluster, a node's shard; and who takes over is said where there is a choice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.aws.ties import Ties
from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.actions.all import ACTIONS
from console.actions.registry import action_for
from console.engine.acting.offering import offers
from console.engine.acting.targets import aimed, instead, target
from tests.actions.given import situation

PLACE = Place(Account(), "eu-west-1")
BEFORE = "eu-west-1:111122223333"


FORMS = {"instance": ("rds", "db"), "cluster": ("rds", "cluster"), "cache": ("elasticache", "cluster")}


def found(name: str, kind: str = "instance", role: str = "", **ties: str) -> Found:
    service, form = FORMS[kind]
    engine = {"cache": "valkey", "cluster": "aurora-postgresql"}.get(kind, "postgres")
    arn = f"arn:aws:{service}:{BEFORE}:{form}:{name}"
    return Found(ResourceId(Safe(name)), PLACE, kind, engine, name, arn, "", (), role=role, ties=Ties(**ties))  # type: ignore[arg-type]


WRITER = found("shop-1", role="writer", group="shop")
READER, SECOND = found("shop-2", role="reader", group="shop"), found("shop-3", role="reader", group="shop")
CLUSTER = found("shop", "cluster")
LEDGER, FIRST = found("ledger", role="primary"), found("ledger-1", role="replica", source="ledger")
FAR = found("ledger-2", role="replica", source="ledger-1")
NODES = tuple(
    found(f"hot-000{shard}-00{n}", "cache", role, group="hot", shard=f"000{shard}")
    for shard in (1, 2)
    for n, role in ((1, "replica"), (2, "primary"))
)


def known(*there: Found) -> Known:
    made = Known()
    made.put(PLACE, there or (CLUSTER, WRITER, READER, LEDGER, FIRST, FAR, *NODES))
    return made


def meant(about: Found, choice: str = "", of: Known | None = None) -> tuple[str, str]:
    aim = aimed("fail-over", about, choice, of or known())
    return aim.found.name, aim.to


def test_on_a_reader_it_is_its_cluster_with_that_reader() -> None:
    assert meant(READER, of=known(CLUSTER, WRITER, READER, SECOND)) == ("shop", "shop-2")


@pytest.mark.parametrize("about", [CLUSTER, WRITER])
def test_on_a_cluster_and_its_writer_the_only_reader_takes_over_by_itself(about: Found) -> None:
    assert meant(about) == ("shop", "shop-2")


@pytest.mark.parametrize("about", [CLUSTER, WRITER])
def test_where_there_are_more_who_takes_over_is_said(about: Found) -> None:
    there = known(CLUSTER, WRITER, READER, SECOND)
    assert meant(about, "shop-3", there) == ("shop", "shop-3")
    with pytest.raises(Trouble, match="Say which reader takes over") as trouble:
        meant(about, of=there)
    assert trouble.value.seen == "shop-2, shop-3"


def test_a_reader_that_restarts_is_no_choice() -> None:
    halted = replace(SECOND, ties=Ties(group="shop", status="rebooting"))
    assert meant(CLUSTER, of=known(CLUSTER, WRITER, READER, halted)) == ("shop", "shop-2")


def test_a_stranger_takes_nothing_over() -> None:
    with pytest.raises(Trouble, match="ledger is no member of shop"):
        meant(CLUSTER, "ledger")


def test_without_a_reader_nobody_is_named_and_of_mysql_aws_chooses() -> None:
    assert meant(CLUSTER, of=known(CLUSTER, WRITER)) == ("shop", "")
    chooses = replace(CLUSTER, engine="mysql")
    assert meant(chooses, of=known(chooses, WRITER, READER, SECOND)) == ("shop", "")


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.name)
def test_on_a_node_it_is_the_primary_of_its_shard(node: Found) -> None:
    assert meant(node) == (f"{node.name[:-1]}2", "")


def test_an_instance_is_itself_and_a_snapshot_is_always_of_what_it_is_asked_of() -> None:
    assert meant(LEDGER) == ("ledger", "")
    assert aimed("snapshot", READER, "", known()).found is READER
    assert aimed("promote", FIRST, "", known()).found is FIRST


def test_a_source_and_its_replicas_are_locked_together_and_so_are_members_and_shards() -> None:
    there = known()
    families = {each.name: target(each, there).family for each in there.of(PLACE)}
    assert len({families[name] for name in ("ledger", "ledger-1", "ledger-2")}) == 1
    assert len({families[name] for name in ("shop", "shop-1", "shop-2")}) == 1
    assert len({families[node.name] for node in NODES}) == 1


def test_replicas_that_follow_each_other_in_a_ring_end() -> None:
    one, two = replace(LEDGER, ties=Ties(source="ledger-1")), FIRST
    assert target(one, known(one, two)).family


def test_only_a_replica_is_promoted_and_the_offer_says_so() -> None:
    assert action_for(ACTIONS, "promote", "instance", "postgres", role="primary") is None
    promoted = action_for(ACTIONS, "promote", "instance", "postgres", role="replica")
    assert promoted is not None
    told = {str(offer.name): offer for offer in offers(ACTIONS, situation()).actions}
    assert (told["promote"].roles, told["promote"].key) == (("replica",), "F")
    assert (told["fail-over"].roles, told["fail-over"].kinds) == ((), ("instance", "cluster", "cache"))
    assert all(name == each.name.partition(".")[0] for each in ACTIONS for name in (each.offer,))


def test_a_flush_means_a_node_of_redis_and_elsewhere_it_is_said_what_is_possible() -> None:
    node = replace(NODES[0], engine="redis")
    assert aimed("flush", node, "", known()).found is node  # itself, replica or not: the checks name the primary
    for scope in ("database", "prefix", "all"):
        action = action_for(ACTIONS, "flush", "cache", "valkey", scope=scope)
        assert action is not None
        assert action.name == f"flush.{scope}"
    assert action_for(ACTIONS, "flush", "cache", "memcached", scope="all") is None
    assert "flush_all" in instead("flush", replace(node, engine="memcached"))
    assert "DAX" in instead("flush", replace(node, kind="table", engine="dynamodb"))
    assert "DISCARD ALL" in instead("flush", LEDGER)
    assert "DISCARD ALL" in instead("flush", CLUSTER)
    assert instead("snapshot", LEDGER) == ""
