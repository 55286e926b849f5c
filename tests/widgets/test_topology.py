"""Is every node drawn once, below its source, within the width, whatever the links say?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from collectors.safe import Safe, sanitise
from tests.rig.capture import CaptureDriver, Model, drive, taken
from widgets import draw
from widgets.columns import Column
from widgets.rows import Cell
from widgets.tone import Look, Symbols, Tone
from widgets.topology import Edge, Node, Topology, tree

SIZE = (60, 10)
KEYS = st.sampled_from(["a", "b", "c", "d", "e", "f", "gone"])
WORDS = st.lists(st.sampled_from(["behind", "in step", "12s", "束縛 4.5MiB", ""]), max_size=3)


def node(name: str, source: str | None = None, *words: str, dead: bool = False) -> Node:
    edge = Edge(tuple(map(sanitise, words)), dead=dead) if source is not None or words else None
    return Node(sanitise(name), sanitise(name), None if source is None else sanitise(source), edge)


@st.composite
def nodes(draw_one: st.DrawFn) -> list[Node]:
    """Any links: circles, sources that are not there, the same key twice."""
    found = []
    for _ in range(draw_one(st.integers(0, 9))):
        source = draw_one(st.none() | KEYS)
        found.append(node(draw_one(KEYS), source, *draw_one(WORDS), dead=draw_one(st.booleans())))
    return found


@given(nodes(), st.integers(1, 120), st.sampled_from(Symbols))
def test_every_node_is_there_once_and_no_line_is_too_long(given: list[Node], room: int, symbols: Symbols) -> None:
    lines = tree(given, room, symbols)
    assert sorted(line.key for line in lines) == sorted({each.key for each in given})
    assert all(draw.width(line.text) <= room for line in lines)


@given(nodes())
def test_a_source_stands_above_its_copy_unless_they_go_round_in_a_circle(given: list[Node]) -> None:
    first = {each.key: each for each in reversed(given)}
    at = {line.key: number for number, line in enumerate(tree(given, 120, Symbols.BRAILLE))}
    for each in first.values():
        seen, source = {each.key}, each.source
        while source in first and source not in seen:
            seen.add(source)
            source = first[source].source
        if source not in seen and each.source in at:
            assert at[each.source] < at[each.key]


@given(nodes(), st.integers(1, 120))
def test_with_ascii_alone_nothing_else_is_drawn(given: list[Node], room: int) -> None:
    plain = [each for each in given if each.edge is None or all(word.isascii() for word in each.edge.words)]
    assert all(line.text.isascii() for line in tree(plain, room, Symbols.ASCII))


def test_a_hundred_in_a_row_still_end_in_their_names() -> None:
    chain = [node("n0"), *(node(f"n{number}", f"n{number - 1}", "behind", "12s") for number in range(1, 100))]
    lines = tree(chain, 60, Symbols.BRAILLE)
    assert len(lines) == 100
    assert lines[-1].text.startswith("99:")
    assert lines[-1].text.endswith(" n99")


FAMILY = (
    node("orders"),
    node("near", "orders", "in step", "0s"),
    node("leaf", "near", "behind", "12.0s", "4.5MiB"),
    node("far", "orders", "broken", ">=3m", dead=True),
)


DRAWN = {
    (Symbols.BRAILLE, 60): (
        "orders",
        "├─ in step 0s ──────────► near",
        "│  └─ behind 12.0s 4.5MiB ─► leaf",
        "└╌ broken >=3m ╌╌╌╌╌╌╌╌x╌ far",
    ),
    (Symbols.BLOCK, 30): (
        "orders",
        "├─ in step 0s ───► near",
        "│  └─ behind 12.0s ─► leaf",
        "└- broken >=3m -x- far",
    ),
    (Symbols.ASCII, 23): (
        "orders",
        "|- in step -> near",
        "|  `- behind --> leaf",
        "`- broken -x- far",
    ),
}


@pytest.mark.parametrize("given", DRAWN)
def test_it_is_drawn_with_what_the_terminal_can_show_and_there_is_room_for(given: tuple[Symbols, int]) -> None:
    assert tuple(line.text for line in tree(FAMILY, given[1], given[0])) == DRAWN[given]


def test_a_copy_whose_source_is_not_there_keeps_its_edge() -> None:
    (line,) = tree([node("lost", "nobody", "silent", dead=True)], 40, Symbols.BRAILLE)
    assert line.text == "─╌ silent x╌ lost"


class Shown(App[None]):
    """A topology alone, and what it has said."""

    CSS = "Screen { background: ansi_default; }"

    def __init__(self) -> None:
        super().__init__(driver_class=CaptureDriver, ansi_color=True)
        self.said: list[object] = []
        self.model = Model(*SIZE)

    def compose(self) -> ComposeResult:
        beside = (Column("role", Safe("ROLE"), 8, priority=95), Column("az", Safe("AZ"), 22, priority=50))
        yield Topology(Safe("WHO"), beside, empty=Safe("Nobody."))

    def on_mount(self) -> None:
        self.topology.focus()

    @property
    def topology(self) -> Topology:
        return self.query_one(Topology)

    def on_table_chosen(self, message: Topology.Chosen) -> None:
        self.said.append(message.key)

    async def see(self, pilot: Pilot[None]) -> list[str]:
        await pilot.pause()
        self.model.feed(taken(self))
        return ["".join(line).rstrip() for line in self.model.lines]


def beside(each: Node) -> Node:
    return Node(each.key, each.name, each.source, each.edge, (Cell(Safe("role-x"), Tone.DIM), Cell(Safe("zone-y"))))


async def test_the_keys_go_from_node_to_node_and_open_one() -> None:
    app = Shown()

    async def script(pilot: Pilot[None]) -> None:
        app.topology.show_nodes([beside(each) for each in FAMILY])
        await pilot.press("j", "j", "enter", "k", "enter", "G", "enter")
        await pilot.pause()
        assert app.said == ["leaf", "near", "far"]

    await drive(app, script, SIZE)


async def test_what_stands_beside_goes_before_the_words_of_an_edge_unless_it_matters_more() -> None:
    app = Shown()

    async def script(pilot: Pilot[None]) -> None:
        app.topology.show_nodes([beside(each) for each in FAMILY])
        lines = await app.see(pilot)
        assert "4.5MiB" in lines[3]
        assert all("role-x" in line for line in lines[1:5])
        assert not any("zone-y" in line for line in lines)
        app.topology.show_nodes([beside(FAMILY[0])])
        assert "zone-y" in (await app.see(pilot))[1]

    await drive(app, script, SIZE)


async def test_the_same_nodes_again_send_nothing_and_another_look_draws_them_anew() -> None:
    app = Shown()

    async def script(pilot: Pilot[None]) -> None:
        app.topology.show_nodes(FAMILY)
        await app.see(pilot)
        app.topology.show_nodes(FAMILY)
        await pilot.pause()
        assert taken(app) == ""
        app.topology.look = Look(symbols=Symbols.ASCII)
        assert "|- in step" in (await app.see(pilot))[2]

    await drive(app, script, SIZE)
