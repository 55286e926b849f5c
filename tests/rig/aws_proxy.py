"""A proxy in front of the emulated AWS: it writes down each request before it goes on, and makes some of them go wrong.

What it has written down is the oracle of what was sent, whatever a console believes. It runs in a thread of its own.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import orjson

ACCOUNT, ANOTHER = b"111122223333", b"999900001111"
PATIENCE_S = 20.0
READS = re.compile(r"(Describe|List|Get|Lookup|Simulate|Filter|AssumeRole|GET )")
_SCOPE = re.compile(r"Credential=([^/,]*)/\d*/[^/,]*/([^/,]*)/aws4_request")
_LONGEST_HEAD = 1 << 20


class Fate(StrEnum):
    """What becomes of a request."""

    PASSED = "passed"
    DROPPED = "dropped"  # before it went on: the connection ends
    UNANSWERED = "unanswered"  # it went on and was answered, and the answer is swallowed: the connection ends
    SWALLOWED = "swallowed"  # the same, and the connection stays open for ever
    DELAYED = "delayed"  # it goes on later
    LATE = "late"  # it goes on at once, and its answer comes later
    UNAVAILABLE = "unavailable"  # 503, and it did not go on
    THROTTLED = "throttled"  # as AWS says it, and it did not go on
    DENIED = "denied"  # 403, and it did not go on
    WRONG_ACCOUNT = "wrong-account"  # the answer is of another account


REFUSALS = {
    Fate.UNAVAILABLE: (503, "ServiceUnavailable", "Service is unavailable."),
    Fate.THROTTLED: (400, "Throttling", "Rate exceeded"),
    Fate.DENIED: (403, "AccessDenied", "User is not authorized to perform this."),
}


@dataclass(slots=True)
class Sent:
    """One request as it came. ``status``: of the answer that AWS gave; None where it gave none, or not yet."""

    at: float  # monotonic
    service: str
    operation: str
    key: str  # the access key
    token: str
    body: bytes
    said: dict[str, Any]  # by its first names
    headers: dict[str, str]
    fate: Fate = Fate.PASSED
    status: int | None = None
    answer: bytes = b""

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"

    @property
    def is_mutating(self) -> bool:
        return bool(self.service) and READS.match(self.operation) is None


@dataclass(slots=True)
class Rule:
    """``pattern``: of the shell, of the operation with its service or without; ``times``: None is every time."""

    fate: Fate
    pattern: str
    times: int | None = None
    seconds: float = 0.0


@dataclass
class AwsProxy:
    """``to``: the endpoint of an emulator. ``url`` is where this listens."""

    to: str
    url: str = ""
    _sent: list[Sent] = field(default_factory=list)
    _rules: list[Rule] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rig-aws-proxy", daemon=True)
        self._thread.start()
        self._server: asyncio.Server = self._run(
            asyncio.start_server(self._served, "127.0.0.1", 0, limit=_LONGEST_HEAD)
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def let(self, fate: Fate, pattern: str = "*", *, times: int | None = None, seconds: float = 0.0) -> None:
        """From now on; the latest that fits decides."""
        with self._news:
            self._rules.append(Rule(fate, pattern, times, seconds))

    def mend(self) -> None:
        with self._news:
            self._rules.clear()

    def requests(self, pattern: str = "*") -> list[Sent]:
        with self._news:
            return [each for each in self._sent if _fits(pattern, each)]

    def mutations(self, pattern: str = "*") -> list[Sent]:
        """What would change something, in the order in which it came: whether it went on or not."""
        return [each for each in self.requests(pattern) if each.is_mutating]

    def counted(self) -> Counter[str]:
        """The mutations, by operation."""
        return Counter(each.name for each in self.mutations())

    def wait_for(
        self, pattern: str, count: int = 1, *, answered: bool = False, seconds: float = PATIENCE_S
    ) -> list[Sent]:
        """Until so many have come, or AWS has answered so many."""

        def found() -> list[Sent]:
            return [s for s in self._sent if _fits(pattern, s) and (s.status is not None or not answered)]

        with self._news:
            assert self._news.wait_for(lambda: len(found()) >= count, seconds), f"no {count} of {pattern}"
            return found()

    def forget(self) -> None:
        """What was written down so far."""
        with self._news:
            self._sent.clear()

    def _run(self, work: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(PATIENCE_S)

    async def _end(self) -> None:
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())  # nobody else comes in,
        await _turns()  # and who is halfway in has a task: asyncio loses those where its server is closed meanwhile
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _turns()  # and what was closed is gone

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await _Line(reader, writer, self.to, self._entered, self._answered).carry()
        except (OSError, asyncio.IncompleteReadError):
            pass  # either end has left
        except asyncio.CancelledError:
            writer.transport.abort()  # what nobody reads any more is not waited for
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            self._tasks.discard(task)  # only now is nothing of it left to the loop

    def _entered(self, sent: Sent) -> Rule:
        with self._news:
            fitting = (r for r in reversed(self._rules) if r.times != 0 and _fits(r.pattern, sent))
            rule = next(fitting, Rule(Fate.PASSED, "*"))
            if rule.times is not None:
                rule.times -= 1
            sent.fate = rule.fate
            self._sent.append(sent)
            self._news.notify_all()
            return rule

    def _answered(self, sent: Sent, status: int, answer: bytes) -> None:
        with self._news:
            sent.status, sent.answer = status, answer
            self._news.notify_all()


@dataclass
class _Line:
    """One client's connection, and the one to AWS that goes with it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    to: str
    entered: Callable[[Sent], Rule]
    answered: Callable[[Sent, int, bytes], None]
    _far: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def carry(self) -> None:
        try:
            while await self._one():
                pass
        finally:
            if self._far is not None:
                self._far[1].close()
                with suppress(OSError):
                    await self._far[1].wait_closed()

    async def _one(self) -> bool:
        """Whether the connection goes on."""
        head, body = await _message(self.reader)
        sent = _sent(head, body)
        rule = self.entered(sent)
        match rule.fate:
            case Fate.DROPPED:
                return False
            case fate if fate in REFUSALS:
                return await self._say(_refusal(sent, *REFUSALS[fate]))
            case Fate.DELAYED:
                await asyncio.sleep(rule.seconds)
        answer = await self._asked(head, body, sent)
        match rule.fate:
            case Fate.UNANSWERED:
                return False
            case Fate.SWALLOWED:
                await self.reader.read()  # until the client leaves
                return False
            case Fate.LATE:
                await asyncio.sleep(rule.seconds)
            case Fate.WRONG_ACCOUNT:
                answer = answer.replace(ACCOUNT, ANOTHER)  # as long as the other
        return await self._say(answer)

    async def _say(self, answer: bytes) -> bool:
        self.writer.write(answer)
        await self.writer.drain()
        return True

    async def _asked(self, head: bytes, body: bytes, sent: Sent) -> bytes:
        if self._far is None:
            there = urlsplit(self.to)
            self._far = await asyncio.open_connection(there.hostname, there.port, limit=_LONGEST_HEAD)
        reader, writer = self._far
        writer.write(head + body)
        await writer.drain()
        said, answer = await _message(reader)
        self.answered(sent, int(said.split(b" ", 2)[1]), answer)
        return said + answer


