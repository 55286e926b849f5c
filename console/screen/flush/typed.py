"""What does a person type in answer to a question? Over the screen, one line; what came before it was asked is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from collectors.safe import Safe, sanitise
from console.screen.foot import wrapped
from widgets.bar import Bar, Ends
from widgets.prompt import Prompt
from widgets.tone import Look, Tone

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp

HINT = Safe(" Enter plans it and sends nothing, Esc leaves")
AGAIN_S = 0.05  # until the terminal has taken the question
MOST_LINES = 4  # of a title


class LatePrompt(Prompt):
    """Deaf until its question is in sight."""

    since: float | None = None

    async def on_key(self, event: events.Key) -> None:
        """What counts goes on to a prompt's own, which Textual calls after this one."""
        self._hear(event)

    def on_paste(self, event: events.Paste) -> None:
        self._hear(event)

    def _hear(self, event: events.Key | events.Paste) -> None:
        if self.since is None or event.time < self.since:
            event.stop()
            event.prevent_default()


class TypedScreen(ModalScreen[str | None]):
    """At the bottom, as lists are. ``why_not``: what is wrong with an answer, None where it will do."""

    DEFAULT_CSS = """
    TypedScreen { align: left bottom; }
    TypedScreen Bar { height: 1; }
    """

    def __init__(self, title: Safe, why_not: Callable[[str], Safe | None], *, look: Look) -> None:
        super().__init__()
        self._title, self._why_not = title, why_not
        self._prompt = LatePrompt(Safe(" > "), look=look)
        self._asked, self._hint = Bar(look=look), Bar(look=look)
        self._has_ended = False

    def compose(self) -> ComposeResult:
        yield self._asked
        yield self._prompt
        yield self._hint

    def on_mount(self) -> None:
        self.styles.background = "transparent"  # here, for the console's own style of all screens goes before a class's
        cast("ConsoleApp", self.app).forget_typeahead()
        self._say(HINT, Tone.DIM)
        self._ask()
        self.call_after_refresh(self._arm)

    def on_resize(self) -> None:
        self._ask()

    async def on_key(self, event: events.Key) -> None:
        """What the prompt has not taken is nobody else's; Esc leaves however early it comes."""
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "ctrl+c"):
            self._end(None)

    def on_prompt_changed(self) -> None:
        self._say(HINT, Tone.DIM)

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        wrong = self._why_not(message.text)
        if wrong is None:
            self._end(message.text)
        else:
            self._say(wrong, Tone.WARN)

    def on_prompt_cancelled(self) -> None:
        self._end(None)

    def _ask(self) -> None:
        parts = list(wrapped(self._title, max(8, self.app.size.width - 2)))[:MOST_LINES]
        self._asked.styles.height = len(parts)
        self._asked.show_lines([Ends(((sanitise(f" {part}"), Tone.TITLE),)) for part in parts])

    def _say(self, words: Safe, tone: Tone) -> None:
        self._hint.show([(sanitise(f" {words.strip()}"), tone)])

    def _arm(self) -> None:
        """Keys count once the terminal has taken the question, and not from when it was drawn."""
        if cast("ConsoleApp", self.app).is_behind:
            self.set_timer(AGAIN_S, self._arm)
            return
        self._prompt.since = time.monotonic()

    def _end(self, text: str | None) -> None:
        """Once: keys that came in one go may ask for it again."""
        if not self._has_ended:
            self._has_ended = True
            self.dismiss(text)
