"""Is the engine of an attached console gone for good? Nobody here would start it again, as a guard of its own would."""

from __future__ import annotations

from collectors.errors import Trouble
from console import paths
from console.specs import ScreenSpec


def gone(spec: ScreenSpec, trouble: Trouble) -> Trouble | None:
    """What to say in place of a lost engine's ``trouble``, where it will not come back."""
    if not spec.attached or _may_come_back(spec):
        return None
    mend = "Leave with q and start the console again: it starts an engine of its own."
    what = "The engine has ended, and nobody will start it again: it was another console's."
    return Trouble(what, seen=trouble.seen or trouble.what, mend=mend)


def _may_come_back(spec: ScreenSpec) -> bool:
    """Whoever started it, or itself, still holds its directory."""
    try:
        return paths.is_claimed(spec.address.parent)
    except OSError:
        return False
