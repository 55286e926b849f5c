"""The present as text or as a document: is it the live engine's, and how does it end where the two differ?"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from console.documents import CheckDocument
from tests.guard.test_leaving import given_back
from tests.rig.dbconsole import environment, run
from tests.rig.terminal import wait_until
from tests.whole.fake_engine import RESOURCES, fake_engine
from tests.whole.overheard import Overheard
from tests.whole.running import console, demo, listening, one_line, rows, said_at_the_end

PROCESSOR = re.compile(r"(?m)^ [a-z][\w-]+ .*\d%")  # a row, and not the scale of a chart
CALM = "2026-03-11T10:00:00Z"  # nothing is beyond any bound then
MACHINES = 9  # that have one of their own
Done = subprocess.CompletedProcess[str]
Engine = AbstractAsyncContextManager[list[Overheard]]


async def once(folder: Path, *arguments: str, **more: str) -> Done:
    """`view --once`, beside an engine in this process."""
    env = environment(folder, **more)
    return await asyncio.to_thread(run, "view", "--once", *arguments, str(folder / "view.sock"), env=env)


def test_the_table_has_the_rows_of_the_screen(folder: Path) -> None:
    with demo(folder) as terminal:
        listening(folder)
        done = run("view", "--once", env=environment(folder))
        assert (done.returncode, done.stderr) == (0, "")
        assert rows(done.stdout) == rows(terminal.text())
        assert done.stdout.startswith("resilient-database DEMO ")
        assert "\x1b" not in done.stdout


def test_the_document_names_what_the_engine_watches_and_how_it_is(folder: Path) -> None:
    with demo(folder, "--start", CALM) as terminal:
        wait_until(lambda: len(PROCESSOR.findall(terminal.text())) >= MACHINES, terminal.text, 20)
        said = wait_until(lambda: known(folder), "an answer of each collector", 60)
        told = CheckDocument.model_validate_json(said)
        assert sorted(resource.id for resource in told.resources) == sorted(rows(terminal.text()))
        assert told.estate == "resilient-database"
        assert told.status == "OK"
        values = [metric.value for one in told.resources for metric in one.metrics.values() if metric.state == "fresh"]
        assert len(values) > 50
        assert json.loads(said)["findings"] == []


def known(folder: Path) -> str:
    """The document, once every collector has answered: until then nobody knows how it is."""
    done = run("view", "--once", "--json", str(listening(folder)), env=environment(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return "" if json.loads(done.stdout)["status"] == "UNKNOWN" else done.stdout


async def test_once_is_a_table_in_ascii_where_the_locale_has_no_more(folder: Path) -> None:
    async with fake_engine(folder / "view.sock"):
        done = await once(folder, LANG="C")
    assert done.returncode == 0
    assert rows(done.stdout) == list(RESOURCES)
    assert done.stdout.isascii()


async def test_once_asks_for_nothing(folder: Path) -> None:
    async with fake_engine(folder / "view.sock") as links:
        assert (await once(folder, "--json")).returncode == 0
        (link,) = links
        assert [(message.kind, message.body["mode"]) for message in link.received] == [("hello", "once")]


def other(kind: str, path: Path) -> Engine:
    return fake_engine(path, later=True) if kind == "next protocol" else fake_engine(path, "0.0.9")


DIFFERENT = {
    "next protocol": ("version", "same release of dbconsole"),
    "older release": ("This engine is older (0.0.9) than the screen that asks (", "Restart the engine"),
}


@pytest.mark.parametrize("kind", DIFFERENT)
async def test_an_engine_that_is_not_understood_is_one_line(folder: Path, kind: str) -> None:
    async with other(kind, folder / "view.sock"):
        for how in ((), ("--json",)):
            done = await once(folder, *how)
            assert (done.returncode, done.stdout) == (3, "")
            one_line(done.stderr, *DIFFERENT[kind])


@pytest.mark.parametrize("kind", DIFFERENT)
async def test_an_engine_that_is_not_understood_costs_a_viewer_no_terminal(folder: Path, kind: str) -> None:
    async with other(kind, folder / "view.sock"):
        with console(folder, "view", str(folder / "view.sock")) as viewer:
            assert await asyncio.to_thread(viewer.status) == 3
            await asyncio.to_thread(given_back, viewer)
            one_line(said_at_the_end(viewer), *DIFFERENT[kind])


async def test_an_engine_of_a_newer_release_of_this_protocol_is_understood(folder: Path) -> None:
    async with fake_engine(folder / "view.sock", "9.1.0"):
        done = await once(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(done.stdout) == list(RESOURCES)


async def test_something_else_that_listens_there_is_one_line(folder: Path) -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" * 10)
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(web, folder / "view.sock")
    done = await once(folder)
    server.close()
    assert (done.returncode, done.stdout) == (3, "")
    one_line(done.stderr)
