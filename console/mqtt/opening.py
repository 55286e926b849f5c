"""From what the command line, profile and environment say, to a broker, a signer, and keys. All of it blocks."""

from __future__ import annotations

import os
import re
import ssl
import stat
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

from collectors.errors import Trouble
from collectors.safe import sanitise
from console.mqtt.address import Broker
from console.mqtt.signing import Keys, Signer, keys_of, signer_of
from console.owned_file import read_owned
from console.protocol.users import user_name
from console.specs import NOT_SHARED, ShareOptions
from profiles.share import Share

PASSWORD = "DBCONSOLE_SHARE_PASSWORD"  # noqa: S105 - the name of it
PORT, TLS_PORT = 1883, 8883
FORMS = "mqtts://[USER@]HOST[:PORT], mqtt://… on this machine, or unix:/PATH of a broker's socket"
_URL = re.compile(
    r"(?P<tls>mqtts?)://((?P<user>[^@/\s]*)@)?(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)(:(?P<port>\d{1,5}))?"
    r"(/(?P<estate>[^/\s]*))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What an engine publishes by."""

    broker: Broker
    signer: Signer | None  # None: what it says is unsigned, and viewers show it as unverified
    people: Keys  # who is proved by which key
    viewers: str = ""  # where viewers find it, if that is elsewhere
    viewed_by: str = ""  # the command, where nobody else would know it

    @property
    def url(self) -> str:
        """For a person."""
        return self.viewers or self.broker.url


class Opening(ABC):
    """Which broker an engine is shared by, and what has to be there for it."""

    @abstractmethod
    async def open(self) -> Sharing:
        """Asked before each attempt. Raises `Trouble`."""

    @abstractmethod
    async def close(self) -> None:
        """The engine is shared no more."""


def address(share: Share, options: ShareOptions) -> str | None:
    """Where it is shared; None: not at all."""
    url = options.url or share.url
    return None if url == NOT_SHARED else url


def sharing_of(share: Share, options: ShareOptions, environ: Mapping[str, str] | None = None) -> Sharing | None:
    """How this engine is shared; None: not at all. Raises `Trouble`."""
    url = address(share, options)
    if url is None:
        return None
    return Sharing(broker_of(url, share, options, environ), signer_for(share, options), people_of(share))


def broker_of(
    url: str,
    share: Share,
    options: ShareOptions,
    environ: Mapping[str, str] | None = None,
    *,
    estate: str | None = None,
) -> Broker:
    """The broker at ``url``, as whom, and with what to prove it. Raises `Trouble`.

    A viewer's URL may end in the name of an estate; ``estate`` goes before.
    """
    require("aiomqtt", "dbconsole")
    password = _password(share, options, os.environ if environ is None else environ)
    own = user_name(os.geteuid())
    if url.startswith("embedded"):
        mend = "Name the address that the engine tells: mqtt://viewer@HOST:PORT, with `--password-file`."
        raise Trouble("`embedded` is a broker in the engine itself, and says not where that is.", mend=mend)
    if url.startswith("unix:/"):
        return Broker("", 0, own, password, unix=Path(url.removeprefix("unix:")), estate=estate)
    found = _URL.fullmatch(url)
    if found is None or not 0 < int(found["port"] or PORT) < 1 << 16:
        raise Trouble("This is no broker's address.", seen=sanitise(_without_password(url)), mend=f"Write {FORMS}.")
    user = unquote(found["user"] or "")
    if ":" in user:
        mend = f"Leave it out there, and put it into {PASSWORD} or a file of mode 0600 (`--password-file`)."
        raise Trouble("A password does not belong into a URL: others see it.", mend=mend)
    host, tls = found["host"].strip("[]"), _tls(share, options) if found["tls"] == "mqtts" else None
    if tls is None and password is not None and not _is_here(host):
        mend = f"Use mqtts://{host}, or a broker on this machine."
        raise Trouble("The password would cross the network for all to read.", seen=f"mqtt://{host}", mend=mend)
    port = int(found["port"] or (TLS_PORT if tls else PORT))
    user = user or _name_of(share.certificate) or own
    return Broker(host, port, user, password, tls, estate=estate or unquote(found["estate"] or "") or None)


def signer_for(share: Share, options: ShareOptions) -> Signer | None:
    """The key of whoever speaks here; None where nobody named one."""
    path = options.identity or _path(share.identity)
    return None if path is None else signer_of(path)


def keys_for(share: Share, options: ShareOptions) -> Keys:
    """Whose signature a viewer believes: of the file that was named, else of the profile. Empty: nobody's."""
    return keys_of(options.trusted) if options.trusted else Keys(share.publishers or ())


def people_of(share: Share) -> Keys:
    return Keys(share.people)


def require(module: str, package: str) -> None:
    if find_spec(module) is None:
        mend = f"Install `{package}`."
        raise Trouble(f"Sharing needs the package {module}.", seen="it is not installed", mend=mend)


def _password(share: Share, options: ShareOptions, environ: Mapping[str, str]) -> str | None:
    path = options.password_file or (None if environ.get(PASSWORD) else _path(share.password_file))
    if path is None:
        return environ.get(PASSWORD) or None
    raw = read_owned(path)
    if raw is None:
        raise Trouble(f"There is no password at {path}.", mend="Put it there, in a file of mode 0600.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Trouble(f"Others may read the password in {path}.", mend=f"Run `chmod 600 {path}`.")
    return raw.decode("utf-8", "replace").strip("\r\n") or None


def _tls(share: Share, options: ShareOptions) -> ssl.SSLContext:
    """Checks the broker's name, and shows it by SNI, as AWS IoT Core wants; with our certificate where there is one."""
    ca, own, key = options.ca_file or _path(share.ca_file), _path(share.certificate), _path(share.certificate_key)
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        mend = "See `--ca-file`, or [share] ca_file."
        raise Trouble(f"{ca} holds no certificates.", seen=_reason(error), mend=mend) from None
    if own is None:
        return context
    try:
        context.load_cert_chain(own, key, password="")  # a passphrase is not asked for: nobody is there to answer
    except (OSError, ssl.SSLError) as error:
        mend = "See [share] certificate and certificate_key: PEM, without a passphrase."
        raise Trouble(f"{own} cannot be used as our certificate.", seen=_reason(error), mend=mend) from None
    return context


def _name_of(certificate: str | None) -> str | None:
    """Who our certificate says we are: a broker that asks for one calls us so."""
    path = _path(certificate)
    if path is None:
        return None
    require("cryptography", "dbconsole[share]")
    from cryptography import x509  # noqa: PLC0415 - only where a certificate logs in
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    names = x509.load_pem_x509_certificate(path.read_bytes()).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else None


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser()


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without_password(url: str) -> str:
    return re.sub(r":[^:/@]*@", ":…@", url)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
