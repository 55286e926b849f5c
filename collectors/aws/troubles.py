"""Several things were in the way of one pass: which error tells of all of them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collectors.errors import CannotCollect, Denied, Expired, Throttled

# What only a person can mend comes before what passes.
WORST_FIRST: tuple[type[CannotCollect], ...] = (Expired, Denied, Throttled, CannotCollect)


def in_one(troubles: Sequence[CannotCollect]) -> CannotCollect:
    """Of the worst kind there is; each thing is said once, the worst first."""
    ordered = sorted(troubles, key=_rank)
    if len(ordered) == 1:
        return ordered[0]
    what = _joined(" ", (each.what for each in ordered))
    seen = _joined("; ", (each.seen for each in ordered))
    mend = _joined(" ", (each.mend for each in ordered))
    grants = _joined(", ", (each.grant for each in ordered if isinstance(each, Denied)))
    kind = WORST_FIRST[_rank(ordered[0])]
    return Denied(what, grant=grants, seen=seen, mend=mend) if kind is Denied else kind(what, seen=seen, mend=mend)


def adding(trouble: CannotCollect, sentence: str) -> CannotCollect:
    """The same trouble, and what follows from it."""
    what = f"{trouble.what} {sentence}"
    if isinstance(trouble, Denied):
        return Denied(what, grant=trouble.grant, seen=trouble.seen, mend=trouble.mend)
    return WORST_FIRST[_rank(trouble)](what, seen=trouble.seen, mend=trouble.mend)


def _rank(trouble: CannotCollect) -> int:
    return next(at for at, kind in enumerate(WORST_FIRST) if isinstance(trouble, kind))


def _joined(between: str, parts: Iterable[str]) -> str:
    return between.join(dict.fromkeys(part for part in parts if part))
