"""Who is here, as the engine tells it: a presence for each person, said when it changes and not at each breath."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from collectors.safe import Safe, sanitise
from console.protocol.requests import Access
from console.protocol.serve import Role
from console.protocol.together import Presence
from console.together.presence import At, Gathering, Key, Sight

MOST_NAME = 64  # characters of a user's name: each may take twelve in a topic
HEARD_AGAIN_S = 20.0  # that somebody was heard is told no more often where nothing else is new

Tell = Callable[[str, Presence | None], None]
"""A user, and how they are present; None: no longer."""


class Attendance:
    def __init__(self, tell: Tell, at: Callable[[], At]) -> None:
        self._tell = tell
        self._at = at
        self._nameless = itertools.count(1)
        self._told: dict[Safe, tuple[Presence, float]] = {}
        self.here = Gathering()

    @contextmanager
    def joined(self, user: str, role: Role, screen: str) -> Iterator[None]:
        """For as long as the socket lasts. A screen without a name of its own is given one that leads nowhere."""
        key = Key(name_of(user), sanitise(screen, MOST_NAME) or sanitise(f"-{next(self._nameless)}"))
        self.here = self.here.joined(key, role, self._at())
        self.say()
        try:
            yield
        finally:
            self.here = self.here.left(key)
            self.say()

    def saw(self, key: Key, access: Access, sight: Sight) -> None:
        role: Role = "control" if access is Access.CONTROL else "view"
        self.here = self.here.saw(key, role, sight, self._at())
        self.say()

    def gone(self, key: Key) -> None:
        self.here = self.here.gone(key)
        self.say()

    def say(self) -> None:
        """What is otherwise than it was told last."""
        at = self._at()
        self.here = self.here.aged(at.mono)
        people = self.here.people(at.mono)
        for user in [each for each in self._told if each not in people]:
            del self._told[user]
            self._tell(user, None)
        for user, now in people.items():
            before = self._told.get(user)
            if before is None or _is_news(before, now, at.mono):
                self._told[user] = now, at.mono
                self._tell(user, now)


def name_of(user: str) -> Safe:
    return sanitise(user, MOST_NAME)


def _is_news(before: tuple[Presence, float], now: Presence, mono: float) -> bool:
    told, when = before
    if told.model_copy(update={"heard": now.heard}) != now:
        return True
    return told.heard != now.heard and (told.heard is None or mono - when >= HEARD_AGAIN_S)
