"""Is psycopg there, and what must be said to it so that it connects as it should?"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from typing import Any

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.postgres.wire.target import APPLICATION, Encryption, Target
from collectors.safe import NO_TEXT, Safe, sanitise

_TOLD_TO_TRUST = Safe("The server's certificate is not verified: the profile says so.")
_UNENCRYPTED = Safe("The connection is not encrypted.")
_MODES = {Encryption.VERIFY: "verify-full", Encryption.TRUST: "require", Encryption.OFF: "disable"}
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian
    "/etc/pki/tls/certs/ca-bundle.crt",  # Red Hat, Amazon Linux
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
STATEMENT_MS = 3000  # as most questions have it

SETTINGS: Mapping[str, str] = {
    "default_transaction_read_only": "on",
    "lock_timeout": "2000",
    "statement_timeout": str(STATEMENT_MS),
    "idle_in_transaction_session_timeout": "10000",
    "client_min_messages": "error",
    "jit": "off",  # to compile costs more than what is asked
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "search_path": "pg_catalog",  # nobody's function stands for the server's own
}


_KNOCKING = ("lock_timeout", "statement_timeout", "client_min_messages", "search_path")
KNOCKING: Mapping[str, str] = {name: SETTINGS[name] for name in _KNOCKING}
"""Of whoever asks whether one may write: told to be read only, it could not see that the server is not."""


def psycopg() -> Any:
    """The module, loaded when the first server is asked."""
    try:
        import psycopg as module  # noqa: PLC0415 - it belongs to an extra
    except ImportError as error:
        raise CannotCollect(
            "PostgreSQL cannot be asked: psycopg is not installed.", seen=sanitise(str(error), 200),
            mend="Install it: `pip install 'dbconsole[postgres]'`.",
        ) from None  # fmt: skip
    return module


def warning(target: Target) -> Safe:
    """What a person should know about how the server is trusted; empty where it is verified."""
    return {Encryption.TRUST: _TOLD_TO_TRUST, Encryption.OFF: _UNENCRYPTED}.get(target.encryption, NO_TEXT)


def parameters(
    target: Target, credentials: Credentials, settings: Mapping[str, str] = SETTINGS
) -> dict[str, str | int]:
    """Holds the password: for the driver, and for nothing and nobody else. Nothing is left to its own defaults."""
    trusted = {"sslrootcert": _trusted(target)} if target.encryption is Encryption.VERIFY else {}
    looked_up = {"hostaddr": ",".join(target.addresses)} if target.addresses else {}
    return {
        "host": ",".join([target.host] * max(1, len(target.addresses))),
        **looked_up,
        "port": target.port,
        "dbname": target.database,
        "user": credentials.user,
        "password": credentials.password,
        "sslmode": _MODES[target.encryption],
        **trusted,
        "gssencmode": "disable",
        "application_name": APPLICATION,
        "connect_timeout": target.login_s,
        "client_encoding": "UTF8",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }


def _trusted(target: Target) -> str:
    """The certificates that are trusted: psycopg brings an OpenSSL of its own, which does not know the system's."""
    if target.ca_file:
        path = os.path.expanduser(target.ca_file)
        if not os.access(path, os.R_OK):
            what = "The certificates that the profile names as `ca_file` cannot be read."
            raise CannotCollect(what, seen=sanitise(target.ca_file), mend="Correct the path, or put the file there.")
        return path
    system = ssl.get_default_verify_paths().cafile
    return next((path for path in (system, *_BUNDLES) if path and os.access(path, os.R_OK)), "system")
