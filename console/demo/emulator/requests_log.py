"""What has reached the emulator? Counted before any fault strikes, so that it is what a client has sent."""

from __future__ import annotations

import threading
import urllib.parse
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from console.demo.emulator.requests_form import Answer, App, Asked, Environ, Start, asked, send

PATH = "/_demo/requests"
LAST = 1_000


@dataclass(slots=True)
class Logged:
    t: float
    service: str
    operation: str
    metrics: int  # that are charged for
    status: int | None = None  # None: not answered, or not yet


class Requests:
    """The last thousand, and how many there were of each operation."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last: deque[Logged] = deque(maxlen=LAST)
        self._count: Counter[str] = Counter()
        self._metrics = 0
        self._lock = threading.Lock()

    def wrap(self, app: App) -> App:
        def logged(environ: Environ, start: Start) -> Iterable[bytes]:
            if environ.get("PATH_INFO") == PATH:
                return send(Answer(200, (("Content-Type", "application/json"),), orjson.dumps(self.document())), start)
            entry = self._entered(asked(environ))

            def noted(status: str, headers: Any, *more: Any) -> object:
                entry.status = int(status.split(" ", 1)[0])
                return start(status, headers, *more)

            return app(environ, noted)

        return logged

    def _entered(self, request: Asked) -> Logged:
        entry = Logged(self._now(), request.service, request.operation, charged(request))
        with self._lock:
            self._last.append(entry)
            self._count[f"{request.service}:{request.operation}"] += 1
            self._metrics += entry.metrics
        return entry

    def document(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": self._count.total(),
                "metrics": self._metrics,
                "by_operation": dict(sorted(self._count.items())),
                "last": [asdict(entry) for entry in self._last],
            }


def charged(request: Asked) -> int:
    """GetMetricData is paid for by the metric, whatever its window."""
    if request.operation != "GetMetricData":
        return 0
    if request.protocol == "query":
        names = urllib.parse.unquote_plus(request.body.decode("latin-1"))
        return names.count(".MetricStat.Metric.MetricName=")
    try:
        queries = orjson.loads(request.body).get("MetricDataQueries", ())
        return sum("MetricStat" in query for query in queries)
    except (orjson.JSONDecodeError, AttributeError, TypeError):
        return 0  # it will be refused
