"""CloudWatch as the demo answers it, in front of what moto answers for the rest of AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from collectors.readings import ResourceId
from console.demo.emulator import metric_data
from console.demo.emulator.alarms import Alarms
from console.demo.emulator.list_metrics import Listing
from console.demo.emulator.metric_series import Points
from console.demo.emulator.requests_form import (
    App,
    Asked,
    Environ,
    Refused,
    Start,
    answer,
    asked,
    error,
    parameters,
    send,
    stamp,
)
from console.demo.inventory import REGION
from console.demo.model import Model

EMPTY: Mapping[ResourceId, str] = {}
Operation = Callable[[Asked, dict[str, Any], float], dict[str, Any]]


class CloudWatch:
    """``troubled``: whose metrics cannot be read at a time, by the status that their results then have."""

    def __init__(
        self,
        model: Model,
        now: Callable[[], float],
        troubled: Callable[[float], Mapping[ResourceId, str]] = lambda t: EMPTY,
    ) -> None:
        self._now = now
        self._troubled = troubled
        self._points = Points(model)
        self._nowhere = Points(Model(0, 0, ()))  # another region has none of it
        self._alarms, self._no_alarms = Alarms(self._points), Alarms(self._nowhere)
        self._listing, self._empty = Listing(self._points), Listing(self._nowhere)
        self._operations: Mapping[str, Operation] = {
            "GetMetricData": self._metric_data,
            "GetMetricStatistics": self._metric_statistics,
            "ListMetrics": self._list_metrics,
            "DescribeAlarms": self._describe_alarms,
        }

    def wrap(self, app: App) -> App:
        def answered(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            operation = self._operations.get(request.operation) if request.service == "cloudwatch" else None
            if operation is None:
                return app(environ, start)
            try:
                return send(answer(request, operation(request, parameters(request), self._now())), start)
            except Refused as e:
                return send(error(request, e), start)

        return answered

    def _metric_data(self, request: Asked, said: dict[str, Any], now: float) -> dict[str, Any]:
        points = self._points if request.region == REGION else self._nowhere
        return metric_data.get_metric_data(points, said, now, stamp(request), self._troubled(now))

    def _metric_statistics(self, request: Asked, said: dict[str, Any], now: float) -> dict[str, Any]:
        points = self._points if request.region == REGION else self._nowhere
        return metric_data.get_metric_statistics(points, said, now, stamp(request))

    def _list_metrics(self, request: Asked, said: dict[str, Any], now: float) -> dict[str, Any]:
        return (self._listing if request.region == REGION else self._empty).answer(said, now)

    def _describe_alarms(self, request: Asked, said: dict[str, Any], now: float) -> dict[str, Any]:
        return (self._alarms if request.region == REGION else self._no_alarms).answer(said, now, stamp(request))
