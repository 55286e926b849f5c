"""Which IAM role stands for which of ours, and what is asked of whoever takes it."""

from __future__ import annotations

import pytest

from tests.profiles.saying import fault, faults, profile

ARN = "arn:aws:iam::111122223333:role/ops/dbconsole-operator"


def operator(text: str) -> str:
    return f"[roles.operator]\n{text}\n"


@pytest.mark.parametrize("said", [ARN, ARN.replace("aws:iam", "aws-cn:iam"), "dbconsole-operator", "none", "a.b@c,d"])
def test_a_role_is_named_by_its_arn_or_its_name_or_is_none(said: str) -> None:
    assert profile(operator(f'assume = "{said}"')).roles.operator.assume == said


@pytest.mark.parametrize(
    "said",
    [
        *("arn:aws:iam::111122223333:user/jane", "arn:aws:sts::111122223333:assumed-role/ops/jane"),
        *("arn:aws:iam::*:role/ops", "ops/dbconsole", "two words", "x" * 65),
    ],
)
def test_what_is_no_role_is_refused_with_what_is_one(said: str) -> None:
    told = fault(operator(f'assume = "{said}"'))
    assert "roles.operator.assume is not of the right form" in told
    assert "arn:aws:iam::111122223333:role/NAME, the name of a role in the caller's account, or none" in told


def test_a_role_that_is_not_named_is_left_to_its_name() -> None:
    roles = profile("").roles
    assert (roles.viewer.assume, roles.operator.assume, roles.admin.assume) == (None, None, None)


@pytest.mark.parametrize(
    "said", ["arn:aws:iam::111122223333:mfa/{user}", "arn:aws:iam::111122223333:mfa/a/jane", "GAHT12345678"]
)
def test_a_device_is_named_by_its_arn_or_its_number(said: str) -> None:
    assert profile(operator(f'mfa_serial = "{said}"')).roles.operator.mfa_serial == said


def test_a_code_is_good_for_a_quarter_of_an_hour_unless_the_profile_says_how_long() -> None:
    assert profile("").roles.admin.mfa_max_age_minutes == 15
    assert profile(operator("mfa_max_age_minutes = 5")).roles.operator.mfa_max_age_minutes == 5
    assert "1 to 720" in fault(operator("mfa_max_age_minutes = 0"))
    assert "is not a whole number" in fault(operator('mfa_max_age_minutes = "5m"'))


def test_six_digits_have_no_place_in_a_profile() -> None:
    assert faults(operator('mfa_serial = "123456"'))


def test_a_profile_may_forbid_everything() -> None:
    assert (profile("").readonly, profile("readonly = true\n").readonly) == (False, True)
    assert "readonly" in fault('readonly = "yes"\n')
