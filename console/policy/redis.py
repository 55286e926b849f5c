"""The least rights of a role's user on a Redis or Valkey, by what the console's own questions ask."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from collectors.redis.all import QUESTIONS
from collectors.redis.asking import Words, grant_of
from console.specs import RoleWord

LOOKS: tuple[Words, ...] = (("CLIENT", "SETNAME"),)
"""Beside the questions: by its name an operator finds the console in CLIENT LIST."""
BEFORE_A_FLUSH: tuple[Words, ...] = (
    *(("SELECT",), ("DBSIZE",), ("SCAN",), ("TTL",), ("TYPE",)),
    *(("CLUSTER", "NODES"), ("CLIENT", "LIST")),
)
"""What is counted and sampled before somebody may flush. No value is read."""
FLUSHES: tuple[Words, ...] = (("UNLINK",), ("FLUSHDB",), ("FLUSHALL",))
NO_KEYS, ALL_KEYS = "resetkeys", "~*"


def user(role: RoleWord) -> str:
    return f"dbconsole-{role}"


def rights(role: RoleWord) -> tuple[str, ...]:
    """As an ACL spells them, in the order in which they are asked for."""
    asked = [grant for question in QUESTIONS for grant in question.grants]
    more = {"viewer": LOOKS, "operator": (*LOOKS, *BEFORE_A_FLUSH), "admin": (*LOOKS, *BEFORE_A_FLUSH, *FLUSHES)}
    return tuple(dict.fromkeys((*asked, *map(grant_of, more[role]))))


def keys(role: RoleWord) -> str:
    """A viewer's commands take no key; the others' cannot read what is kept under one."""
    return NO_KEYS if role == "viewer" else ALL_KEYS


def lines(role: RoleWord) -> Iterator[str]:
    """A script for a shell. Each command ends where a variable is not set, before anything is run."""
    name, granted = user(role), " ".join(rights(role))
    words = " ".join(map(quote, (keys(role), "-@all", *rights(role))))
    yield f"# {name}: {_WHY[role]}"
    yield "# One's own Redis or Valkey (6 or later). Each node has users of its own: run it for every one of them."
    yield f"redis-cli {_REDIS} ACL SETUSER {name} reset on \\"
    yield f'  ">{_PASSWORD}" {words}'
    yield "# Then ACL SAVE, or CONFIG REWRITE: else the user is gone with the next start."
    yield ""
    yield "# ElastiCache, in place of that: a user, which then goes into the user group of the replication group."
    yield f"aws elasticache create-user --user-id {name} --user-name {name} --engine {_ENGINE} \\"
    # An access string names keys: whoever may run no command that takes one has nothing of it.
    yield f"  --passwords \"{_PASSWORD}\" --access-string 'on {ALL_KEYS} -@all {granted}'"
    yield f"aws elasticache modify-user-group --user-group-id {_GROUP} --user-ids-to-add {name}"
    yield ""
    yield from (f"# {line}" for line in _PROFILE[role])


_REDIS = '${REDIS:?set it to options such as "-h HOST --tls --user ADMIN --askpass"}'
_PASSWORD = "${DBCONSOLE_PASSWORD:?set it to a new password of 16 characters or more}"  # noqa: S105 - it is none
_ENGINE = '"${ENGINE:?set it to redis or valkey}"'
_GROUP = '"${USER_GROUP:?set it to the user group of the replication group}"'
_WHY = {
    "viewer": "how caches do, and nothing of what is in them",
    "operator": "how caches do, and what a flush would meet: how many keys, of what kind, for how long; no value",
    "admin": "as an operator, and it may flush: databases, prefixes, everything; it reads no value and writes none",
}
_PROFILE = {
    "viewer": ("In the profile: [[redis]] user = \"dbconsole-viewer\", and secret = where its password is kept.",),
    "operator": ("In the profile: [[redis]] user = \"dbconsole-operator\", and secret = where its password is kept.",),
    "admin": (
        "In the profile: [[redis]] flush_user = \"dbconsole-admin\", and flush_secret = where its password is kept.",
        "user and secret there are of whoever looks: an operator, for what is counted before a flush.",
    ),
}  # fmt: skip
