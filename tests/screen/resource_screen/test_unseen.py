"""A collector that cannot see a resource is said beside the resource: which, for how long, why, and the remedy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from console.protocol.status import CollectorState, Status
from console.screen.resource_screen.unseen import unseen
from tests.screen.bodies import MINUTE, NOW, ORDERS, picture, res


def said(*collectors: CollectorState, paused: bool = False) -> str:
    status = Status(online=True, collectors=collectors, paused=paused)
    return unseen(replace(picture({ORDERS: res()}), status=status), ORDERS)


def collector(name: str, target: str, state: str, **fields: Any) -> CollectorState:
    known = {"name": name, "target": target, "state": state, "since": NOW - 3 * MINUTE, **fields}
    return CollectorState.model_validate(known)


def test_what_is_denied_comes_first_and_names_the_grant() -> None:
    late = collector("waits", ORDERS, "late", error="No answer within 5 s. Look at its load.", mend="Look at its load.")
    denied = collector("cloudwatch", "eu-west-1.default", "denied", grant="cloudwatch:GetMetricData")
    assert said(late, denied) == (
        "cloudwatch denied for 3m: It needs cloudwatch:GetMetricData.; "
        "waits late for 3m: No answer within 5 s. Look at its load."
    )


def test_what_is_well_or_about_others_is_not_said() -> None:
    elsewhere = collector("cloudwatch", "us-east-1.default", "denied")
    assert said(elsewhere, collector("waits", "billing", "failing"), collector("waits", ORDERS, "ok")) == ""


def test_what_somebody_paused_is_no_fault_but_is_said() -> None:
    assert said(collector("waits", ORDERS, "ok", paused=True)) == "paused: waits (P or p on 5)"
    assert said(paused=True) == "paused: every collector (P or p on 5)"


def test_before_anything_is_known_nothing_is_said() -> None:
    assert unseen(picture({}), ORDERS) == ""