async def _turns(count: int = 10) -> None:
    """Of the loop: what is ready gets on, and nothing is waited for."""
    for _ in range(count):
        await asyncio.sleep(0)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return head, await reader.readexactly(int(length[1])) if length else b""


def _sent(head: bytes, body: bytes) -> Sent:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    method, path, _ = first.split(" ", 2)
    scope = _SCOPE.search(headers.get("authorization", ""))
    key, service = scope.groups() if scope else ("", "")
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    said: dict[str, Any] = {}
    if target or "json" in headers.get("content-type", ""):
        with suppress(orjson.JSONDecodeError):
            said = orjson.loads(body)
    else:
        said = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
    operation = target or said.pop("Action", "") or f"{method} {path}"
    token = headers.get("x-amz-security-token", "")
    return Sent(time.monotonic(), service, str(operation), key, token, body, said, headers)


def _fits(pattern: str, sent: Sent) -> bool:
    return fnmatchcase(sent.operation, pattern) or fnmatchcase(sent.name, pattern)


def _refusal(sent: Sent, status: int, code: str, text: str) -> bytes:
    """In the form of the request's protocol."""
    if "x-amz-target" in sent.headers:
        kind, body = "application/x-amz-json-1.0", orjson.dumps({"__type": code, "message": text})
    else:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
        kind, body = "text/xml", f"<ErrorResponse>{error}<RequestId>rig</RequestId></ErrorResponse>".encode()
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
