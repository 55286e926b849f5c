"""What screens about one resource share: which one it is, and the keys that go on to the next in the list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from collectors.safe import NO_TEXT, Safe
from console.screen.pane import Pane
from console.screen.trail import Place


class OfResource(Pane):
    """A pane about ``resource``, which is also the chosen one everywhere else while this is on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "next(1)", "Next resource", id="of-resource.next", show=False),
        Binding("K", "next(-1)", "Previous resource", id="of-resource.previous", show=False),
    ]

    def __init__(self, resource: Safe) -> None:
        super().__init__()
        self.resource = resource

    def turn_to(self, place: Place) -> None:
        if place.resource is not None and place.resource != self.resource:
            self.resource = place.resource
            if self.is_drawable:  # what is not yet there begins anew anyhow: two keys may have come in one go
                self.begin_anew()

    def begin_anew(self) -> None:
        """Another resource was opened: what was chosen about the last one means nothing here."""

    @property
    def plan_handle(self) -> Safe:
        """Of the plan under the cursor; empty on screens that are about none."""
        return NO_TEXT

    def under_cursor(self) -> Safe | None:
        """Its name."""
        return self.resource

    def looked_at(self) -> tuple[str, ...]:
        return (self.resource,)

    def action_next(self, step: int) -> None:
        """In the order of the overview, through its filter, without opening anything anew."""
        names = self.console_app.listing(self.console_app.picture).names
        if names:
            at = names.index(self.resource) + step if self.resource in names else 0
            self.resource = names[at % len(names)]
            self.console_app.stay_at(self.resource)
