"""One cache: is it full, does it answer, how fast, who asks what of it, and how do the other nodes of its group do?"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from collectors.inside.cache import CacheUse, SlowLog, Spikes
from collectors.readings import Inside
from collectors.safe import Safe, sanitise
from console.screen.acting import keys
from console.screen.condition import Condition, Kind, condition
from console.screen.foot import wrapped
from console.screen.inside import cache_figures, cache_head, cache_nodes
from console.screen.inside.cache_figures import KIND, Node
from console.screen.inside.cache_rows import COLLECTOR, COLUMNS, Lists, Section, empty, strip, there
from console.screen.inside.pane import InsidePane
from console.screen.picture import Picture
from console.screen.tiles.metrics import shares
from console.screen.tiles.tile import Scene
from console.screen.trail import Place
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.table import Table
from widgets.tone import Tone

TALL = 30  # rows, from which on the nodes of a group stand above the lists
MOST_NODES = 12  # rows of them there


class CachePane(InsidePane[CacheUse]):
    """`o` goes through the lists, Enter on a node opens it here."""

    name_: ClassVar[str] = "cache"
    part: ClassVar[type[Inside]] = CacheUse
    collector: ClassVar[str] = "cache"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "section(1)", "Next list", id="cache.section"),
        Binding("O", "section(-1)", "List before", id="cache.section-before", show=False),
        Binding("v", "nodes", "Nodes", id="cache.nodes"),
        *keys.BINDINGS,
    ]
    DEFAULT_CSS = """
    CachePane #sums { height: 1; }
    CachePane #lists { height: 1fr; layout: vertical; }
    CachePane #nodes { height: 1fr; display: none; }
    CachePane.tall #nodes { display: block; margin-top: 1; }
    CachePane #sections { height: 1; }
    CachePane.tall #sections { margin-top: 1; }
    CachePane #list { height: 1fr; }
    CachePane.nodes #nodes { display: block; }
    CachePane.nodes #sections { dock: top; }
    CachePane.nodes #list { display: none; }
    CachePane.one-line #lists, CachePane.one-line #wrong { display: none; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._section = Section.COMMANDS
        self._sections = there(has_nodes=False)  # those that can be gone to now

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="sums", look=look)
        with Container(id="lists"):
            yield Table(cache_nodes.COLUMNS, empty=Safe(""), look=look, id="nodes")
            yield Bar(id="sections", look=look)
            yield Table(COLUMNS[self._section], empty=Safe(""), choosable=False, look=look, id="list")

    def on_mount(self) -> None:
        self._list.focus()

    def begin_anew(self) -> None:
        for table in self.query(Table):
            table.start_anew()
        self._turn_to(Section.COMMANDS)

    def looked_at(self) -> tuple[str, ...]:
        """The whole group, for it is shown beside it."""
        others = (each.name for each in cache_nodes.members(self.console_app.picture, self.resource))
        return tuple(dict.fromkeys((self.resource, *others)))

    def action_section(self, step: int) -> None:
        """The next list, and around."""
        among = self._sections
        at = among.index(self._section) if self._section in among else 0
        self._turn_to(among[(at + step) % len(among)])
        self.console_app.repaint_now()

    def action_nodes(self) -> None:
        """The keys go to the nodes of the group, and back."""
        if Section.NODES in self._sections:
            self._turn_to(Section.COMMANDS if self._section is Section.NODES else Section.NODES)
        elif self._group.display:
            (self._list if self._group.has_focus else self._group).focus()
        self.console_app.repaint_now()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Of what is no node nothing more is known than its row says."""
        if message.key in self.console_app.picture.resources and message.key != self.resource:
            self.console_app.go(Place(self.name_, message.key))

    def tell(self, picture: Picture, fact: CacheUse | None) -> None:
        nodes = cache_nodes.members(picture, self.resource)
        lines = self._head(picture)
        self._arrange(nodes, has_lines=bool(lines))
        self._draw_sums(lines)
        self._group.show(cache_nodes.rows(nodes, self.console_app.signs) if self._group.display else [])
        self._draw_list(picture, nodes)

    def why_nothing(self, picture: Picture) -> tuple[Safe, ...]:
        res = picture.resources.get(self.resource)
        if res is not None and res.kind != KIND:
            return (sanitise(f"Not applicable to {res.engine or res.kind}: it is no cache."),)
        return super().why_nothing(picture)

    @property
    def _list(self) -> Table:
        return self.query_one("#list", Table)

    @property
    def _group(self) -> Table:
        return self.query_one("#nodes", Table)

    def _turn_to(self, section: Section) -> None:
        self._section = section
        self._list.start_anew()
        self.set_class(section is Section.NODES, "nodes")
        (self._group if section is Section.NODES else self._list).focus()

    def _arrange(self, nodes: tuple[Node, ...], *, has_lines: bool) -> None:
        tall = self.size.height >= TALL and len(nodes) > 1
        self._sections = there(has_nodes=len(nodes) > 1 and not tall)
        if self._section not in self._sections:
            self._turn_to(Section.COMMANDS)
        self.set_class(tall, "tall")
        self.set_class(self.size.height < cache_head.LOW_ROWS and has_lines, "one-line")
        self._group.styles.height = 1 + min(len(nodes), MOST_NODES) if tall else None

    def _head(self, picture: Picture) -> list[Ends]:
        node, app = cache_figures.node(picture, self.resource), self.console_app
        if node.res is None or node.res.kind != KIND:
            return []
        slow = picture.inside_of(self.resource, SlowLog)
        scene = Scene(picture, self.resource, app.view, app.signs, app.look.symbols, *self.size)
        series = cache_figures.HITS if node.use is not None else cache_figures.AWS_HITS
        history = picture.hist.get(self.resource, {}).get(series)
        moved = shares(history, scene, cache_head.SPARK)
        look = cache_head.Look(app.signs, app.look.symbols, scene.now / 1000, moved)
        if self.size.height < cache_head.LOW_ROWS:
            return cache_head.in_one(node, look)
        return cache_head.lines(node, slow, look)

    def _draw_sums(self, lines: list[Ends]) -> None:
        bar = self.query_one("#sums", Bar)
        bar.styles.height = max(1, min(len(lines), max(2, self.size.height * 2 // 5)))
        bar.show_lines(lines)

    def _draw_list(self, picture: Picture, nodes: tuple[Node, ...]) -> None:
        it = self.resource
        slow, spikes = picture.inside_of(it, SlowLog), picture.inside_of(it, Spikes)
        lists = Lists(picture.inside_of(it, CacheUse), slow, spikes, nodes)
        self.query_one("#sections", Bar).show(self._sections_line(picture, lists))
        table, app = self._list, self.console_app
        table.show_columns(COLUMNS[self._section])
        table.show_empty(*self._why_empty(picture, lists))
        now = (picture.now_ms or 0) / 1000
        table.show(lists.rows(self._section, now, app.view.zone, app.signs, app.look.symbols))

    def _sections_line(self, picture: Picture, lists: Lists) -> list[Run]:
        res = picture.resources.get(self.resource)
        if res is not None and res.kind != KIND:
            return [(Safe(""), Tone.PLAIN)]
        return [*strip(lists, self._sections, self._section), (Safe("  * told by CloudWatch"), Tone.DIM)]

    def _why_empty(self, picture: Picture, lists: Lists) -> tuple[Safe, ...]:
        """A list of its own is asked for by a question of its own, which may be the only one that is denied."""
        other = COLLECTOR.get(self._section)
        if other is None or lists.use is None:
            return (empty(self._section),) if lists.is_known(self._section) else self.why_nothing(picture)
        wrong = condition(picture, self.resource, other)
        if wrong is not None and wrong.kind is not Kind.LOADING:
            room = max(1, self.size.width - 2)
            return *wrapped(wrong.words, room), *wrapped(wrong.mend, room)
        return (empty(self._section),) if lists.is_known(self._section) else (Safe("It is being asked."),)

    def _wrong(self, picture: Picture) -> Condition | None:
        """Of a resource that is no cache nothing is."""
        res = picture.resources.get(self.resource)
        if res is not None and res.kind != KIND:
            return None
        return super()._wrong(picture)
