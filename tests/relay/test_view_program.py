"""The finished program: a shared demo and a viewer of it by a broker, and what a viewer is told where there is none."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from console import cli
from console.documents import CheckDocument
from tests.guard.test_leaving import given_back
from tests.relay.publishing import forget, publishing, signer
from tests.rig.dbconsole import COMMAND, environment, run
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.rig.needs import need
from tests.rig.terminal import Terminal, wait_until
from tests.whole.conftest import folder
from tests.whole.running import ROWS, console, demo, one_line, rows, said_at_the_end
from tests.whole.test_what_a_viewer_can_do import CHANGES, CLIENTS, is_below

__all__ = ["folder"]

PATIENCE_S = 60


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """On a socket: nobody but this host comes."""
    with mosquitto(tmp_path_factory.mktemp("b"), unix=True) as made:
        yield made


def test_a_viewer_shows_what_the_shared_console_shows_says_when_it_is_lost_and_comes_back(
    folder: Path, own: Mosquitto
) -> None:
    need("ssh-keygen")
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    url = own.url("")
    with (
        demo(folder, "--share", url, "--identity", str(key)) as shared,
        console(folder, "view", url, "--key", f"{key}.pub") as viewer,
    ):
        viewer.wait_for("VIEW live", PATIENCE_S)
        wait_until(lambda: rows(viewer.text()) == rows(shared.text()), viewer.text, PATIENCE_S)
        assert len(rows(viewer.text())) == ROWS
        assert "UNVERIFIED" not in viewer.text()
        assert "READ-ONLY" in viewer.text()
        shared.kill("engine", signal.SIGKILL)
        lost = viewer.wait_for("LOST", PATIENCE_S)
        assert "publisher away" in lost
        assert len(rows(lost)) == ROWS, "the last picture stands"
        viewer.wait_for("VIEW live", PATIENCE_S)
        once = run("view", "--once", "--json", url, "--key", f"{key}.pub", env=environment(folder))
        assert (once.returncode, once.stderr) == (0, "")
        assert CheckDocument.model_validate_json(once.stdout).verified
        unproved = run("view", "--once", url, env=environment(folder))
        assert "UNVERIFIED" in unproved.stdout
        assert " UNKNOWN at " in unproved.stdout
        viewer.press("ctrl+q")
        assert viewer.status() == 0
        viewer.wait_until_alone()
        given_back(viewer)


@pytest.fixture
async def shop(server: Mosquitto) -> AsyncIterator[None]:
    async with publishing(server.broker("engine"), signer()) as engine:
        await engine.shop("a", "b")
        yield
    await forget(server.broker("engine"))


def told(server: Mosquitto, base: Path, user: str = "kim") -> list[str]:
    """What a viewer of this broker says on the command line."""
    assert server.authority is not None
    password = base / "password"
    password.write_text(user)
    password.chmod(0o600)
    return [server.url(user), "--ca-file", str(server.authority), "--password-file", str(password)]


@pytest.mark.usefixtures("shop")
async def test_no_module_that_acts_or_asks_aws_is_loaded_by_a_viewer_or_by_its_own_engine(
    folder: Path, server: Mosquitto
) -> None:
    listed = folder / "modules"
    program = [*COMMAND[:-1], "tests.whole.programs.imports", str(listed), "view", *told(server, folder)]

    def look() -> None:
        with Terminal(program, env=environment(folder)) as viewer:
            viewer.wait_for("UNVERIFIED", PATIENCE_S)
            wait_until(lambda: rows(viewer.text()) == ["a", "b"], viewer.text, PATIENCE_S)
            viewer.press("q")
            assert viewer.status() == 0
            viewer.wait_until_alone()

    await asyncio.to_thread(look)
    loaded = set(listed.read_text().split())
    assert {"console.relay.hearing", "console.screen.app", "aiomqtt", "textual"} <= loaded, "these are loaded"
    others = tuple(name for name in CHANGES + CLIENTS if name != "aiomqtt")
    assert not [name for name in loaded if is_below(name, others)]


def test_who_is_not_let_in_is_told_so_on_a_terminal_that_was_given_back(folder: Path, server: Mosquitto) -> None:
    with console(folder, "view", *told(server, folder, "stranger")) as viewer:
        assert viewer.status(PATIENCE_S) == 3
        given_back(viewer)
        one_line(said_at_the_end(viewer), "The broker does not let stranger in.", "--password-file")
        viewer.wait_until_alone()


def test_what_cannot_be_is_one_line(
    folder: Path, server: Mosquitto, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    (folder / "none").write_text("no key\n")
    for arguments, said in (
        ([*told(server, folder), "-e", "warehouse"], "warehouse is not shared by this broker."),
        ([*told(server, folder), "--key", str(folder / "none")], "This is no public key."),
        (["-e", "resilient-database"], "does not say where it is shared"),
        ([str(folder / "view.sock"), "--key", "x"], "`--key` is about a broker"),
        ([str(folder / "view.sock"), "-e", "shop"], "a socket needs none"),
        (["mqtt://kim:secret@localhost"], "A password does not belong into a URL"),
    ):
        assert cli.run(["view", "--once", *arguments]) == 3, arguments
        out, err = capsys.readouterr()
        assert out == ""
        one_line(err, said)
        assert "secret" not in err
