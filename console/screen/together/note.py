"""One line to type over the screen: what was just seen, for everybody, with its time."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from collectors.safe import Safe, sanitise
from widgets.prompt import Prompt
from widgets.tone import Look

MOST_TEXT = 400  # characters, as the engine has it


class NoteScreen(ModalScreen[Safe | None]):
    """Enter gives what was typed, Esc nothing."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = "NoteScreen { align: left bottom; }"

    def __init__(self, about: Safe | None, typed: Safe, look: Look) -> None:
        """``about``: the resource it is pinned to; ``typed``: what is there already."""
        super().__init__()
        label = sanitise(f" note on {about}: " if about else " note: ")
        self._prompt = Prompt(label, look=look, limit=MOST_TEXT)
        self._prompt.put(typed)
        self._has_ended = False

    def compose(self) -> ComposeResult:
        yield self._prompt

    def on_mount(self) -> None:
        self.styles.background = "transparent"  # here, for the console's own style of all screens goes before a class's

    async def on_key(self, event: events.Key) -> None:
        """All of them are the line's, from the first on: it has no focus that would come a moment later."""
        event.stop()
        if not self._has_ended:
            await self._prompt.on_key(event)

    def on_paste(self, event: events.Paste) -> None:
        self._prompt.on_paste(event)

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self._end(message.text)

    def on_prompt_cancelled(self) -> None:
        self._end(None)

    def _end(self, text: Safe | None) -> None:
        """Once: keys that came in one go may ask for it again."""
        if not self._has_ended:
            self._has_ended = True
            self.dismiss(text)
