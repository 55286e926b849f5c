"""Read replicas and the standbys of Multi-AZ instances, as RDS and CloudWatch tell of them."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.aws.known import Found
from collectors.aws.replication.edges import Edge, End, Estate, Manner, unmeasured
from collectors.aws.replication.judging import Seen, Verdict, judge
from collectors.inside.replication import LinkState
from collectors.safe import Safe, sanitise

LAG, LOG = "cloudwatch.ReplicaLag", "cloudwatch.TransactionLogsGeneration"
NEXT_TO_NOTHING = 1024.0  # bytes of log a second: what PostgreSQL writes while nobody asks it to
ASYNCHRONOUS, SYNCHRONOUS = Safe("asynchronous"), Safe("synchronous")
AZ, READABLE = Safe("AZ"), Safe("Readable")
NOT_MEASURED_BY_AWS = Safe("a commit waits for it; AWS measures no distance, and nobody can read it")


def replicas(estate: Estate) -> Iterator[Edge]:
    for found in estate.found:
        if found.kind == "instance" and found.ties.source:
            yield _replica(estate, found)


def _replica(estate: Estate, found: Found) -> Edge:
    ties = found.ties
    source, copy = _source(estate, found), End(found.id, found)
    seen = Seen(
        told=estate.papers.told(found, LAG),
        word=ties.word,
        status=ties.status,
        heard=estate.heard.get((source.name, copy.name)),
        is_idle=source.found is not None and _is_idle(estate, source.found),
    )
    manner = Manner(ASYNCHRONOUS, told=ties.word.status if ties.word else "", more=((AZ, ties.az),))
    return estate.edge(source, copy, judge(seen, estate.papers.now), manner)


def _source(estate: Estate, found: Found) -> End:
    """An instance or a cluster: an ARN says which, and a name means an instance first."""
    end = estate.named(found, "instance", found.ties.source)
    return end if end.found else estate.named(found, "cluster", found.ties.source)


def _is_idle(estate: Estate, source: Found) -> bool:
    """Only PostgreSQL's lag grows where nothing is written, and only of it this is told."""
    told = estate.papers.told(source, LOG)
    return told.value is not None and 0 <= told.value < NEXT_TO_NOTHING


def standbys(estate: Estate) -> Iterator[Edge]:
    for found in estate.found:
        if found.kind == "instance" and found.ties.standby_az:
            copy = End(sanitise(f"{found.id} standby"))
            verdict = Verdict(LinkState.UNKNOWN, why=NOT_MEASURED_BY_AWS)
            more = ((AZ, found.ties.standby_az), (READABLE, False))
            yield unmeasured(End(found.id, found), copy, verdict, Manner(SYNCHRONOUS, more=more))
