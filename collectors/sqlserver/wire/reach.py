"""Is anybody there at all? Asked before the driver is: Microsoft's calls all that is wrong "login timeout expired"."""

from __future__ import annotations

import errno
import socket
import ssl
import time

from collectors.errors import CannotCollect
from collectors.safe import Safe, sanitise
from collectors.sqlserver.wire.target import Encryption, Target

_NETWORK = "Look at the network, the VPN and the security group."
_MOST_ADDRESSES = 8


def reach(target: Target, seconds: float) -> None:
    """Blocks, for a thread, and for not much longer than that: only the name's resolver has time-outs of its own.

    A connection is made and closed, without a word, of which SQL Server makes no note. Where TDS 8 is asked for there
    is a handshake too: the driver waits for that without an end.
    """
    addresses = _addresses(target)
    until = time.monotonic() + seconds
    at = sanitise(str(target))
    try:
        with _connected(addresses, until) as line:
            if target.encryption is Encryption.STRICT:
                _shake_hands(line, until, at)
    except TimeoutError:
        raise CannotCollect(f"{at} does not answer within {seconds:g} s.", mend=_NETWORK) from None
    except OSError as error:
        raise _turned_away(error, at) from None


def _addresses(target: Target) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        seen = sanitise(str(error.args[-1]) if error.args else "", 200)
        mend = "Look at the name, at DNS and at the VPN."
        raise CannotCollect(f"The name {sanitise(target.host)} does not resolve.", seen=seen, mend=mend) from None
    return [(family, address) for family, _, _, _, address in found[:_MOST_ADDRESSES]]


def _connected(addresses: list[tuple[socket.AddressFamily, tuple[object, ...]]], until: float) -> socket.socket:
    """The first that takes it, in their order; each has its share of the time that is left."""
    last: OSError = TimeoutError()
    for place, (family, address) in enumerate(addresses):
        line = socket.socket(family, socket.SOCK_STREAM)
        line.settimeout(max(0.05, (until - time.monotonic()) / (len(addresses) - place)))
        try:
            line.connect(address)
        except OSError as error:
            line.close()
            last = error
        else:
            return line
    raise last


def _shake_hands(line: socket.socket, until: float, at: Safe) -> None:
    """Whether it speaks TLS first. The certificate is the driver's to verify, when it connects."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["tds/8.0"])
    line.settimeout(max(0.05, until - time.monotonic()))
    mend = 'TDS 8 needs SQL Server 2022: say `encrypt = "verify"` in the profile for an older one.'
    try:
        context.wrap_socket(line, do_handshake_on_connect=True).close()
    except TimeoutError:
        raise CannotCollect(
            f"{at} takes the connection and says nothing, where TDS 8 begins with TLS.", mend=mend
        ) from None
    except (ssl.SSLError, ConnectionError) as error:
        seen = sanitise(getattr(error, "reason", "") or error.strerror or "", 100)
        raise CannotCollect(f"{at} does not begin with TLS as TDS 8 does.", seen=seen, mend=mend) from None


def _turned_away(error: OSError, at: Safe) -> CannotCollect:
    seen = sanitise(error.strerror or type(error).__name__, 100)
    if error.errno == errno.ECONNREFUSED:
        mend = "Is the server started, and does it listen on that port? A failover may be under way."
        return CannotCollect(f"{at} refuses connections.", seen=seen, mend=mend)
    return CannotCollect(f"{at} cannot be reached.", seen=seen, mend=_NETWORK)
