"""Who has a screen open on this engine, and since when?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from collectors.safe import sanitise
from console.protocol.serve import Role
from console.protocol.together import Presence

Tell = Callable[[str, Presence | None], None]
"""A user, and how they are present; None: no longer."""


class Roster:
    """One user may have several screens; whoever has a control screen among them is told as in control."""

    def __init__(self, tell: Tell, now_ms: Callable[[], int]) -> None:
        self._tell = tell
        self._now_ms = now_ms
        self._screens: dict[str, list[Role]] = {}
        self._since: dict[str, int] = {}

    @contextmanager
    def here(self, user: str, role: Role) -> Iterator[None]:
        """For as long as the screen lasts."""
        self._screens.setdefault(user, []).append(role)
        self._since.setdefault(user, self._now_ms())
        self._say(user)
        try:
            yield
        finally:
            self._screens[user].remove(role)
            self._say(user)

    def _say(self, user: str) -> None:
        screens = self._screens[user]
        if not screens:
            del self._screens[user], self._since[user]
            self._tell(user, None)
            return
        role: Role = "control" if "control" in screens else "view"
        self._tell(user, Presence(user=sanitise(user), role=role, since=self._since[user], screens=len(screens)))
