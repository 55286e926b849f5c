"""The border to whatever keeps the locks: one holder for each cluster, and the loser is told who that is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from collectors.errors import Trouble
from collectors.safe import Safe
from console.access.refusal import Refusal, ago, moment, refusal


class NoLock(Trouble):
    """Whether the cluster is free could not be found out. Nothing was changed but perhaps the lock itself."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The operation for which a cluster is locked. ``until``: when it is overdue, and others may go on."""

    op: str
    action: Safe
    who: Safe
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """It is ours. ``fence`` is greater than that of whoever held it before: who has an older one has lost it."""

    key: str
    holder: Holder
    fence: int


@dataclass(frozen=True, slots=True)
class Taken:
    """It is another's."""

    by: Holder

    def refusal(self, now: datetime) -> Refusal:
        by = self.by
        return refusal(
            f"{by.who} started {by.action} {by.op} {ago(by.since, now)} ago.",
            seen=f"it has the lock until {moment(by.until, now)}",
            mend="Press Enter to watch it.",
        )


class ClusterLock(ABC):
    """One lock for each key: the ARN of a cluster, a replication group, or an instance that is in neither.

    * Of all who take a free lock at once one gets it. It is free where nobody has it, where it was given back, and
      after its holder's ``until``, by the clock of whoever asks: the gate lets nobody through whose clock is wrong.
    * The operation that has it may take it again: that is how one goes on after a restart, and how ``until`` is moved.
    * `still_held` is asked just before anything is sent. It is false as soon as ``until`` has passed.
    * `give_back` does nothing to a lock that is no longer ours.
    * All raise `NoLock` where the service does not answer or refuses. That is never a yes. Whoever asks may ask again:
      if the lock was taken although the answer was lost, it is taken again.
    * Nothing blocks the loop, and each may be cancelled; a lock that was taken meanwhile is then free after ``until``.
    * ``covers`` says whom it keeps apart, for the screen; empty where it is all who use the account.
    * ``grants`` are IAM's names for what it sends.
    """

    grants: tuple[str, ...] = ()

    @property
    @abstractmethod
    def covers(self) -> Safe: ...

    @abstractmethod
    async def take(self, key: str, holder: Holder) -> Held | Taken: ...

    @abstractmethod
    async def still_held(self, held: Held) -> bool: ...

    @abstractmethod
    async def give_back(self, held: Held) -> None: ...
