"""What is a person told of a profile that cannot be used? One line, as of every trouble."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.profile_metrics import KnownMetrics
from profiles import load as files
from profiles.load import load
from profiles.model import Profile
from profiles.wrong import Fault, WrongProfile


class Unusable(Trouble):
    """``faults``: a line for each, where there is more than one."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first, more = faults[0], len(faults) - 1
        others = f"`dbconsole profile check` names {more} more." if more else ""
        mend = " ".join(filter(None, (first.mend(), others)))
        words = f"{first.where()}: {first.place}{' ' if first.place else ''}{first.what}."
        super().__init__(sanitise(words), seen=sanitise(first.found), mend=sanitise(mend))
        self.faults = faults


def profile_of(name_or_path: str, env: Mapping[str, str] | None = None) -> Profile:
    """The profile, with every name in it checked; `Unusable` where it cannot be used."""
    try:
        return load(name_or_path, env, metrics=KnownMetrics())
    except WrongProfile as wrong:
        raise Unusable(wrong.faults) from None


def shipped(name: str) -> Profile:
    """One that came with this release, whatever one's own of that name says: the demo shows the same everywhere."""
    return profile_of(str(next(path for path in files.shipped() if path.stem == name)))
