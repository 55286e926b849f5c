"""A viewer can change nothing: what does it say to the engine, and what has it loaded that could?"""

from __future__ import annotations

import asyncio
import re
import string
from pathlib import Path

import pytest

from tests.rig.dbconsole import COMMAND, environment
from tests.rig.terminal import KEYS, Terminal, wait_until
from tests.whole.fake_engine import fake_engine
from tests.whole.overheard import Overheard
from tests.whole.running import console

CHANGES = ("console.actions", "console.access", "console.audit", "console.engine", "console.demo", "console.play")
CLIENTS = ("boto3", "botocore", "pyodbc", "psycopg", "pymysql", "redis", "httpx", "aiomqtt")
LEAVING = {"ctrl+c", "ctrl+q", "ctrl+z"}  # pressed last, if at all
EVERY_KEY = (
    *(key for key in string.printable if key.isprintable() and key != "q"),
    *KEYS,
    *(f"ctrl+{letter}" for letter in string.ascii_lowercase if f"ctrl+{letter}" not in LEAVING),
)


@pytest.mark.parametrize(
    ("place", "shows", "leave"),
    [
        ("", "RESOURCE", "ctrl+q"),
        ("/", r"\n/\n", "ctrl+q"),
        ("enter", "wait.WRITELOG", "ctrl+c"),
        ("?", "Next row", "ctrl+q"),
    ],
    ids=["overview", "filter", "resource", "help"],
)
async def test_whatever_key_is_pressed_a_viewer_only_joins_and_says_what_it_looks_at(
    folder: Path, place: str, shows: str, leave: str
) -> None:
    socket = folder / "view.sock"
    async with fake_engine(socket) as links:
        with console(folder, "view", str(socket)) as viewer:
            await asyncio.to_thread(viewer.wait_for, "billing")
            viewer.press(place)
            await asyncio.to_thread(viewer.wait_for, re.compile(shows))
            viewer.press(*EVERY_KEY, *reversed(EVERY_KEY))
            await asyncio.to_thread(press_until_it_ends, viewer, leave)
            assert viewer.status() in {0, 130}, viewer.text()
    (link,) = links
    said = [message.body["name"] if message.kind == "cmd" else message.kind for message in link.received]
    assert said[0] == "hello"
    assert link.received[0].body["mode"] == "view"
    assert set(said[1:]) == {"see"}


def press_until_it_ends(viewer: Terminal, key: str) -> None:
    """Wherever all those keys have led to."""

    def over() -> bool:
        viewer.press(key)
        return not viewer.processes()

    wait_until(over, "the viewer's end", 30)


async def test_a_viewer_whose_terminal_is_not_read_still_says_what_it_looks_at(folder: Path) -> None:
    socket = folder / "view.sock"
    async with fake_engine(socket) as links:
        with console(folder, "view", str(socket)) as viewer:
            await asyncio.to_thread(viewer.wait_for, "billing")
            viewer.stall()

            def full() -> bool:
                viewer.press("ctrl+l")
                return viewer.is_full()

            await asyncio.to_thread(wait_until, full, "a full terminal")
            viewer.send("/ord")
            await asyncio.to_thread(wait_until, lambda: looked_at(links[0]) == ["orders"], "what is looked at")


async def test_what_is_typed_in_one_go_after_the_slash_is_no_command(folder: Path) -> None:
    """Over a slow line the keys of a word arrive together; the q in it must not end the console."""
    socket = folder / "view.sock"
    async with fake_engine(socket) as links:
        with console(folder, "view", str(socket)) as viewer:
            await asyncio.to_thread(viewer.wait_for, "billing")
            viewer.send("/z/q\x7f\x7f\x7ford")
            await asyncio.to_thread(wait_until, lambda: looked_at(links[0]) == ["orders"], "what is looked at")
            assert "FROZEN" not in viewer.text()


async def test_no_module_that_acts_or_serves_is_loaded_by_a_viewer(folder: Path) -> None:
    socket, listed = folder / "view.sock", folder / "modules"
    program = [*COMMAND[:-1], "tests.whole.programs.imports", str(listed), "view", str(socket)]
    async with fake_engine(socket):
        with Terminal(program, env=environment(folder)) as viewer:
            await asyncio.to_thread(viewer.wait_for, "billing")
            for key, shown in (("?", "Next row"), ("esc", "RESOURCE"), ("enter", "wait.WRITELOG"), ("esc", "RESOURCE")):
                viewer.press(key)
                await asyncio.to_thread(viewer.wait_for, shown)
            viewer.press("q")
            assert await asyncio.to_thread(viewer.status) == 0
    loaded = set(listed.read_text().split())
    assert {"console.guard", "console.screen.app", "textual"} <= loaded, "the list is not what was loaded"
    assert not [name for name in loaded if is_below(name, CHANGES + CLIENTS)]


def is_below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def looked_at(link: Overheard) -> object:
    last = link.received[-1].body
    return last["args"]["ids"] if last.get("name") == "see" else None
