"""What is a resource of the inventory as the target of an action? And which lock keeps others from its family?"""

from __future__ import annotations

from dataclasses import dataclass

from collectors.aws.answers import account_of
from collectors.aws.known import Found, Known
from collectors.errors import Trouble
from console.actions.plan import Target

_GROUPS = {"instance": ("rds", "cluster:{}"), "cache": ("elasticache", "replicationgroup:{}")}
_CHOOSES_ITSELF = frozenset({"mysql"})  # clusters of which AWS takes no name
FAIL_OVER, FLUSH = "fail-over", "flush"
_DATABASES = ("instance", "cluster")
_NO_POSTGRES = "PostgreSQL has none: its buffers go with a restart, and DISCARD ALL is of one session."
_NO_MYSQL = "MySQL and MariaDB have none that helps: FLUSH TABLES closes tables, FLUSH STATUS resets counters."
WITHOUT_FLUSH = (  # what is possible in its place, by what kind and engine begin with
    ("cache memcached", "Memcached has `flush_all` in its own protocol, node by node; this console does not speak it."),
    ("table", "A table is no cache. DAX before it has no flush: its TTL, or a restart of one node at a time."),
    *((f"{kind} {engine}", _NO_POSTGRES) for kind in _DATABASES for engine in ("postgres", "aurora-postgresql")),
    *((f"{kind} {engine}", _NO_MYSQL) for kind in _DATABASES for engine in ("mysql", "mariadb", "aurora-mysql")),
)
FARTHEST = 8  # replicas of replicas; more would be a ring


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be done something to, and by AWS's name who shall take over."""

    found: Found
    to: str = ""


def target(found: Found, known: Known, to: str = "", scope: str = "") -> Target:
    """``to``: who shall take over, by AWS's name; ``scope``: what of it, where it may be more or less."""
    return Target(
        about=found.id,
        name=found.name,
        kind=found.kind,
        engine=found.engine,
        arn=found.arn,
        account=account_of(found.arn),
        region=found.place.region,
        family=_family(found, known),
        account_name=found.place.account.name,
        to=to,
        scope=scope,
    )


def aimed(offer: str, found: Found, choice: str, known: Known) -> Aim:
    """What a key means there: of a member its cluster, of a node the primary of its shard, else itself.

    Raises `Trouble` where who takes over is not said and more than one could, and for who could not.
    """
    if offer != FAIL_OVER:
        return Aim(found)
    beside = known.of(found.place)
    if found.kind == "instance" and found.ties.group:
        named = found.name if found.role == "reader" and not choice else choice
        cluster = next((each for each in beside if each.kind == "cluster" and each.name == found.ties.group), None)
        if cluster is None:
            seen = f"{found.id} is a member of {found.ties.group}"
            raise Trouble("Its cluster is not in the estate.", seen=seen, mend="Add the cluster to the profile.")
        return Aim(cluster, _taking_over(cluster, named, beside))
    if found.kind == "cluster":
        return Aim(found, _taking_over(found, choice, beside))
    if found.kind == "cache" and found.ties.group:
        shard = (found.ties.group, found.ties.shard)
        mates = (each for each in beside if each.kind == "cache" and (each.ties.group, each.ties.shard) == shard)
        return Aim(next((each for each in mates if each.role == "primary"), found))
    return Aim(found)


def instead(offer: str, found: Found) -> str:
    """What is possible where a key means nothing; empty where nobody has words for it."""
    if offer != FLUSH:
        return ""
    what = f"{found.kind} {found.engine}"
    return next((words for begins, words in WITHOUT_FLUSH if what.startswith(begins)), "")


def _taking_over(cluster: Found, choice: str, beside: tuple[Found, ...]) -> str:
    """By AWS's name. Whether it may is for the checks: here it is only said who is meant."""
    members = [each for each in beside if each.kind == "instance" and each.ties.group == cluster.name]
    if choice:
        meant = next((each for each in members if choice in (each.id, each.name)), None)
        if meant is None:
            raise Trouble(f"{choice} is no member of {cluster.id}.", seen=_named(members), mend="Choose one of those.")
        return meant.name
    if cluster.engine in _CHOOSES_ITSELF:
        return ""
    readers = [each for each in members if each.role == "reader" and not each.ties.status]
    if len(readers) > 1:
        raise Trouble("Say which reader takes over.", seen=_named(readers), mend="Choose one of them.")
    return readers[0].name if readers else ""  # with none the checks say what that means


def _named(members: list[Found]) -> str:
    return ", ".join(sorted(each.id for each in members)) or "it has no members that are known"


def _family(found: Found, known: Known) -> str:
    """The cluster or replication group, for which its members are locked together; of a replica its first source."""
    for _ in range(FARTHEST):
        source = _source(found, known)
        if source is None:
            break
        found = source
    group = found.ties.group
    if not group or found.kind not in _GROUPS:
        return found.arn
    service, form = _GROUPS[found.kind]
    partition, region, account = found.arn.split(":")[1], found.place.region, account_of(found.arn)
    return f"arn:{partition}:{service}:{region}:{account}:{form.format(group)}"


def _source(found: Found, known: Known) -> Found | None:
    """Whom an instance follows, where that is in the same place."""
    named = found.ties.source
    if found.kind != "instance" or not named:
        return None
    there = (each for each in known.of(found.place) if each.kind == "instance")
    return next((each for each in there if named in (each.name, each.arn)), None)
