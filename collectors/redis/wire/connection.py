"""One connection to a node. Whoever holds it sets the deadline: cancelled or broken, it must be closed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.redis.asking import Reply, Words
from collectors.redis.wire.target import DEFAULT_USER, NAME, Target
from collectors.safe import sanitise
from collectors.threads import Threads

if TYPE_CHECKING:
    from redis.asyncio import Connection as Raw

MOST_BYTES = 1024 * 1024  # of one section


class Connection:
    """Asks one thing at a time."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw

    @classmethod
    async def open(
        cls, target: Target, credentials: Credentials, threads: Threads, *, name: str = NAME
    ) -> Connection:
        """Raises redis-py's own errors: `errors.told` knows them. ``name``: as CLIENT LIST shows it."""
        raw = _raw(target, credentials)
        made = cls(raw)
        try:
            if target.tls:
                await threads.call(f"certificates for {target}", raw.ssl_context.get)  # it reads files
            await raw.connect()
            await made._say_who(name)
        except BaseException:
            await made.close()
            raise
        return made

    @property
    def peer(self) -> str | None:
        """The other end's IP address."""
        return self._raw.getpeername()

    async def ask(self, sections: Sequence[str]) -> list[str]:
        """INFO of each section, in one journey."""
        return [_text(answer) for answer in await self._all([("INFO", section) for section in sections])]

    async def do(self, commands: Sequence[Words]) -> tuple[Reply, ...]:
        """What is replied to each, in one journey."""
        return tuple(_reply(answer) for answer in await self._all(commands))

    async def each(self, commands: Sequence[Sequence[str | bytes]]) -> list[Any]:
        """What came back for each, in one journey: as it came, an error that was answered among the rest.

        On this very connection: redis-py would make another one in the place of one that is lost.
        """
        if not self._raw.is_connected:
            raise ConnectionResetError("the connection is closed")
        await self._raw.send_packed_command(self._raw.pack_commands(commands))
        return [await self._answer() for _ in commands]

    async def close(self) -> None:
        with contextlib.suppress(Exception):  # the line is broken: then it is closed
            await self._raw.disconnect(nowait=True)

    async def _all(self, commands: Sequence[Words]) -> list[Any]:
        answers = await self.each(commands)
        for answer in answers:  # all have come: the connection is good whatever they are
            if isinstance(answer, Exception):
                raise answer
        return answers

    async def _answer(self) -> Any:
        """An error that the server answers is an answer too: more may follow it."""
        from redis.exceptions import ResponseError  # noqa: PLC0415 - as below

        try:
            return await self._raw.read_response(disable_decoding=True)
        except ResponseError as error:
            return error

    async def _say_who(self, name: str) -> None:
        """A user that may ask INFO and nothing else has no name, and is no worse for it."""
        await self._raw.send_command("CLIENT", "SETNAME", name)
        await self._answer()


def _raw(target: Target, credentials: Credentials) -> Any:
    try:
        from redis.asyncio import Connection as Plain  # noqa: PLC0415 - an extra, which not everybody installs
        from redis.asyncio import SSLConnection  # noqa: PLC0415
    except ImportError as error:
        raise CannotCollect(
            "Redis and Valkey cannot be asked: redis-py is not installed.", seen=sanitise(str(error), 200),
            mend="Run `pip install 'dbconsole[redis]'`.",
        ) from None  # fmt: skip
    user = None if credentials.user in ("", DEFAULT_USER) else credentials.user
    common: dict[str, Any] = {
        "host": target.host,
        "port": target.port,
        "username": user,
        "password": credentials.password or None,
        "socket_timeout": target.login_s,
        "socket_connect_timeout": target.login_s,
        "protocol": 2,  # which every version speaks
        "driver_info": None,  # CLIENT SETINFO would need a grant of its own
    }
    if not target.tls:
        return Plain(**common)
    return SSLConnection(
        ssl_cert_reqs="required", ssl_check_hostname=True, ssl_ca_certs=target.ca_file or None, **common
    )


def _reply(answer: object) -> Reply:
    match answer:
        case bytes():
            return answer[:MOST_BYTES].decode("utf-8", "replace")
        case list():
            return [_reply(each) for each in answer]
        case int() | None:
            return answer
    raise CannotCollect("The cache replied in a form that is not understood.", seen=sanitise(type(answer).__name__))


def _text(answer: object) -> str:
    if not isinstance(answer, bytes) or len(answer) > MOST_BYTES:
        raise CannotCollect("The answer to INFO is no text, or longer than any that was foreseen.")
    return answer.decode("utf-8", "replace")
