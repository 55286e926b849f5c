"""What goes wrong with a server, on request, while it runs?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from console.demo.tds.answering import TdsError
from console.demo.tds.prologue import tag_of
from console.demo.tds.tls import Certificate


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Nobody is let in: 18456."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A connection is taken, and nothing ever said on it."""


@dataclass(frozen=True, slots=True)
class BadCertificate:
    """Another certificate is shown than the server's own."""

    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Frozen:
    """The statement is never answered, nor is anything after it on that connection: attention neither."""

    only: str = ""


@dataclass(frozen=True, slots=True)
class Slow:
    """Each answer takes so long; attention ends it."""

    seconds: float
    only: str = ""


@dataclass(frozen=True, slots=True)
class DropMidRow:
    """The connection is reset within a row, when so many have been sent; the last row where there are not so many."""

    after: int = 0
    only: str = ""


@dataclass(frozen=True, slots=True)
class Fails:
    """The statement is refused, with one error or with several at once."""

    errors: tuple[TdsError, ...]
    only: str = ""


@dataclass(frozen=True, slots=True)
class Huge:
    """The answer is one column of so many megabytes of text, in rows of 8,000 bytes, whatever was asked."""

    megabytes: int
    only: str = ""


Fault = WrongPassword | Silent | BadCertificate | Frozen | Slow | DropMidRow | Fails | Huge
"""``only`` is a tag: the fault is met by statements that begin with `/* dbconsole:TAG */`; empty: by all of them."""

OfStatement = TypeVar("OfStatement", Frozen, Slow, DropMidRow, Fails, Huge)
OfConnection = TypeVar("OfConnection", WrongPassword, Silent, BadCertificate)

PERMISSION = (
    TdsError(300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'.", severity=14),
    TdsError(297, "The user does not have permission to perform this action."),
)
"""What a server says when a DMV is closed to someone: both, in this order."""
LOCK_TIMEOUT = (TdsError(1222, "Lock request time out period exceeded.", state=51),)
DEADLOCK = (
    TdsError(
        1205,
        "Transaction (Process ID 51) was deadlocked on lock resources with another process and has been chosen as the "
        "deadlock victim. Rerun the transaction.",
        severity=13,
        state=51,
    ),
)


class Faults:
    """Those of one server. They may be changed from any thread; what is under way is not changed by it."""

    def __init__(self) -> None:
        self._all: tuple[Fault, ...] = ()

    def set(self, *faults: Fault) -> None:
        """These and no others."""
        self._all = faults

    @contextmanager
    def during(self, *faults: Fault) -> Iterator[None]:
        """Beside those there are."""
        before = self._all
        self._all = (*before, *faults)
        try:
            yield
        finally:
            self._all = before

    def of_connection(self, kind: type[OfConnection]) -> OfConnection | None:
        return next((fault for fault in self._all if isinstance(fault, kind)), None)

    def of_statement(self, kind: type[OfStatement], text: str) -> OfStatement | None:
        faults = (fault for fault in self._all if isinstance(fault, kind))
        return next((fault for fault in faults if fault.only in ("", tag_of(text))), None)
