"""What a profile means for whoever collects and judges: its words in theirs."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase

from collectors.aws.known import Found
from collectors.aws.place import Account
from collectors.aws.prices import Prices
from collectors.aws.selection import Choice, Selection
from collectors.inside.backups import Proof
from collectors.mysql.wire import servers as mysql
from collectors.mysql.wire.target import Encryption as MySqlEncryption
from collectors.postgres.wire import servers as postgres_servers
from collectors.postgres.wire import target as postgres_target
from collectors.readings import Severity
from collectors.redis.wire import caches
from collectors.safe import Safe, sanitise
from collectors.sqlserver.wire.servers import Login
from collectors.sqlserver.wire.target import Encryption
from console.estate.declared import FLAGS, Intent
from console.estate.levels import Concern, Limit
from console.protocol.meta import BoardLayout, Objective, Tier
from console.triage.promises import Promise
from profiles import estate
from profiles.declared import Declared
from profiles.limits import Threshold
from profiles.model import Profile
from profiles.origins import Origins
from profiles.postgres import Postgres
from profiles.proofs import RestoreProof
from profiles.redis import Redis
from profiles.sqlserver import SqlServer
from profiles.tiers import MONTHLY

METRIC = "cloudwatch."
SERIES = {"replica-lag": "replica.lag_s", "rpo": "backup.rpo_s"}
"""The measures of which there is a series."""
Accounts = list[tuple[Account, tuple[str, ...]]]
"""Accounts with the regions that are read there; none where the session's own is meant."""


def accounts(profile: Profile, *, aws_profile: str | None = None, region: str | None = None) -> Accounts:
    """AWS's own options go before what the profile says."""
    return [
        (
            Account(
                name=account.name,
                profile=aws_profile or account.profile,
                role_arn=account.role_arn,
                external_id=account.external_id,
            ),
            (region,) if region else account.regions,
        )
        for account in profile.estate.accounts
    ]


def selection(profile: Profile) -> Selection:
    return Selection(
        include=tuple(map(_choice, profile.estate.select)),
        exclude=tuple(map(_choice, profile.estate.exclude)),
    )


def limits(profile: Profile) -> list[Limit]:
    return [limit for threshold in profile.thresholds for limit in _limits(threshold)]


def intents(profile: Profile) -> list[Intent]:
    """How resources were meant to be."""
    return [_intent(declared) for declared in profile.declared]


def board(profile: Profile) -> BoardLayout:
    """As it is told to screens."""
    rows, wide = (tuple(tuple(map(sanitise, row)) for row in each) for each in (profile.board.rows, profile.board.wide))
    return BoardLayout(rows=rows, wide=wide)


def promises(profile: Profile) -> list[Promise]:
    """What was promised, for triage."""
    return [
        Promise(each.measure, each.target, Concern(each.ids, each.engines, tuple(each.kinds)))
        for each in profile.objectives
    ]


def objectives(profile: Profile) -> tuple[Objective, ...]:
    """As they are told to screens."""
    return tuple(
        Objective(
            name=sanitise(each.name),
            value=sanitise(SERIES.get(each.measure, each.measure)),
            bound=each.target,
            above=each.side == "at_most",
            ids=tuple(map(sanitise, each.ids)),
            engines=tuple(map(sanitise, each.engines)),
            kinds=tuple(map(sanitise, each.kinds)),
        )
        for each in profile.objectives
    )


def tiers(profile: Profile) -> tuple[Tier, ...]:
    """As they are told to screens."""
    return tuple(
        Tier(
            name=sanitise(each.name),
            every_s=None if each.every == MONTHLY else float(each.every),
            keep_s=each.keep,
            source=sanitise(each.source),
            ids=tuple(map(sanitise, each.ids)),
            engines=tuple(map(sanitise, each.engines)),
            kinds=tuple(map(sanitise, each.kinds)),
        )
        for each in profile.backup_tiers
    )


def every(profile: Profile, collector: str) -> timedelta | None:
    """None where the profile has no say, and the collector's own pace holds."""
    seconds = profile.refresh.of(collector)
    return None if seconds is None else timedelta(seconds=seconds)


class WatchedMetrics:
    """The values of CloudWatch that thresholds and rules look at, for each resource that they are about."""

    def __init__(self, profile: Profile) -> None:
        said = (each for each in (*profile.thresholds, *profile.alerts) if each.metric.startswith(METRIC))
        self._concerning = [(each.metric, Concern(each.ids, each.engines, tuple(each.kinds))) for each in said]

    def __call__(self, found: Found) -> tuple[str, ...]:
        names = (name for name, concern in self._concerning if concern.fits(found.id, found.engine, found.kind))
        return tuple(dict.fromkeys(names))


def logins(profile: Profile) -> tuple[Login, ...]:
    """How SQL Servers are logged in to; the first that fits one holds for it."""
    return tuple(map(_login, profile.sqlserver))


