"""A real OpenSSH on loopback: how is a server of a test's own started, and how does a person come in through it?"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.rig.dbconsole import ROOT
from tests.rig.needs import need
from tests.rig.processes import MARK, Process, marked
from tests.rig.terminal import Terminal, wait_until

SBIN = "/usr/sbin:/sbin"  # where sshd is, and where an ordinary user's PATH does not look
GIVES_UP_S = 3  # of silence, until the server takes a client for dead

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/allowed
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
ClientAliveInterval 1
ClientAliveCountMax {silent}
"""


class Openssh:
    """A server with throw-away keys, as the user who runs the tests. What is run through it carries ``mark``."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder / "ssh"
        self.folder.mkdir()
        self.port = _free_port()
        self.mark = uuid.uuid4().hex
        self._key("host")
        self._key("user")
        self.allow()
        self._config = self.folder / "config"
        self._write(more)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # what the service would make: root's sshd wants an empty folder
        command = shutil.which("sshd", path=f"{os.environ['PATH']}:{SBIN}")
        assert command is not None
        self._server = subprocess.Popen(
            [command, "-D", "-f", str(self._config), "-E", str(self.folder / "log")], stdin=subprocess.DEVNULL
        )
        wait_until(self._answers, lambda: f"the server; its log says {self.log()}")

    def allow(self, force: str | None = None) -> None:
        """Whoever has the key may come in; ``force`` is then all that is run, as with ForceCommand."""
        self.allow_line("" if force is None else f'command="{force}",restrict,pty')

    def allow_line(self, options: str) -> None:
        """``options``: what stands before the key in authorized_keys."""
        public = (self.folder / "user.pub").read_text()
        (self.folder / "allowed").write_text(f"{options} {public}".lstrip())

    def configure(self, more: str) -> None:
        """With these lines at the end of its configuration, from the next connection on."""
        self._write(more)
        self._server.send_signal(signal.SIGHUP)
        wait_until(lambda: self.log().count("Server listening") > 1, lambda: f"the server; its log says {self.log()}")
        wait_until(self._answers, lambda: f"the server; its log says {self.log()}")

    def _write(self, more: str) -> None:
        self._config.write_text(CONFIG.format(port=self.port, folder=self.folder, silent=GIVES_UP_S) + more)

    def shell(self, command: Sequence[str], env: Mapping[str, str]) -> str:
        """The command as a shell of that machine is told it: SSH carries no environment."""
        variables = [f"{name}={value}" for name, value in {**env, MARK: self.mark}.items() if name != "TERM"]
        return f"cd {ROOT} && exec {shlex.join(['env', *variables, *command])}"

    def words(self, *options: str) -> list[str]:
        """How a client is called that comes in as a person of this machine."""
        words = ["ssh", "-F", "/dev/null", "-p", str(self.port), "-i", str(self.folder / "user")]
        usual = (
            f"UserKnownHostsFile={self.folder / 'known'}", "StrictHostKeyChecking=accept-new", "LogLevel=ERROR",
            "IdentitiesOnly=yes", "EscapeChar=none",
        )  # fmt: skip
        return [*words, *(word for option in (*usual, *options) for word in ("-o", option)), "127.0.0.1"]

    @contextmanager
    def client(
        self,
        command: str,
        *,
        size: tuple[int, int] = (120, 40),
        env: Mapping[str, str] | None = None,
        more: Sequence[str] = (),
    ) -> Iterator[Terminal]:
        """A person's terminal with `ssh -t` on it. ``env``: of the client; ``more``: options of its."""
        asked = [command] if command else []
        changes: dict[str, str | None] = {**(env or {})}
        with Terminal([*self.words("RequestTTY=force", *more), *asked], size=size, env=changes) as terminal:
            yield terminal

    def processes(self) -> list[Process]:
        """Those that run on the far side."""
        return marked(self.mark)

    def wait_until_alone(self) -> None:
        wait_until(lambda: not self.processes(), lambda: f"the end of {self.processes()}", 60)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self) -> None:
        for process in self.processes():
            os.kill(process.pid, signal.SIGKILL)
        self._server.terminate()
        self._server.wait()

    def _key(self, name: str) -> None:
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "dbconsole-test", "-f", str(self.folder / name)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)

    def _answers(self) -> bool:
        assert self._server.poll() is None, f"The server ended: {self.log()}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def openssh(folder: Path, more: str = "") -> Iterator[Openssh]:
    """``more``: lines at the end of its configuration."""
    need("ssh")
    need("sshd", SBIN)
    server = Openssh(folder, more)
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
