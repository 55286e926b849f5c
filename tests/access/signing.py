"""People with throw-away SSH keys, who sign with the real ssh-keygen."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from console.access.approvals import NAMESPACE, Asked, Verb, command


@dataclass(frozen=True)
class Person:
    name: str
    key: Path

    @property
    def public(self) -> str:
        return " ".join(self.key.with_suffix(".pub").read_text().split()[:2])

    def sign(self, text: str, namespace: str = NAMESPACE) -> str:
        """What `ssh-keygen` makes of it, without the text."""
        words = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(self.key)]
        return subprocess.run(words, input=text, capture_output=True, text=True, check=True).stdout

    def approve(self, asked: Asked, verb: Verb = Verb.APPROVE) -> str:
        """What this person sends back."""
        return asked.text(verb) + self.sign(asked.text(verb))

    def run(self, asked: Asked, verb: Verb, folder: Path) -> str:
        """The command as it is shown, in a shell, with one's own key where it says."""
        ssh = folder / ".ssh"
        ssh.mkdir(mode=0o700, exist_ok=True)
        (ssh / "id_ed25519").write_bytes(self.key.read_bytes())
        (ssh / "id_ed25519").chmod(0o600)
        env = {**os.environ, "HOME": str(folder)}
        ran = subprocess.run(["sh", "-c", command(asked, verb)], capture_output=True, check=True, env=env, cwd=folder)
        return ran.stdout.decode()


def person(name: str, folder: Path) -> Person:
    key = folder / f"{name}-{len(list(folder.iterdir()))}"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "dbconsole-test", "-f", str(key)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return Person(name, key)
