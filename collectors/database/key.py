"""With which credentials may somebody log in now? Those that were refused are not tried again as they are."""

from __future__ import annotations

from collections.abc import Callable

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect

LOOK_AGAIN_S = 300.0  # a secret that was refused: to see whether somebody has changed it


class Key:
    """One server's. A login is tried with what was read; refused, once more if the secret says otherwise by then."""

    def __init__(self, secret: Secret, clock: Callable[[], float]) -> None:
        self._secret, self._clock = secret, clock
        self._held: Credentials | None = None
        self._refusal: CannotCollect | None = None
        self._look_at = 0.0
        self._good: Credentials | None = None

    async def credentials(self) -> Credentials:
        """Raises what the server said, while they are those that it has refused."""
        if self._refusal is not None:
            if self._clock() < self._look_at:
                raise _anew(self._refusal)
            self._look_at = self._clock() + LOOK_AGAIN_S
            fresh = await self._secret.read()
            if fresh == self._held:
                raise _anew(self._refusal)
            self._held, self._refusal = fresh, None
        if self._held is None:
            self._held = await self._secret.read()
        return self._held

    async def after(self, refusal: CannotCollect) -> Credentials:
        """What the secret says now, where that is something else; else ``refusal`` stands."""
        self.refuse(refusal)
        fresh = await self._secret.read()
        if fresh == self._held:
            raise _anew(refusal)
        self._held, self._refusal = fresh, None
        return fresh

    def refuse(self, refusal: CannotCollect) -> None:
        self._refusal = refusal
        self._look_at = self._clock() + LOOK_AGAIN_S

    def opened(self, credentials: Credentials) -> None:
        """They let somebody in."""
        self._good = credentials

    def has_opened(self, credentials: Credentials) -> bool:
        """Whether it was these that let somebody in last: a server that recovers refuses them all the same."""
        return credentials == self._good

    def refresh(self) -> None:
        """Somebody says that it may be tried again, whatever the secret is."""
        self._held = self._refusal = None


def _anew(refusal: CannotCollect) -> CannotCollect:
    """An exception that is raised again drags along each trace of the times before."""
    return type(refusal)(refusal.what, seen=refusal.seen, mend=refusal.mend)
