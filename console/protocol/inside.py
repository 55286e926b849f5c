"""How is what goes on inside a database told? The fact itself, as the collectors have it, read with the same care."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ConfigDict

from collectors.inside.backups import Backups, DatabaseBackups
from collectors.inside.cache import CacheUse, SlowLog, Spikes
from collectors.inside.files import Files
from collectors.inside.identity import Identity
from collectors.inside.indexes import Indexes
from collectors.inside.memory import Memory
from collectors.inside.queries import Queries
from collectors.inside.replication import Replication, ReplicationByAws
from collectors.inside.sessions import Sessions
from collectors.inside.waits import Waits
from collectors.readings import Inside
from console.protocol.body import Body


class InsideBody(Body):
    """Times are in milliseconds, as everywhere; NaN and the infinities are refused."""

    model_config = ConfigDict(ser_json_temporal="milliseconds", val_temporal_unit="milliseconds", allow_inf_nan=False)

    fact: Inside


class IdentityBody(InsideBody):
    fact: Identity


class WaitsBody(InsideBody):
    fact: Waits


class SessionsBody(InsideBody):
    fact: Sessions


class QueriesBody(InsideBody):
    fact: Queries


class IndexesBody(InsideBody):
    fact: Indexes


class FilesBody(InsideBody):
    fact: Files


class MemoryBody(InsideBody):
    fact: Memory


class ReplicationBody(InsideBody):
    fact: Replication


class ReplicationByAwsBody(InsideBody):
    fact: ReplicationByAws


class BackupsBody(InsideBody):
    fact: Backups


class DatabaseBackupsBody(InsideBody):
    fact: DatabaseBackups


class CacheBody(InsideBody):
    fact: CacheUse


class SlowLogBody(InsideBody):
    fact: SlowLog


class SpikesBody(InsideBody):
    fact: Spikes


PARTS: Mapping[str, type[InsideBody]] = {
    Identity.part: IdentityBody,
    Waits.part: WaitsBody,
    Sessions.part: SessionsBody,
    Queries.part: QueriesBody,
    Indexes.part: IndexesBody,
    Files.part: FilesBody,
    Memory.part: MemoryBody,
    Replication.part: ReplicationBody,
    ReplicationByAws.part: ReplicationByAwsBody,
    Backups.part: BackupsBody,
    DatabaseBackups.part: DatabaseBackupsBody,
    CacheUse.part: CacheBody,
    SlowLog.part: SlowLogBody,
    Spikes.part: SpikesBody,
}
"""By the topic that it is told under."""


def body_of(fact: Inside) -> InsideBody:
    return PARTS[fact.part].model_construct(fact=fact)  # it was checked where it came in
