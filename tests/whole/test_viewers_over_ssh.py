"""A viewer's account by a real OpenSSH, with the very lines of docs/ssh.md: whatever is sent, it is the viewer."""

from __future__ import annotations

import getpass
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.openssh import Openssh, openssh
from tests.rig.processes import MARK
from tests.rig.terminal import Terminal, wait_until
from tests.whole.running import ROWS, console, listening, rows

DOCUMENT = (ROOT / "docs" / "ssh.md").read_text()
PROGRAM, SOCKET, GROUP = "/usr/local/bin/dbconsole", "/run/dbconsole/orders/view.sock", "Match Group dbviewers"
LENIENT = "AcceptEnv *\nPermitUserEnvironment no\nSubsystem sftp internal-sftp\nX11Forwarding yes\n"


def lines(begin: str) -> str:
    """A block of the document."""
    blocks: list[str] = re.findall(r"^```\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    return next(block.strip() for block in blocks if block.startswith(begin))


@dataclass(frozen=True)
class Host:
    """A console that runs, and what a client could do harm with: each of these would leave ``proof``."""

    folder: Path
    ssh: Openssh
    first: Terminal

    @property
    def proof(self) -> Path:
        return self.folder / "proof"

    @property
    def sent(self) -> str:
        """What a client sends along, and does not take to heart itself."""
        evil = str(self.folder / "evil")
        script, library = f"{evil}/script", f"{evil}/none.so"
        harm = {
            "PYTHONPATH": evil, "PYTHONSTARTUP": script, "PYTHONINSPECT": "1", "TEXTUAL_DRIVER": "driver:Driver",
            "TEXTUAL_LOG": str(self.proof), "BASH_ENV": script, "ENV": script, "LC_EVIL": "$(touch proof)",
            "DBCONSOLE_STATE_DIR": str(self.proof), "LD_PRELOAD": library, "SSLKEYLOGFILE": str(self.proof),
        }  # fmt: skip
        return "SetEnv=" + " ".join(f'"{name}={value}"' for name, value in harm.items())

    def run(
        self, *words: str, options: tuple[str, ...] = (), before: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Without a terminal. ``before``: the words are the client's own, before the name of the host."""
        *client, name = self.ssh.words(*options, self.sent)
        command, typed = [*client, *words, name] if before else [*client, name, *words], f"touch {self.proof}\n"
        return subprocess.run(command, text=True, capture_output=True, timeout=60, check=False, input=typed)


@pytest.fixture(scope="module", params=["sshd_config", "authorized_keys"])
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        folder = Path(name)
        with console(folder, "demo") as first:
            view = listening(folder)
            wait_until(lambda: len(rows(first.text())) == ROWS, "the rows of the demo", 60)
            in_config = request.param == "sshd_config"
            with openssh(folder, more=LENIENT) as ssh:
                program = made(folder, ssh.mark)
                told = lines(GROUP if in_config else "restrict")
                told = told.replace(PROGRAM, str(program)).replace(SOCKET, str(view))
                assert told.count(str(program)) == told.count(str(view)) == 1
                if in_config:
                    ssh.configure(LENIENT + told.replace(GROUP, f"Match User {getpass.getuser()}") + "\n")
                else:
                    ssh.configure(LENIENT.replace("AcceptEnv *", "AcceptEnv LANG LC_*"))
                    ssh.allow_line(told.partition(" ssh-ed25519 ")[0])
                yield Host(folder, ssh, first)


def made(folder: Path, mark: str) -> Path:
    """The installed program, of this tree; and things that are evil."""
    evil = folder / "evil"
    evil.mkdir()
    touch = f"open({str(folder / 'proof')!r}, 'w').close()\n"
    for name in ("sitecustomize.py", "driver.py"):
        (evil / name).write_text(touch)
    (evil / "script").write_text(f"touch {folder}/proof\n")
    program = folder / "dbconsole"
    ours = {**environment(folder), MARK: mark, "DBCONSOLE_STATE_DIR": str(folder / "of-the-viewer")}
    settings = " ".join(f"{name}='{value}'" for name, value in ours.items() if name not in ("TERM", "LANG", "HOME"))
    program.write_text(f'#!/bin/sh\n{settings} exec {" ".join(COMMAND)} "$@"\n')
    program.chmod(0o755)
    return program


def nothing_was_done(host: Host) -> None:
    assert not host.proof.exists()
    assert not (host.folder / "of-the-viewer").exists(), "a file of a viewer"
    assert len(rows(host.first.text())) == ROWS


def test_whatever_is_asked_for_it_is_the_viewer_and_nothing_gets_out_of_it(host: Host) -> None:
    with host.ssh.client(f"touch {host.proof}; sh", more=(host.sent,)) as viewer:
        wait_until(lambda: len(rows(viewer.text())) == ROWS, lambda: f"the rows in\n{viewer.text()}", 60)
        assert "READ-ONLY" in viewer.text().splitlines()[0]
        assert b"preload" not in viewer.output
        viewer.press("ctrl+z")
        viewer.wait_for("Ctrl+Z is off here")
        for typed in ("!", ":!sh", "|", "e", "v"):
            viewer.send(f"{typed}touch {host.proof}\r\x1b\x1b")
        viewer.press("S", "F", "X", "esc")
        viewer.wait_for("READ-ONLY")
        names = {process.name for process in host.ssh.processes()}
        assert names == {"dbc-guard", "dbc-screen"}
        assert not any(process.state == "T" for process in host.ssh.processes())
        viewer.press("ctrl+q")
        viewer.status()
        assert viewer.left_on() == set()
    host.ssh.wait_until_alone()
    nothing_was_done(host)


def test_without_a_terminal_there_is_a_line_and_no_command_copy_or_subsystem(host: Host) -> None:
    for words in (("touch", str(host.proof)), ("scp", "-t", str(host.proof))):
        ended = host.run(*words)
        assert ended.returncode == 3
        assert ended.stderr.startswith("dbconsole: `dbconsole view` needs a terminal.")
        assert ended.stdout == ""
    ended = host.run("sftp", options=("SessionType=subsystem",))
    assert (ended.returncode, ended.stdout) == (3, "")
    host.ssh.wait_until_alone()
    nothing_was_done(host)


def test_no_port_is_forwarded_either_way(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inner:
        port = inner.getsockname()[1]
        there = host.run("-W", f"127.0.0.1:{port}", before=True)
        assert there.returncode != 0
        assert "prohibited" in there.stderr or "forwarding" in there.stderr, there.stderr
        inner.settimeout(0)
        with pytest.raises(BlockingIOError):
            inner.accept()
    back = host.run("true", options=("ExitOnForwardFailure=yes", "RemoteForward=127.0.0.1:0 127.0.0.1:1"))
    assert back.returncode == 255
    host.ssh.wait_until_alone()


def test_a_cut_connection_leaves_no_process(host: Host) -> None:
    with host.ssh.client("") as viewer:
        viewer.wait_for("READ-ONLY")
        (client,) = viewer.processes()
        os.kill(client.pid, signal.SIGKILL)
        host.ssh.wait_until_alone()


def test_a_client_that_died_without_a_word_leaves_no_process(host: Host) -> None:
    """Nobody types: the viewer leaves seconds without output, in which sshd asks after its client."""
    with host.ssh.client("") as viewer:
        viewer.wait_for("READ-ONLY")
        (client,) = viewer.processes()
        os.kill(client.pid, signal.SIGSTOP)
        host.ssh.wait_until_alone()


def test_a_hostile_term_is_a_line(host: Host) -> None:
    with host.ssh.client("", env={"TERM": "xterm sh -c true"}) as viewer:
        viewer.wait_for("TERM is not the name of a terminal")
        assert viewer.status() == 3
    host.ssh.wait_until_alone()
