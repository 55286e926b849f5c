"""What held a cache up inside? Its own record of what took longer than it was told to watch for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.inside.cache import Spike, Spikes
from collectors.readings import Reading, ResourceId
from collectors.redis.asking import Caches, Question, Reply, grant_of
from collectors.safe import sanitise

MOST = 20  # kinds; there are a dozen
COMMAND = ("LATENCY", "LATEST")
GRANT = grant_of(COMMAND)
ASKED = Question("latency", grants=(GRANT,), commands=(COMMAND,))


class LatencySpikes(Collector[ResourceId]):
    """One `Spikes` for each pass over a node; without rows too where nobody told it to watch."""

    name = "latency"
    every = timedelta(minutes=1)
    needs = (GRANT,)

    def __init__(self, caches: Caches, now: Callable[[], datetime]) -> None:
        self._caches, self._now = caches, now

    async def collect(self, target: ResourceId) -> AsyncIterator[Reading]:
        (reply,) = await self._caches.of(target).read(ASKED)
        yield Spikes(target, self._now(), rows(reply))


def rows(reply: Reply) -> tuple[Spike, ...]:
    """The latest first; raises `CannotCollect` for what is no such record."""
    try:
        found = [_spike(each) for each in (reply if isinstance(reply, list) else [reply])]
    except (ValueError, IndexError, OverflowError, OSError):
        what = "The cache's record of latency has a form that is not understood."
        raise CannotCollect(what, mend="Tell us the server's version.") from None
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:MOST])


def _spike(entry: Reply) -> Spike:
    """Its name, when, the latest and the most; later versions add more."""
    match entry:
        case [str(name), int(at), int(ms), int(most), *_]:
            return Spike(sanitise(name, 40), datetime.fromtimestamp(at, UTC), ms, most)
    raise ValueError(type(entry).__name__)
