"""A list over the screen to choose one thing from: `choose(app, title, items, on_choice)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from collectors.safe import Safe
from widgets.menu import Item, Menu

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp

__all__ = ["Item", "choose"]


LEAST = 12  # lines; where there is more room, half of the screen stays in sight


def choose(
    app: ConsoleApp, title: Safe, items: Sequence[Item], on_choice: Callable[[str], None], *, at: str = ""
) -> None:
    """Ask which, ``at`` lit first; ``on_choice`` is called with the key of what was taken, or not at all."""

    def taken(key: str | None) -> None:
        if key is not None:
            on_choice(key)

    app.push_screen(ChooseScreen(Menu(title, items, at=at, look=app.look)), taken)


class ChooseScreen(ModalScreen[str | None]):
    """At the bottom left, over what is chosen for: the worst rows stay in sight."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = "ChooseScreen { align: left bottom; }"

    def __init__(self, menu: Menu) -> None:
        super().__init__()
        self._menu = menu
        self._has_ended = False

    def compose(self) -> ComposeResult:
        yield self._menu

    def on_mount(self) -> None:
        self.styles.background = "transparent"  # here, for the console's own style of all screens goes before a class's
        self._fit()

    async def on_key(self, event: events.Key) -> None:
        """All of them are the menu's, from the first on: it has no focus that would come a moment later."""
        event.stop()
        if not self._has_ended:
            await self._menu.on_key(event)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        self._menu.styles.width = min(self._menu.wide, self.app.size.width)
        self._menu.styles.height = min(self._menu.high, max(LEAST, self.app.size.height // 2))

    def on_menu_taken(self, message: Menu.Taken) -> None:
        self._end(message.key)

    def on_menu_left(self) -> None:
        self._end(None)

    def _end(self, key: str | None) -> None:
        """Once: keys that came in one go may ask for it again."""
        if not self._has_ended:
            self._has_ended = True
            self.dismiss(key)
