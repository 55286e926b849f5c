"""How is everything on the screen drawn, and what happens when somebody wants it otherwise? At once, everywhere."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.looks.file import read
from console.looks.settle import Looks, settle
from console.looks.watch import Watch, state_of
from console.screen import keymap
from console.screen.driver import PatientDriver
from console.screen.pane import Pane
from console.screen.panes import PANES
from console.screen.values import ASCII_SIGNS, SIGNS
from console.screen.walking import WalkingApp
from console.specs import Asked, ScreenSpec
from widgets.drawn import Drawn
from widgets.tone import Look, Symbols

if TYPE_CHECKING:
    from console.looks.model import LooksFile

READ_AGAIN = Safe("The looks file was read again.")


class DressedApp(WalkingApp):
    """The looks: as the command line, the file and the terminal say, and as was tried out since."""

    look = Look()
    signs = SIGNS

    def __init__(self, spec: ScreenSpec, **others: Any) -> None:
        super().__init__(**others)
        self.spec = spec
        self.wrong_looks: Safe | None = None  # said in the footer until it is mended
        self._tried = Asked()  # by keys and commands: lasts until the file is another
        self._state = state_of(spec.looks_file) if spec.looks_file else None
        self._said = self._read()
        self._watch: Watch | None = None
        self.looks = settle((spec.asked,), self._said, spec.able)
        self.view = replace(self.view, zone=self.looks.zone)
        self._wear(self.looks)

    def get_css_variables(self) -> dict[str, str]:
        ground = self.look.ground
        words = "ansi_default" if ground is None else ground if ground.startswith("#") else f"ansi_{ground}"
        return {**super().get_css_variables(), "ground": words}

    def on_mount(self) -> None:
        self.set_keymap(self.looks.keys)
        if self.spec.looks_file is not None:
            self._watch = Watch(self.spec.looks_file, self._state, self._changed)

    def on_unmount(self) -> None:
        if self._watch is not None:
            self._watch.end()

    def try_on(self, **asked: Any) -> None:
        """Other looks from now on, by the words of the looks file: `theme="dark"`."""
        self._tried = replace(self._tried, **asked)
        self.dress(self._settled())

    def dress(self, looks: Looks) -> None:
        """Everything that there is, whether it is on top or not."""
        before, self.looks = self.looks, looks
        self._wear(looks)
        self.set_keymap(looks.keys)
        self.refresh_css(animate=False)
        for screen in self._all_screens():
            self.stylesheet.update(screen)
            for widget in screen.query("*").results():
                if isinstance(widget, Drawn):
                    widget.look = looks.look
        if isinstance(self._driver, PatientDriver):
            self._driver.take_mouse(looks.mouse)
        if looks.zone != before.zone:
            self.view = replace(self.view, zone=looks.zone)
        self.repaint_now()

    def _wear(self, looks: Looks) -> None:
        self.look = looks.look
        self.signs = ASCII_SIGNS if looks.look.symbols is Symbols.ASCII else SIGNS
        self.columns = looks.columns

    def _all_screens(self) -> list[Screen[Any]]:
        """Those on the stack, and those that were there before and will be again."""
        kept = [self.get_screen(name, Pane) for name in PANES if self.is_screen_installed(name)]
        return [*self.screen_stack, *(screen for screen in kept if screen not in self.screen_stack)]

    def _settled(self) -> Looks:
        return settle((self._tried, self.spec.asked), self._said, self.spec.able)

    def _read(self) -> LooksFile | None:
        """What the file says; None where there is none."""
        if self._state is None or self.spec.looks_file is None:
            return None
        return read(self.spec.looks_file, keymap.faults)

    def _changed(self) -> None:
        """In the thread that watches: reading it may take a moment too."""
        path = self.spec.looks_file
        told: LooksFile | Trouble | None = None
        try:
            told = read(path, keymap.faults) if path is not None and path.exists() else None
        except Trouble as trouble:
            told = trouble
        with suppress(RuntimeError):  # it is leaving
            self.call_from_thread(self._heard, told)

    def _heard(self, told: LooksFile | Trouble | None) -> None:
        if isinstance(told, Trouble):
            self.wrong_looks = sanitise(told.line())
            self.repaint_now()
            return
        self.wrong_looks, self._said, self._tried = None, told, Asked()
        self.dress(self._settled())
        self.say(READ_AGAIN)
