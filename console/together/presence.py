"""Who is here, and what do they watch? Screens by what was heard of each, folded into one presence for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe
from console.protocol.together import Presence
from console.together.ages import FADES_S, GONE_S

Role = Literal["control", "view"]
MOST_UNPROVED = 50  # screens: a broker without a list of who may write lets anybody invent names
MOST = 500


@dataclass(frozen=True, slots=True)
class At:
    """One moment by two clocks: the estate's, which is told and may run faster, and the one that people age by."""

    ms: int
    mono: float


@dataclass(frozen=True, slots=True)
class Key:
    """One screen. A name that nobody proves is another than the same name proved."""

    user: Safe
    screen: Safe
    is_proved: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """What a screen says that it shows."""

    pane: Safe = NO_TEXT
    resource: Safe | None = None
    following: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    role: Role
    since: int
    links: int = 0  # sockets that are this screen's; without one it lives by what is heard
    heard: At | None = None
    touched: float = 0.0  # when it showed something else than before
    sight: Sight = field(default=Sight())

    def age(self, now: float) -> float:
        return 0.0 if self.heard is None else now - self.heard.mono


@dataclass(frozen=True, slots=True)
class Gathering:
    """Everybody's screens. Never changed: each of these returns the next one."""

    screens: Mapping[Key, Screen] = field(default_factory=dict)

    def joined(self, key: Key, role: Role, at: At) -> Gathering:
        """A socket is open, by which this screen is fed."""
        there = self.screens.get(key) or Screen(role, at.ms, touched=at.mono)
        return self._with(key, replace(there, role=role, links=there.links + 1))

    def left(self, key: Key) -> Gathering:
        """That socket has ended, and with the last one the screen."""
        there = self.screens.get(key)
        if there is None or there.links <= 1:
            return self.gone(key)
        return self._with(key, replace(there, links=there.links - 1))

    def saw(self, key: Key, role: Role, sight: Sight, at: At) -> Gathering:
        """It says what it sees; raises `Trouble` where there are more than anybody could look at."""
        there = self.screens.get(key)
        if there is None:
            self._check_room(key)
            there = Screen(role, at.ms, touched=at.mono)
        touched = there.touched if there.sight == sight else at.mono
        return self._with(key, replace(there, heard=at, sight=sight, touched=touched))

    def gone(self, key: Key) -> Gathering:
        return Gathering({each: screen for each, screen in self.screens.items() if each != key})

    def aged(self, now: float) -> Gathering:
        """Without those that nobody has heard of for so long. One with a socket may speak again: it is only hidden."""
        kept = {key: each for key, each in self.screens.items() if each.links or each.age(now) <= GONE_S}
        return self if len(kept) == len(self.screens) else Gathering(kept)

    def is_here(self, key: Key, now: float, *, within: float = GONE_S) -> bool:
        there = self.screens.get(key)
        return there is not None and there.age(now) <= within

    def newest_of(self, user: Safe, now: float) -> Key | None:
        """The screen of somebody that was touched last, of those that are proved and do not fade."""
        there = [
            (screen.touched, key)
            for key, screen in self.screens.items()
            if key.user == user and key.is_proved and screen.heard is not None and screen.age(now) <= FADES_S
        ]
        return max(there, key=lambda each: each[0])[1] if there else None

    def people(self, now: float) -> dict[Safe, Presence]:
        """By user. Whoever is proved is told as they are: what others say in their name is left out."""
        by_user: dict[Safe, list[tuple[Key, Screen]]] = {}
        for key, screen in self.screens.items():
            if screen.age(now) <= GONE_S:
                by_user.setdefault(key.user, []).append((key, screen))
        return {user: _presence(user, theirs) for user, theirs in by_user.items()}

    def _with(self, key: Key, screen: Screen) -> Gathering:
        return Gathering({**self.screens, key: screen})

    def _check_room(self, key: Key) -> None:
        unproved = sum(not each.is_proved for each in self.screens)
        if len(self.screens) >= MOST or (not key.is_proved and unproved >= MOST_UNPROVED):
            raise Trouble("There are too many screens here to tell of yours.", seen=f"{len(self.screens)} screens")


def _presence(user: Safe, theirs: list[tuple[Key, Screen]]) -> Presence:
    proved = [screen for key, screen in theirs if key.is_proved]
    screens = proved or [screen for _, screen in theirs]
    newest = max(screens, key=lambda each: (each.heard is not None, each.touched))
    return Presence(
        user=user,
        role="control" if any(each.role == "control" for each in screens) else "view",
        since=min(each.since for each in screens),
        screens=len(screens),
        heard=max((each.heard.ms for each in screens if each.heard is not None), default=None),
        pane=newest.sight.pane,
        resource=newest.sight.resource,
        following=newest.sight.following,
        is_proved=bool(proved),
    )
