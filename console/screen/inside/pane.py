"""What do the screens about the inside of a database share? The strip that names them, and why one shows nothing."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.readings import Inside
from collectors.safe import Safe, sanitise
from console.screen.condition import Condition, Kind, condition
from console.screen.foot import wrapped
from console.screen.inside import siblings
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from console.screen.trail import Place
from console.times import span
from widgets.bar import Bar, Ends
from widgets.draw import Run, runs_width
from widgets.tone import Tone

Fact = TypeVar("Fact", bound=Inside)


class InsidePane(OfResource, Generic[Fact]):
    """One question about one database. A subclass lays out what it shows in `content`, and draws one fact in `tell`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "sibling(1)", "Next", id="inside.next", key_display="Tab"),
        Binding("shift+tab", "sibling(-1)", "Previous", id="inside.previous", show=False),
    ]
    DEFAULT_CSS = """
    InsidePane { layout: vertical; }
    InsidePane #strip { height: 1; }
    InsidePane #wrong { height: 1; display: none; }
    InsidePane.wrong #wrong { display: block; }
    """
    name_: ClassVar[str]  # of the screen, as `panes.PANES` has it
    part: ClassVar[type[Inside]]
    collector: ClassVar[str]  # whose health says whether the fact can be believed

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="strip", look=look)
        yield Bar(id="wrong", look=look)
        yield from self.content()

    @abstractmethod
    def content(self) -> ComposeResult:
        """The widgets below the strip."""

    @abstractmethod
    def tell(self, picture: Picture, fact: Fact | None) -> None:
        """Draw it; None: nothing is known, and `why_nothing` says in words why not."""

    def paint(self, picture: Picture) -> None:
        fact = self.fact(picture)
        self._draw_strip(picture, fact)
        self._draw_wrong(self._wrong(picture))
        self.tell(picture, fact)

    def fact(self, picture: Picture) -> Fact | None:
        """The newest that was told."""
        found: Fact | None = picture.inside_of(self.resource, self.part)  # type: ignore[assignment] # part is Fact's
        return found

    def why_nothing(self, picture: Picture) -> tuple[Safe, ...]:
        """For a table that is empty because nothing was told; what is wrong stands above it already."""
        res = picture.resources.get(self.resource)
        if res is not None and not siblings.applies(self.name_, res.engine):
            return (sanitise(f"Not applicable to {res.engine or res.kind}: nothing here looks inside it."),)
        if self._wrong(picture) is not None:
            return (Safe("Nothing is known yet."),)
        return Safe("Nothing is known yet: it is being asked."), Safe("It is shown as soon as it answers.")

    def action_sibling(self, step: int) -> None:
        """The next question about the same database."""
        res = self.console_app.picture.resources.get(self.resource)
        self.console_app.go(Place(siblings.beside(self.name_, res.engine if res else "", step), self.resource))

    def _wrong(self, picture: Picture) -> Condition | None:
        res = picture.resources.get(self.resource)
        if res is not None and not siblings.applies(self.name_, res.engine):
            return None
        found = condition(picture, self.resource, self.collector)
        return None if found is not None and found.kind is Kind.LOADING else found

    def _draw_strip(self, picture: Picture, fact: Fact | None) -> None:
        res = picture.resources.get(self.resource)
        what = f" {self.resource}" + (f"  {res.engine}" if res and self.size.width >= siblings.WIDE else "")
        runs: list[Run] = [(sanitise(what), Tone.PLAIN), (Safe("  "), Tone.PLAIN)]
        age = self._age(picture, fact)
        room = self.size.width - runs_width(runs) - 1 - runs_width(age)
        runs += siblings.strip(self.name_, res.engine if res else "", room)
        self.query_one("#strip", Bar).show(runs, age)

    def _age(self, picture: Picture, fact: Fact | None) -> list[Run]:
        """How old it is, once that is more than its collector's pace explains."""
        if fact is None or picture.now_ms is None:
            return []
        passed = picture.now_ms / 1000 - fact.observed.timestamp()
        return [(sanitise(f"{span(passed)} ago "), Tone.DIM)] if passed >= siblings.OLD_S else []

    def _draw_wrong(self, wrong: Condition | None) -> None:
        """Whole: a reason that is cut off is none."""
        self.set_class(wrong is not None, "wrong")
        if wrong is None:
            return
        room = max(1, self.size.width - 2)
        lines = [Ends(((sanitise(f" {part}"), wrong.tone),)) for part in wrapped(wrong.words, room)]
        lines += [Ends(((sanitise(f" {part}"), Tone.WARN),)) for part in wrapped(wrong.mend, room)]
        bar = self.query_one("#wrong", Bar)
        bar.styles.height = len(lines)
        bar.show_lines(lines)
