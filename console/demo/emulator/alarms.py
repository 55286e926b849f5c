"""What does CloudWatch answer to DescribeAlarms? Each state follows from the points that could be read by then."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from pydantic import Field

from console.demo.emulator.alarm_rules import Rule, State, reason, rules, state
from console.demo.emulator.metric_data_query import Part, read
from console.demo.emulator.metric_series import LATEST_S, MINUTE, Points, dimensions, namespace
from console.demo.emulator.requests_form import Refused
from console.demo.inventory import ACCOUNT, REGION

Stamp = Callable[[int], int | str]
ARN = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:database-on-call"
CONFIGURED = 1_577_836_800  # 2020 began; each is in its state since then, where no change is found
LOOKED_BACK_S = {"OK": 900, "ALARM": 86_400, "INSUFFICIENT_DATA": 900}
MOST_CHILDREN = 100


class Asked(Part):
    AlarmNames: list[str] = Field(default=[], max_length=100)
    AlarmNamePrefix: str | None = None
    AlarmTypes: list[Literal["MetricAlarm", "CompositeAlarm"]] = Field(default=["MetricAlarm"])
    StateValue: Literal["OK", "ALARM", "INSUFFICIENT_DATA"] | None = None
    ActionPrefix: str | None = None
    ChildrenOfAlarmName: str | None = None
    ParentsOfAlarmName: str | None = None
    MaxRecords: int = Field(default=50, ge=1, le=100)
    NextToken: str | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """In alarm where any of its children is."""

    name: str
    children: tuple[Rule, ...]


class Alarms:
    """Every alarm apt for a machine, and one over all of the first application's."""

    def __init__(self, points: Points) -> None:
        self._points = points
        machines = points.model.machines.values()
        self._rules = {
            rule.name: rule for rule in sorted((r for m in machines for r in rules(m)), key=lambda r: r.name)
        }
        self._composites: dict[str, Composite] = {}
        app = next((m.app for m in machines), None)
        children = [r for r in self._rules.values() if points.model.machines[r.machine].app == app]
        if children:
            self._composites[f"{app}-unwell"] = Composite(f"{app}-unwell", tuple(children[:MOST_CHILDREN]))
        self._known: dict[str, tuple[int, State, int]] = {}  # by name: at a minute, its state, and since when

    def answer(self, said: dict[str, Any], now: float, stamp: Stamp) -> dict[str, Any]:
        wanted = read(Asked, said)
        if wanted.AlarmNames and wanted.AlarmNamePrefix is not None:
            raise Refused("ValidationError", "AlarmNames and AlarmNamePrefix cannot be given together.")
        at = math.floor(now / MINUTE) * MINUTE
        after = _after(wanted.NextToken)
        found: dict[str, list[dict[str, Any]]] = {"MetricAlarms": [], "CompositeAlarms": []}
        count, last = 0, ""
        for group, alarm in self._matching(wanted):
            place = f"{'1' if group == 'CompositeAlarms' else '0'}{alarm.name}"
            if place <= after or wanted.StateValue not in (None, self._state(alarm, at)):
                continue
            if count == wanted.MaxRecords:
                return found | {"NextToken": base64.urlsafe_b64encode(last.encode()).decode()}
            found[group].append(self._told(alarm, at, stamp))
            count, last = count + 1, place
        return dict(found)

    def _matching(self, wanted: Asked) -> Iterator[tuple[str, Rule | Composite]]:
        metric, composite = "MetricAlarm" in wanted.AlarmTypes, "CompositeAlarm" in wanted.AlarmTypes
        all_of: list[tuple[str, Rule | Composite]] = [("MetricAlarms", r) for r in self._rules.values() if metric]
        all_of += [("CompositeAlarms", c) for c in self._composites.values() if composite]
        family = self._family(wanted)
        for group, alarm in all_of:
            if (
                (not wanted.AlarmNames or alarm.name in wanted.AlarmNames)
                and alarm.name.startswith(wanted.AlarmNamePrefix or "")
                and TOPIC.startswith(wanted.ActionPrefix or "")
                and (family is None or alarm.name in family)
            ):
                yield group, alarm

    def _family(self, wanted: Asked) -> set[str] | None:
        if wanted.ChildrenOfAlarmName is not None:
            parent = self._composites.get(wanted.ChildrenOfAlarmName)
            return {child.name for child in parent.children} if parent else set()
        if wanted.ParentsOfAlarmName is not None:
            parents = self._composites.values()
            return {c.name for c in parents if any(wanted.ParentsOfAlarmName == child.name for child in c.children)}
        return None

    def _looked_at(self, rule: Rule, at: int) -> list[tuple[int, float]]:
        """The newest minutes that could surely be read then, the newest first."""
        newest = at - MINUTE - LATEST_S
        found = []
        for minute in range(newest, newest - rule.looked_at * MINUTE, -MINUTE):
            names, row = self._points.row(rule.machine, minute)
            found.append((minute, row[names.index(rule.metric)] if rule.metric in names else math.nan))
        return found

    def _state(self, alarm: Rule | Composite, at: int) -> State:
        if isinstance(alarm, Composite):
            return "ALARM" if any(self._state(child, at) == "ALARM" for child in alarm.children) else "OK"
        known = self._known.get(alarm.name)
        if known is not None and known[0] == at:
            return known[1]
        return state(alarm, [value for _, value in self._looked_at(alarm, at)])

    def _since(self, rule: Rule, at: int) -> tuple[State, int]:
        """Its state, and the minute at which that began, as far as is looked back."""
        is_now, known = self._state(rule, at), self._known.get(rule.name)
        began, t = CONFIGURED, at
        oldest = at - LOOKED_BACK_S[is_now]
        while t > oldest:
            t -= MINUTE
            if known is not None and known[0] == t and known[1] == is_now:
                began = known[2] if known[2] > oldest else CONFIGURED  # as without having been asked before
                break
            if self._state(rule, t) != is_now:
                began = t + MINUTE
                break
        self._known[rule.name] = (at, is_now, began)
        return is_now, began

    def _told(self, alarm: Rule | Composite, at: int, stamp: Stamp) -> dict[str, Any]:
        told = self._told_rule(alarm, at) if isinstance(alarm, Rule) else self._told_composite(alarm, at)
        began = stamp(told.pop("began"))
        return {
            "AlarmName": alarm.name,
            "AlarmArn": ARN + alarm.name,
            "ActionsEnabled": True,
            "OKActions": [],
            "AlarmActions": [TOPIC],
            "InsufficientDataActions": [],
            "AlarmConfigurationUpdatedTimestamp": stamp(CONFIGURED),
            "StateUpdatedTimestamp": began,
            "StateTransitionedTimestamp": began,
            **told,
        }

    def _told_rule(self, rule: Rule, at: int) -> dict[str, Any]:
        is_now, began = self._since(rule, at)
        machine = self._points.model.machines[rule.machine]
        # AWS tells why it changed, with the points of that time; before what is looked back, those of now
        looked_at = self._looked_at(rule, began if began != CONFIGURED else at)
        shown = [(time.strftime("%d/%m/%y %H:%M:%S", time.gmtime(t)), value) for t, value in looked_at]
        values = [value for _, value in looked_at if not math.isnan(value)]
        data = {"version": "1.0", "statistic": rule.statistic, "period": MINUTE, "recentDatapoints": values[::-1]}
        return {
            "began": began,
            "AlarmDescription": f"{rule.says}.",
            "StateValue": is_now,
            "StateReason": reason(rule, is_now, shown),
            "StateReasonData": orjson.dumps(data | {"threshold": float(rule.threshold)}).decode(),
            "MetricName": rule.metric,
            "Namespace": namespace(machine),
            "Statistic": rule.statistic,
            "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions(machine, rule.metric)],
            "Period": MINUTE,
            "EvaluationPeriods": rule.looked_at,
            "DatapointsToAlarm": rule.wanted,
            "Threshold": float(rule.threshold),
            "ComparisonOperator": rule.operator,
            "TreatMissingData": rule.missing,
        }

    def _told_composite(self, composite: Composite, at: int) -> dict[str, Any]:
        each = [(child, *self._since(child, at)) for child in composite.children]
        bad = [(began, child) for child, is_now, began in each if is_now == "ALARM"]
        if bad:
            began, first = min(bad, key=lambda pair: pair[0])
            when = time.strftime("%A %d %B, %Y %H:%M:%S UTC", time.gmtime(began))
            why = f"{ARN}{first.name} transitioned to ALARM at {when}"
        else:
            began, why = max(began for _, _, began in each), "No child of this alarm is in ALARM"
        return {
            "began": began,
            "AlarmDescription": "Something of the application is in alarm.",
            "AlarmRule": " OR ".join(f'ALARM("{child.name}")' for child in composite.children),
            "StateValue": "ALARM" if bad else "OK",
            "StateReason": why,
        }


def _after(token: str | None) -> str:
    """What the page before ended with: its group and its name."""
    if token is None:
        return ""
    try:
        found = base64.urlsafe_b64decode(token).decode()
    except ValueError:
        found = ""
    if found[:1] not in ("0", "1"):
        raise Refused("InvalidNextToken", "The value for parameter NextToken is invalid.")
    return found
