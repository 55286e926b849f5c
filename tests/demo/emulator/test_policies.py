"""What IAM's policies allow: a table of cases, and what holds of any policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo.emulator.conditions import holds, matches
from console.demo.emulator.policies import Layer, Malformed, Policy, Question, Refusal, Rights, parsed, refusal

ORDERS = "arn:aws:rds:eu-west-1:111122223333:db:orders-primary"
TAKE = "rds:CreateDBSnapshot"


def policy(*statements: dict[str, Any]) -> Policy:
    return parsed(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([], None),
        ([allow(TAKE)], "Allow"),
        ([allow("RDS:createdbsnapshot")], "Allow"),
        ([allow("rds:Create?BSnapshot")], "Allow"),
        ([allow("rds:Create*")], "Allow"),
        ([allow(["rds:Describe*", TAKE])], "Allow"),
        ([allow("rds:Describe*")], None),
        ([allow("rds.CreateDBSnapshot")], None),
        ([allow(TAKE, ORDERS)], "Allow"),
        ([allow(TAKE, ORDERS.replace("orders", "ORDERS"))], None),
        ([allow(TAKE, "arn:aws:rds:*:*:db:orders-*")], "Allow"),
        ([allow(TAKE, "arn:aws:rds:eu-west-1:111122223333:db:orders-primar")], None),
        ([allow(TAKE, "arn:aws:rds:eu-west-1:111122223333:db:orders-primar?")], "Allow"),
        ([allow(), deny(TAKE)], "Deny"),
        ([deny(TAKE), allow(TAKE)], "Deny"),
        ([allow(), deny("rds:Delete*")], "Allow"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "Allow"),
        ([{"Effect": "Allow", "NotAction": "rds:*", "Resource": "*"}], None),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:rds:*:*:db:*"}, allow()], "Allow"),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:rds:*:*:cluster:*"}, allow()], "Deny"),
        ([allow(TAKE, "arn:aws:rds:*:*:db:${aws:PrincipalTag/team}-primary")], "Allow"),
        ([allow(TAKE, "arn:aws:rds:*:*:db:${aws:PrincipalTag/nothing}-primary")], None),
        ([allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "orders"}})], "Allow"),
        ([allow(Condition={"StringEquals": {"aws:principaltag/TEAM": ["x", "orders"]}})], "Allow"),
        ([deny(Condition={"Bool": {"aws:MultiFactorAuthPresent": False}}), allow()], "Allow"),  # not there: not so
        ([deny(Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}), allow()], "Deny"),
    ],
)
def test_a_question_is_judged_as_iam_does(statements: list[dict[str, Any]], effect: str | None) -> None:
    asked = Question(TAKE, ORDERS, {"aws:principaltag/team": ("orders",)})
    assert policy(*statements).effect(asked) == effect


KNOWN = {"s": ("one",), "n": ("300",), "b": ("true",), "m": ("a", "b"), "arn": ("arn:aws:iam::1:role/x",)}


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "s", ["one"], True),
        ("StringEquals", "s", ["ONE"], False),
        ("StringEquals", "s", ["two", "one"], True),
        ("StringEquals", "gone", ["one"], False),
        ("StringEqualsIfExists", "gone", ["one"], True),
        ("StringEqualsIfExists", "s", ["two"], False),
        ("StringEqualsIgnoreCase", "s", ["ONE"], True),
        ("StringNotEquals", "s", ["one", "two"], False),
        ("StringNotEquals", "s", ["two"], True),
        ("StringNotEquals", "gone", ["one"], True),
        ("StringLike", "s", ["o*"], True),
        ("StringLike", "s", ["o?"], False),
        ("StringNotLike", "s", ["o*"], False),
        ("Bool", "b", ["TRUE"], True),
        ("Bool", "gone", ["false"], False),
        ("NumericLessThan", "n", ["300"], False),
        ("NumericLessThanEquals", "n", ["300.0"], True),
        ("NumericGreaterThan", "n", ["299"], True),
        ("NumericGreaterThanEquals", "n", ["301"], False),
        ("NumericEquals", "n", ["3e2"], True),
        ("NumericNotEquals", "n", ["300"], False),
        ("NumericLessThan", "s", ["5"], False),
        ("NumericLessThanIfExists", "gone", ["5"], True),
        ("ArnLike", "arn", ["arn:aws:iam::*:role/*"], True),
        ("ArnLike", "arn", ["arn:*:role/x"], False),  # a star of one part reaches into no other
        ("ArnNotEquals", "arn", ["arn:aws:iam::1:role/x"], False),
        ("Null", "gone", ["true"], True),
        ("Null", "s", ["true"], False),
        ("Null", "s", ["false"], True),
        ("ForAnyValue:StringEquals", "m", ["b"], True),
        ("ForAnyValue:StringEquals", "gone", ["b"], False),
        ("ForAnyValue:StringNotEquals", "gone", ["b"], False),
        ("ForAllValues:StringEquals", "m", ["b"], False),
        ("ForAllValues:StringEquals", "m", ["b", "a"], True),
        ("ForAllValues:StringEquals", "gone", ["b"], True),
    ],
)
def test_a_condition_holds_as_iam_has_it(operator: str, key: str, values: list[str], expected: bool) -> None:
    assert holds({operator: {key: values}}, KNOWN) == expected


def test_all_keys_and_operators_of_a_condition_hold_or_it_does_not() -> None:
    assert holds({"StringEquals": {"s": ["one"]}, "Bool": {"b": ["true"]}}, KNOWN)
    assert not holds({"StringEquals": {"s": ["one"]}, "Bool": {"b": ["false"]}}, KNOWN)
    assert not holds({"StringEquals": {"s": ["one"], "gone": ["one"]}}, KNOWN)


@pytest.mark.parametrize(
    ("identity", "boundary", "session", "because"),
    [
        (allow(), None, None, None),
        (allow("rds:*"), allow(TAKE), allow(TAKE, ORDERS), None),
        (allow("s3:*"), None, None, f"because no identity-based policy allows the {TAKE} action"),
        (allow(), allow("s3:*"), None, f"because no permissions boundary allows the {TAKE} action"),
        (allow(), allow(), allow("rds:Describe*"), f"because no session policy allows the {TAKE} action"),
        (allow("s3:*"), allow("s3:*"), allow(), f"because no identity-based policy allows the {TAKE} action"),
        (deny(), allow(), allow(), "with an explicit deny in an identity-based policy"),
        (allow(), deny("rds:*"), None, "with an explicit deny in a permissions boundary"),
        (allow("s3:*"), allow(), deny(TAKE), "with an explicit deny in a session policy"),
    ],
)
def test_who_refuses_is_said_in_aws_s_words(identity: Any, boundary: Any, session: Any, because: str | None) -> None:
    bounded, narrowed = (None if each is None else policy(each) for each in (boundary, session))
    found = refusal(Rights((policy(identity),), bounded, narrowed), Question(TAKE, ORDERS, {}))
    assert (found and found.because(TAKE)) == because


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        '{"Statement": []',
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "*"}]}),
        json.dumps({"Statement": [{"Effect": "Permit", "Action": "*", "Resource": "*"}]}),
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}]}),
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Note": ""}]}),
        json.dumps({"Statement": [allow(Condition={"StringIsh": {"a": "b"}})]}),
        json.dumps({"Statement": [allow(Condition={"Bool": {"a": {}}})]}),
        json.dumps({"Version": "2020-01-01", "Statement": [allow()]}),
    ],
)
def test_what_is_no_policy_is_malformed(broken: str) -> None:
    with pytest.raises(Malformed):
        parsed(broken)


# --- what holds of any policy

ACTIONS = st.sampled_from(["rds:A", "rds:B", "rds:*", "*", "s3:A", "rds:?"])
RESOURCES = st.sampled_from(["x", "y", "*", "x*"])
STATEMENTS = st.builds(
    lambda effect, action, resource: {"Effect": effect, "Action": action, "Resource": resource},
    st.sampled_from(["Allow", "Deny"]),
    ACTIONS,
    RESOURCES,
)
POLICIES = st.lists(STATEMENTS, max_size=4).map(lambda said: policy(*said))
QUESTIONS = st.builds(Question, st.sampled_from(["rds:A", "rds:B", "s3:A"]), st.sampled_from(["x", "y"]), st.just({}))


@given(POLICIES, POLICIES, POLICIES, QUESTIONS)
def test_a_session_and_a_boundary_only_ever_take_away(
    identity: Policy, boundary: Policy, session: Policy, asked: Question
) -> None:
    whole = refusal(Rights((identity,), boundary, session), asked)
    each = [refusal(Rights((layer,)), asked) for layer in (identity, boundary, session)]
    assert (whole is None) == all(one is None for one in each)


@given(POLICIES, POLICIES, QUESTIONS)
def test_a_deny_anywhere_wins(first: Policy, second: Policy, asked: Question) -> None:
    if "Deny" in (first.effect(asked), second.effect(asked)):
        assert refusal(Rights((first, second)), asked) == Refusal(Layer.IDENTITY, is_explicit=True)


def _slowly(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _slowly(pattern[1:], text) or (bool(text) and _slowly(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and _slowly(pattern[1:], text[1:])


@given(st.text("ab*?.[", max_size=6), st.text("ab.[\n", max_size=6))
def test_a_pattern_means_stars_and_question_marks_and_nothing_else(pattern: str, text: str) -> None:
    assert matches(pattern, text) == _slowly(pattern, text)
