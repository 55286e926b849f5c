"""May this key be pressed here, and why not? What the gate offers, said of one resource on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from widgets.draw import Run
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Offer, Offers

LATER = "later"
RANK = {"viewer": 1, "operator": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class ActionKey:
    """A key that is an action's own: it stays where it is while the action is still to come."""

    key: str
    name: str
    words: Safe

    @property
    def id(self) -> str:
        return f"action.{self.name}"


KEYS = (
    ActionKey("F", "fail-over", Safe("Fail over")),
    ActionKey("S", "snapshot", Safe("Snapshot")),
    ActionKey("X", "flush", Safe("Flush")),
)


@dataclass(frozen=True, slots=True)
class Lock:
    """``word`` stands beside the key, ``why`` is said when it is pressed."""

    word: Safe
    why: Safe


def key_named(name: str) -> ActionKey:
    return next(each for each in KEYS if each.name == name)


def offer_of(offers: Offers, key: ActionKey) -> Offer | None:
    """By its name or by its letter: whoever offers it may call it otherwise."""
    return next((each for each in offers.actions if each.name == key.name or each.key == key.key), None)


def lock(key: ActionKey, picture: Picture, resource: str | None, *, viewer: bool) -> Lock | None:
    """None: it may be planned."""
    if picture.offers is None:
        return _locked(key, "unknown", "nobody has said yet what may be done here.")
    if viewer:
        return _locked(key, "viewer", "this is a viewer, and a viewer never acts.")
    if not picture.offers.actions:
        return _locked(key, "read-only", _sentence(picture.offers.why))
    return _lock_of(key, picture.offers, picture, resource)


def _lock_of(key: ActionKey, offers: Offers, picture: Picture, resource: str | None) -> Lock | None:
    offer = offer_of(offers, key)
    if offer is None:
        return _locked(key, LATER, "this release has no such action yet; it comes with a later release.")
    if offer.locked:
        needs = RANK[offer.role] > RANK[offers.role]
        return _locked(key, offer.role if needs else "locked", _sentence(offer.locked))
    res = picture.resources.get(resource) if resource is not None else None
    if res is None:
        return _locked(key, "nothing", "there is no resource under the cursor.")
    return None if res.kind in offer.kinds else _locked(key, "not here", _sentence(offer.elsewhere))


def shown(keys: Sequence[tuple[ActionKey, str, Lock | None]], symbols: Symbols) -> tuple[list[Run], list[Run]]:
    """In the footer: those that are free, and the others; a sign and a word say what grey says.

    What is locked for the same reason stands together: a footer of eighty columns has room for one reason, not three.
    """
    free = [(sanitise(f" {display}:{key.words} "), Tone.PLAIN) for key, display, found in keys if found is None]
    locked: list[Run] = []
    sign = "x" if symbols is Symbols.ASCII else "×"
    words = dict.fromkeys(found.word for _, _, found in keys if found is not None)
    for word in sorted(words, key=lambda each: each == LATER):  # that one nobody can do anything about
        same = [(display, key.words) for key, display, found in keys if found is not None and found.word == word]
        named = same[0][1] if len(same) == 1 else "Actions"
        locked.append((sanitise(f" {','.join(each for each, _ in same)}:{named} {sign}{word} "), Tone.DIM))
    return free, locked


def _locked(key: ActionKey, word: str, why: str) -> Lock:
    return Lock(sanitise(word), sanitise(f"{key.words} is locked: {why}"))


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
