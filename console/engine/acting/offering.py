"""What may be done here, said before anybody asks: by the role, the audit, and what locks everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from collectors.safe import NO_TEXT, Safe, sanitise
from console.actions.common import locked
from console.actions.registry import Action
from console.actions.situation import Situation
from console.engine.acting.targets import FLUSH, WITHOUT_FLUSH
from console.protocol.op import Offer, Offers, RoleWord


def offers(actions: Sequence[Action], seen: Situation) -> Offers:
    """One for each key, with what nobody gets past at present, whatever it is done to: each wants a role of its own."""
    names = dict.fromkeys(action.offer for action in actions)
    return Offers(
        role=cast("RoleWord", seen.role.word),
        identity=seen.caller,
        why=seen.how,
        actions=tuple(_offer([a for a in actions if a.offer == name], seen) for name in names),
    )


def _roles(actions: Sequence[Action]) -> tuple[Safe, ...]:
    return tuple(map(sanitise, dict.fromkeys(role for each in actions for role in each.roles)))


def _engines(actions: Sequence[Action]) -> tuple[Safe, ...]:
    """Of all that one key stands for; none where one of them is for any."""
    patterns = dict.fromkeys(pattern for each in actions for pattern in each.engines)
    return () if "*" in patterns else tuple(map(sanitise, patterns))


def _offer(actions: Sequence[Action], seen: Situation) -> Offer:
    first, easiest = actions[0], min(actions, key=lambda each: each.least)
    lock = locked(easiest, seen)
    words = NO_TEXT if lock is None else sanitise(" ".join(part for part in lock.lines() if part))
    return Offer(
        name=first.offer,
        key=sanitise(first.key),
        title=first.title,
        role=cast("RoleWord", easiest.least.word),
        kinds=tuple(sanitise(action.kind) for action in actions),
        engines=_engines(actions),
        roles=() if any(not each.roles for each in actions) else _roles(actions),
        elsewhere=first.elsewhere,
        instead=tuple((sanitise(of), sanitise(words)) for of, words in WITHOUT_FLUSH) if first.offer == FLUSH else (),
        locked=words,
    )
