"""Which keys do what here: read from the bindings, so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

from collectors.safe import Safe, sanitise
from widgets.keys import KeyEntry, KeyList
from widgets.tone import Look

THIS_SCREEN, THIS_LIST, EVERYWHERE = Safe("This screen"), Safe("The list or chart in it"), Safe("Everywhere")
GROUPS = (THIS_SCREEN, THIS_LIST, EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now: as it is printed on a keyboard, and whose it is."""

    binding: Binding
    display: str
    group: Safe


class HelpScreen(ModalScreen[None]):
    """The keys of the screen below, and how others may watch."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,escape,q", "dismiss", "Close", id="help.close"),
    ]

    def __init__(self, keys: Sequence[Key], notes: tuple[Safe, ...], look: Look) -> None:
        super().__init__()
        self._entries = entries(keys)
        self._notes = notes
        self._look = look

    def compose(self) -> ComposeResult:
        yield KeyList(Safe("Keys"), self._entries, self._notes, look=self._look)


def group_of(node: DOMNode) -> Safe:
    """Whose key it is."""
    if isinstance(node, App):
        return EVERYWHERE
    return THIS_SCREEN if isinstance(node, Screen) else THIS_LIST


def entries(keys: Sequence[Key]) -> tuple[KeyEntry, ...]:
    """One entry for each action, with all of its keys, in the order of declaration; this screen's own first."""
    said: dict[tuple[Safe, str, str], list[str]] = {}
    for key in sorted(keys, key=lambda key: GROUPS.index(key.group)):
        if key.binding.description:
            said.setdefault((key.group, key.binding.action, key.binding.description), []).append(key.display)
    return tuple(
        KeyEntry(sanitise(" ".join(dict.fromkeys(shown))), sanitise(what), group)
        for (group, _, what), shown in said.items()
    )
