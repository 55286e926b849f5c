"""The writer and the readers of a cluster: Aurora, DocumentDB, Neptune, and clusters of RDS that share no volume."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.replication.edges import Edge, End, Estate, Manner
from collectors.aws.replication.judging import Seen, judge
from collectors.aws.replication.rds import AZ, LAG
from collectors.inside.replication import NOT_MEASURED, Distance
from collectors.safe import Safe

SHARED_VOLUME = {  # by how an engine's name begins: what measures the distance, in milliseconds
    "aurora": "cloudwatch.AuroraReplicaLag",
    "docdb": "cloudwatch.DBInstanceReplicaLag",
    "neptune": "cloudwatch.ClusterReplicaLag",
}
SHARED, SEMI_SYNCHRONOUS = Safe("shared volume"), Safe("semi-synchronous")
NOTHING_LOST = Distance(seconds=0.0)
TIER = Safe("PromotionTier")


def readers(estate: Estate) -> Iterator[Edge]:
    for members in _clusters(estate).values():
        writer = next((each for each in members if each.role == "writer"), None)
        for reader in members:
            if reader is not writer:
                source = End(writer.id, writer) if writer else estate.named(reader, "cluster", reader.ties.group)
                yield _reader(estate, source, reader)


def _clusters(estate: Estate) -> dict[tuple[Place, str], Sequence[Found]]:
    found: defaultdict[tuple[Place, str], list[Found]] = defaultdict(list)
    for each in estate.found:
        if each.kind == "instance" and each.ties.group:
            found[each.place, each.ties.group].append(each)
    return dict(found)


def _reader(estate: Estate, source: End, reader: Found) -> Edge:
    copy = End(reader.id, reader)
    fine = next((name for engine, name in SHARED_VOLUME.items() if reader.engine.startswith(engine)), None)
    seen = Seen(
        told=estate.papers.told(reader, fine or LAG),
        status=reader.ties.status,
        heard=estate.heard.get((source.name, copy.name)),
        scale=1000.0 if fine else 1.0,
    )
    manner = Manner(
        SHARED if fine else SEMI_SYNCHRONOUS,
        unsent=NOTHING_LOST if fine else NOT_MEASURED,
        more=((TIER, reader.ties.tier), (AZ, reader.ties.az)),
    )
    return estate.edge(source, copy, judge(seen, estate.papers.now), manner)
