"""What one action's credentials may do, byte for byte, and how they are called."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.access.session_policy import TooWide, session_name, session_policy, source_identity

DB = "arn:aws:rds:eu-west-1:111122223333:db:orders-primary"
SNAPSHOT = "arn:aws:rds:eu-west-1:111122223333:snapshot:dbconsole-orders-primary-202611210024-1a2b3c4d"
OP = "01JD6Z3V5W8X9Y0ABCDEFGHJKM"
GOLDEN = (
    '{"Statement":[{"Action":["rds:AddTagsToResource","rds:CreateDBSnapshot"],"Effect":"Allow","Resource":['
    '"arn:aws:rds:eu-west-1:111122223333:db:orders-primary",'
    '"arn:aws:rds:eu-west-1:111122223333:snapshot:dbconsole-orders-primary-202611210024-1a2b3c4d"]}],'
    '"Version":"2012-10-17"}'
)


def test_the_policy_is_these_bytes() -> None:
    assert session_policy(("rds:CreateDBSnapshot", "rds:AddTagsToResource"), (DB, SNAPSHOT)) == GOLDEN


def test_the_order_in_which_things_are_named_changes_nothing() -> None:
    assert session_policy(("rds:AddTagsToResource", "rds:CreateDBSnapshot") * 2, (SNAPSHOT, DB, DB)) == GOLDEN


@pytest.mark.parametrize(
    "arn",
    [
        *("*", "arn:aws:rds:eu-west-1:111122223333:db:*", "arn:aws:rds:eu-west-1:111122223333:db:orders-?"),
        *("arn:aws:rds:eu-west-1:*:db:orders", "arn:aws:rds:*:111122223333:db:orders", ""),
        *("arn:aws:rds:eu-west-1:111122223333:db:${aws:username}", "arn:aws:rds:eu-west-1:111122223333:db:a b"),
        f"{DB}\n",
    ],
)
def test_what_is_not_one_thing_is_refused(arn: str) -> None:
    with pytest.raises(TooWide, match="is not one ARN"):
        session_policy(("rds:CreateDBSnapshot",), (DB, arn))


@pytest.mark.parametrize("grant", ["*", "rds:*", "rds:Create*", "rds", "rds:CreateDBSnapshot\n", ""])
def test_what_is_not_one_operation_is_refused(grant: str) -> None:
    with pytest.raises(TooWide, match="is not one grant"):
        session_policy((grant,), (DB,))


def test_a_policy_of_nothing_is_refused() -> None:
    with pytest.raises(TooWide, match="No grant is named"):
        session_policy((), (DB,))
    with pytest.raises(TooWide, match="No ARN is named"):
        session_policy(("rds:CreateDBSnapshot",), ())


def test_one_that_aws_would_not_take_is_refused_before_it_is_sent() -> None:
    longest = tuple(f"{DB}-{n:03}" for n in range(60))
    with pytest.raises(TooWide, match="too long") as told:
        session_policy(("rds:CreateDBSnapshot",), longest)
    assert "AWS takes 2048" in told.value.seen
    assert len(session_policy(("rds:CreateDBSnapshot",), longest[:30])) <= 2048


@given(st.text(max_size=80))
def test_a_session_is_called_after_the_person_and_the_whole_operation(user: str) -> None:
    name = session_name(user, OP)
    assert re.fullmatch(r"dbconsole-[\w+=,.@-]+-" + OP, name, re.ASCII)
    assert len(name) <= 64
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", source_identity(user), re.ASCII)


def test_a_long_name_is_cut_and_a_short_one_is_not() -> None:
    assert session_name("jane.doe@example.org", OP) == f"dbconsole-jane.doe@example.org-{OP}"
    assert session_name("j" * 99, OP) == f"dbconsole-{'j' * 27}-{OP}"
    assert len(session_name("j" * 99, OP)) == 64
    assert source_identity("Jané Doe") == "Jan--Doe"


@pytest.mark.parametrize("op_id", ["", "01 JD", "01JD/", "x" * 60])
def test_an_operation_that_no_name_can_hold_is_refused_and_not_cut(op_id: str) -> None:
    with pytest.raises(ValueError, match="no name of a session"):
        session_name("jane", op_id)


@given(st.lists(st.sampled_from("abcdef"), min_size=1).map(lambda names: [f"{DB}-{name}" for name in names]))
def test_the_policy_allows_what_is_named_and_nothing_else(arns: list[str]) -> None:
    (statement,) = json.loads(session_policy(("rds:CreateDBSnapshot",), arns))["Statement"]
    assert statement == {"Effect": "Allow", "Action": ["rds:CreateDBSnapshot"], "Resource": sorted(set(arns))}
