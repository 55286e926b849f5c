"""Which requests go wrong at present, and how? A scenario's faults, in front of everything that answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from collectors.readings import ResourceId
from console.demo.emulator import faults_sockets
from console.demo.emulator.gate import denied, spelt
from console.demo.emulator.grants import READS, needed
from console.demo.emulator.policies import Layer, Question, Refusal
from console.demo.emulator.requests_form import App, Asked, Environ, Refused, Start, asked, error, send
from console.demo.emulator.sessions import KEY, Session

COLLECTORS: Mapping[str, frozenset[str]] = {  # who asks for it; any other reads the inventory
    "GetMetricData": frozenset({"cloudwatch", "cloudwatch-history"}),
    "GetMetricStatistics": frozenset({"cloudwatch"}),
    "ListMetrics": frozenset({"cloudwatch"}),
    "DescribeAlarms": frozenset({"alarms"}),
    "DescribeAlarmHistory": frozenset({"alarms"}),
    "DescribeEvents": frozenset({"events"}),
    "DescribePendingMaintenanceActions": frozenset({"events"}),
    **dict.fromkeys(
        (
            *("DescribeDBSnapshots", "DescribeDBClusterSnapshots", "DescribeDBInstanceAutomatedBackups"),
            *("DescribeSnapshots", "DescribeContinuousBackups", "ListBackups", "DescribeKey"),
            *("ListBackupJobs", "ListBackupVaults", "ListCopyJobs", "ListProtectedResources", "ListRestoreJobs"),
            "ListRecoveryPointsByBackupVault",
        ),
        frozenset({"backups"}),
    ),
}
INVENTORY = frozenset({"inventory"})


class Fault(Protocol):
    """Of one resource, or of all of them; as one collector meets it, or any."""

    @property
    def resource(self) -> ResourceId | None: ...
    @property
    def collector(self) -> str | None: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Clocks:
    now: Callable[[], float]  # of the request
    latest: Callable[[], float]  # that any request has told since, or that has passed


class Faults:
    """``at``: the faults of a time."""

    def __init__(self, at: Callable[[float], Iterable[Fault]], clocks: Clocks) -> None:
        self._at = at
        self._clocks = clocks

    def wrap(self, app: App) -> App:
        def struck(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            kind = self._strikes(request, self._clocks.now())
            match kind:
                case None:
                    return app(environ, start)
                case "hang":
                    faults_sockets.hang(environ, lambda: self._strikes(request, self._clocks.latest()) == "hang")
                    return app(environ, start)
                case "refuse":
                    faults_sockets.reset(environ)
                case "drop":
                    faults_sockets.break_off(environ, app)
            return send(error(request, refusal(kind, request, environ.get(KEY))), start)

        return struck

    def _strikes(self, request: Asked, t: float) -> str | None:
        return next((f.kind for f in self._at(t) if strikes(f, request)), None)

    def troubled(self, t: float) -> Mapping[ResourceId, str]:
        """Whose metrics fail within a batch that is answered: of one series AWS can say no more than that."""
        words = {"access-denied": "Forbidden"}
        return {
            fault.resource: words.get(fault.kind, "InternalError")
            for fault in self._at(t)
            if fault.resource is not None and fault.collector in (None, *COLLECTORS["GetMetricData"])
        }


def strikes(fault: Fault, request: Asked) -> bool:
    """A fault of one resource strikes what asks for that one by name; a batch of metrics is answered (`troubled`)."""
    if request.service in ("sts", "") or not request.operation.startswith(READS):
        return False
    if fault.collector is not None and fault.collector not in COLLECTORS.get(request.operation, INVENTORY):
        return False
    if fault.resource is None:
        return True
    return request.operation != "GetMetricData" and names(request.body, fault.resource)


def names(body: bytes, resource: str) -> bool:
    """As a whole word: what asks for orders-primary-2 does not ask for orders-primary."""
    return re.search(rb"(?<![\w-])" + re.escape(resource.encode()) + rb"(?![\w-])", body) is not None


def refusal(kind: str, request: Asked, session: Session | None = None) -> Refused:
    match kind:
        case "throttle":
            old = request.protocol == "query" or request.service == "cloudwatch"
            return Refused("Throttling" if old else "ThrottlingException", "Rate exceeded")
        case "expired-token":
            text = "The security token included in the request is expired"
            return spelt(request, Refused("ExpiredToken", text, 403))
        case "access-denied":
            return spelt(request, _denied(request, session))
        case _:
            return Refused("InternalFailure", f"The demo knows no fault of the kind {kind}.", 500)


def _denied(request: Asked, session: Session | None) -> Refused:
    """As though nothing that the asker has allowed it."""
    first = needed(request)[0]
    who = "" if session is None else session.arn
    because = Refusal(Layer.IDENTITY, is_explicit=False).because(first.action)
    return denied(who, Question(first.action, first.resource, {}), because)
