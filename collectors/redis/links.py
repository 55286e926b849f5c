"""What links does a node tell of? The one it follows, those that follow it, and those that did a while ago. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.inside.replication import DEAD, NOT_MEASURED, Distance, Link, LinkState
from collectors.redis import judging
from collectors.redis.info import Follower, Node
from collectors.redis.judging import Line, Sight
from collectors.redis.written import Written
from collectors.safe import NO_TEXT, Safe, sanitise

ASYNCHRONOUS = Safe("asynchronous")
KEPT = timedelta(hours=1)  # so long a replica that has gone is still spoken of
ACKNOWLEDGED_S = 1  # a replica says each second how far it is
ONLINE = "online"
_GAP = Safe("The gap is greater than the backlog: once the link is there again, everything is copied anew.")
_AT_RISK = Safe("The gap is greater than the backlog: if the link broke now, everything would be copied anew.")
_NEVER_UP = Safe("The link was never up since the replica was started.")
_QUIET = Safe("Nobody closed the link, and nothing comes through it.")
_GONE = Safe("The replica has left: the primary has no link to it.")
_LEFT_BEHIND = Safe("The primary was not asked of late: how far it has gone on is not known.")


def upstream(about: Safe, source: Safe, node: Node, written: Written | None, now: datetime) -> Link:
    """Of a replica. ``written``: of the history it follows, where its primary is asked too."""
    behind = _behind(node, written, now)
    sight = Sight(_line(node), _quiet_s(node), _left(node, behind))
    found = judging.state(sight)
    return Link(
        source=source,
        copy=about,
        state=found,
        told=_told(node),
        mode=ASYNCHRONOUS,
        lag=judging.lag(sight, behind),
        unsent=_unsent(node, found, behind),
        unapplied=Distance(bytes=_unapplied(node)),
        heard=None if sight.quiet_s is None else now - timedelta(seconds=sight.quiet_s),
        why=_why(node, found, behind, written),
        more=tuple(_more(node)),
    )


def downstream(about: Safe, follower: Follower, node: Node, *, copy: Safe, written: Written, now: datetime) -> Link:
    """Of a primary, or of a replica that has replicas of its own."""
    behind = written.behind(follower.offset, now.timestamp())
    is_online = follower.state == ONLINE
    left = _at(node) - follower.offset if is_online else None
    sight = Sight(Line.UP if is_online else Line.COPYING, float(follower.lag) if is_online else None, left)
    found = judging.state(sight)
    return Link(
        source=about,
        copy=copy,
        state=found,
        told=sanitise(follower.state, 40),
        mode=ASYNCHRONOUS,
        lag=judging.lag(sight, behind),
        unsent=NOT_MEASURED if left is None else Distance(bytes=max(0, left)),
        heard=now - timedelta(seconds=follower.lag if is_online else 0),  # of one that copies its connection tells
        why=_why_of(found, left, follower, node),
        more=tuple(_more_of(node)),
    )


def gone(link: Link, node: Node, offset: int | None, now: datetime) -> Link | None:
    """What is to be said of a link that is listed no more; None once that is long ago.

    ``offset``: what was acknowledged, where that still means something.
    """
    if link.heard is None or now - link.heard > KEPT:
        return None
    left = None if offset is None else max(0, _at(node) - offset)
    why = _GAP if left is not None and _exceeds(left, node) else _GONE
    since = Distance(seconds=(now - link.heard).total_seconds(), at_least=True)
    return replace(link, state=LinkState.BROKEN, told=NO_TEXT, lag=since, unsent=Distance(bytes=left), why=why, more=())


def unseen(link: Link, why: Safe) -> Link:
    """The same link where whoever told of it may not, or cannot now."""
    found = judging.state(judging.UNSEEN)
    same = NOT_MEASURED
    return replace(link, state=found, told=NO_TEXT, lag=same, unsent=same, unapplied=same, why=why, more=())


def _line(node: Node) -> Line:
    if node.loading:
        return Line.LOADING
    if node.master_sync_in_progress:
        return Line.COPYING
    return Line.UP if node.master_link_status == "up" else Line.DOWN


def _quiet_s(node: Node) -> float | None:
    """A number below zero is how INFO says that there is none."""
    match _line(node):
        case Line.UP:
            told = node.master_last_io_seconds_ago
        case Line.COPYING:
            told = node.master_sync_last_io_seconds_ago
        case Line.DOWN:
            told = node.master_link_down_since_seconds
        case Line.LOADING:
            told = None
    return None if told is None or told < 0 else float(told)


def _behind(node: Node, written: Written | None, now: datetime) -> Distance:
    """By what its primary was seen to write."""
    if written is None or node.slave_repl_offset is None or written.newest is None:
        return NOT_MEASURED
    return written.behind(node.slave_repl_offset, now.timestamp())


def _left(node: Node, behind: Distance) -> int | None:
    known = [bytes_ for bytes_ in (behind.bytes, _unapplied(node)) if bytes_ is not None]
    return max(known, default=None)


def _unapplied(node: Node) -> int | None:
    if node.slave_read_repl_offset is None or node.slave_repl_offset is None:
        return None
    return max(0, node.slave_read_repl_offset - node.slave_repl_offset)


def _unsent(node: Node, found: LinkState, behind: Distance) -> Distance:
    """What it has received it keeps when it is promoted. The primary was looked at a while ago, and may be ahead."""
    if behind.bytes is None:
        return NOT_MEASURED
    left = max(0, behind.bytes - (_unapplied(node) or 0))
    if found in DEAD:
        return Distance(bytes=left, at_least=True) if left else NOT_MEASURED
    return Distance(bytes=left)


def _told(node: Node) -> Safe:
    if node.loading:
        return Safe("loading")
    if node.master_sync_in_progress:
        return Safe("sync in progress")
    return sanitise(f"link {node.master_link_status}" if node.master_link_status else "", 40)


def _why(node: Node, found: LinkState, behind: Distance, written: Written | None) -> Safe:
    match found:
        case LinkState.BROKEN if behind.bytes is not None and _exceeds(behind.bytes, node):
            return _GAP
        case LinkState.BROKEN if (node.master_link_down_since_seconds or 0) < 0:
            return _NEVER_UP
        case LinkState.SILENT:
            return _QUIET
        case LinkState.IN_STEP if written is None:
            return _LEFT_BEHIND
    return NO_TEXT


def _why_of(found: LinkState, left: int | None, follower: Follower, node: Node) -> Safe:
    is_late = follower.lag > ACKNOWLEDGED_S  # else the gap may be what was written since
    if left is not None and is_late and _exceeds(left, node):
        return _AT_RISK
    return _QUIET if found is LinkState.SILENT else NO_TEXT


def _exceeds(left: int, node: Node) -> bool:
    return bool(node.repl_backlog_size) and left > (node.repl_backlog_size or 0)


def _at(node: Node) -> int:
    return node.master_repl_offset or 0


def _more(node: Node) -> Iterator[tuple[Safe, Safe]]:
    if node.master_sync_in_progress and node.master_sync_total_bytes:
        yield Safe("copied"), sanitise(f"{node.master_sync_read_bytes or 0} of {node.master_sync_total_bytes} B")
    if node.repl_backlog_size:
        yield Safe("backlog"), sanitise(f"{node.repl_backlog_size} B")


def _more_of(node: Node) -> Iterator[tuple[Safe, Safe]]:
    if node.rdb_bgsave_in_progress:
        yield Safe("snapshot"), Safe("being written")
    if node.mem_clients_slaves:
        yield Safe("waiting in the buffers of all replicas"), sanitise(f"{node.mem_clients_slaves} B")
    if node.master_failover_state not in ("", "no-failover"):
        yield Safe("failover"), sanitise(node.master_failover_state, 40)
    if node.repl_backlog_size:
        yield Safe("backlog"), sanitise(f"{node.repl_backlog_size} B")
