"""Which secret does a profile mean by `rds`, `env:…`, `file:…` or `secretsmanager:…`?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.credentials import Credentials
from collectors.database.secret import InEnvironment, InFile, InSecretsManager, OfRds, Secret
from collectors.threads import Threads


class NoSecret(Secret):
    """Of a server that lets everybody in who reaches it."""

    async def read(self) -> Credentials:
        return Credentials("", "")


class Safes:
    """Where secrets are kept. ``reader``: for those that AWS keeps."""

    def __init__(self, reader: Callable[[Place], Reader], threads: Threads, environment: Mapping[str, str]) -> None:
        self._reader, self._threads, self._environment = reader, threads, environment

    def secret(self, kept: str, user: str, found: Found, *, otherwise: str = "") -> Secret:
        """``otherwise``: who it is where neither the profile nor the secret names anybody."""
        kind, _, name = kept.partition(":")
        match kind:
            case "":
                return NoSecret()
            case "env":
                return InEnvironment(user or otherwise, name, self._environment)
            case "file":
                return InFile(user or otherwise, Path(name), self._threads)
            case "secretsmanager":
                return InSecretsManager(self._reader(place_of(name, found.place)), name, user, otherwise)
            case _:
                cluster = found.name if found.kind == "cluster" else found.ties.group
                return OfRds(self._reader(found.place), found.name, user, cluster)


def place_of(secret: str, place: Place) -> Place:
    """An ARN names the region that its secret is in."""
    parts = secret.split(":")
    return Place(place.account, parts[3]) if parts[0] == "arn" and len(parts) > 6 else place
