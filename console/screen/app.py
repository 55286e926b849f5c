"""Wires the screen: the feed to the picture, the picture to the screens, the keys to both. Nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.protocol.refusal import TurnedAway
from console.screen import attached, relayed
from console.screen.feed import Feed
from console.screen.freeze import frozen_copy
from console.screen.help import HelpScreen, Key, group_of
from console.screen.news import News
from console.screen.overview import Overview
from console.screen.pane import Pane
from console.screen.picture import Picture
from console.screen.together.app import TogetherApp
from console.screen.values import legend
from console.screen.watched import Watched, call_in
from console.specs import ScreenSpec
from console.terminal_sharing import ALONE
from widgets.tone import Symbols

Told = tuple[tuple[Safe, ...], ...]

LEAST_PAINT_S = 0.5  # messages that come closer together share one paint
CALM_AFTER_S, CALM_S = 3.0, 2.2  # without a key; between two paints
NOTICE_S = 4.0
TOLD_WATCHERS = ("act.plan", "act.confirm", "act.here")  # on a shared terminal the engine asks for more
NEWS_S = 15.0  # what turned bad may have come while nobody looked
OF_EVERYBODY = ("note", "lead", "incident", "approve")  # they touch no database; an approval carries its own proof
AGEING_S = 1.0  # ages grow although nothing comes


class ConsoleApp(TogetherApp):
    """The screen. It holds nothing that is not in messages."""

    TITLE = "dbconsole"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", id="app.help", key_display="?"),
        Binding("ctrl+r", "refresh", "Refresh", id="app.refresh", show=False),
        Binding("z", "freeze", "Freeze", id="app.freeze"),
        Binding("ctrl+c", "quit", "Quit", id="app.interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False, priority=True),
    ]
    CSS = """
    Screen { background: $ground; color: ansi_default; overflow: hidden; }
    Drawn { background: $ground; }
    #head, #foot { height: 1; }
    """

    def __init__(self, spec: ScreenSpec, *, may_suspend: bool) -> None:
        super().__init__(spec, ansi_color=True)
        self._notice = Safe("")
        self._notice_until = 0.0
        self._news = News()
        self.status = 0
        self.refusal: Trouble | None = None
        self._may_suspend = may_suspend
        self._feed = Feed(spec.address, spec.mode, self.repaint_soon, self._why_lost, screen=self.me)
        self.watched = Watched()
        self._frozen: tuple[float, Picture] | None = None
        self._painted = 0.0
        self._due = self._next = False

    def get_default_screen(self) -> Overview:
        return Overview()

    def on_mount(self) -> None:
        self.set_interval(AGEING_S, self._age)

    def on_ready(self) -> None:
        """The frame is painted; what it is filled with may take its time."""
        if self.spec.notice:
            self._notice, self._notice_until = sanitise(self.spec.notice), time.monotonic() + NEWS_S
        self.run_worker(self._feed.run(), exit_on_error=True)
        if self.spec.mode == "control":  # a viewer cannot act, and starts no program
            loop = asyncio.get_running_loop()
            self.watched.watch(lambda: call_in(loop, self.repaint_soon))

    def _why_lost(self, trouble: Trouble) -> Trouble:
        gone = attached.gone(self.spec, trouble)
        if gone is None:
            return trouble
        self._notice_until = 0.0  # nothing that was said before matters as much
        return gone

    @property
    def picture(self) -> Picture:
        """What is to be seen now."""
        if self._frozen is None:
            return self.live
        since, picture = self._frozen
        return replace(picture, frozen_s=time.monotonic() - since)

    @property
    def live(self) -> Picture:
        return replace(self._feed.picture(), watchers=self.watched.watchers)

    @property
    def is_frozen(self) -> bool:
        return self._frozen is not None

    @property
    def is_calm(self) -> bool:
        """Nobody types at a viewer over SSH: it leaves whole seconds without output.

        In those alone does sshd up to 9.2 ask whether its client still lives, and so ends the viewer of one that died.
        """
        looks_alone = self.spec.mode == "view" and self.spec.able.remote and not self.is_following
        return looks_alone and time.monotonic() - self.typed_at > CALM_AFTER_S

    def repaint_soon(self) -> None:
        """Paint what has come, once for whatever comes within half a second."""
        if not self._due:
            self._due = True
            wait = max(0.0, self._painted + (CALM_S if self.is_calm else LEAST_PAINT_S) - time.monotonic())
            # Not Textual's timer: one that comes late is skipped, and one of zero ends the program by a division.
            asyncio.get_running_loop().call_later(wait, self.call_later, self.repaint_now)

    def repaint_next(self) -> None:
        """Paint once the key that was pressed has had its own, smaller paint."""
        if not self._next:
            self._next = True
            self.call_after_refresh(self.repaint_now)

    def repaint_now(self) -> None:
        """Paint at once."""
        self._due = self._next = False
        self._painted = time.monotonic()
        self._hear_news()
        self.follow_on()
        panes = (each for each in reversed(self.screen_stack) if isinstance(each, Pane))
        top = next(panes, None)  # what lies above it is a list or a text, and leaves it in sight
        if top is not None and top.is_drawable:
            top.draw(self.picture)
            self._feed.see(top.looked_at(), self.sight())
            self.drawn(top)
        self.draw_dialog()
        self._leave_if_refused()

    @property
    def notice(self) -> Safe | None:
        """What the last key had to say."""
        return self._notice if time.monotonic() < self._notice_until else self.wrong_looks

    def _hear_news(self) -> None:
        picture = self.live
        of_people, of_resources = self.hear_of_people(picture), self._news.of(picture, time.monotonic())
        heard = self.hear_of_ops(picture) or of_resources or of_people
        if heard is not None:
            self._notice, self._notice_until = heard, time.monotonic() + NEWS_S

    def say(self, words: Safe) -> None:
        """A line in the footer, for a while."""
        self._notice, self._notice_until = words, time.monotonic() + NOTICE_S
        self.repaint_now()

    def ask(
        self,
        name: str,
        args: dict[str, object],
        done: Safe | None,
        then: Callable[[Told], None] | None = None,
        failed: Callable[[Trouble], None] | None = None,
    ) -> None:
        """Ask the engine for something; the footer says what became of it. A viewer asks for nothing that acts.

        ``then`` is given the rows of the answer; ``failed`` the refusal, which the footer does not say then.
        """
        if self.spec.mode == "view" and name not in OF_EVERYBODY:
            self.say(Safe("This is a viewer: only the console that runs the engine may do that."))
            return
        if name in TOLD_WATCHERS and self.watched.watchers != ALONE:
            args = {**args, "watchers": self.watched.watchers}
        self.run_worker(self._ask(name, args, done, then, failed), exit_on_error=True)

    def tell_engine(self, name: str) -> None:
        self.ask(name, {}, None, None, lambda _: None)

    async def _ask(
        self,
        name: str,
        args: dict[str, object],
        done: Safe | None,
        then: Callable[[Told], None] | None,
        failed: Callable[[Trouble], None] | None,
    ) -> None:
        try:
            told = await self._feed.ask(name, args)
        except Trouble as trouble:
            if failed is not None:
                failed(trouble)
            else:
                self.say(sanitise(trouble.line()))
        else:
            if then is not None:
                then(told)
            if done is not None:
                self.say(done)

    def leave(self, status: int) -> None:
        """Called for a signal, or when the guard has died."""
        self.status = status
        self.exit(status)

    def get_key_display(self, binding: Binding) -> str:
        """A key as it is printed on a keyboard, in letters where the terminal has no arrows."""
        display = super().get_key_display(binding)
        return display if display.isascii() or self.look.symbols is not Symbols.ASCII else binding.key

    def action_help(self) -> None:
        if isinstance(self.screen, Pane):
            active = self.screen.active_bindings.values()
            works = (one for one in active if self._may_suspend or one.binding.action != "suspend_process")
            keys = [Key(one.binding, self.get_key_display(one.binding), group_of(one.node)) for one in works]
            self.push_screen(HelpScreen(keys, self._notes(), self.look))

    def action_refresh(self) -> None:
        """Ask everything again now, rather than when it is due."""
        self.ask("refresh", {}, Safe("Everything is asked again."))

    def action_freeze(self) -> None:
        """Stop the picture, not the console: what comes meanwhile is kept."""
        self._frozen = None if self._frozen else (time.monotonic(), frozen_copy(self.live))
        self.repaint_now()

    def action_suspend_process(self) -> None:
        if self._may_suspend:
            super().action_suspend_process()
        else:
            self.say(Safe("Ctrl+Z is off here: nothing could continue the console."))

    def _age(self) -> None:
        lately = CALM_S - AGEING_S / 2 if self.is_calm else AGEING_S / 2
        if time.monotonic() - self._painted >= lately:  # what has just been painted need not be again
            self.repaint_now()

    def _notes(self) -> tuple[Safe, ...]:
        """What the signs mean, and how others may watch; each command on a line of its own, to be copied."""
        relay = self.picture.relay
        where = self.spec.address.with_name("view.sock") if relay is None else relay.url
        share = Safe("Others may watch this console, read-only, with"), sanitise(f"dbconsole view {where}")
        status = self.picture.status
        said = filter(None, (sanitise(self.spec.notice), status.shared if status else Safe("")))
        notes = (legend(self.signs), *relayed.notes(relay), *said, *share)
        meta = self.picture.meta
        if meta is None or meta.endpoint is None:
            return notes
        return *notes, Safe("The AWS of this demo answers others too:"), sanitise(f"aws --endpoint-url {meta.endpoint}")

    def _leave_if_refused(self) -> None:
        """A viewer that was never let in has nothing to show; whoever has an engine of its own waits for that."""
        trouble = self._feed.trouble
        if self.spec.relayed and not isinstance(trouble, TurnedAway):
            return
        if trouble and self.refusal is None and self.spec.mode == "view" and not self._feed.ever_joined:
            self.refusal = trouble
            self.leave(trouble.exit_code)

    def _handle_exception(self, error: Exception) -> None:
        """Ours to tell: Textual would print every local variable, and with them whatever is secret."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self._close_messages_no_wait()

    @property
    def failure(self) -> Exception | None:
        return self._exception
