"""What stands in a flush's way whoever asks: how the nodes are, who they are, whether they may be flushed at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from collectors.aws.answers import many, text, within
from collectors.errors import CannotCollect
from console.actions.check import Check, Verdict, found, passed
from console.actions.flushes.nodes import Node, Seen, holders, is_moving, myself
from console.actions.flushes.scope import Scope
from console.actions.hands import Hands

TAG, YES = "dbconsole:flushable", "true"
STILL = ("", "no-failover")  # of master_failover_state


def never(name: str, now: datetime, what: str, seen: str, mend: str) -> Check:
    return found(name, Verdict.BLOCK, now, (what, seen, mend))


def status(seen: Seen, now: datetime) -> Check:
    told = {
        seen.chosen.name: text(seen.answer, "CacheClusterStatus"),
        **({f"the group {seen.name}": text(seen.group, "Status")} if seen.group else {}),
        **{f"the shard {text(s, 'NodeGroupId')}": text(s, "Status") for s in many(seen.group, "NodeGroups")},
    }
    unwell = [f"{name} is {state or 'not told'}" for name, state in told.items() if state != "available"]
    if not unwell:
        return passed("status", now, f"{seen.name} and all of its shards are available.")
    return never("status", now, f"{seen.name} is not well.", ", ".join(unwell), "Wait until all of it is available.")


def primary(seen: Seen, now: datetime) -> Check:
    chosen = seen.chosen
    if chosen.is_primary:
        return passed("primary", now, f"{chosen.name} is a primary.", f"run id {chosen.run_id}")
    theirs = [node.name for node in seen.primaries if node.shard == chosen.shard]
    mend = f"Choose {theirs[0]}, the primary of its shard." if theirs else "Choose the primary of its shard."
    role = "it is a replica" if chosen.info.get("role") == "slave" else "it tells no role"
    return never("primary", now, f"{chosen.name} is no primary: it takes no flush.", role, mend)


def node(seen: Seen, now: datetime) -> Check:
    """ElastiCache's list and what the nodes say of themselves must agree; names alone prove nothing."""
    doubts = tuple(_doubts(seen))
    if doubts:
        what = f"Which nodes are the primaries of {seen.name} is not certain."
        return never("node", now, what, "; ".join(doubts), "Wait until it is; refresh with Ctrl+R and look again.")
    count = len(seen.primaries)
    whole = "It is the one primary" if count == 1 else f"Each of {count} shards has one primary"
    silent = [each.name for each in seen.nodes if not each.answers]
    quiet = f"; {', '.join(silent)} did not answer" if silent else ""
    run_ids = ", ".join(f"{each.name} {each.run_id}" for each in seen.primaries)
    return passed("node", now, f"{whole}, as AWS and Redis tell it.", run_ids + quiet)


def _doubts(seen: Seen) -> Iterator[str]:
    for shard in seen.shards:
        mates = [each for each in seen.nodes if each.shard == shard]
        leads = [each for each in mates if each.is_primary]
        if not leads:
            why = "; ".join(f"{each.name}: {each.silence or 'a replica'}" for each in mates)
            yield f"no primary of shard {shard} answers ({why})"
        elif len(leads) > 1:
            yield f"{' and '.join(each.name for each in leads)} both say that they are the primary of shard {shard}"
        yield from (f"{each.name} tells no run id" for each in leads if not each.run_id)
    for each in seen.nodes:
        if each.answers and each.listed and (each.listed == "primary") != each.is_primary:
            yield f"AWS has {each.name} as {each.listed}, and its own role is {each.info.get('role', 'not told')}"
    run_ids = [each.run_id for each in seen.nodes if each.answers]
    if len(set(run_ids)) < len(run_ids):
        yield "two names lead to one node"
    yield from _of_the_cluster(seen)


def _of_the_cluster(seen: Seen) -> Iterator[str]:
    leads = seen.primaries
    if len({each.is_of_a_cluster for each in leads}) > 1:
        yield "some are nodes of a cluster, and some are not"
    if not seen.is_cluster:
        if len(seen.shards) > 1:
            yield f"AWS lists {len(seen.shards)} shards, and Redis is no cluster"
        return
    ours = {myself(each.neighbours) for each in leads}
    others = {at for each in leads for name, at in holders(each.neighbours).items() if name not in ours}
    if others:
        yield f"the cluster has slots at {', '.join(sorted(others))}, which AWS does not list"


def scope(seen: Seen, meant: Scope, sampled: int | None, now: datetime) -> Check:
    """``sampled``: how many keys are likely to begin with the prefix; None: it is not known."""
    there = "; ".join(f"database {n}: {keys:,} keys" for n, keys in seen.databases.items()) or "no keys at all"
    if meant.kind == "all":
        return passed("scope", now, "All databases are meant.", there)
    if seen.is_cluster and meant.database != "0":
        what = f"{seen.name} is a cluster: it has database 0 and no other."
        return never("scope", now, what, f"database {meant.database} was asked for", "Ask for database 0.")
    keys = seen.keys(meant.database)
    if not keys:
        told = (f"Database {meant.database} has no keys.", there, "Ask for one that has some.")
        return found("scope", Verdict.BLOCK, now, told)
    if meant.kind == "prefix" and sampled == 0:
        told = (f"None of the sampled keys begins with {meant.prefix!a}.", there, "Look whether the prefix is right.")
        return found("scope", Verdict.WARN, now, told)
    about = f", about {sampled:,} with the prefix" if meant.kind == "prefix" and sampled is not None else ""
    return passed("scope", now, f"Database {meant.database} has {keys:,} keys{about}.", there)


def tag(seen: Seen, now: datetime) -> Check:
    if seen.tags.get(TAG) == YES:
        return passed("tag", now, f"It is tagged {TAG}={YES}.", seen.doubt and f"as of a while ago: {seen.doubt}")
    told = f"{TAG} is {seen.tags[TAG]!a}" if TAG in seen.tags else f"it has no tag {TAG}"
    arn = text(seen.group, "ARN") or text(seen.answer, "ARN") or "ARN"
    mend = (
        f"Whoever owns it: `aws elasticache add-tags-to-resource --resource-name {arn} --tags Key={TAG},Value={YES}`."
    )
    return never("tag", now, "Nobody has said that it may be flushed.", seen.doubt or told, mend)


def under_way(seen: Seen, now: datetime) -> Check:
    doing = list(_under_way(seen))
    if not doing:
        return passed("under-way", now, "No snapshot, failover or scaling of it is under way.")
    return never("under-way", now, f"Something is under way on {seen.name}.", ", ".join(doing), "Wait for its end.")


def _under_way(seen: Seen) -> Iterator[str]:
    for taken in seen.snapshots:
        if text(taken, "SnapshotStatus") == "creating":
            yield f"snapshot {text(taken, 'SnapshotName')}"
    for answer in (seen.group, seen.answer):
        pending = within(answer, "PendingModifiedValues")
        yield from sorted(name for name, value in pending.items() if value) if isinstance(pending, dict) else ()
    for each in seen.primaries:
        if each.info.get("master_failover_state", "") not in STILL:
            yield f"a failover of {each.name}"
        if is_moving(each.neighbours):
            yield f"slots move from or to {each.name}"


def login(hands: Hands, leads: Iterable[Node], now: datetime) -> Check:
    """Of whoever flushes, to each primary."""
    ways = []
    try:
        ways = [hands.way_to_cache(each.about) for each in leads]
    except CannotCollect as trouble:
        return never("login", now, trouble.what, trouble.seen or "the profile has none", trouble.mend or "Add one.")
    return passed("login", now, "There is a login that may flush.", ways[0].whose if ways else "")
