"""Errors that a person can act on: what happened, what was seen, what would mend it."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - named for what the reader is told, not for its type
    """The base of every error this program raises on purpose.

    ``what`` is a sentence; ``seen`` the raw fact behind it; ``mend`` the command or step that helps, or empty.
    """

    exit_code = 3

    def __init__(self, what: str, *, seen: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.seen = seen
        self.mend = mend

    def line(self) -> str:
        """One line for stderr, a status bar or a log."""
        seen = f" ({self.seen})" if self.seen else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.what}{seen}{mend}"


class CannotCollect(Trouble):
    """A collector could not read its system this time."""


class Denied(CannotCollect):
    """The system answered that this identity may not ask; ``grant`` names the missing permission."""

    def __init__(self, what: str, *, grant: str, seen: str = "", mend: str = "") -> None:
        super().__init__(what, seen=seen, mend=mend)
        self.grant = grant


class Expired(CannotCollect):
    """The credentials are no longer good, and only a person can renew them; ``mend`` is the command for that."""


class Throttled(CannotCollect):
    """The system asks to be asked less often."""
