"""Who signed this? `ssh-keygen` says whether a signature is good; the list of signers says whose the key is."""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.access.approvals import NAMESPACE, Pasted, Signed
from console.owned_file import NotOurs, read_owned

WITHIN_S = 5.0
_TOKEN = re.compile(r'(?:"[^"]*"|[^\s"])+')
_KEY_TYPE = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+")
_PATTERN = re.compile(r"[*?!]")


class NotSigned(Trouble):
    """No signature of anybody who may sign; or it could not be found out, which is no better."""


class Signatures:
    """``allowed_signers`` is read anew each time, and what was looked at is what `ssh-keygen` is given."""

    def __init__(self, allowed_signers: Path, threads: Threads) -> None:
        self._path = allowed_signers
        self._threads = threads

    async def check(self, pasted: Pasted, now: datetime) -> Signed:
        """`NotSigned` where it is not good. ``now``: a key may be listed for a time only."""
        work = partial(self._check, pasted.text, pasted.signature, now)
        return await self._threads.call("ssh-keygen", work)

    def _check(self, text: str, signature: str, now: datetime) -> Signed:
        key, signers = key_of(signature), self._signers()
        fingerprint = sanitise("SHA256:" + base64.b64encode(sha256(key).digest()).decode().rstrip("="))
        names = names_of(key, signers.decode(errors="replace"))
        if not names:
            mend = f"Whoever may approve has a line there: NAME KEYTYPE KEY, without patterns. It is {self._path}."
            raise NotSigned("Nobody in the list of signers has this key.", seen=fingerprint, mend=mend)
        _verify(text, signature, signers, names[0], now)
        return Signed(text, fingerprint, tuple(map(sanitise, names)))

    def _signers(self) -> bytes:
        try:
            said = read_owned(self._path)
        except NotOurs as trouble:
            raise NotSigned("The list of signers cannot be believed.", seen=trouble.line(), mend=trouble.mend) from None
        if said is None:
            mend = "Write it, or name another: [access] allowed_signers."
            raise NotSigned("There is no list of signers.", seen=str(self._path), mend=mend)
        return said


def key_of(signature: str) -> bytes:
    """The public key that is in every signature, as OpenSSH's PROTOCOL.sshsig has it."""
    try:
        blob = base64.b64decode("".join(signature.split("-----")[2].split()), validate=True)
        if blob[:6] != b"SSHSIG":
            raise ValueError
        size = int.from_bytes(blob[10:14], "big")
        if not 0 < size <= len(blob) - 14:
            raise ValueError
    except (ValueError, IndexError, binascii.Error):
        raise NotSigned("That is no SSH signature.", mend="Paste all that the command printed.") from None
    return blob[14 : 14 + size]


def names_of(key: bytes, signers: str) -> list[str]:
    """Everybody whose key this is. `ssh-keygen` would name the first, and then nobody saw that it is the requester's.

    A pattern is nobody's name: with one the holder of a key could be whoever they liked.
    """
    names: list[str] = []
    for line in signers.splitlines():
        tokens = _TOKEN.findall(line)
        if line.lstrip().startswith("#") or key not in _keys_in(tokens):
            continue
        found = tokens[0].strip('"').split(",")
        if any(_PATTERN.search(name) for name in found):
            return []
        names += [name for name in found if name and name not in names]
    return names


def _keys_in(tokens: Sequence[str]) -> list[bytes]:
    """One, or none: behind the names there may be options, and then a type and the key."""
    for kind, key in pairwise(tokens[1:4]):
        if _KEY_TYPE.fullmatch(kind):
            try:
                return [base64.b64decode(key, validate=True)]
            except (ValueError, binascii.Error):
                return []
    return []


def _verify(text: str, signature: str, signers: bytes, name: str, now: datetime) -> None:
    program = shutil.which("ssh-keygen", path=os.defpath) or shutil.which("ssh-keygen")
    if program is None:
        raise NotSigned("Signatures cannot be checked: there is no ssh-keygen.", mend="Install OpenSSH's client.")
    try:
        with TemporaryDirectory(prefix="dbconsole-") as folder:
            listed, signed = Path(folder, "signers"), Path(folder, "signature")
            listed.write_bytes(signers)
            signed.write_text(signature)
            ended = subprocess.run(
                [program, "-Y", "verify", "-n", NAMESPACE, "-f", listed, "-I", name, "-s", signed,
                 "-O", f"verify-time={now.astimezone(UTC):%Y%m%d%H%M%S}"],
                input=text.encode(), capture_output=True, timeout=WITHIN_S, check=False,
                env={"TZ": "UTC", "LC_ALL": "C", "PATH": os.defpath},
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotSigned("ssh-keygen did not answer.", seen=f"within {WITHIN_S:g} s", mend="Try again.") from None
    except OSError as error:
        raise NotSigned("ssh-keygen could not be run.", seen=error.strerror or "", mend="Try again.") from None
    if ended.returncode != 0:
        raise NotSigned("The signature is not good.", seen=_said(ended.stderr or ended.stdout), mend=_AGAIN)


_AGAIN = "Ask for the approval again, and paste all that the command printed."


def _said(raw: bytes) -> Safe:
    return sanitise(" ".join(raw.decode(errors="replace").split()), 200)
