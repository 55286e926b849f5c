"""What do the rows about mirroring make? One link to the partner, with a part for each mirrored database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from collectors.inside.replication import DEAD, Link, Part
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.replication import judge
from collectors.sqlserver.replication.groups import Asked
from collectors.sqlserver.replication.judge import Seen
from collectors.sqlserver.replication.names import STANDBY
from collectors.sqlserver.replication.rows import MirrorRow, words

PRINCIPAL = "PRINCIPAL"
_DISCONNECTED, _SUSPENDED = 1, 0
_SAYS: Mapping[int, str] = {2: "SYNCHRONIZING", 3: "SYNCHRONIZED", 4: "SYNCHRONIZED", 6: "SYNCHRONIZED"}
"""By the number of the state, as an availability group would say it; 3 only waits to fail over, 5 is out of step."""
_MODES = {"FULL": Safe("synchronous"), "OFF": Safe("asynchronous")}


def links(asked: Asked, rows: Sequence[MirrorRow]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Upstream and downstream: databases of one server may be principals and mirrors."""
    principals = [row for row in rows if row.mirroring_role_desc == PRINCIPAL]
    mirrors = [row for row in rows if row.mirroring_role_desc != PRINCIPAL]
    return tuple(_by_partner(asked, mirrors)), tuple(_by_partner(asked, principals))


def role_changes(rows: Iterable[MirrorRow]) -> int | None:
    """How often any database has changed its role: they fail over together."""
    return max((row.mirroring_role_sequence for row in rows if row.mirroring_role_sequence is not None), default=None)


def _by_partner(asked: Asked, rows: Sequence[MirrorRow]) -> Iterable[Link]:
    for partner in dict.fromkeys(row.mirroring_partner_instance for row in rows):
        yield _link(asked, partner, [row for row in rows if row.mirroring_partner_instance == partner])


def _link(asked: Asked, partner: str | None, rows: Sequence[MirrorRow]) -> Link:
    connected = any(row.mirroring_state != _DISCONNECTED for row in rows)
    heard = asked.heard.of(asked.about, f"mirror {partner}", asked.now, lives=connected)
    parts = tuple(_part(asked, row) for row in rows)
    other = Safe(STANDBY) if asked.head.is_rds else asked.called(partner, "its partner")
    leads = rows[0].mirroring_role_desc == PRINCIPAL
    state = judge.worst((part.state for part in parts), parts[0].state)
    said = dict.fromkeys(str(part.told) for part in parts)
    return Link(
        source=asked.about if leads else other,
        copy=other if leads else asked.about,
        state=state,
        told=sanitise(", ".join(said)),
        mode=_MODES.get(rows[0].mirroring_safety_level_desc or "", NO_TEXT),
        lag=judge.together(part.lag for part in parts),
        unsent=judge.together(part.unsent for part in parts),
        unapplied=judge.together(part.unapplied for part in parts),
        heard=heard,
        parts=parts,
        more=tuple(_more(rows[0])),
    )


def _part(asked: Asked, row: MirrorRow) -> Part:
    state_of = row.mirroring_state
    seen = Seen(
        connected=state_of != _DISCONNECTED,
        synchronisation=_SAYS.get(state_of, "NOT SYNCHRONIZING"),
        suspended=state_of == _SUSPENDED,
        unsent_kb=row.unsent_kb,
        unapplied_kb=row.unapplied_kb,
    )
    state = judge.link_state(seen, asked.now)
    heard = asked.heard.of(asked.about, f"database {row.database_name}", asked.now, lives=state not in DEAD)
    return Part(
        name=sanitise(row.database_name),
        state=state,
        told=words(row.mirroring_state_desc),
        lag=judge.lag(seen, state, heard, asked.now),
        unsent=judge.unsent(seen, state),
        unapplied=judge.unapplied(seen),
    )


def _more(row: MirrorRow) -> Iterable[tuple[Safe, Safe]]:
    yield Safe("by"), Safe("mirroring")
    if row.mirroring_partner_instance:
        yield Safe("node"), sanitise(row.mirroring_partner_instance)
    if row.mirroring_witness_state_desc:
        yield Safe("witness"), words(row.mirroring_witness_state_desc)
