"""How many others must agree: what fits, and of several the strictest."""

from __future__ import annotations

import pytest

from collectors.aws.known import Found
from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.access.quorum import needed
from tests.collectors.aws.asked import HOME
from tests.profiles.saying import profile

TEXT = """
[access]
allowed_signers = "signers"

[[access.approvals]]
actions = ["promote*", "flush"]

[[access.approvals]]
actions = ["promote*"]
ids = ["orders-*"]
needed = 2

[[access.approvals]]
kinds = ["table"]
needed = 3
"""


def found(name: str, kind: str = "instance") -> Found:
    return Found(ResourceId(sanitise(name)), HOME, kind, "mysql", name, f"arn:{name}", "AWS/RDS", ())


@pytest.mark.parametrize(
    ("action", "resource", "many"),
    [
        ("snapshot", found("orders-1"), 0),
        ("flush", found("orders-1"), 1),
        ("promote replica", found("billing"), 1),
        ("promote replica", found("orders-1"), 2),
        ("snapshot", found("orders-1", "table"), 3),
    ],
)
def test_the_strictest_of_those_that_fit_holds(action: str, resource: Found, many: int) -> None:
    assert needed(profile(TEXT).access.approvals, action, resource) == many


def test_a_profile_that_says_nothing_asks_for_nobody() -> None:
    assert needed(profile("").access.approvals, "promote replica", found("orders-1")) == 0
