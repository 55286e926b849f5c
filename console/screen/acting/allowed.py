"""May this key be pressed here, and why not? What the gate offers, said of one resource on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.targets import has_standby
from console.screen.picture import Picture
from widgets.draw import Run
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Offer, Offers
    from console.protocol.res import Res

FAIL_OVER, FLUSH = "fail-over", "flush"
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
    ActionKey("F", FAIL_OVER, Safe("Fail over")),
    ActionKey("S", "snapshot", Safe("Snapshot")),
    ActionKey("X", FLUSH, Safe("Flush")),
)


@dataclass(frozen=True, slots=True)
class Lock:
    """``word`` stands beside the key, ``why`` is said when it is pressed."""

    word: Safe
    why: Safe


def key_named(name: str) -> ActionKey:
    return next(each for each in KEYS if each.name == name)


def offers_of(offers: Offers, key: ActionKey) -> list[Offer]:
    """By its name or by its letter: whoever offers them may call them otherwise, and a letter may stand for several."""
    return [each for each in offers.actions if each.name == key.name or each.key == key.key]


def ways(key: ActionKey, picture: Picture, resource: str | None) -> list[Offer]:
    """What the key stands for here: nothing, one thing, or a choice."""
    res = picture.resources.get(resource) if resource is not None else None
    if picture.offers is None or res is None:
        return []
    fitting = [each for each in offers_of(picture.offers, key) if _fits(each, res)]
    return [each for each in fitting if each.name != FAIL_OVER or has_standby(res)] if fitting[1:] else fitting


def _fits(offer: Offer, res: Res) -> bool:
    is_of = not offer.engines or any(fnmatchcase(res.engine, pattern) for pattern in offer.engines)
    return res.kind in offer.kinds and is_of and (not offer.roles or res.role in offer.roles)


def lock(key: ActionKey, picture: Picture, resource: str | None, *, viewer: bool) -> Lock | None:
    """None: it may be planned."""
    if picture.offers is None:
        return _locked(key.words, "unknown", "nobody has said yet what may be done here.")
    if viewer:
        return _locked(key.words, "viewer", "this is a viewer, and a viewer never acts.")
    if not picture.offers.actions:
        return _locked(key.words, "read-only", _sentence(picture.offers.why))
    return _lock_of(key, picture.offers, picture, resource)


def _lock_of(key: ActionKey, offers: Offers, picture: Picture, resource: str | None) -> Lock | None:
    there = offers_of(offers, key)
    if not there:
        return _locked(key.words, LATER, "this release has no such action yet; it comes with a later release.")
    here = ways(key, picture, resource)
    meant = here or there
    if all(offer.locked for offer in meant):
        return lock_of(meant[0], offers)
    if resource is None or resource not in picture.resources:
        return _locked(key.words, "nothing", "there is no resource under the cursor.")
    return None if here else _locked(key.words, "not here", _sentence(_elsewhere(there, picture, resource)))


def lock_of(offer: Offer, offers: Offers) -> Lock | None:
    """Why nobody may take this one, whatever it is done to; None where it may be taken."""
    if not offer.locked:
        return None
    needs = RANK[offer.role] > RANK[offers.role]
    return _locked(offer.title, offer.role if needs else "locked", _sentence(offer.locked))


def _elsewhere(there: Sequence[Offer], picture: Picture, resource: str) -> Safe:
    """Why it is not offered here: of an offer for this kind first, whose words are nearer."""
    res = picture.resources[resource]
    what = f"{res.kind} {res.engine}"
    for begins, words in there[0].instead:
        if what.startswith(begins):
            return words
    return next((each.elsewhere for each in there if res.kind in each.kinds), there[0].elsewhere)


def named(key: ActionKey, here: Sequence[Offer]) -> ActionKey:
    """With the words of the one thing that it stands for here."""
    return replace(key, words=here[0].title) if len(here) == 1 and here[0].title else key


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


def _locked(words: Safe, word: str, why: str) -> Lock:
    return Lock(sanitise(word), sanitise(f"{words} is locked: {why}"))


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
