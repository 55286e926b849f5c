"""Which machines does the embedded estate have, and what can each of them bear?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from collectors.readings import ResourceId
from collectors.safe import Safe

ESTATE = Safe("resilient-database")
REGION = Safe("eu-west-1")
COPIED_TO = Safe("eu-central-1")  # where backups of some are kept too
ACCOUNT = Safe("111122223333")
RDS_DOMAIN = "c9akciq32rgw.eu-west-1.rds.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Machine:
    """One resource as it was bought. Rates are those of its busiest usual hour."""

    id: ResourceId
    kind: str
    engine: str
    role: str
    az: str
    version: str
    klass: str = ""
    vcpus: int = 0
    memory_gib: int = 0
    storage_gib: int = 0
    storage_type: str = ""
    iops: int = 0  # what its volume bears
    reads: float = 0.0  # from the volume, per second
    commits: float = 0.0  # per second
    sessions: int = 0
    cpu: float = 0.0  # percent at the busiest hour
    long_queries: bool = False  # that run in parallel
    standby_az: str | None = None
    source: ResourceId | None = None
    origin: ResourceId | None = None  # the database that a cache stands before
    cluster: ResourceId | None = None
    retention_days: int = 0  # 0: it is not backed up, its source is
    app: str = ""  # machines of one application are busy together
    estate: Safe = ESTATE
    tier: int = 1  # of an Aurora instance: the lowest takes over first
    region: str = ""  # another, where a global table has its replica
    is_store: bool = False  # what a cache holds is nowhere else


Groups = tuple[tuple[Machine, ...], ...]
"""What stands or falls together: nobody has a replica without its source."""


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def placed(base: Machine, name: str, az: str) -> Machine:
    """As ``base``, an application of its own unless it says whose it is."""
    return replace(base, id=named(name), az=az, app=base.app or name)


_SQL_SERVER = Machine(
    id=named(""),
    kind="instance",
    engine="sqlserver-se",
    role="primary",
    az="",
    version="15.00.4430.1.v1",
    klass="db.m6i.2xlarge",
    vcpus=8,
    memory_gib=32,
    storage_gib=1000,
    storage_type="gp3",
    iops=6000,
    reads=1400,
    commits=420,
    sessions=180,
    cpu=52,
    retention_days=14,
)
_ORDERS = replace(
    _SQL_SERVER,
    engine="sqlserver-ee",
    klass="db.r6i.4xlarge",
    vcpus=16,
    memory_gib=128,
    storage_gib=2000,
    storage_type="io1",
    iops=12000,
    reads=3200,
    commits=900,
    sessions=420,
    cpu=61,
    app="orders",
)
_ORDERS_REPLICA = replace(
    _ORDERS,
    role="replica",
    klass="db.r6i.2xlarge",
    vcpus=8,
    memory_gib=64,
    reads=2100,
    commits=0,
    sessions=140,
    cpu=44,
    long_queries=True,
    source=named("orders-primary"),
    retention_days=0,
)
_REPORTING = replace(_SQL_SERVER, reads=2600, commits=60, sessions=45, cpu=66, long_queries=True, retention_days=7)
_CATALOGUE = replace(
    _SQL_SERVER,
    engine="aurora-postgresql",
    role="writer",
    version="16.6",
    klass="db.r7g.2xlarge",
    memory_gib=64,
    storage_gib=0,
    storage_type="aurora",
    iops=20000,
    reads=900,
    commits=310,
    sessions=210,
    cpu=38,
    cluster=named("catalogue"),
    retention_days=0,
    app="catalogue",
)
_CLUSTER = replace(_CATALOGUE, kind="cluster", role="", klass="", vcpus=0, memory_gib=0, cluster=None, retention_days=7)
_SESSIONS = replace(
    _SQL_SERVER,
    kind="cache",
    engine="redis",
    version="7.1",
    klass="cache.r7g.large",
    vcpus=2,
    memory_gib=13,
    storage_gib=0,
    storage_type="",
    iops=0,
    reads=14000,
    commits=2600,
    sessions=900,
    cpu=33,
    cluster=named("sessions"),
    retention_days=1,
    app="sessions",
    origin=named("orders-primary"),
)
_CARTS = replace(
    _SESSIONS, kind="table", engine="dynamodb", role="", klass="", version="", cluster=None, vcpus=0, origin=None
)

MACHINES: tuple[Machine, ...] = (
    replace(placed(_ORDERS, "orders-primary", "eu-west-1a"), standby_az="eu-west-1b"),
    placed(_ORDERS_REPLICA, "orders-replica-1", "eu-west-1b"),
    placed(_ORDERS_REPLICA, "orders-replica-2", "eu-west-1c"),
    replace(placed(_SQL_SERVER, "customers", "eu-west-1b"), standby_az="eu-west-1c"),
    replace(
        placed(_SQL_SERVER, "billing", "eu-west-1a"),
        storage_gib=500,
        storage_type="gp2",
        iops=3000,  # in a burst; the volume's own pace is half of that
        reads=1250,
        commits=260,
        standby_az="eu-west-1c",
    ),
    placed(_REPORTING, "reporting", "eu-west-1c"),
    placed(_CLUSTER, "catalogue", "eu-west-1"),
    placed(_CATALOGUE, "catalogue-1", "eu-west-1a"),
    replace(
        placed(_CATALOGUE, "catalogue-2", "eu-west-1b"), role="reader", commits=0, cpu=29, source=named("catalogue-1")
    ),
    placed(_SESSIONS, "sessions-001", "eu-west-1a"),
    replace(
        placed(_SESSIONS, "sessions-002", "eu-west-1c"),
        role="replica",
        commits=0,
        cpu=14,
        source=named("sessions-001"),
        retention_days=0,
    ),
    replace(placed(_CARTS, "carts", "eu-west-1"), reads=310, commits=120, retention_days=35, app="carts"),
)

GROUPS: Groups = (
    MACHINES[:3],
    MACHINES[3:4],
    MACHINES[4:5],
    MACHINES[5:6],
    MACHINES[6:9],
    MACHINES[9:11],
    MACHINES[11:],
)


def machines(size: int | None = None, groups: Groups = GROUPS) -> tuple[Machine, ...]:
    """So many: the estate itself, then the same applications again under numbered names. None: the estate itself."""
    if size is None:
        return tuple(machine for group in groups for machine in group)
    found: list[Machine] = []
    copy = 1
    while len(found) < size:
        for group in groups:
            if len(found) + len(group) <= size:
                found += group if copy == 1 else [_again(machine, copy) for machine in group]
        copy += 1
    return tuple(found)


def _again(machine: Machine, copy: int) -> Machine:
    """`orders-primary` as `orders-002-primary`, with whatever it refers to."""

    def renamed(name: ResourceId | None) -> ResourceId | None:
        return None if name is None else named(name.replace(machine.app, app, 1))

    app = f"{machine.app}-{copy:03}"
    own = renamed(machine.id)
    head, dash, rest = (machine.origin or "").partition("-")
    origin = named(f"{head}-{copy:03}{dash}{rest}") if head else None
    return replace(
        machine,
        id=own or machine.id,
        app=app,
        source=renamed(machine.source),
        origin=origin,
        cluster=renamed(machine.cluster),
    )