def mysql_logins(profile: Profile) -> tuple[mysql.Login, ...]:
    """How MySQL and MariaDB servers are logged in to; the first that fits one holds for it."""
    return tuple(
        mysql.Login(
            kept=said.secret,
            ids=said.ids,
            engines=said.engines,
            user=said.user or "",
            encryption=MySqlEncryption(said.encrypt),
            ca_file=said.ca_file or "",
            port=said.port,
            heartbeat=said.heartbeat or "",
            budget=said.query_budget / 100,
        )
        for said in profile.mysql
    )


def redis_logins(profile: Profile) -> tuple[caches.Login, ...]:
    """How Redis and Valkey nodes are logged in to; the first that fits one holds for it."""
    return tuple(map(_redis_login, profile.redis))


def origins(profile: Profile, found: Found) -> tuple[str, ...]:
    """The patterns of the databases that a cache stands before."""
    return next((each.databases for each in profile.origins if _stands_before(each, found.id)), ())


def _stands_before(said: Origins, cache: str) -> bool:
    return not said.caches or any(fnmatchcase(cache, pattern) for pattern in said.caches)


def postgres_logins(profile: Profile) -> tuple[postgres_servers.Login, ...]:
    """How PostgreSQLs are logged in to; the first that fits one holds for it."""
    return tuple(map(_postgres_login, profile.postgres))


def prices(profile: Profile) -> Prices:
    return Prices(profile.cost.price_per_1000_metrics, profile.cost.price_per_1000_requests)


class KeptProofs:
    """The restores that the team has written down, for each resource that they are of."""

    def __init__(self, profile: Profile) -> None:
        self._of: dict[str, list[Proof]] = {}
        for said in profile.restore_proof:
            self._of.setdefault(said.resource, []).append(_proof(said))

    def __call__(self, found: Found) -> list[Proof]:
        """By its name here, or by AWS's own."""
        return self._of.get(found.id) or self._of.get(found.name, [])


def _proof(said: RestoreProof) -> Proof:
    return Proof(
        when=said.when,
        how=Safe("by hand"),
        source=sanitise(said.from_ or ""),
        took_s=None if said.minutes is None else said.minutes * 60,
        held=said.held,
        told_by=sanitise(said.by or ""),
    )


def _choice(selected: estate.Selection) -> Choice:
    return Choice(ids=selected.ids, tags=tuple(selected.tags.items()), kinds=tuple(selected.kinds))


def _intent(declared: Declared) -> Intent:
    flags = {name: getattr(declared, name) for name in FLAGS}
    version = {"engine_version": (declared.engine_version,)} if declared.engine_version else {}
    classes = {"instance_class": declared.instance_class} if declared.instance_class else {}
    return Intent(
        concern=Concern(declared.ids, declared.engines, tuple(declared.kinds)),
        flags={name: flag for name, flag in flags.items() if flag is not None},
        patterns={**version, **classes},
        port=declared.port,
        retention_s=declared.retention_at_least,
    )


def _login(said: SqlServer) -> Login:
    return Login(
        kept=said.secret,
        ids=said.ids,
        engines=said.engines,
        user=said.user or "",
        flush_kept=said.flush_secret or "",
        flush_user=said.flush_user or "",
        encryption=Encryption(said.encrypt),
        ca_file=said.ca_file or "",
        host_in_certificate=said.host_in_certificate or "",
        port=said.port,
        read_only=said.read_only,
        driver=said.driver or "",
        connections=said.connections,
        budget=said.query_budget / 100,
    )


def _redis_login(said: Redis) -> caches.Login:
    return caches.Login(
        kept=said.secret or "",
        ids=said.ids,
        engines=said.engines,
        user=said.user or "",
        flush_kept=said.flush_secret or "",
        flush_user=said.flush_user or "",
        tls=said.tls,
        ca_file=said.ca_file or "",
        port=said.port,
        budget=said.query_budget / 100,
    )


def _postgres_login(said: Postgres) -> postgres_servers.Login:
    return postgres_servers.Login(
        kept=said.secret,
        ids=said.ids,
        engines=said.engines,
        user=said.user or "",
        encryption=postgres_target.Encryption(said.encrypt),
        ca_file=said.ca_file or "",
        port=said.port,
        database=said.database,
        budget=said.query_budget / 100,
    )


def _limits(threshold: Threshold) -> list[Limit]:
    bounds = threshold.above if threshold.above is not None else threshold.below or {}
    return [
        Limit(
            value=sanitise(threshold.metric),
            severity=Severity(severity),
            bound=bound,
            above=threshold.above is not None,
            concern=Concern(threshold.ids, threshold.engines, tuple(threshold.kinds)),
        )
        for severity, bound in bounds.items()
    ]
