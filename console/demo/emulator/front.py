"""What stands in front of moto: the log of all that arrives, the trail, the gate, the faults, the demo's CloudWatch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from console.demo.emulator.cloudwatch import CloudWatch
from console.demo.emulator.faults import Clocks, Fault, Faults
from console.demo.emulator.gate import Gate
from console.demo.emulator.journal import Journal
from console.demo.emulator.requests_form import App
from console.demo.emulator.requests_log import Requests
from console.demo.emulator.sessions import Sessions
from console.demo.emulator.trail import Trail
from console.demo.model import Model


def in_front(
    app: App,
    model: Model,
    faults_at: Callable[[float], Iterable[Fault]],
    clocks: Clocks,
    *,
    sessions: Sessions | None = None,
    trail: Trail | None = None,
) -> App:
    faults = Faults(faults_at, clocks)
    cloudwatch = CloudWatch(model, clocks.now, faults.troubled)
    gate = Gate(sessions or Sessions("operator"), model)
    trail = trail or Trail(clocks.now, Journal())
    return Requests(clocks.now).wrap(trail.wrap(gate.wrap(faults.wrap(cloudwatch.wrap(app)))))
