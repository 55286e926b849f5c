"""What lasts longer than a look: reports, the backup of the night, the care of indexes."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from console.demo.load import DAY
from console.demo.noise import key, uniform
from console.demo.sqlserver.connected import Connected
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.shop import Shop

BACKUP_ID, INDEX_ID, REPORTS_FROM = 52, 53, 54
REPORTS = 2  # at most, at a time
PAGES_PER_MB = 128
_REPORT = (
    "SELECT c.region, p.category, SUM(l.quantity * l.price) AS sold FROM {fact} AS l "
    "JOIN dbo.products AS p ON p.sku = l.sku JOIN dbo.customers AS c ON c.id = l.customer_id "
    "WHERE l.day BETWEEN '2025-01-01' AND '2026-01-01' GROUP BY c.region, p.category ORDER BY sold DESC"
)


def long_work(moment: Moment, shop: Shop) -> Iterator[Connected]:
    machine = moment.model.machines[moment.about]
    if machine.long_queries:
        for n in range(REPORTS):
            for begun, _ in _spells(key("report", moment.about, n), moment.t, slot=1800, chance=0.8, lasts=(90, 1500)):
                yield _report(moment, shop, REPORTS_FROM + n, begun)
    if machine.source is None:
        spells = _spells(key("index", moment.about), moment.t, slot=7200, chance=0.4, lasts=(300, 1200))
        for begun, lasts in spells:
            yield _index(moment, shop, begun, lasts)
    begins, ends = moment.model.plan(moment.about).night(floor(moment.t / DAY))
    if moment.model.plan(moment.about).running(moment.t):
        yield _backup(moment, shop, begins, ends)


def _spells(
    source: int, t: float, *, slot: float, chance: float, lasts: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """What has begun and has not ended, with how long it takes in all; at most one, that of the latest slot."""
    for each in (floor(t / slot), floor(t / slot) - 1):
        length = lasts[0] + (lasts[1] - lasts[0]) * uniform(source, 3 * each + 1)
        begun = slot * (each + uniform(source, 3 * each + 2))
        if uniform(source, 3 * each) < chance and begun <= t < begun + length:
            yield begun, length
            return


def _report(moment: Moment, shop: Shop, spid: int, begun: float) -> Connected:
    """Parallel, with a grant, and spilling more the longer it takes."""
    client = shop.clients[0]
    ran = moment.t - begun
    waits = uniform(key("report-waits", moment.about, spid, floor(moment.t)), 0) < 0.6
    degree = max(2, moment.model.machines[moment.about].vcpus // 2)
    return Connected(
        id=spid,
        login="bi_reader",
        host="PBI-GW1",
        program="Power BI Report Server",
        database_id=shop.id_of(client.database),
        logged_in=begun - 4,
        status="suspended" if waits else "running",
        command="SELECT",
        text=_REPORT.format(fact=shop.table),
        started=begun,
        ended=begun - 1,
        wait_type="CXPACKET" if waits else "",
        wait_ms=1000 * ran * 0.9 if waits else 0.0,
        blocked_by=spid if waits else 0,  # its own threads: that is no blocking
        cpu_ms=1000 * ran * degree * 0.55,
        reads=floor(2600 * ran),
        granted_pages=(512 + 256 * (spid % 2)) * PAGES_PER_MB,
        tempdb_pages=floor(min(ran, 900) * 90),
        degree=degree,
    )


def _index(moment: Moment, shop: Shop, begun: float, lasts: float) -> Connected:
    """One that is reorganised tells how far it is; one that is rebuilt does not."""
    client = shop.clients[0]
    ran, share = moment.t - begun, (moment.t - begun) / lasts
    reorganises = floor(begun) % 2 == 0
    how = "REORGANIZE WITH (LOB_COMPACTION = ON)" if reorganises else "REBUILD WITH (ONLINE = ON, MAXDOP = 4)"
    return Connected(
        id=INDEX_ID,
        login="svc_agent",
        host=moment.node.name,
        program="SQLAgent - TSQL JobStep (Job 0x6C1F0A77 : Step 2)",
        database_id=shop.id_of(client.database),
        logged_in=begun - 1,
        status="running",
        command="DBCC" if reorganises else "ALTER INDEX",
        text=f"ALTER INDEX [ix_changed] ON {shop.table} {how}",
        started=begun,
        ended=begun - 1,
        transactions=1,
        began=moment.t - ran % 20 if reorganises else begun,  # many short ones against one long one
        log_bytes=floor(ran % 20 * 900_000 if reorganises else ran * 4_000_000),
        cpu_ms=1000 * ran * 0.7,
        reads=floor(ran * 900),
        writes=floor(ran * 450),
        degree=1 if reorganises else 4,
        percent=round(100 * share, 2) if reorganises else 0.0,
        remaining_ms=1000 * (lasts - ran) if reorganises else 0.0,
    )


def _backup(moment: Moment, shop: Shop, begins: float, ends: float) -> Connected:
    database = shop.clients[0].database
    return Connected(
        id=BACKUP_ID,
        login="rdsa",
        host=moment.node.name,
        program="rdsadmin",
        database_id=1,
        logged_in=begins - 2,
        status="suspended",
        command="BACKUP DATABASE",
        text=f"BACKUP DATABASE [{database}] TO VIRTUAL_DEVICE = 'rds-{floor(begins)}' WITH COMPRESSION, CHECKSUM",
        started=begins,
        ended=begins - 1,
        wait_type="BACKUPIO",
        wait_ms=40 * uniform(key("backup-wait", moment.about, floor(moment.t)), 0),
        cpu_ms=1000 * (moment.t - begins) * 0.3,
        reads=floor((moment.t - begins) * 1500),
        percent=round(100 * (moment.t - begins) / (ends - begins), 2),
        remaining_ms=1000 * (ends - moment.t),
    )
