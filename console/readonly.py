"""Was this console told to change nothing? One of three is enough, and nothing says the contrary.

Then no module of actions is loaded: this one needs none.
"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.safe import Safe

VARIABLE = "DBCONSOLE_READONLY"
_NO = ("", "0", "false", "no", "off")


def reason(*, flag: bool, environ: Mapping[str, str], profile: bool) -> Safe | None:
    """The first that says so; None where none does."""
    if flag:
        return Safe("--read-only was given")
    if environ.get(VARIABLE, "").strip().lower() not in _NO:
        return Safe("DBCONSOLE_READONLY is set")
    return Safe("the profile says readonly") if profile else None
