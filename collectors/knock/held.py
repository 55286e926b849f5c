"""With which credentials is somebody knocking? Read once, and now and then again while they are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect

LOOK_AGAIN_S = 15.0  # a knock comes each quarter of a second, and AWS is not to be asked as often


class Held:
    """Of one endpoint. To read them holds up no knock but the first: they are the same, until a refusal says else.

    Nothing is locked by a refusal: a server that recovers refuses whom it lets in a moment later.
    """

    def __init__(self, secret: Secret, clock: Callable[[], float]) -> None:
        """``clock``: seconds that never go back."""
        self._secret, self._clock = secret, clock
        self._held: Credentials | None = None
        self._trouble: CannotCollect | None = None
        self._reading: asyncio.Task[None] | None = None
        self._look_at = 0.0

    async def credentials(self, seconds: float) -> Credentials:
        """Raises `CannotCollect` while there are none, and why."""
        if self._held is None:
            self._look()
            if self._reading is not None:
                await asyncio.wait((self._reading,), timeout=seconds)
        if self._held is not None:
            return self._held
        if self._trouble is not None:
            raise CannotCollect(self._trouble.what, seen=self._trouble.seen, mend=self._trouble.mend)
        raise CannotCollect("The password of the database has not been read yet.", mend="It is being read.")

    def refused(self) -> None:
        """Somebody may have changed them meanwhile."""
        self._look()

    def _look(self) -> None:
        if self._reading is None and self._clock() >= self._look_at:
            self._look_at = self._clock() + LOOK_AGAIN_S
            self._reading = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        try:
            self._held, self._trouble = await self._secret.read(), None
        except CannotCollect as trouble:
            self._trouble = trouble
        finally:
            self._reading = None
