"""Which keys do what here: read from the bindings, so that it cannot be wrong."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from collectors.safe import Safe, sanitise
from widgets.keys import KeyEntry, KeyList
from widgets.tone import Look


class HelpScreen(ModalScreen[None]):
    """The keys of the screen below, and how others may watch."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,escape,q", "dismiss", "Close", id="help.close"),
    ]

    def __init__(self, bindings: list[tuple[Binding, str]], notes: tuple[Safe, ...], look: Look) -> None:
        super().__init__()
        self._entries = entries(bindings)
        self._notes = notes
        self._look = look

    def compose(self) -> ComposeResult:
        yield KeyList(Safe("Keys"), self._entries, self._notes, look=self._look)


def entries(bindings: list[tuple[Binding, str]]) -> tuple[KeyEntry, ...]:
    """One entry for each action, with all of its keys, in the order of declaration."""
    keys: dict[tuple[str, str], list[str]] = {}
    for binding, display in bindings:
        if binding.description:
            keys.setdefault((binding.action, binding.description), []).append(display)
    return tuple(
        KeyEntry(sanitise(" ".join(dict.fromkeys(shown))), sanitise(what)) for (_, what), shown in keys.items()
    )
