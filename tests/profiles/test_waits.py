"""Which waits are none to speak of, as a person writes it; and what is said of a slip."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from profiles.waits import WaitRules


def test_wait_types_and_patterns_are_taken() -> None:
    rules = WaitRules.model_validate({"benign": ["QDS_*", "MY_WAIT"], "counted": ["CXCONSUMER"]})
    assert rules.benign == ("QDS_*", "MY_WAIT")


@pytest.mark.parametrize(
    ("wrong", "place", "says"),
    [
        ({"benign": "QDS_*"}, ("benign",), "is not an array"),
        ({"benign": ["writelog"]}, ("benign", 0), "is not of the right form"),
        ({"counted": ["A", "A"]}, (), "names a wait type twice"),
        ({"benign": ["A"], "counted": ["A"]}, (), "is benign as well"),
        ({"ignored": ["A"]}, ("ignored",), "Extra inputs"),
    ],
)
def test_a_slip_is_named_with_its_place(wrong: object, place: tuple[object, ...], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        WaitRules.model_validate(wrong)
    error = refused.value.errors()[0]
    assert error["loc"] == place
    assert says in error["msg"]
