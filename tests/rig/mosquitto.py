"""A real Mosquitto of a test's own, on loopback or on a socket: with users, an ACL, TLS; it can be killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from console.mqtt.address import Broker
from tests.rig.certificates import Certificates
from tests.rig.needs import need
from tests.rig.terminal import wait_until

COMMAND = "mosquitto"
PLACES = "/usr/sbin:/usr/local/sbin"


@dataclass
class Mosquitto:
    """``passwords``: of its users; none: whoever comes is let in by any name."""

    folder: Path
    port: int  # 0: on a socket
    passwords: Mapping[str, str] = field(default_factory=dict)
    authority: Path | None = None  # that its certificate is checked by; None: no TLS
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")

    @property
    def unix(self) -> Path | None:
        return None if self.port else self.folder / "mosquitto.sock"

    def url(self, user: str) -> str:
        if self.unix is not None:
            return f"unix:{self.unix}"
        return f"mqtt{'s' if self.authority else ''}://{user}@localhost:{self.port}"

    def broker(self, user: str, *, estate: str | None = None, port: int | None = None) -> Broker:
        """To it as that user; ``port``: of a line that leads here."""
        tls = ssl.create_default_context(cafile=self.authority) if self.authority else None
        password = self.passwords.get(user)
        return Broker("localhost", port or self.port, user, password, tls, unix=self.unix, estate=estate)

    def start(self) -> None:
        """On the same port as before, and with nothing kept."""
        with (self.folder / "mosquitto.log").open("ab") as out:
            self.process = subprocess.Popen(
                [_program(COMMAND), "-c", str(self.folder / "mosquitto.conf"), "-v"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder,
            )  # fmt: skip
        process = self.process
        wait_until(lambda: self._listens() or process.poll() is not None, lambda: self.log, 20)
        assert process.poll() is None, self.log

    def kill(self) -> None:
        """As a machine that lost its power."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        self._signal(signal.SIGTERM)

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
            self.process.send_signal(signal.SIGCONT)  # one that is frozen does not end
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX if self.unix else socket.AF_INET) as probe:
            return probe.connect_ex(str(self.unix) if self.unix else ("127.0.0.1", self.port)) == 0


@contextmanager
def mosquitto(
    folder: Path,
    *settings: str,
    users: Mapping[str, str] | Sequence[str] = (),
    acl: str | None = None,
    tls: Certificates | None = None,
    unix: bool = False,
) -> Iterator[Mosquitto]:
    """``users``: their passwords by name; of names alone each one's password is the name. ``settings``: more lines."""
    need(COMMAND, PLACES)
    folder.mkdir(parents=True, exist_ok=True)
    passwords = dict(users) if isinstance(users, Mapping) else {name: name for name in users}
    made = Mosquitto(folder, 0 if unix else _free_port(), passwords, tls.authority if tls else None)
    lines = [f"listener 0 {made.unix}" if unix else f"listener {made.port} 127.0.0.1", "user root"]
    lines += [f"allow_anonymous {'false' if passwords else 'true'}", "max_queued_messages 2000", *settings]
    if passwords:
        file = folder / "passwords"
        file.touch(0o600)
        for name, password in passwords.items():
            subprocess.run([_program("mosquitto_passwd"), "-b", str(file), name, password], check=True,
                           capture_output=True)  # fmt: skip
        lines.append(f"password_file {file}")
    if acl is not None:
        (folder / "acl").write_text(acl)
        (folder / "acl").chmod(0o600)
        lines.append(f"acl_file {folder / 'acl'}")
    if tls is not None:
        lines += [f"certfile {tls.good.chain}", f"keyfile {tls.good.key}"]
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    made.start()
    try:
        yield made
    finally:
        made.end()


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), PLACES)))
    assert found is not None
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
