"""The keys of actions: on each screen that is about one resource, or has a cursor on one."""

from __future__ import annotations

from textual.binding import Binding

from console.screen.acting.allowed import KEYS, ActionKey

BINDINGS: tuple[Binding, ...] = tuple(
    Binding(each.key, f"app.act('{each.name}')", each.words, id=each.id) for each in KEYS
)
FLUSH = next(each for each in BINDINGS if each.id == "action.flush")  # for screens about what it may be of
_BY_ACTION = {f"app.act('{each.name}')": each for each in KEYS}


def action_key(binding: Binding) -> ActionKey | None:
    """What the binding stands for, where it is one of these."""
    return _BY_ACTION.get(binding.action)
