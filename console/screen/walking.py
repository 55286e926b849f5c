"""Where does a key lead? From screen to screen by name, back and forward, and to another view of the same picture."""

from __future__ import annotations

import time
from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from collectors.safe import Safe
from console.screen.listing import Lister, Listing
from console.screen.pane import Pane
from console.screen.panes import HOME, PANES
from console.screen.picture import Picture
from console.screen.thrift import ThriftyApp
from console.screen.trail import Place, Trail
from console.screen.view import View


class WalkingApp(ThriftyApp[int]):
    """The overview is always at the bottom of the stack; above it stands at most one other screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go('overview')", "Overview", id="app.overview", show=False),
        *(
            Binding(entry.digit, f"go('{name}')", entry.title, id=f"app.{name}", show=False)
            for name, entry in PANES.items()
            if entry.digit
        ),
        Binding("c", "go('collectors')", "Collectors", id="app.to-collectors"),
        Binding("left_square_bracket", "go_along(-1)", "Back to where I was", id="app.back", show=False),
        Binding("right_square_bracket", "go_along(1)", "Forward again", id="app.forward", show=False),
    ]

    def __init__(self, **others: Any) -> None:
        super().__init__(**others)
        self.view = View()
        self.columns: tuple[str, ...] = ()  # of the overview, in this order; none: as it has them itself
        self._lister = Lister()
        self._trail = Trail((HOME,))

    @property
    @abstractmethod
    def picture(self) -> Picture: ...

    @abstractmethod
    def repaint_now(self) -> None: ...

    @abstractmethod
    def say(self, words: Safe) -> None: ...

    def look_at(self, **changes: Any) -> None:
        """Another view of the same picture: the fields of `View` that differ. Painted at once."""
        self.view = replace(self.view, **changes)
        self.repaint_now()

    def listing(self, picture: Picture) -> Listing:
        """Which rows a list of the estate has, for all screens: through the filter, in order, in groups."""
        return self._lister.listing(picture.resources, self.view, time.monotonic())

    @property
    def place(self) -> Place:
        """Where the person is; what is about a resource names it."""
        return self._trail.here

    def go(self, place: Place) -> None:
        """To a screen; what is about a resource is about the chosen one where the place names none."""
        if place.pane in PANES and PANES[place.pane].of_resource:
            place = replace(place, resource=place.resource or self.view.chosen)
            if place.resource is None:
                self.say(Safe("There is no resource yet."))
                return
            self.view = replace(self.view, chosen=place.resource)
        self._stand_at(self._trail.gone(place))

    def stay_at(self, resource: Safe) -> None:
        """The same screen, about another resource."""
        self._trail = self._trail.gone(Place(self._trail.here.pane, resource))
        self.look_at(chosen=resource)

    def _stand_at(self, trail: Trail) -> None:
        if trail.here == self._trail.here:
            return
        before, self._trail = self._trail.here, trail
        if trail.here.pane == before.pane and isinstance(self.screen, Pane):
            self.screen.turn_to(trail.here)
            self.repaint_now()
        elif trail.here.pane == HOME.pane:
            while len(self.screen_stack) > 1:
                self.pop_screen()
        elif len(self.screen_stack) > 1:
            self.switch_screen(self._prepared(trail.here))
        else:
            self.push_screen(self._prepared(trail.here))

    def _prepared(self, place: Place) -> str:
        """The name of its screen. One that was there before is painted first, and takes half the time of a new one."""
        if not self.is_screen_installed(place.pane):
            self.install_screen(PANES[place.pane].make(place), place.pane)
            return place.pane
        pane = self.get_screen(place.pane, Pane)
        pane.turn_to(place)
        if pane.is_drawable:
            pane.draw(self.picture)
        return place.pane

    def action_go(self, pane: str) -> None:
        self.go(Place(pane))

    def action_leave_pane(self) -> None:
        """To the screen that one came from; from the first of all to the overview."""
        trail = self._trail.left()
        self._stand_at(trail if trail.here.pane != self._trail.here.pane else self._trail.gone(HOME))

    def action_go_along(self, steps: int) -> None:
        """Back to where the person was before, or forward again."""
        self._stand_at(self._trail.moved(steps))
