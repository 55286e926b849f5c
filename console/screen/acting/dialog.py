"""The dialog over the screens: it follows one operation from its plan to its end, and takes what confirms it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.screen import head
from console.screen.acting import states
from console.screen.acting.asked import asked_of
from console.screen.acting.confirming import READY_S, Confirm, Typing, Wish, painted, pasted, pressed, refused, shown
from console.screen.acting.hints import may_be_acknowledged
from console.screen.acting.opening import Opening
from console.screen.acting.page import Manner, asking, page
from console.screen.acting.reading import Read
from console.screen.picture import Picture
from widgets.bar import Bar

if TYPE_CHECKING:
    from console.protocol.op import Op
    from console.screen.app import ConsoleApp, Told

LOOK_S = 0.25  # a countdown is read by the second
AGAIN_S = 0.05  # until the terminal has taken the plan
GONE = Trouble("The engine tells no more of it.", mend="The audit says what became of it: :audit.")
STOP_KEYS = ("s", "ctrl+s")  # of what is under way: Esc only stops watching
PAGE_KEYS = {"pagedown": 1, "pageup": -1}


class ActScreen(ModalScreen[None]):
    """``op``: which one; None where its plan is only being asked for.

    All keys are its own and none can be changed: what confirms must be the same at every console.
    """

    AUTO_FOCUS = ""
    DEFAULT_CSS = "ActScreen #page { height: 1fr; }"

    def __init__(self, title: Safe, resource: Safe, op: Safe | None = None) -> None:
        super().__init__()
        self._title, self._resource, self.op = title, resource, op
        self._typing: Typing | None = None
        self._trouble: Trouble | None = None
        self._is_arming = self._is_confirmed = self._was_told = False
        self._top = self._last_top = 0
        self._has_left = False
        self._read = Read()

    @property
    def console_app(self) -> ConsoleApp:
        return cast("ConsoleApp", self.app)

    def compose(self) -> ComposeResult:
        yield Bar(id="head", look=self.console_app.look)
        yield Bar(id="page", look=self.console_app.look)

    def on_mount(self) -> None:
        self._opening = Opening(self.console_app, self._look)
        self.console_app.forget_typeahead()
        self.set_interval(LOOK_S, self._look)
        self._look()

    def on_resize(self) -> None:
        self._look()

    def plan(self, action: str, choice: str = "", scope: str = "") -> None:
        """Ask what would happen. ``choice``: who shall take over, ``scope``: what of it, where that was asked."""
        args: dict[str, object] = {"action": action, "id": str(self._resource)}
        args |= {"choice": choice} if choice else {}
        args |= {"scope": scope} if scope else {}
        self.console_app.ask("act.plan", args, None, self._begun, self._fail)

    def draw(self, picture: Picture) -> None:
        """One paint of what is so now, whatever view is frozen below."""
        if not self.is_mounted or not self.query("#page"):
            return
        app, op = self.console_app, self._known(picture)
        self.query_one("#head", Bar).show(
            head.left(picture, app.spec.estate, app.spec.mode), head.right(picture, app.view.zone)
        )
        asked = asked_of(op, viewer=self._is_viewer) if op is not None else None
        self._typing = shown(self._typing, asked) if asked is not None else None
        size = self.size.width, max(1, self.size.height - 1)
        how = Manner(size, app.look.symbols, app.view.zone, self._is_viewer, self._is_armed, self._top, picture.speed)
        self._was_told = self._was_told or op is not None
        if op is None:
            made = asking(self._title, self._resource, how, GONE if self._was_told else self._trouble)
        else:
            how = replace(how, first=self._opening.lines(op, picture))
            made = page(op, self._typing, picture.now_ms or 0, how, self._trouble)
        self._top, self._last_top = made.top, made.last_top
        if self._typing is not None:
            self._read = self._read.after(self._typing.asked.plan, made)
            self._typing = replace(self._typing, unread=self._read.unread(made))
        self.query_one("#page", Bar).show_lines(made.lines)
        self._arm_once_seen()

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        op, key = self._known(self.console_app.live), event.key
        if key == "escape" or (key == "q" and self._may_close_with_q(op)):
            self._leave(op)
        elif key == "ctrl+y" and op is not None and op.to_approve:
            self.console_app.copy(*op.to_approve)
        elif self._is_viewer:  # what it types can only be an approval
            self._scroll(key)
            self._type(key, event.character, event.time)
        elif key == "ctrl+t" and op is not None and op.offers_first and op.state in states.ASKING:
            self._leave(op)
            self.console_app.call_later(self.console_app.act_on, str(op.offers_first), op.resource)
        elif key in STOP_KEYS and op is not None and states.may_be_stopped(op):
            self.console_app.ask("act.abort", {"op": str(op.id)}, Safe("It is being stopped."), None, self._fail)
        elif key == "A" and op is not None and may_be_acknowledged(op):
            done = sanitise(f"The {states.noun(op)} of {op.resource} is acknowledged.")
            self.console_app.ask("act.acknowledge", {"op": str(op.id)}, done, None, self._fail)
        else:
            self._scroll(key)
            self._type(key, event.character, event.time)
        self._look()

    def stop_countdown(self) -> bool:
        """Whether there was one: who wants out of the console while it counts wants to stop it first."""
        op = self._known(self.console_app.live)
        if op is None or op.state not in states.COUNTING or self._is_viewer:
            return False
        self._leave(op)
        return True

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self._typing is not None:
            self._typing = pasted(self._typing, event.text, event.time)
            self._look()

    @property
    def _is_viewer(self) -> bool:
        return self.console_app.spec.mode == "view"

    @property
    def _is_armed(self) -> bool:
        ready = self._typing.ready if self._typing is not None else None
        return ready is not None and time.monotonic() - ready >= READY_S

    def _known(self, picture: Picture) -> Op | None:
        return picture.ops.get(self.op) if self.op is not None else None

    def _look(self) -> None:
        self.draw(self.console_app.live)

    def _scroll(self, key: str) -> None:
        step = PAGE_KEYS.get(key, 0) * max(1, self.size.height // 2)
        self._top = max(0, min(self._top + step, self._last_top))

    def _type(self, key: str, character: str | None, at: float) -> None:
        if self._typing is None:
            return
        self._typing, wish = pressed(self._typing, key, character, at)
        if wish is not None:
            self._trouble = None
            self._wish(wish)

    def _wish(self, wish: Wish) -> None:
        op = str(self.op)
        if isinstance(wish, Confirm):
            args: dict[str, object] = {"op": op, "plan": str(wish.plan), "typed": wish.typed, "reason": wish.reason}
            args |= {"overrides": list(wish.overrides), "incident": wish.incident, "mfa": wish.mfa}
            self._is_confirmed = True
            self.console_app.ask("act.confirm", args, None, None, self._fail)
        else:
            self.console_app.ask("approve", {"op": op, "text": wish.text}, None, self._approved, self._fail)

    def _begun(self, told: Told) -> None:
        """The plan has a name now. Whoever has left meanwhile wants it no more."""
        named = next((row[1:] for row in zip(*told, strict=False) if row[0] == "op"), ())
        self.op = named[0] if named else None
        if self.op is None:
            self._fail(Trouble("The engine did not say which plan it made.", mend="Update the engine."))
        elif self._has_left:
            self.console_app.ask("act.abort", {"op": str(self.op)}, Safe("Nothing was sent."))
        self._look()

    def _approved(self, told: Told) -> None:
        self._type_anew()

    def _fail(self, trouble: Trouble) -> None:
        """What the engine refused stands in the dialog until the next try."""
        self._trouble, self._is_confirmed = trouble, False
        self._type_anew()
        if self._has_left:
            self.console_app.say(sanitise(trouble.line()))

    def _type_anew(self) -> None:
        if self._typing is not None:
            self._typing = refused(self._typing, time.monotonic())
        self._look()

    def _may_close_with_q(self, op: Op | None) -> bool:
        """Where nothing is typed, and nothing counts down that somebody may want to stop."""
        if self._is_viewer:
            return self._typing is None
        return self._typing is None and (op is None or op.state not in states.COUNTING)

    def _leave(self, op: Op | None) -> None:
        """Before it is sent Esc ends it; afterwards it only ends the watching."""
        viewer, app = self._is_viewer, self.console_app
        if op is None or viewer or states.has_ended(op):
            self._close()
            return
        if op.state in states.COUNTING or (self._is_confirmed and op.state in states.ASKING):
            app.ask("act.abort", {"op": str(op.id)}, Safe("Stopped: nothing was sent."), None, self._fail)
        elif op.state in states.UNDER_WAY:
            where = ":fo" if op.id in app.live.failovers else ":ops"
            self._close()
            app.say(sanitise(f"Stopped watching: the {states.noun(op)} of {op.resource} continues. {where} shows it."))
        elif op.state == "await-approval":
            self._close()
            app.say(sanitise(f"The {states.noun(op)} of {op.resource} waits for approval. :ops shows it."))
        else:
            self._close()
            app.ask("act.abort", {"op": str(op.id)}, Safe("Nothing was sent."))

    def _close(self) -> None:
        """Once: keys that came in one go may ask for it again."""
        if not self._has_left:
            self._has_left = True
            self.dismiss(None)

    def _arm_once_seen(self) -> None:
        if self._typing is not None and self._typing.ready is None and not self._is_arming:
            self._is_arming = True
            self.call_after_refresh(self._arm)

    def _arm(self) -> None:
        """Keys count from a while after the terminal has taken the plan, and not from when it was drawn."""
        if self.console_app.is_behind:
            self.set_timer(AGAIN_S, self._arm)
            return
        self._is_arming = False
        if self._typing is not None:
            self._typing = painted(self._typing, time.monotonic())
