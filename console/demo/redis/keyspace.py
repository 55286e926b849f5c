"""What does a node answer of its keys? Those of the model by their numbers, and what somebody has written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from collectors.redis.asking import Reply
from console.demo.redis.content import Written
from console.demo.redis.held import fits, scan
from console.demo.redis.keys import HASH, family_at, left_s, number_of, value
from console.demo.redis.node import Handler, Node, Session
from console.demo.redis.resp import Failure, Simple
from console.demo.redis.run import is_store

OK, NONE = Simple("OK"), Simple("none")
NO_KEY, NO_END = -2, -1
MOST_COUNT = 10_000
NOT_WHOLE = "ERR value is not an integer or out of range"
WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
SYNTAX = "ERR syntax error"


def _number(node: Node, session: Session, name: str) -> int | None:
    """Of one that is there, and was not written by hand."""
    number = number_of(session.database, name)
    return number if number is not None and node.held().has(number) else None


def _kind(node: Node, session: Session, name: str) -> str | None:
    if node.content.written(session.database, name, node.t) is not None:
        return "string"
    number = _number(node, session, name)
    family = None if number is None else family_at(number)
    return None if family is None else family.kind


def _exists(node: Node, session: Session, names: list[str]) -> Reply:
    return sum(_kind(node, session, name) is not None for name in names)


def _type(node: Node, session: Session, names: list[str]) -> Reply:
    found = _kind(node, session, names[0])
    return NONE if found is None else Simple(found)


def _get(node: Node, session: Session, names: list[str]) -> Reply:
    written = node.content.written(session.database, names[0], node.t)
    if written is not None:
        return written.value
    number = _number(node, session, names[0])
    if number is None:
        return None
    if _kind(node, session, names[0]) == HASH:
        raise Failure(WRONG_TYPE)
    return value(node.model.data_of(node.about), number)


def _hgetall(node: Node, session: Session, names: list[str]) -> Reply:
    if (kind := _kind(node, session, names[0])) is None:
        return []
    if kind != HASH:
        raise Failure(WRONG_TYPE)
    number = _number(node, session, names[0]) or 0
    return ["customer", str(number % 1_000_000), "lines", str(1 + number % 7)]


def _pttl(node: Node, session: Session, names: list[str]) -> int:
    written = node.content.written(session.database, names[0], node.t)
    if written is not None:
        return NO_END if written.ends is None else max(1, round(1000 * (written.ends - node.t)))
    number = _number(node, session, names[0])
    family = None if number is None else family_at(number)
    if number is None or family is None:
        return NO_KEY
    if is_store(node.model, node.about, node.t):
        return NO_END
    return max(1, round(1000 * left_s(family, number, node.t)))


def _ttl(node: Node, session: Session, names: list[str]) -> Reply:
    found = _pttl(node, session, names)
    return found if found < 0 else (found + 500) // 1000


def _expire(node: Node, session: Session, arguments: list[str]) -> Reply:
    name, seconds = arguments[0], _whole(arguments[1])
    found = _kind(node, session, name)
    if found is None:
        return 0
    if seconds <= 0:
        _delete(node, session, [name])
    elif found != HASH:
        node.content.write(session.database, name, Written(str(_get(node, session, [name])), node.t + seconds))
    return 1


def _persist(node: Node, session: Session, names: list[str]) -> Reply:
    if _pttl(node, session, names) < 0 or _kind(node, session, names[0]) == HASH:
        return 0
    node.content.write(session.database, names[0], Written(str(_get(node, session, names)), None))
    return 1


def _set(node: Node, session: Session, arguments: list[str]) -> Reply:
    name, said, *options = arguments
    ends: float | None = None
    is_there = _kind(node, session, name) is not None
    while options:
        match [options[0].upper(), *options[1:]]:
            case ["EX" | "PX" as unit, length, *rest]:
                if _whole(length) <= 0:
                    raise Failure("ERR invalid expire time in 'set' command")
                ends = node.t + _whole(length) / (1 if unit == "EX" else 1000)
            case ["NX" | "XX" as only, *rest]:
                if is_there is (only == "NX"):
                    return None
            case _:
                raise Failure(SYNTAX)
        options = rest
    node.content.write(session.database, name, Written(said, ends))
    return OK


def _delete(node: Node, session: Session, names: list[str]) -> Reply:
    """What was written by hand in the place of one of the model's goes with it."""
    held, there = node.held(), set[int]()
    gone = 0
    for name in dict.fromkeys(names):
        number = number_of(session.database, name)
        is_there = number is not None and held.has(number)
        if number is not None and is_there:
            there.add(number)
        gone += node.content.forget(session.database, name) or is_there
    node.content.delete(node.about, sorted(there), held)
    return gone


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of a SCAN."""

    count: int = 10
    pattern: str = "*"
    kind: str = ""


def _wanted(options: list[str]) -> Wanted:
    found = Wanted()
    for name, said in zip(options[::2], options[1::2], strict=False):
        match name.upper():
            case "COUNT":
                found = replace(found, count=_whole(said))
            case "MATCH":
                found = replace(found, pattern=said)
            case "TYPE":
                found = replace(found, kind=said.lower())
            case _:
                raise Failure(SYNTAX)
    if len(options) % 2 or found.count < 1:
        raise Failure(SYNTAX)
    return found


def _scan(node: Node, session: Session, arguments: list[str]) -> Reply:
    if not (arguments[0].isascii() and arguments[0].isdigit()) or len(arguments[0]) > 20:
        raise Failure("ERR invalid cursor")
    cursor, wanted = int(arguments[0]), _wanted(arguments[1:])
    after, found = scan(node.held(), session.database, cursor, min(wanted.count, MOST_COUNT))
    mine = node.content.names(session.database, node.t)
    there = ((family, number) for family, number in found if wanted.kind in ("", family.kind))
    names = [f"{family.prefix}{number - family.first}" for family, number in there]
    if mine:  # once each: with the first of all, and not again in the place of one of the model's
        hidden = set(mine)
        names = [name for name in names if name not in hidden]
        names += mine if cursor == 0 and wanted.kind in ("", "string") else []
    if wanted.pattern != "*":
        names = list(filter(fits(wanted.pattern), names))
    return [str(after), [*names]]


def _dbsize(node: Node, session: Session, _: list[str]) -> Reply:
    mine = [name for name in node.content.names(session.database, node.t) if _number(node, session, name) is None]
    return node.held().size(session.database) + len(mine)


def _whole(said: str) -> int:
    digits = said.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
        raise Failure(NOT_WHOLE)
    return int(said)


ANY = 1 << 20
COMMANDS: Mapping[str, tuple[Handler, int, int]] = {
    "exists": (_exists, 1, ANY),
    "type": (_type, 1, 1),
    "get": (_get, 1, 1),
    "hgetall": (_hgetall, 1, 1),
    "ttl": (_ttl, 1, 1),
    "pttl": (_pttl, 1, 1),
    "expire": (_expire, 2, 2),
    "persist": (_persist, 1, 1),
    "set": (_set, 2, ANY),
    "del": (_delete, 1, ANY),
    "unlink": (_delete, 1, ANY),
    "scan": (_scan, 1, ANY),
    "dbsize": (_dbsize, 0, 0),
}
