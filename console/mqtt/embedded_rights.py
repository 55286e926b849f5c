"""Who is let in to the embedded broker, and what may each say and hear? As `policy ROLE --mqtt` has it. Pure."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from console.mqtt.packets import LEVEL, Connect
from console.protocol.topics import ROOT

COLLECTOR = "collector"
MOST_SUBSCRIPTIONS = 50
LONGEST_KEEP_ALIVE_S = 300  # and for whoever names none

ACCEPTED, NO_SUCH_VERSION, NOT_IN = 0, 1, 4  # of a CONNACK
_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")  # so that it is in a topic as it is


@dataclass(frozen=True, slots=True)
class Passwords:
    collector: bytes
    viewers: bytes


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was let in. Of viewers a password says that they may look, and nothing proves the name."""

    name: str
    is_collector: bool
    keep_alive: int


def admit(connect: Connect, passwords: Passwords) -> Guest | int:
    """Who it is, or the code of a refusal."""
    if connect.level != LEVEL:
        return NO_SUCH_VERSION
    name, given = connect.user or "", connect.password or b""
    is_collector = name == COLLECTOR
    wanted = passwords.collector if is_collector else passwords.viewers
    if not hmac.compare_digest(given, wanted) or not _NAME.fullmatch(name):
        return NOT_IN
    if not connect.is_clean or (connect.will is not None and not is_collector):
        return NOT_IN  # what is kept for somebody, or said after his end, is the collector's alone
    if connect.will is not None and not may_publish(Guest(name, is_collector, 0), connect.will[0]):
        return NOT_IN
    return Guest(name, is_collector, min(connect.keep_alive or LONGEST_KEEP_ALIVE_S, LONGEST_KEEP_ALIVE_S))


def may_publish(guest: Guest, topic: str) -> bool:
    if "+" in topic or "#" in topic:
        return False
    if guest.is_collector:
        return topic.startswith(f"{ROOT}/")
    estate, _, rest = topic.removeprefix(f"{ROOT}/").partition("/")
    return topic.startswith(f"{ROOT}/") and bool(estate) and rest == f"cmd/{guest.name}"


def may_subscribe(guest: Guest, asked: str) -> bool:
    """Whatever a filter matches, only what may be heard is sent: here only what could never be is refused."""
    levels = asked.split("/")
    if any(("#" in each and (each != "#" or n < len(levels) - 1)) or ("+" in each and each != "+")
           for n, each in enumerate(levels)):  # fmt: skip
        return False
    return asked == "#" or asked.startswith(f"{ROOT}/")


def may_hear(guest: Guest, topic: str) -> bool:
    """Requests are for the collector, and an answer for whoever asked."""
    if guest.is_collector or not topic.startswith(f"{ROOT}/"):
        return topic.startswith(f"{ROOT}/")
    _, _, rest = topic.removeprefix(f"{ROOT}/").partition("/")
    return not rest.startswith(("cmd/", "ack/")) or rest == f"ack/{guest.name}"
