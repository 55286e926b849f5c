"""How much was asked of AWS, by whom, and what did it cost: since this engine began, today, at the present pace?"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from collectors.aws.prices import Prices, Spent
from collectors.job import Job, running

FORMAT = 1
PACE_OVER = timedelta(minutes=15)
LEAST_PACE = timedelta(minutes=2)  # before that a start-up would be taken for the pace
_DAY = timedelta(days=1)
_Counts = Counter[tuple[str, str, str]]  # by service, operation and what is counted


class Meter:
    """Counts what is sent, each attempt of its own. Threads may use it."""

    def __init__(self, prices: Prices, now: Callable[[], datetime]) -> None:
        self._prices = prices
        self._now = now
        self._lock = threading.Lock()
        self._all: _Counts = Counter()
        self._today: _Counts = Counter()
        self._day = now().date()
        self._of: dict[Job, _Counts] = {}
        self._recent: deque[tuple[datetime, Decimal]] = deque()
        self._began: datetime | None = None

    def count(self, service: str, operation: str, metrics: int = 0) -> None:
        """One request that is being sent."""
        job, now = running.get(), self._now()
        with self._lock:
            self._turn(now)
            own = [] if job is None else [self._of.setdefault(job, Counter())]
            for counts in (self._all, self._today, *own):
                counts[service, operation, "requests"] += 1
                counts[service, operation, "metrics"] += metrics
            self._began = self._began or now
            self._recent.append((now, self._prices.of(service, operation, 1, metrics)))
            while self._recent and self._recent[0][0] <= now - PACE_OVER:
                self._recent.popleft()

    def spent(self) -> Spent:
        """Since this engine began."""
        with self._lock:
            return self._sum(self._all)

    def today(self) -> Spent:
        """Since midnight of UTC, by whichever engine of this estate."""
        with self._lock:
            self._turn(self._now())
            return self._sum(self._today)

    def of(self, collector: str, target: str) -> Spent:
        with self._lock:
            return self._sum(self._of.get(Job(collector, target), Counter()))

    def rate_per_day(self) -> float | None:
        """Dollars a day at the pace of the last quarter of an hour; None until there is one."""
        now = self._now()
        with self._lock:
            if self._began is None or now - self._began < LEAST_PACE:
                return None
            over = min(PACE_OVER, now - self._began)
            usd = sum((cost for at, cost in self._recent if at > now - PACE_OVER), Decimal())
            return float(usd) * (_DAY / over)

    def remember(self) -> dict[str, Any]:
        """The day so far, for the next engine."""
        with self._lock:
            counted = [[*key, count] for key, count in sorted(self._today.items()) if count]
            return {"format": FORMAT, "day": self._day.isoformat(), "counted": counted}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """What an engine before this one has counted; of another day or in another format it is nothing to us.

        Raises ValueError, KeyError or TypeError for what no meter has remembered.
        """
        if remembered["format"] != FORMAT or remembered["day"] != self._now().date().isoformat():
            return
        counted: _Counts = Counter()
        for service, operation, what, count in remembered["counted"]:
            if what not in ("requests", "metrics") or not isinstance(count, int) or count < 0:
                raise ValueError(f"{what} {count!r} is no count")
            counted[str(service), str(operation), what] = count
        with self._lock:
            self._turn(self._now())
            self._today.update(counted)

    def _turn(self, now: datetime) -> None:
        """A new day begins at nought. A clock that was set back begins none."""
        if now.date() > self._day:
            self._day = now.date()
            self._today.clear()

    def _sum(self, counts: _Counts) -> Spent:
        of = {(service, operation) for service, operation, _ in counts}
        costs = (self._prices.of(*each, counts[(*each, "requests")], counts[(*each, "metrics")]) for each in of)
        return Spent(
            requests=sum(n for (_, _, what), n in counts.items() if what == "requests"),
            metrics=sum(n for (_, _, what), n in counts.items() if what == "metrics"),
            usd=float(sum(costs, Decimal())),
        )
