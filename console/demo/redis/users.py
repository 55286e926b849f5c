"""Who may do what to a cache of the demo? Three users, as an ACL would have them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from console.demo.redis.resp import Failure

DEFAULT, READER, FLUSHER = "default", "dbconsole-reader", "dbconsole-flusher"
FLUSHES = frozenset({"flushdb", "flushall"})
WRITES = frozenset({"set", "del", "unlink", "expire", "persist", *FLUSHES})
ALWAYS = frozenset({"auth", "hello", "quit"})
LOOKS = frozenset(
    {
        *("ping", "echo", "select", "info", "dbsize", "scan", "exists", "ttl", "pttl", "type", "command", "time"),
        *("client|setname", "client|getname", "client|setinfo", "client|id", "client|list", "slowlog|get"),
        *("slowlog|len", "latency|latest", "latency|histogram", "memory|stats", "config|get", "cluster|info"),
        *("cluster|nodes", "acl|whoami"),
    }
)
"""What tells of keys and not what is in them."""
NO_LOGIN = "NOAUTH Authentication required."
WRONG = "WRONGPASS invalid username-password pair or user is disabled."


@dataclass(frozen=True, slots=True)
class User:
    """``password`` None: anybody is it."""

    name: str
    password: str | None

    def is_known_by(self, password: str) -> bool:
        right = self.password
        return right is None or secrets.compare_digest(right.encode(), password.encode("utf-8", "replace"))

    def require(self, command: str) -> None:
        """``command``: `flushdb`, or `slowlog|get`."""
        if not self._may(command):
            raise Failure(f"NOPERM this user has no permissions to run the '{command}' command")

    def _may(self, command: str) -> bool:
        match self.name:
            case "default":  # whoever comes with redis-cli, and tries what it likes
                return command not in FLUSHES
            case "dbconsole-reader":
                return command in LOOKS
        return command in LOOKS or command in ("del", "unlink", *FLUSHES)


@dataclass(frozen=True, slots=True)
class Users:
    """Made for one play; their passwords are never written anywhere."""

    by_name: Mapping[str, User]

    def logged_in(self, name: str, password: str) -> User:
        found = self.by_name.get(name)
        if found is None or not found.is_known_by(password):
            raise Failure(WRONG)
        return found

    def password(self, name: str) -> str:
        return self.by_name[name].password or ""


def users() -> Users:
    made = [User(name, secrets.token_urlsafe(24)) for name in (READER, FLUSHER)]
    return Users({user.name: user for user in (User(DEFAULT, None), *made)})
