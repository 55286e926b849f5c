"""By what a profile says, where is the password of a server kept?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.secret import InEnvironment, InFile, InSecretsManager, OfRds, Secret
from collectors.threads import Threads


def kept_secret(
    kept: str,
    user: str,
    found: Found,
    *,
    reader: Callable[[Place], Reader],
    threads: Threads,
    environment: Mapping[str, str],
) -> Secret:
    """``kept``: `rds`, `env:…`, `file:…` or `secretsmanager:…`."""
    kind, _, name = kept.partition(":")
    match kind:
        case "env":
            return InEnvironment(user, name, environment)
        case "file":
            return InFile(user, Path(name), threads)
        case "secretsmanager":
            return InSecretsManager(reader(_where(name, found.place)), name, user)
        case _:
            return OfRds(reader(found.place), found.name, user)


def _where(secret: str, place: Place) -> Place:
    """An ARN names the region that its secret is in."""
    parts = secret.split(":")
    return Place(place.account, parts[3]) if parts[0] == "arn" and len(parts) > 6 else place
