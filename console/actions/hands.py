"""The border to caches and databases themselves: who reads them for the checks, and as whom they are changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from collectors.database.credentials import Credentials
from collectors.redis.asking import Cache
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import Safe
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.surroundings import Keys

T = TypeVar("T")
Narrowed = Callable[[tuple[str, ...], tuple[str, ...]], Awaitable[Keys]]
"""Keys of the role for these grants on these ARNs and nothing else; raises `Trouble` where none are given."""


@dataclass(frozen=True, slots=True)
class Way(Generic[T]):
    """How somebody who may change it gets there. ``whose``: as whom, in words without a secret.

    ``log_in`` reads the password when it is needed: one that AWS keeps with the narrowed keys, and no others.
    """

    target: T
    whose: Safe
    log_in: Callable[[Narrowed], Awaitable[Credentials]]
    driver: str = ""  # ODBC's, for SQL Server


class Hands(ABC):
    """By the names of the estate. Each raises `CannotCollect` where there is no such thing, and says what would mend.

    What reads is the collectors' own, with their login; what changes has a login of its own, which no collector has.
    """

    @abstractmethod
    def cache(self, about: str) -> Cache: ...

    @abstractmethod
    def server(self, about: str) -> Server: ...

    @abstractmethod
    def way_to_cache(self, about: str) -> Way[CacheTarget]: ...

    @abstractmethod
    def way_to_server(self, about: str) -> Way[ServerTarget]: ...
