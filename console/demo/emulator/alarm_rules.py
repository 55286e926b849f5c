"""Which alarms does the estate's owner keep in CloudWatch, and what state is each in, given its points?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from collectors.readings import ResourceId
from console.demo.inventory import Machine

GIB = 1024**3
State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
OPERATORS = {"GreaterThanThreshold": "greater", "LessThanThreshold": "less"}


@dataclass(frozen=True, slots=True)
class Rule:
    """``wanted`` of the last ``looked_at`` minutes beyond the threshold are an alarm."""

    name: str
    machine: ResourceId
    metric: str
    statistic: str
    operator: str
    threshold: float
    wanted: int
    looked_at: int
    says: str
    missing: str = "missing"  # or notBreaching: no data is good news

    def breaches(self, value: float) -> bool:
        return value > self.threshold if self.operator == "GreaterThanThreshold" else value < self.threshold


def rules(machine: Machine) -> Iterator[Rule]:
    """Those that are apt for it."""
    above, below = "GreaterThanThreshold", "LessThanThreshold"
    who = machine.id

    def rule(suffix: str, metric: str, statistic: str, operator: str, threshold: float, *of: int, says: str) -> Rule:
        wanted, looked_at = of
        missing = "notBreaching" if metric == "WriteThrottleEvents" else "missing"
        name = f"{who}-{suffix}"
        return Rule(name, who, metric, statistic, operator, threshold, wanted, looked_at, says, missing)

    if machine.kind == "instance":
        yield rule("cpu", "CPUUtilization", "Average", above, 80, 5, 5, says="The processors have no room left")
    if machine.kind == "instance" and machine.storage_gib:
        tenth = 0.1 * machine.storage_gib * GIB
        yield rule("storage", "FreeStorageSpace", "Minimum", below, tenth, 3, 3, says="Less than a tenth is free")
    if machine.storage_type == "gp2":
        yield rule("burst", "BurstBalance", "Minimum", below, 20, 3, 3, says="The volume will soon be slow")
    if machine.kind == "instance" and machine.source is not None:
        if machine.storage_type == "aurora":
            yield rule("lag", "AuroraReplicaLag", "Maximum", above, 1000, 3, 5, says="The reader is behind")
        else:
            yield rule("lag", "ReplicaLag", "Maximum", above, 30, 3, 5, says="The replica is behind its source")
    if machine.kind == "cache":
        memory = "DatabaseMemoryUsagePercentage"
        yield rule("memory", memory, "Maximum", above, 85, 3, 3, says="Soon keys are evicted")
        yield rule("cpu", "EngineCPUUtilization", "Average", above, 80, 5, 5, says="The engine's one thread is busy")
    if machine.kind == "table":
        yield rule("throttled", "WriteThrottleEvents", "Sum", above, 0, 2, 3, says="Writes are refused")


def state(rule: Rule, values: Sequence[float]) -> State:
    """``values``: of the minutes looked at; not a number where there is no data."""
    seen = [value for value in values if not math.isnan(value)]
    bad = sum(map(rule.breaches, seen))
    if bad >= rule.wanted:
        return "ALARM"
    if not seen and rule.missing == "missing":
        return "INSUFFICIENT_DATA"
    return "OK"


def reason(rule: Rule, now: State, shown: Sequence[tuple[str, float]]) -> str:
    """In CloudWatch's words; ``shown``: the newest first, each minute as CloudWatch writes it."""
    seen = [(at, value) for at, value in shown if not math.isnan(value)]
    if not seen and now == "OK":
        n = rule.looked_at
        unheard = f"no datapoints were received for {n} periods and {n} missing datapoints"
        return f"Threshold Crossed: {unheard} were treated as [NonBreaching]."
    if not seen:
        return f"Insufficient Data: {rule.looked_at} datapoints were unknown."
    alarming = now == "ALARM"
    tell = [(at, value) for at, value in seen if rule.breaches(value) == alarming]
    listed = ", ".join(f"{value:g} ({at})" for at, value in tell)
    compared = f"{'was' if len(tell) == 1 else 'were'}{'' if alarming else ' not'} {OPERATORS[rule.operator]}"
    least = rule.wanted if alarming else rule.looked_at - rule.wanted + 1
    change = "OK -> ALARM" if alarming else "ALARM -> OK"
    return (
        f"Threshold Crossed: {len(tell)} out of the last {rule.looked_at} datapoints [{listed}] {compared} than the "
        f"threshold ({float(rule.threshold)}) (minimum {least} datapoint{'s' * (least > 1)} for {change} transition)."
    )
