"""What is known of one resource's backups, from AWS and from the database: one picture of both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from collectors.inside.backups import Backups, Copy, DatabaseBackups, DatabaseChain, Kind, Outcome, Proof, Task
from collectors.safe import Safe
from console.estate.levels import Concern
from console.estate.times import from_ms
from console.screen.limits import objectives_of
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.meta import Tier
    from console.protocol.res import Backup

RPO = Safe("backup.rpo_s")
RTO = Safe("rto")
PROOF_AGE = Safe("restore-proof-age")


@dataclass(frozen=True, slots=True)
class Promised:
    """Objectives, in seconds; None where nothing was promised."""

    rpo_s: float | None = None
    rto_s: float | None = None
    proof_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Both witnesses, the newest first in each list. ``status``: the few figures that are told where no list is."""

    by_aws: Backups | None = None
    inside: DatabaseBackups | None = None
    status: Backup | None = None

    @property
    def is_nothing(self) -> bool:
        return self.by_aws is None and self.inside is None

    @property
    def copies(self) -> tuple[Copy, ...]:
        both = (*(self.by_aws.copies if self.by_aws else ()), *(self.inside.copies if self.inside else ()))
        return tuple(sorted(both, key=lambda copy: copy.taken, reverse=True))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Those under way first, then the newest."""
        both = (*(self.by_aws.tasks if self.by_aws else ()), *(self.inside.tasks if self.inside else ()))
        return tuple(sorted(both, key=lambda task: (task.outcome is not Outcome.RUNNING, -_began(task))))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        both = (*(self.by_aws.proofs if self.by_aws else ()), *(self.inside.proofs if self.inside else ()))
        return tuple(sorted(both, key=lambda proof: proof.when, reverse=True))

    @property
    def chains(self) -> tuple[DatabaseChain, ...]:
        return self.inside.chains if self.inside else ()

    @property
    def restorable_until(self) -> datetime | None:
        if self.by_aws is not None:
            return self.by_aws.restorable_until
        return _moment(self.status.restorable if self.status else None)

    @property
    def newest_proof(self) -> Proof | None:
        return next((proof for proof in self.proofs if proof.held), None)

    @property
    def proved(self) -> datetime | None:
        """When a restore was last found to work."""
        proof, told = self.newest_proof, self.status.restore_proof if self.status else None
        return proof.when if proof else _moment(told)

    @property
    def newest_snapshot(self) -> datetime | None:
        """Of the whole resource."""
        whole = (copy.taken for copy in self.copies if is_good(copy) and not copy.database)
        return max(
            filter(None, (next(whole, None), _moment(self.status.snapshot if self.status else None))), default=None
        )

    def newest(self, kind: Kind) -> Copy | None:
        """That can be restored from."""
        return next((copy for copy in self.copies if copy.kind is kind and is_good(copy)), None)

    @property
    def newest_moment(self) -> datetime | None:
        """The newest moment of the whole resource that can be restored."""
        return max(filter(None, (self.restorable_until, self.newest_snapshot)), default=None)


def _moment(ms: int | None) -> datetime | None:
    return from_ms(ms) if ms else None


def is_good(copy: Copy) -> bool:
    """Whether it can be restored from, as far as anybody knows."""
    return copy.outcome is Outcome.DONE and not copy.why


def known(picture: Picture, resource: str) -> Known:
    res = picture.resources.get(resource)
    return Known(
        picture.inside_of(resource, Backups), picture.inside_of(resource, DatabaseBackups), res.backup if res else None
    )


def declared_tiers(picture: Picture, resource: str) -> tuple[Tier, ...]:
    """Those of the profile that concern it."""
    res = picture.resources.get(resource)
    if res is None or picture.meta is None:
        return ()
    return tuple(
        each
        for each in picture.meta.tiers
        if Concern(each.ids, each.engines, each.kinds).fits(resource, res.engine, res.kind)
    )


def promised(picture: Picture, resource: str) -> Promised:
    """The strictest objective of each kind that concerns it."""
    found = (next(iter(objectives_of(picture, resource, each)), None) for each in (RPO, RTO, PROOF_AGE))
    return Promised(*(None if each is None else each.bound for each in found))


def _began(task: Task) -> float:
    when = task.began or task.ended
    return when.timestamp() if when else 0.0
