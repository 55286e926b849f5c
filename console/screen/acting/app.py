"""What a person may do from every screen: the keys of actions, and the dialogs that follow what was begun."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events

from collectors.safe import Safe, sanitise
from console.screen.acting import allowed, states, waiting
from console.screen.acting.allowed import ActionKey, Lock
from console.screen.acting.dialog import ActScreen
from console.screen.acting.states import OpNews
from console.screen.choose import Item, choose
from console.screen.driver import PatientDriver
from console.screen.failover import targets
from console.screen.failover.news import FailoverNews
from console.screen.failover.pane import FailoverPane
from console.screen.failover.strip import hint, told_apart
from console.screen.flush import choosing
from console.screen.flush.news import FlushNews
from console.screen.habits import HabitualApp
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from console.specs import ScreenSpec
from widgets.draw import Run

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Offer

HERE_EVERY_S = 60.0


class ActingApp(HabitualApp):
    """What may be done is the engine's to say, and it does it: here it is only asked for and watched."""

    def __init__(self, spec: ScreenSpec, **others: Any) -> None:
        super().__init__(spec, **others)
        self._op_news = OpNews()
        self._failover_news, self._flush_news = FailoverNews(), FlushNews()
        self._told_here: float | None = None
        self.typed_at = time.monotonic()  # the last one; a screen that was just opened is looked at

    @property
    @abstractmethod
    def live(self) -> Picture:
        """What is so now, although the view be frozen: nobody acts on what was."""

    @abstractmethod
    def tell_engine(self, name: str) -> None:
        """What nobody waits for."""

    def action_act(self, name: str) -> None:
        self.act_on(name, self._resource)

    def act_on(self, name: str, resource: Safe | None) -> None:
        """Where a key may mean several things, or several may take over, that is asked first."""
        key, picture = allowed.key_named(name), self.live
        found = allowed.lock(key, picture, resource, viewer=self._is_viewer)
        here = allowed.ways(key, picture, resource)
        if found is not None or not here or resource is None:
            self.say(found.why if found is not None else Safe("There is nothing to do it to."))
        elif here[1:]:
            self._choose_way(here, resource)
        else:
            self._aim(here[0], resource)

    def _choose_way(self, here: Sequence[Offer], resource: Safe) -> None:
        by_name, picture = {str(offer.name): offer for offer in here}, self.live
        items = [Item(name, offer.title, targets.way(offer.name, resource, picture)) for name, offer in by_name.items()]
        title = sanitise(f"What shall become of {resource}?")
        choose(self._console, title, items, lambda name: self._aim(by_name[name], resource))

    def _aim(self, offer: Offer, resource: Safe) -> None:
        """Who takes over is asked where there is a choice, and how much is flushed always."""
        picture = self.live
        found = allowed.lock_of(offer, picture.offers) if picture.offers is not None else None
        if found is not None:
            self.say(found.why)
            return
        if offer.name == allowed.FLUSH:
            choosing.ask(self._console, resource, self._handle, partial(self._open_plan, offer, resource, ""))
            return
        there = targets.readers(picture, resource) if offer.name == allowed.FAIL_OVER else []
        if len(there) < 2:
            self._open_plan(offer, resource, "")
            return
        items = [targets.item(picture, name, self.signs) for name in there]
        title = targets.title(picture, resource)
        choose(self._console, title, items, lambda name: self._open_plan(offer, resource, name))

    def _open_plan(self, offer: Offer, resource: Safe, choice: str, scope: str = "") -> None:
        """The dialog is there before the engine answers, so that the next key is the dialog's."""
        dialog = ActScreen(states.called_by(offer.name, offer.title), resource)
        self.push_screen(dialog)
        dialog.call_later(dialog.plan, str(offer.name), choice, scope)

    async def on_event(self, event: events.Event) -> None:
        """The engine locks actions where no key came for a while; it is told of one a minute."""
        if isinstance(event, events.Key):
            self.typed_at = time.monotonic()
        if isinstance(event, events.Key) and self._is_to_tell(event.time):
            self._told_here = event.time
            self.tell_engine("act.here")
        await super().on_event(event)

    def _is_to_tell(self, at: float) -> bool:
        is_late = self._told_here is None or at - self._told_here >= HERE_EVERY_S
        offers = self.live.offers
        return is_late and self.spec.mode == "control" and offers is not None and bool(offers.actions)

    async def action_quit(self) -> None:
        """While something counts down Ctrl+C stops that; once more leaves."""
        if not (isinstance(self.screen, ActScreen) and self.screen.stop_countdown()):
            await super().action_quit()

    def open_op(self, name: str) -> None:
        """To watch it again."""
        op = self.live.ops.get(name)
        if op is not None:
            self.push_screen(ActScreen(states.called(op), op.resource, op.id))

    def action_words(self, keys: Sequence[tuple[ActionKey, str]]) -> tuple[list[Run], list[Run]]:
        """Each with its key as it is printed: as the footer shows them, with why they are locked."""
        picture = self.live
        told = [
            (allowed.named(key, allowed.ways(key, picture, self._resource)), display, self._lock(key, picture))
            for key, display in keys
        ]
        return allowed.shown(told, self.look.symbols)

    def forget_typeahead(self) -> None:
        """What was typed before something is asked answers nothing."""
        if isinstance(self._driver, PatientDriver):
            self._driver.forget_typeahead()

    def op_line(self, picture: Picture) -> Safe | None:
        """How all that is under way gets on; what has a stopwatch in the head is only said where to find."""
        apart = told_apart(picture)
        others = [op for name, op in picture.ops.items() if name not in apart]
        told = states.line(others, picture.now_ms or 0, picture.speed), hint(picture), waiting.line(picture)
        there = [each for each in told if each is not None]
        return sanitise("  ".join(there)) if there else None

    def hear_of_ops(self, picture: Picture) -> Safe | None:
        """What has come to an end since; the dialog tells of its own."""
        besides = self.screen.op if isinstance(self.screen, ActScreen) else None
        seen = self.screen.run_of(picture) if isinstance(self.screen, FailoverPane) else None
        shown = {str(each) for each in (besides, seen.id if seen is not None else None) if each is not None}
        of_failovers = self._failover_news.of(picture, besides=shown)
        of_flushes = self._flush_news.of(picture, besides=besides)
        return self._op_news.of(picture.ops, besides=besides) or of_failovers or of_flushes

    def draw_dialog(self) -> None:
        if isinstance(self.screen, ActScreen):
            self.screen.draw(self.live)

    def _lock(self, key: ActionKey, picture: Picture) -> Lock | None:
        return allowed.lock(key, picture, self._resource, viewer=self._is_viewer)

    @property
    def _is_viewer(self) -> bool:
        return self.spec.mode == "view"

    @property
    def _handle(self) -> str:
        """Of the plan that the keys are about, where there is one."""
        return self.screen.plan_handle if isinstance(self.screen, OfResource) else ""

    @property
    def _resource(self) -> Safe | None:
        """What the keys are about."""
        return self.screen.resource if isinstance(self.screen, OfResource) else self.view.chosen
