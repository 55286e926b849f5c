"""A prompt: what does the person type? One line, sanitised like any other text that enters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from collectors.safe import Safe, sanitise
from widgets import draw
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.measure import clusters
from widgets.tone import Look, Tone

LIMIT = 256  # characters; nobody types a longer filter, but a clipboard may hold anything


class Prompt(Drawn, can_focus=True):
    """Typing adds, Backspace takes back, Ctrl+U clears, Enter submits, Esc cancels."""

    DEFAULT_CSS = "Prompt { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Accept", id="prompt.submit", show=False),
        Binding("escape", "cancel", "Cancel", id="prompt.cancel", show=False),
        Binding("backspace", "take_back", "Take back", id="prompt.take-back", show=False),
        Binding("ctrl+u", "clear", "Clear the line", id="prompt.clear", show=False),
    ]

    _KEYS: ClassVar = {one.key: one.action for one in BINDINGS if isinstance(one, Binding)}

    class _Said(Message):
        def __init__(self, text: Safe) -> None:
            super().__init__()
            self.text = text

    class Changed(_Said):
        """Something was typed, pasted or taken back."""

    class Submitted(_Said):
        """Enter."""

    class Cancelled(Message):
        """Esc."""

    def __init__(
        self,
        label: Safe,
        *,
        look: Look | None = None,
        limit: int = LIMIT,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._label = label
        self._limit = limit
        self._text = Safe("")

    @property
    def text(self) -> Safe:
        return self._text

    def clear(self) -> None:
        """Nothing typed; nobody is told, for the caller knows."""
        self._set(Safe(""))

    def put(self, text: Safe) -> None:
        """As if this had been typed; nobody is told."""
        self._set(text)

    async def on_key(self, event: events.Key) -> None:
        """All keys here: Textual runs bindings after a round through the app, by when the next letters are in."""
        action = self._KEYS.get(event.key)
        if action is None and not (event.is_printable and event.character):
            return
        event.stop()
        event.prevent_default()
        if action is not None:
            await self.run_action(action)
        elif event.character:
            self._add(event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._add(event.text.partition("\n")[0].rstrip("\r"))

    def action_submit(self) -> None:
        self.post_message(self.Submitted(self._text))

    def action_cancel(self) -> None:
        self.post_message(self.Cancelled())

    def action_clear(self) -> None:
        self._change(Safe(""))

    def action_take_back(self) -> None:
        self._change(Safe("".join(cluster for cluster, _ in list(clusters(self._text))[:-1])))

    def runs(self, y: int) -> Sequence[Run]:
        if y:
            return ()
        room = self.size.width - draw.width(self._label) - 1
        shown = list(clusters(self._text))
        while shown and sum(cells for _, cells in shown) > room:
            shown.pop(0)  # the end is where the typing happens
        text = Safe("".join(cluster for cluster, _ in shown))
        cursor = Tone.SELECTED if self.has_focus else Tone.PLAIN
        return [(self._label, Tone.ACCENT), (text, Tone.PLAIN), (Safe(" "), cursor)]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _add(self, typed: str) -> None:
        self._change(sanitise((self._text + typed)[: self._limit]))

    def _change(self, text: Safe) -> None:
        if self._set(text):
            self.post_message(self.Changed(text))

    def _set(self, text: Safe) -> bool:
        if text == self._text:
            return False
        self._text = text
        self.refresh()
        return True
