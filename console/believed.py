"""What of its environment does a viewer believe? Whoever may only look may have sent all of it: over SSH, by a client.

A list of what is kept, since what could load code or write a file is nobody's to list: Textual's TEXTUAL_DRIVER and
TEXTUAL_LOG, Python's own, SSLKEYLOGFILE, OPENSSL_CONF, GCONV_PATH and what the next release of any of them brings.
Standard library only, and asked before anything else is imported. What acts before this program does, as LD_PRELOAD
and PYTHONPATH, only sshd can keep out: see docs/ssh.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping

from collectors.errors import Trouble
from console import paths
from console.environment import over_ssh

PATH = "/usr/bin:/bin"  # a viewer starts no program; a library that looks for one finds the system's
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)  # no file of anybody's choice
_LINE = re.compile(r"[^\x00-\x1f\x7f]{0,4096}")
_WORDS = ("COLORTERM", "NO_COLOR", "LANG", "LANGUAGE", "USER", "LOGNAME")
_LINES = (
    "HOME",
    *("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"),
    *("DBCONSOLE_RUNTIME_DIR", "DBCONSOLE_CONFIG_DIR", "DBCONSOLE_STATE_DIR", "DBCONSOLE_CACHE_DIR"),
    *("DBCONSOLE_SHARE_PASSWORD", "DBCONSOLE_THRIFT", "DBCONSOLE_READONLY"),
    *("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX", "STY"),  # whether it is remote, and what draws it
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),  # who vouches for a broker
)


def believed(environ: Mapping[str, str]) -> dict[str, str]:
    """Those that a viewer needs, where they have the form of what they should be.

    Raises `Trouble` for a TERM that is no name: it decides what is drawn, and so nobody guesses.
    """
    kept = {name: value for name, value in environ.items() if _is_kept(name, value)}
    term = environ.get("TERM", "")
    if term and not _WORD.fullmatch(term):
        mend = "Set TERM to its kind, such as xterm-256color."
        raise Trouble("TERM is not the name of a terminal.", seen=ascii(term[:40]), mend=mend)
    return kept | ({"TERM": term} if term else {}) | {"PATH": PATH}


def believe_no_more(environ: MutableMapping[str, str]) -> None:
    """Take all else out of ``environ``."""
    kept = believed(environ)
    for name in set(environ) - set(kept):
        del environ[name]
    environ.update(kept)


def keep_nothing_for_others(environ: Mapping[str, str]) -> None:
    """Whoever looks from elsewhere leaves no file on this host, not even a log of a failure."""
    if over_ssh(environ):
        paths.keep_nothing("A viewer over SSH keeps nothing on this host.")


def _is_kept(name: str, value: str) -> bool:
    if name in _WORDS or name.startswith("LC_"):
        return _WORD.fullmatch(value) is not None
    if name == "TZ":
        return _ZONE.fullmatch(value) is not None
    return name in _LINES and _LINE.fullmatch(value) is not None
