"""Nobody can knock: why not is said at each try, for it may be mended meanwhile by nobody but a person."""

from __future__ import annotations

from collectors.errors import CannotCollect
from collectors.knock.knock import Knock, Knocker
from collectors.safe import sanitise


class Lacking(Knocker):
    def __init__(self, endpoint: str, trouble: CannotCollect) -> None:
        self.endpoint = sanitise(endpoint)
        self._trouble = trouble

    async def knock(self) -> Knock:
        """An exception that is raised again would drag along each trace of the times before."""
        raise CannotCollect(self._trouble.what, seen=self._trouble.seen, mend=self._trouble.mend)
