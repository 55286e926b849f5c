"""What stands in front of moto: the log of all that arrives, then the faults, then the demo's own CloudWatch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from console.demo.emulator.cloudwatch import CloudWatch
from console.demo.emulator.faults import Clocks, Fault, Faults
from console.demo.emulator.requests_form import App
from console.demo.emulator.requests_log import Requests
from console.demo.model import Model


def in_front(app: App, model: Model, faults_at: Callable[[float], Iterable[Fault]], clocks: Clocks) -> App:
    faults = Faults(faults_at, clocks)
    cloudwatch = CloudWatch(model, clocks.now, faults.troubled)
    return Requests(clocks.now).wrap(faults.wrap(cloudwatch.wrap(app)))
