"""The backups of one resource: what would be lost now, what is wrong, five weeks at a glance, who has tried them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from collectors.inside.backups import Backups
from collectors.readings import Inside
from collectors.safe import Safe, sanitise
from console.estate.times import from_ms
from console.screen import charts
from console.screen.condition import Condition, Kind, condition
from console.screen.inside import backup_words, siblings
from console.screen.inside.backup_days import days
from console.screen.inside.backup_facts import RPO, declared_tiers, known, promised
from console.screen.inside.backup_sections import COLUMNS, Section, Told, strip, there
from console.screen.inside.backup_tiers import tiers
from console.screen.inside.backup_words import Clock
from console.screen.inside.backup_wrong import wrongs
from console.screen.inside.pane import InsidePane
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.calendar import Calendar
from widgets.chart import Chart, ChartData
from widgets.table import Table
from widgets.tone import Tone

BACKED_UP = frozenset({"instance", "cluster", "cache", "table"})
INSIDE = "backups-inside"
ROOMY = (100, 30)  # columns and rows, from which on calendar and chart always stand above the lists
LEAST_WRONG = 3


class BackupsPane(InsidePane[Backups]):
    """`o` goes through the lists; the keys of the calendar choose a day."""

    name_: ClassVar[str] = "backups"
    part: ClassVar[type[Inside]] = Backups
    collector: ClassVar[str] = "backups"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "section(1)", "Next list", id="backups.section"),
        Binding("O", "section(-1)", "List before", id="backups.section-before", show=False),
    ]
    DEFAULT_CSS = """
    BackupsPane #sums { height: 3; }
    BackupsPane #sections { height: 1; }
    BackupsPane #upper { height: 6; layout: horizontal; }
    BackupsPane #upper Calendar { width: 1fr; }
    BackupsPane #upper Chart { width: 1fr; display: none; }
    BackupsPane #legend { height: 1; }
    BackupsPane Table { height: 1fr; }
    BackupsPane.list #upper, BackupsPane.list #legend { display: none; }
    BackupsPane.chart #upper { height: 1fr; }
    BackupsPane.chart Calendar, BackupsPane.chart #legend, BackupsPane.chart Table { display: none; }
    BackupsPane.chart #upper Chart { display: block; }
    BackupsPane.roomy #upper { height: 11; }
    BackupsPane.roomy #upper Chart { display: block; }
    BackupsPane.roomy #upper Calendar { width: 79; }
    BackupsPane.-wide.roomy #upper Calendar { width: 107; }
    BackupsPane.-tiny #legend { display: none; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._section = Section.DAYS

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="sums", look=look)
        yield Bar(id="sections", look=look)
        with Container(id="upper"):
            yield Calendar(look=look)
            yield Chart(look=look)
        yield Bar(id="legend", look=look)
        yield Table((), empty=Safe(""), choosable=False, look=look)

    def on_mount(self) -> None:
        self.query_one(Calendar).focus()

    def begin_anew(self) -> None:
        self._section = Section.DAYS
        self.query_one(Calendar).start_anew()
        self.query_one(Table).start_anew()
        self._focus()

    def action_section(self, step: int) -> None:
        """The next list, and around."""
        among = self._sections(self.console_app.picture)
        at = among.index(self._section) if self._section in among else 0
        self._section = among[(at + step) % len(among)]
        self.query_one(Table).start_anew()
        self.console_app.repaint_now()
        self._focus()

    def on_calendar_moved(self) -> None:
        """The list goes back to the days: which copies a day has is what was asked."""
        self._section = Section.DAYS
        self.console_app.repaint_next()

    def tell(self, picture: Picture, fact: Backups | None) -> None:
        self._arrange(picture)
        told = self._told(picture)
        if told is None:
            self._tell_nothing(picture)
            return
        self._tell_sums(picture, told)
        symbols, signs = self.console_app.look.symbols, self.console_app.signs
        self.query_one("#sections", Bar).show(strip(told, self._sections(picture), self._section))
        self.query_one(Chart).show(self._chart(picture))
        self.query_one("#legend", Bar).show(backup_words.legend(told.days, symbols))
        table = self.query_one(Table)
        table.show_columns(COLUMNS[self._section])
        table.show_empty(*told.empty(self._section, self.size.width))
        table.show(told.rows(self._section, signs, symbols, self.size.width))

    def why_nothing(self, picture: Picture) -> tuple[Safe, ...]:
        res = picture.resources.get(self.resource)
        if res is not None and res.kind not in BACKED_UP:
            return (sanitise(f"Not applicable to a {res.kind}: nothing of it is backed up."),)
        if self._wrong(picture) is not None:
            return (Safe("Nothing is known yet."),)
        return Safe("Nothing is known yet: it is being asked."), Safe("It is shown as soon as it answers.")

    def _wrong(self, picture: Picture) -> Condition | None:
        """Of what AWS tells; where that is well, of what the database tells."""
        res = picture.resources.get(self.resource)
        if res is not None and res.kind not in BACKED_UP:
            return None
        found = condition(picture, self.resource, self.collector)
        if found is None and res is not None and siblings.applies(INSIDE, res.engine):
            inner = condition(picture, self.resource, INSIDE)
            found = None if inner is None or inner.kind is Kind.ABSENT else inner
        return None if found is not None and found.kind is Kind.LOADING else found

    @property
    def _is_roomy(self) -> bool:
        return self.size.width >= ROOMY[0] and self.size.height >= ROOMY[1]

    def _sections(self, picture: Picture) -> tuple[Section, ...]:
        res = picture.resources.get(self.resource)
        return there(has_databases=res is not None and siblings.applies(INSIDE, res.engine), is_roomy=self._is_roomy)

    def _told(self, picture: Picture) -> Told | None:
        """None where nobody has told anything yet."""
        found = known(picture, self.resource)
        if found.is_nothing and found.status is None:
            return None
        at = Clock(from_ms(picture.now_ms or 0), self.console_app.view.zone)
        seen, bound = days(found, at.now, at.zone), promised(picture, self.resource)
        calendar = self.query_one(Calendar)
        calendar.show(backup_words.days(seen, self.console_app.look.symbols))
        rows = tiers(found, declared_tiers(picture, self.resource), at.now) if found.by_aws is not None else ()
        return Told(found, seen, rows, wrongs(found, rows, bound, at.now, at.zone), bound, at, calendar.cursor)

    def _tell_sums(self, picture: Picture, told: Told) -> None:
        """What would be lost, what is wrong, and what is kept: the last goes first where it is low."""
        res = picture.resources.get(self.resource)
        value = res.values.get(RPO) if res else None
        lines = [backup_words.headline(told.known, told.promised, told.at, beyond=value is not None and bool(value.b))]
        most = max(LEAST_WRONG, self.size.height // 6)
        lines += backup_words.wrong_lines(told.wrong, (self.size.width, most))
        lines += backup_words.kept_lines(told.known, told.at, self.console_app.signs)
        self._show_sums(lines)

    def _show_sums(self, lines: list[Ends]) -> None:
        bar = self.query_one("#sums", Bar)
        bar.styles.height = max(1, min(len(lines), max(2, self.size.height // 3)))
        bar.show_lines(lines)

    def _tell_nothing(self, picture: Picture) -> None:
        self._show_sums([])
        self.query_one("#sections", Bar).show([(Safe(""), Tone.PLAIN)])
        self.query_one("#legend", Bar).show([])
        self.query_one(Calendar).show([])
        self.query_one(Chart).show(self._chart(picture))
        table = self.query_one(Table)
        table.show_columns(COLUMNS[Section.DAYS])
        table.show_empty(*self.why_nothing(picture))
        table.show([])

    def _chart(self, picture: Picture) -> ChartData:
        app = self.console_app
        res = picture.resources.get(self.resource)
        about = self.resource if res is not None and RPO in res.values else None
        return charts.chart_of(picture, about, RPO, app.signs, view=app.view, named=False)

    def _arrange(self, picture: Picture) -> None:
        if self._section not in self._sections(picture):
            self._section = Section.DAYS
        roomy = self._is_roomy
        self.set_class(roomy, "roomy")
        self.set_class(not roomy and self._section is Section.RPO, "chart")
        self.set_class(not roomy and self._section not in (Section.DAYS, Section.RPO), "list")

    def _focus(self) -> None:
        """The keys go to the calendar where its days are shown, else to the list."""
        (self.query_one(Calendar) if self._section is Section.DAYS else self.query_one(Table)).focus()
