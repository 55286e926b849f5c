"""What reads and changes the caches and databases of a profile."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from collectors.aws.answers import account_of
from collectors.aws.keys import Keys as Held
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.aws.sessions import Keyed
from collectors.database.credentials import Credentials
from collectors.database.kept import Safes, place_of
from collectors.database.secret import InSecretsManager, OfRds
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.asking import Cache
from collectors.redis.wire.caches import WiredCaches
from collectors.redis.wire.target import DEFAULT_USER
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import Safe, sanitise
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.servers import WiredServers
from collectors.sqlserver.wire.target import Target as ServerTarget
from collectors.threads import Threads
from console.actions.hands import Hands, Narrowed, Way

T = TypeVar("T")
READS_IT = "secretsmanager:GetSecretValue"


@dataclass(frozen=True, slots=True)
class Sources:
    """``reader``: with whatever keys the collectors have; ``keyed``: with those of one action, and no others."""

    caches: WiredCaches
    servers: WiredServers
    find: Callable[[ResourceId], Found | None]
    reader: Callable[[Place], Reader]
    keyed: Keyed
    threads: Threads
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where the password of whoever changes it is, and how they are called."""

    kept: str
    user: str
    otherwise: str = ""


class LiveHands(Hands):
    def __init__(self, sources: Sources) -> None:
        self._from = sources

    def cache(self, about: str) -> Cache:
        return self._from.caches.of(ResourceId(sanitise(about)))

    def server(self, about: str) -> Server:
        return self._from.servers.of(ResourceId(sanitise(about)))

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        found = self._found(about)
        login, target = self._from.caches.entrance(found)
        if not login.flush_kept:
            raise _nobody(found, "redis", "--redis")
        return self._way(target, found, _Kept(login.flush_kept, login.flush_user, DEFAULT_USER))

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        found = self._found(about)
        login, target = self._from.servers.entrance(found)
        if not login.flush_kept:
            raise _nobody(found, "sqlserver", "--sql")
        return self._way(target, found, _Kept(login.flush_kept, login.flush_user), login.driver)

    def _found(self, about: str) -> Found:
        found = self._from.find(ResourceId(sanitise(about)))
        if found is None:
            raise CannotCollect(f"{sanitise(about)} is not known to the inventory.", mend="Refresh with Ctrl+R.")
        return found

    def _way(self, target: T, found: Found, who: _Kept, driver: str = "") -> Way[T]:
        return Way(target, _whose(who, target), self._log_in(found, who), driver)

    def _log_in(self, found: Found, who: _Kept) -> Callable[[Narrowed], Awaitable[Credentials]]:
        if who.kept.partition(":")[0] in ("env", "file"):
            safes = Safes(self._from.reader, self._from.threads, self._from.environment)
            secret = safes.secret(who.kept, who.user, found, otherwise=who.otherwise)
            return lambda _: secret.read()  # AWS has no part in it
        return partial(self._of_aws, found, who)

    async def _of_aws(self, found: Found, who: _Kept, narrowed: Narrowed) -> Credentials:
        """With keys of the role, for that one secret."""
        name = who.kept.partition(":")[2]
        if not name:  # `rds`
            cluster = found.name if found.kind == "cluster" else found.ties.group
            name = await OfRds(self._from.reader(found.place), found.name, who.user, cluster).arn()
        place = place_of(name, found.place)
        keys = await narrowed((READS_IT,), (_arn(name, place, found),))
        with self._from.keyed(place, Held(keys.access, keys.secret, keys.token)) as reader:
            return await InSecretsManager(reader, name, who.user, who.otherwise).read()


def _arn(secret: str, place: Place, found: Found) -> str:
    """Of a secret that is named without one: with six characters behind it that are AWS's own."""
    if secret.startswith("arn:"):
        return secret
    partition = found.arn.split(":")[1]
    return f"arn:{partition}:secretsmanager:{place.region}:{account_of(found.arn)}:secret:{secret}-??????"


def _whose(who: _Kept, target: object) -> Safe:
    user = who.user or "the user that the secret names"
    kind = who.kept.partition(":")[0]
    if kind in ("env", "file"):
        where = "the environment of this console" if kind == "env" else "a file of this machine"
        return sanitise(f"{user} at {target}; the password is in {where}: IAM does not guard it")
    where = "RDS's own secret" if kind == "rds" else f"the secret {who.kept.partition(':')[2]}"
    return sanitise(f"{user} at {target}; the password is in {where}, read with the role's keys for that alone")


def _nobody(found: Found, section: str, flag: str) -> CannotCollect:
    return CannotCollect(
        f"The profile has no login that may flush {found.id}.",
        seen=f"[[{section}]] has no `flush_secret` for it",
        mend=f"Say `flush_user` and `flush_secret` there; `dbconsole policy admin {flag}` prints who that may be.",
    )
