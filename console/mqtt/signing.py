"""Who said this? An Ed25519 signature over the topic and the message's sorted JSON without it.

Keys are those that `ssh-keygen -t ed25519` makes: a private key in a file of its own, public ones as lines of text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from collectors.errors import Trouble
from console.owned_file import read_owned
from console.protocol.message import VERSION, Message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = b"dbconsole-message-v1\n"
MAKE_ONE = "Make one: ssh-keygen -t ed25519 -N '' -C dbconsole -f FILE."


def fingerprint(line: str) -> str:
    """Of a public key, as `ssh-keygen -l` shows it; it is the `kid` of a message."""
    try:
        raw = base64.b64decode(line.split()[1], validate=True)
    except (IndexError, binascii.Error):
        raise Trouble("This is no public key.", seen=ascii(line[:60]), mend=MAKE_ONE) from None
    return f"SHA256:{base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip('=')}"


class Signer:
    """A private key, and what it makes of a message."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = _line(key.public_key())
        self.kid = fingerprint(self.public)

    def sign(self, message: Message) -> Message:
        told = replace(message, kid=self.kid, sig=None)
        return replace(told, sig=base64.b64encode(self._key.sign(_said(told))).decode())


class Keys:
    """Public keys by fingerprint, and for whom each stands."""

    def __init__(self, lines: Mapping[str, str] | Iterable[str] = ()) -> None:
        """Lines of public keys; with names where it matters whose each is."""
        named = lines if isinstance(lines, Mapping) else {line: line for line in lines}
        self._keys = {fingerprint(line): (name, _public(line)) for name, line in named.items()}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def whose(self, message: Message) -> str | None:
        """The name of whoever signed it; None: nobody who is known, or it is not what was signed."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only where something is shared

        if message.sig is None or message.kid not in self._keys:
            return None
        name, key = self._keys[message.kid]
        try:
            key.verify(base64.b64decode(message.sig, validate=True), _said(message))
        except (InvalidSignature, ValueError):
            return None
        return name


def signer_of(path: Path) -> Signer:
    """The private key in a file that nobody else may read. Blocks."""
    _require()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key  # noqa: PLC0415

    raw = read_owned(path)
    if raw is None:
        raise Trouble(f"There is no key at {path}.", mend=MAKE_ONE)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Trouble(f"Others may read the key in {path}.", mend=f"Run `chmod 600 {path}`.")
    try:
        key = load_ssh_private_key(raw, None)
    except (ValueError, TypeError) as error:
        raise Trouble(f"{path} is no private key without a passphrase.", seen=str(error)[:80], mend=MAKE_ONE) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Trouble(f"The key in {path} is of another kind.", seen=type(key).__name__.strip("_"), mend=MAKE_ONE)
    return Signer(key)


def keys_of(path: Path) -> Keys:
    """Public keys in a file, a line each, that nobody else may write. Blocks."""
    _require()
    raw = read_owned(path)
    lines = [line.strip() for line in (raw or b"").decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise Trouble(f"There is no public key in {path}.", mend="It holds lines as `ssh-ed25519 AAAA…`.")
    return Keys(lines)


def _said(message: Message) -> bytes:
    """What is signed. Numbers are as JSON writes them, so that who reads it writes the same."""
    envelope: dict[str, Any] = {
        "v": VERSION,
        "kind": message.kind,
        "at": message.at,
        "epoch": message.epoch,
        "seq": message.seq,
        "who": message.who,
        "kid": message.kid,
        "body": message.body,
    }
    return PREFIX + message.topic.encode() + b"\n" + orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)


def _line(key: Ed25519PublicKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _public(line: str) -> Ed25519PublicKey:
    _require()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key  # noqa: PLC0415

    try:
        key = load_ssh_public_key(line.encode())
    except ValueError as error:
        raise Trouble("This is no public key.", seen=f"{line[:60]!a}: {error}", mend=MAKE_ONE) from None
    if not isinstance(key, Ed25519PublicKey):
        raise Trouble("This public key is of another kind.", seen=ascii(line[:60]), mend=MAKE_ONE)
    return key


def _require() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415
    except ImportError:
        mend = "Install `dbconsole[share]`."
        raise Trouble("Signatures need the package cryptography.", seen="it is not installed", mend=mend) from None
