"""Odd surroundings: no home, no room for state, other people's directories. It works, or one line says what to do."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.battery import some
from tests.rig.dbconsole import COMMAND, ROOT, environment, run
from tests.rig.terminal import Terminal
from tests.whole.running import console, demo, listening, one_line, said_at_the_end

DIRECTORIES = tuple(f"DBCONSOLE_{kind}_DIR" for kind in ("CONFIG", "STATE", "CACHE", "RUNTIME"))
NOBODY = 65534

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be someone else")


def without(*names: str) -> dict[str, str | None]:
    return dict.fromkeys(names)


def test_without_a_home_the_password_database_names_one(folder: Path) -> None:
    """The runtime directory stays in the test's folder; state goes where XDG says, and nothing is missing."""
    env = without("HOME", "DBCONSOLE_STATE_DIR", "DBCONSOLE_CONFIG_DIR", "DBCONSOLE_CACHE_DIR")
    with demo(folder, env={**env, "XDG_STATE_HOME": str(folder / "xdg")}) as terminal:
        assert "cannot be kept" not in terminal.text()
        terminal.press("q")
        assert terminal.status() == 0
    assert list((folder / "xdg" / "dbconsole").rglob("engine.log"))


@pytest.mark.parametrize("home", some([None, "/proc/nowhere"], 1))
def test_one_shot_answers_need_no_home(folder: Path, home: str | None) -> None:
    env = {name: value for name, value in environment(folder).items() if name not in {"HOME", *DIRECTORIES}}
    for arguments in (("--help",), ("check", "--demo"), ("demo", "--check", "--seconds", "5")):
        done = run(*arguments, env=env | ({"HOME": home} if home else {}))
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("place", "size", "told"),
    [("/proc/nope", (200, 50), ("/proc/nope", "DBCONSOLE_STATE_DIR")), ("a file", (80, 24), ())],
)
def test_where_no_state_can_be_kept_the_footer_says_so_and_all_else_works(
    folder: Path, place: str, size: tuple[int, int], told: tuple[str, ...]
) -> None:
    (folder / "a file").write_text("")
    state = place if place.startswith("/") else str(folder / place / "state")
    with demo(folder, "--speed", "30", env={"DBCONSOLE_STATE_DIR": state}, size=size) as terminal:
        footer = " ".join(terminal.wait_for("State and logs cannot be kept.").splitlines()[-4:])
        assert "State and logs cannot be kept." in footer
        assert all(part in footer for part in told), "where there is room, why and what to do"
        terminal.wait_for_change()
        terminal.press("q")
        assert terminal.status() == 0


def spoil(kind: str, path: Path) -> str:
    """Make the runtime directory unusable; what is to be seen in the line."""
    path.mkdir(mode=0o700)
    match kind:
        case "of another user":
            os.chown(path, NOBODY, NOBODY)
            return "it belongs to nobody"
        case "writable by all":
            path.chmod(0o777)
            return f"Run `chmod 700 {path}`."
        case "a symbolic link":
            path.rename(path.with_name("elsewhere"))
            path.symlink_to(path.with_name("elsewhere"))
            return "it is a symbolic link"
        case "a file":
            path.rmdir()
            path.write_text("")
            return "File exists"
        case _:
            path.rmdir()
            path.symlink_to("/proc/nope/never")
            return "File exists"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("of another user", marks=needs_root),
        "writable by all",
        "a symbolic link",
        "a file",
        "a broken link",
    ],
)
@pytest.mark.parametrize("command", ["demo", "view"])
def test_a_runtime_directory_that_could_be_anothers_is_refused_in_a_line(folder: Path, kind: str, command: str) -> None:
    seen = spoil(kind, folder / "runtime")
    with console(folder, command) as terminal:
        assert terminal.status() == 3
        one_line(said_at_the_end(terminal), str(folder / "runtime"), seen)
        assert b"\x1b" not in terminal.output


def test_a_runtime_directory_too_deep_for_a_socket_is_refused_in_a_line(folder: Path) -> None:
    deep = folder / ("d" * 100)
    with console(folder, "demo", env={"DBCONSOLE_RUNTIME_DIR": str(deep)}) as terminal:
        assert terminal.status() == 3
        one_line(said_at_the_end(terminal), "too long", "Set DBCONSOLE_RUNTIME_DIR to a shorter directory.")


AS_NOBODY = f"""
import os, sys
import console.cli, console.oneshot, console.protocol.client, console.protocol.sockets, encodings.idna
os.setgroups([])
os.setegid({NOBODY})
os.seteuid({NOBODY})
sys.exit(console.cli.run(["view", "--once", sys.argv[1]]))
"""


@needs_root
@pytest.mark.parametrize("hidden", [True, False])
def test_another_users_socket_is_refused_with_its_owner(folder: Path, hidden: bool) -> None:
    with demo(folder):
        socket = listening(folder)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o660
        if not hidden:
            for place in (socket.parent, socket.parent.parent, folder):
                place.chmod(0o711)
        command = [sys.executable, "-P", "-c", AS_NOBODY, str(socket)]
        done = subprocess.run(
            command, env=environment(folder), cwd=ROOT, text=True, capture_output=True, timeout=30, check=False
        )
        assert (done.returncode, done.stdout) == (3, "")
        one_line(done.stderr, f"You may not open {socket}.", "belongs to root", "Run this as root")


AS_ONE_OF_THE_GROUP = AS_NOBODY.replace("os.setgroups([])", "os.setgroups([GROUP])").replace("GROUP", "4242")


@needs_root
def test_a_group_that_may_enter_the_runtime_directory_may_watch_and_nothing_else(folder: Path) -> None:
    runtime = folder / "runtime"
    runtime.mkdir()
    os.chown(runtime, 0, 4242)
    runtime.chmod(0o2750)
    folder.chmod(0o711)
    with demo(folder):
        socket = listening(folder)
        for name, status in (("view.sock", 0), ("control.sock", 3)):
            command = [sys.executable, "-P", "-c", AS_ONE_OF_THE_GROUP, str(socket.with_name(name))]
            done = subprocess.run(
                command, env=environment(folder), cwd=ROOT, text=True, capture_output=True, timeout=30, check=False
            )
            assert done.returncode == status, done.stderr
            assert ("orders-primary" in done.stdout) == (status == 0)


@pytest.mark.parametrize("term", ["dumb", None, "unknown"])
@pytest.mark.parametrize("command", ["demo", "view"])
def test_a_terminal_that_cannot_place_text_is_refused_in_a_line(folder: Path, term: str | None, command: str) -> None:
    with console(folder, command, env={"TERM": term}) as terminal:
        assert terminal.status() == 3
        one_line(said_at_the_end(terminal), f"`dbconsole {command}` needs a terminal", "TERM", "xterm-256color")
        assert b"\x1b" not in terminal.output


def test_with_its_output_in_a_pipe_it_is_refused_in_a_line_and_starts_nothing(folder: Path) -> None:
    command = shlex.join([*COMMAND, "demo"])
    with Terminal(["sh", "-c", f"{command} | cat"], env=environment(folder), cwd=ROOT) as terminal:
        assert terminal.status() == 0
        terminal.wait_until_alone()
        one_line(said_at_the_end(terminal), "needs a terminal", "standard output is not one")
