"""Which machines does the estate of many engines have? PostgreSQL, MySQL and MariaDB, a cache, a global table."""

from __future__ import annotations

from dataclasses import replace

from collectors.safe import Safe
from console.demo.inventory import Groups, Machine, named, placed

ARCHITECT = Safe("database-architect")

_LEDGER = Machine(
    id=named(""),
    kind="instance",
    engine="postgres",
    role="primary",
    az="",
    version="16.6",
    klass="db.r6g.2xlarge",
    vcpus=8,
    memory_gib=64,
    storage_gib=500,
    storage_type="gp3",
    iops=12000,
    reads=1700,
    commits=520,
    sessions=110,
    cpu=48,
    retention_days=14,
    app="ledger",
    estate=ARCHITECT,
)
_LEDGER_REPLICA = replace(_LEDGER, role="replica", klass="db.r6g.xlarge", vcpus=4, memory_gib=32, commits=0, cpu=37)
_SHOP = replace(
    _LEDGER,
    engine="mysql",
    version="8.0.40",
    klass="db.r6g.xlarge",
    vcpus=4,
    memory_gib=32,
    storage_gib=300,
    reads=1200,
    commits=340,
    sessions=90,
    cpu=46,
    retention_days=7,
    app="shop",
)
_ARCHIVE = replace(
    _LEDGER,
    engine="mariadb",
    version="10.11.10",
    klass="db.r6g.large",
    vcpus=2,
    memory_gib=16,
    storage_gib=1000,
    reads=600,
    commits=45,
    sessions=30,
    cpu=35,
    retention_days=7,
    app="archive",
)
_HOT = replace(
    _LEDGER,
    kind="cache",
    engine="redis",
    version="7.1",
    klass="cache.r7g.large",
    vcpus=2,
    memory_gib=13,
    storage_gib=0,
    storage_type="",
    iops=0,
    reads=11000,
    commits=2600,
    sessions=640,
    cpu=31,
    cluster=named("hot"),
    retention_days=1,
    app="hot",
    origin=named("ledger"),
    is_store=True,
)
_PROFILES = replace(
    _HOT,
    kind="table",
    engine="dynamodb",
    role="",
    version="",
    klass="",
    vcpus=0,
    memory_gib=0,
    reads=240,
    commits=90,
    sessions=0,
    cpu=0,
    cluster=None,
    retention_days=35,
    app="profiles",
    region="eu-central-1",
    origin=None,
    is_store=False,
)


def _follows(base: Machine, name: str, az: str, source: str, *, retention_days: int = 0) -> Machine:
    follower = replace(base, role="replica", commits=0, source=named(source), retention_days=retention_days)
    return placed(follower, name, az)


GROUPS: Groups = (
    (
        replace(placed(_LEDGER, "ledger", "eu-west-1a"), standby_az="eu-west-1b"),
        # RDS lets only what is backed up be followed
        _follows(_LEDGER_REPLICA, "ledger-replica-1", "eu-west-1b", "ledger", retention_days=7),
        _follows(_LEDGER_REPLICA, "ledger-replica-2", "eu-west-1c", "ledger-replica-1"),
    ),
    (
        placed(_SHOP, "shop", "eu-west-1b"),
        _follows(replace(_SHOP, cpu=30), "shop-replica-1", "eu-west-1c", "shop"),
    ),
    (
        placed(_ARCHIVE, "archive", "eu-west-1c"),
        _follows(replace(_ARCHIVE, cpu=24, long_queries=True), "archive-replica-1", "eu-west-1a", "archive"),
    ),
    (
        placed(_HOT, "hot-001", "eu-west-1a"),
        _follows(replace(_HOT, cpu=13), "hot-002", "eu-west-1b", "hot-001"),
    ),
    (placed(_PROFILES, "profiles", "eu-west-1"),),
)
