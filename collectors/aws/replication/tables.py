"""The replicas of a global table: each region's table is the source of all others."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.aws.cloudwatch.wanted import latency_to
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.replication.edges import Edge, End, Estate, Manner
from collectors.aws.replication.judging import Seen, judge_table
from collectors.aws.ties import Elsewhere
from collectors.safe import Safe, sanitise

WRITTEN = "cloudwatch.ConsumedWriteCapacityUnits"
MULTI_ACTIVE = Safe("multi-active")
REGION = Safe("Region")


def replicas(estate: Estate) -> Iterator[Edge]:
    for found in estate.found:
        for each in found.ties.elsewhere if found.kind == "table" else ():
            yield _replica(estate, found, each)


def _replica(estate: Estate, table: Found, there: Elsewhere) -> Edge:
    papers, latency = estate.papers, latency_to(there.region)
    source, copy = End(table.id, table), _copy(estate, table, there.region)
    seen = Seen(
        told=papers.told(table, latency),
        word=there.word,
        status=table.ties.status,
        heard=estate.heard.get((source.name, copy.name)),
        scale=1000.0,
    )
    verdict = judge_table(seen, papers.minutes(table, WRITTEN, latency), papers.now)
    return estate.edge(
        source, copy, verdict, Manner(MULTI_ACTIVE, told=there.word.status, more=((REGION, there.region),))
    )


def _copy(estate: Estate, table: Found, region: str) -> End:
    found = estate.at(Place(table.place.account, region), "table", table.name)
    return End(found.id, found) if found else End(sanitise(f"{table.name}@{region}"))
