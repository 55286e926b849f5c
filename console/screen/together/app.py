"""What people do together, on every screen: note, follow, lead, and the incident that all of it belongs to."""

from __future__ import annotations

import asyncio
import os
import time
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe, sanitise
from console.protocol.ulid import ENTROPY_BYTES, ulid
from console.screen.acting.app import ActingApp
from console.screen.pane import Pane
from console.screen.panes import HOME, PANES
from console.screen.picture import Picture
from console.screen.together import strip
from console.screen.together.following import Following, place_of, window_of
from console.screen.together.leading import Leading, Shown
from console.screen.together.news import TogetherNews
from console.screen.together.note import NoteScreen
from console.specs import ScreenSpec
from widgets.draw import Run

Done = Callable[[Any], None]
TOUCHES = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
MOST_SAID = 50


class TogetherApp(ActingApp):
    """Nothing of it touches a database: a viewer may do all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Without priority: in `S` and a name that are typed in one go an n is a letter of the name.
        Binding("n", "note", "Note for everybody", id="app.note", show=False),
        Binding("f", "follow", "Follow the leader", id="app.follow", show=False),
    ]

    def __init__(self, spec: ScreenSpec, **others: Any) -> None:
        super().__init__(spec, **others)
        self.me = ulid(time.time_ns() // 1_000_000, os.urandom(ENTROPY_BYTES))  # this screen, among those of its user
        self._following: Following | None = None
        self._leading = Leading()
        self._shows_soon = False
        self._together_news = TogetherNews()
        self._noted: tuple[Safe, ...] = ()
        self._unsent = NO_TEXT

    @property
    @abstractmethod
    def is_frozen(self) -> bool: ...

    @abstractmethod
    def ask(
        self,
        name: str,
        args: dict[str, object],
        done: Safe | None,
        then: Done | None = None,
        failed: Callable[[Trouble], None] | None = None,
    ) -> None: ...

    def sight(self) -> dict[str, object]:
        """What the others are told of this screen."""
        here = self.place
        return {"screen": self.me, "pane": here.pane, "resource": here.resource, "following": self.is_following}

    @property
    def is_following(self) -> bool:
        return self._following is not None

    def strip_left(self, picture: Picture) -> list[Run]:
        return strip.mine(picture, self.me, following=self.is_following)

    def strip_right(self, picture: Picture) -> list[Run]:
        return strip.others(picture, self.me, following=self.is_following)

    def hear_of_people(self, picture: Picture) -> Safe | None:
        return self._together_news.of(picture, screen=self.me, said=frozenset(self._noted))

    def action_note(self) -> None:
        """What could not be sent is there again."""
        if not isinstance(self.screen, Pane):
            return
        about = self._resource
        self.push_screen(NoteScreen(about, self._unsent, self.look), partial(self._note, about))

    def _note(self, about: Safe | None, text: Safe | None) -> None:
        if text is None or not text.strip():
            self._unsent = NO_TEXT
            return
        words = sanitise(text.strip())
        self._noted = (*self._noted, words)[-MOST_SAID:]

        def failed(trouble: Trouble) -> None:
            self._unsent = text
            self.say(sanitise(f"Not noted: {trouble.line()} n has it again."))

        self._unsent = NO_TEXT
        on = f" on {about}" if about else ""
        self.ask("note", {"text": words, "resource": about}, sanitise(f"Noted{on}."), None, failed)

    def action_follow(self) -> None:
        lead = self.live.lead
        if self._following is not None:
            self.leave_leader()
        elif self.is_frozen:
            self.say(Safe("The view is frozen: z lets it go on, then f follows."))
        elif self.live.meta is not None and self.live.meta.mode == "replay":
            self.say(Safe("A recording has nobody to follow."))
        elif lead is None:
            self.say(Safe("Nobody leads: :lead takes it."))
        elif lead.screen == self.me:
            self.say(Safe("You lead: whoever follows sees what you look at."))
        else:
            self._following = Following(lead.user)
            self.say(sanitise(f"Following {lead.user} until any key is touched."))

    def leave_leader(self, why: str = "") -> None:
        if self._following is not None:
            user, self._following = self._following.user, None
            self.say(sanitise(why or f"No longer following {user}."))

    async def on_event(self, event: events.Event) -> None:
        """Whoever touches anything looks for themselves from then on."""
        if self._following is not None and isinstance(event, TOUCHES) and not self._is_follow(event):
            self.leave_leader()
        await super().on_event(event)

    def _is_follow(self, event: events.Event) -> bool:
        """The key that began it ends it by itself."""
        active = self.screen.active_bindings.get(event.key) if isinstance(event, events.Key) else None
        return active is not None and active.binding.action in {"follow", "app.follow"}

    def follow_on(self) -> None:
        """To what the leader shows now, where this is news."""
        following, picture = self._following, self.live
        lead = picture.lead
        if following is None or picture.contact != "live":
            return
        if lead is None:
            self.leave_leader(f"{following.user} leads no longer.")
        elif lead.screen == self.me:
            self.leave_leader("You lead now.")
        elif following.is_news(lead):
            window, place = window_of(lead, picture.now_ms or 0), place_of(lead)
            if place.pane not in PANES and place.pane != HOME.pane:
                return  # of a later version
            if window != self.view.window:
                self.look_at(window=window)
            self.go(place)

    def drawn(self, top: Pane) -> None:
        """A paint is done: put the cursor where the leader has it, or tell who follows what is seen here."""
        following = self._following
        if following is not None and following.row is not None and top.select_row(following.row):
            if self.place == HOME:  # its cursor is what is chosen: a screen that comes back puts it there
                self.view = replace(self.view, chosen=following.row)
            following.row = None
        self._show_others()

    def _show_others(self) -> None:
        lead = self.live.lead
        if lead is None or lead.screen != self.me:
            self._leading.forget()
            return
        top = next((each for each in reversed(self.screen_stack) if isinstance(each, Pane)), None)
        row = top.selected_row if top is not None and top.is_drawable else None
        shown = Shown(self.place, row, self.view.window, self.live.now_ms or 0)
        wait = self._leading.wait_s(shown, time.monotonic())
        if wait == 0.0:
            args = self._leading.tell(shown, time.monotonic())
            self.ask("lead", {"show": args, "screen": self.me}, None, None, lambda _: self._leading.forget())
        elif wait is not None and not self._shows_soon:
            self._shows_soon = True
            asyncio.get_running_loop().call_later(wait, self.call_later, self._show_later)

    def _show_later(self) -> None:
        self._shows_soon = False
        self._show_others()
