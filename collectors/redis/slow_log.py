"""Which commands took a cache long? The newest of its own log, without what anybody stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.inside.cache import Slow, SlowLog
from collectors.readings import Reading, ResourceId
from collectors.redis.asking import Caches, Question, Reply, grant_of
from collectors.redis.redaction import command_of, key_of

MOST = 32
COMMAND = ("SLOWLOG", "GET", str(MOST))
GRANT = grant_of(COMMAND)
ASKED = Question("slow-log", grants=(GRANT,), commands=(COMMAND,))


class SlowCommands(Collector[ResourceId]):
    """One `SlowLog` for each pass over a node."""

    name = "slow-log"
    every = timedelta(seconds=30)
    needs = (GRANT,)

    def __init__(self, caches: Caches, now: Callable[[], datetime]) -> None:
        self._caches, self._now = caches, now
        self._before: dict[ResourceId, tuple[datetime, int]] = {}  # when we looked, and the newest number

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        (reply,) = await self._caches.of(target).read(ASKED)
        now = self._now()
        found = rows(reply)
        newest = found[0].id if found else -1
        before, self._before[target] = self._before.get(target), (now, newest)
        yield SlowLog(target, now, found, _per_s(before, now, newest))


def rows(reply: Reply) -> tuple[Slow, ...]:
    """Raises `CannotCollect` for what is no such log."""
    try:
        return tuple(_slow(each) for each in _list(reply)[:MOST])
    except (ValueError, IndexError, OverflowError, OSError):
        what = "The cache's slow log has a form that is not understood."
        raise CannotCollect(what, mend="Tell us the server's version.") from None


def _slow(entry: Reply) -> Slow:
    """Number, time, microseconds, words; since version 4 the client's address and name too, which are not kept."""
    told = _list(entry)
    words = [str(word) for word in _list(told[3])]
    at = datetime.fromtimestamp(_whole(told[1]), UTC)
    return Slow(_whole(told[0]), at, _whole(told[2]), command_of(words), key_of(words), len(words))


def _per_s(before: tuple[datetime, int] | None, now: datetime, newest: int) -> float | None:
    """Numbers count all that was slow since the start. They fall where it was started anew; an empty log has none."""
    if before is None or before[1] < 0 or newest < before[1] or now <= before[0]:
        return None
    return (newest - before[1]) / (now - before[0]).total_seconds()


def _list(reply: Reply) -> list[Reply]:
    if not isinstance(reply, list):
        raise ValueError(type(reply).__name__)
    return reply


def _whole(reply: Reply) -> int:
    if not isinstance(reply, int):
        raise ValueError(type(reply).__name__)
    return reply
