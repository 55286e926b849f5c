"""What does a node do when it is told to? One command in, one reply out, and errors in Redis' own words."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.redis.asking import Reply
from console.demo.redis import keyspace, telling
from console.demo.redis.keys import DATABASES
from console.demo.redis.node import Handler, Node, Session
from console.demo.redis.resp import Failure, Simple
from console.demo.redis.users import ALWAYS, DEFAULT, FLUSHES, NO_LOGIN, WRITES

OK = Simple("OK")
NOT_WHOLE = "ERR value is not an integer or out of range"
HELLO_NO_LOGIN = (
    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option "
    "can be used to authenticate the client and select the RESP protocol version at the same time"
)
SHOWN = 20  # words of what is not known, as often as Redis repeats them


async def run(node: Node, session: Session, words: list[str]) -> Reply:
    """Raises `Failure` for an error that is answered."""
    name, handler, least, most, arguments = _found(words)
    if name not in ALWAYS:
        if session.user is None:
            raise Failure(NO_LOGIN)
        session.user.require(name)
    if not least <= len(arguments) <= most:
        raise Failure(f"ERR wrong number of arguments for '{name}' command")
    session.last = name
    node.require_ready(name)
    if name in WRITES:
        node.require_primary()
    if name in FLUSHES:
        if arguments and arguments[0].upper() not in ("ASYNC", "SYNC"):
            raise Failure("ERR syntax error")
        await node.flush(session.database if name == "flushdb" else None, name.upper())
        return OK
    return handler(node, session, arguments)


def _found(words: list[str]) -> tuple[str, Handler, int, int, list[str]]:
    name = words[0].lower()
    if name in CONTAINERS:
        if len(words) < 2:
            raise Failure(f"ERR wrong number of arguments for '{name}' command")
        full = f"{name}|{words[1].lower()}"
        if full not in COMMANDS:
            raise Failure(f"ERR unknown subcommand '{words[1][:128]}'. Try {name.upper()} HELP.")
        return full, *COMMANDS[full], words[2:]
    if name not in COMMANDS:
        shown = "".join(f"'{word[:128]}' " for word in words[1:SHOWN])
        raise Failure(f"ERR unknown command '{words[0][:128]}', with args beginning with: {shown}")
    return name, *COMMANDS[name], words[1:]


def _auth(node: Node, session: Session, arguments: list[str]) -> Reply:
    user, password = (DEFAULT, arguments[0]) if len(arguments) == 1 else arguments
    if len(arguments) == 1 and node.users.by_name[DEFAULT].password is None:
        raise Failure(
            "ERR AUTH <password> called without any password configured for the default user. "
            "Are you sure your configuration is correct?"
        )
    session.user = node.users.logged_in(user, password)
    return OK


def _hello(node: Node, session: Session, arguments: list[str]) -> Reply:
    if arguments and not arguments[0].isdigit():
        raise Failure("ERR Protocol version is not an integer or out of range")
    if arguments and int(arguments[0][:4]) != 2:
        raise Failure("NOPROTO unsupported protocol version")
    options, user, name = arguments[1:], session.user, session.name
    while options:
        match [options[0].upper(), *options[1:]]:
            case ["AUTH", who, password, *rest]:
                user = node.users.logged_in(who, password)
            case ["SETNAME", name, *rest]:
                pass
            case _:
                raise Failure(f"ERR Syntax error in HELLO option '{options[0][:128]}'")
        options = rest
    if user is None:
        raise Failure(HELLO_NO_LOGIN)
    session.user, session.name = user, name
    role = "replica" if node.is_replica else "master"
    version: list[Reply] = ["server", "redis", "version", telling.version(node), "proto", 2, "id", session.id]
    modules: list[Reply] = []
    return [*version, "mode", "standalone", "role", role, "modules", modules]


def _ping(_: Node, __: Session, arguments: list[str]) -> Reply:
    return arguments[0] if arguments else Simple("PONG")


def _echo(_: Node, __: Session, arguments: list[str]) -> Reply:
    return arguments[0]


def _quit(_: Node, session: Session, __: list[str]) -> Reply:
    session.is_over = True
    return OK


def _select(_: Node, session: Session, arguments: list[str]) -> Reply:
    if not (arguments[0].isascii() and arguments[0].isdigit()):
        raise Failure(NOT_WHOLE)
    if int(arguments[0][:6]) >= DATABASES:
        raise Failure("ERR DB index is out of range")
    session.database = int(arguments[0])
    return OK


def _flush(*_: object) -> Reply:
    """It is waited for: see `run`."""
    return OK


ANY = 1 << 20
CONTAINERS = frozenset({"client", "slowlog", "latency", "memory", "config", "cluster", "acl"})
COMMANDS: Mapping[str, tuple[Handler, int, int]] = {
    "auth": (_auth, 1, 2),
    "hello": (_hello, 0, ANY),
    "ping": (_ping, 0, 1),
    "echo": (_echo, 1, 1),
    "quit": (_quit, 0, ANY),
    "select": (_select, 1, 1),
    "flushdb": (_flush, 0, 1),
    "flushall": (_flush, 0, 1),
    **keyspace.COMMANDS,
    **telling.COMMANDS,
}
