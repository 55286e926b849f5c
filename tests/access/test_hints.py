"""What IAM's simulation is asked, what its answers come to, and for how long they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import Denied
from console.access.hints import Hints
from console.access.role import Role
from console.access.simulation import NOT_ASKED, Aim, Said, Word, read, said_of
from tests.access.accounts import DB, JANE, NUMBER, SNAPSHOT, Clock
from tests.collectors.aws.asked import ByHand

CREATE, TAG = "rds:CreateDBSnapshot", "rds:AddTagsToResource"
SNAP = Aim("snapshot", Role.OPERATOR, (CREATE, TAG), (DB, SNAPSHOT))
YES, NO, UNKNOWN = Said(Word.ALLOWED), Said(Word.DENIED), Said(Word.UNKNOWN)
OUTRIGHT = Said(Word.DENIED, is_explicit=True)


def page(decision: str, arn: str = DB, grant: str = CREATE, **more: Any) -> dict[str, Any]:
    each = {"EvalResourceName": arn, "EvalResourceDecision": decision, **more}
    result = {"EvalActionName": grant, "EvalResourceName": "*", "EvalDecision": "implicitDeny"}
    return {"EvaluationResults": [{**result, "ResourceSpecificResults": [each]}]}


def told(answer: dict[str, Any]) -> str:
    return str(read([answer], [CREATE], [DB])[CREATE, DB])


# --- one answer


@pytest.mark.parametrize(
    ("answer", "is_said"),
    [
        (page("allowed"), "allowed"),
        (page("implicitDeny"), "denied by there being no policy that allows it"),
        (page("explicitDeny", MatchedStatements=[{"SourcePolicyId": "no-prod"}]), "denied by no-prod"),
        (page("explicitDeny"), "denied by a policy"),
        (
            page("implicitDeny", PermissionsBoundaryDecisionDetail={"AllowedByPermissionsBoundary": False}),
            "denied by the permissions boundary",
        ),
        (
            page("allowed", MissingContextValues=["aws:SourceIp", "aws:MultiFactorAuthPresent"]),
            "unknown: it hangs on aws:MultiFactorAuthPresent, aws:SourceIp",
        ),
        (page("implicitDeny", MissingContextValues=["aws:SourceIp"]), "unknown: it hangs on aws:SourceIp"),
        (page("perhaps"), "unknown: IAM's simulation said perhaps"),
        (page(""), "unknown: IAM's simulation said nothing"),
        (page("allowed", arn=SNAPSHOT), "unknown: IAM's simulation left it out"),
        ({}, "unknown: IAM's simulation left it out"),
    ],
)
def test_an_answer_in_words(answer: dict[str, Any], is_said: str) -> None:
    assert told(answer) == is_said


def test_an_answer_for_one_resource_has_no_parts() -> None:
    whole = {"EvalActionName": CREATE, "EvalResourceName": DB, "EvalDecision": "allowed"}
    assert told({"EvaluationResults": [whole]}) == "allowed"
    denied = {**whole, "EvalDecision": "implicitDeny", "OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
    assert told({"EvaluationResults": [denied]}) == "denied by a policy of the organisation"
    assert told({"EvaluationResults": [{**whole, "MissingContextValues": ["aws:SourceIp"]}]}).startswith("unknown")


def test_iam_may_spell_a_grant_in_its_own_way() -> None:
    assert told(page("allowed", grant="rds:createdbsnapshot")) == "allowed"


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5), lambda deep: st.lists(deep, max_size=3)
       | st.dictionaries(st.sampled_from(["EvaluationResults", "ResourceSpecificResults", "MissingContextValues",
       "EvalActionName", "EvalResourceName", "MatchedStatements"]), deep, max_size=3)))  # fmt: skip
def test_no_answer_allows_what_it_does_not_say(answer: Any) -> None:
    found = read([answer if isinstance(answer, dict) else {"EvaluationResults": answer}], [CREATE], [DB])
    assert found[CREATE, DB].word is Word.UNKNOWN


# --- a whole action


def hints(create: tuple[Said, Said], tag: tuple[Said, Said]) -> dict[tuple[str, str], Said]:
    return {(CREATE, DB): create[0], (CREATE, SNAPSHOT): create[1], (TAG, DB): tag[0], (TAG, SNAPSHOT): tag[1]}


@pytest.mark.parametrize(
    ("create", "tag", "word"),
    [
        ((YES, YES), (YES, YES), Word.ALLOWED),
        ((YES, YES), (NO, YES), Word.ALLOWED),  # whoever tags a snapshot need not tag its source
        ((YES, YES), (UNKNOWN, YES), Word.ALLOWED),
        ((YES, YES), (OUTRIGHT, YES), Word.DENIED),
        ((YES, YES), (NO, NO), Word.DENIED),
        ((YES, YES), (NO, UNKNOWN), Word.UNKNOWN),
        ((NO, YES), (YES, YES), Word.DENIED),  # other targets may be allowed, this one is not
        ((YES, NO), (YES, YES), Word.DENIED),
        ((YES, UNKNOWN), (YES, YES), Word.UNKNOWN),
        ((UNKNOWN, NO), (YES, YES), Word.DENIED),
    ],
)
def test_an_action_is_allowed_where_each_of_its_grants_is(
    create: tuple[Said, Said], tag: tuple[Said, Said], word: Word
) -> None:
    assert said_of(SNAP, hints(create, tag)).word is word


def test_what_was_not_asked_or_names_nothing_is_not_known() -> None:
    assert said_of(SNAP, {}) == NOT_ASKED
    for aim in (Aim("x", Role.OPERATOR, (), (DB,)), Aim("x", Role.OPERATOR, (CREATE,), ())):
        assert said_of(aim, hints((YES, YES), (YES, YES))) == NOT_ASKED


# --- asking


def allows(**asked: Any) -> list[Any]:
    return [page("allowed", arn, grant) for grant in asked["ActionNames"] for arn in asked["ResourceArns"]]


def db(n: int, region: str = "eu-west-1", tags: tuple[tuple[str, str], ...] = ()) -> Aim:
    return Aim("snapshot", Role.OPERATOR, (CREATE,), (f"arn:aws:rds:{region}:{NUMBER}:db:orders-{n:03}",), tags)


async def test_many_targets_are_one_question_page_by_page() -> None:
    reader = ByHand({("iam", "SimulatePrincipalPolicy"): allows})
    asked, now = Hints(reader), Clock()()
    aims = [db(n) for n in range(50)]
    await asked.ask(JANE, aims, now, {})
    assert len(reader.asked) == 1
    assert all(asked.said(JANE, aim, now) == YES for aim in aims)
    await asked.ask(JANE, [db(n) for n in range(50, 120)], now, {})
    assert len(reader.asked) == 3


async def test_targets_that_policies_may_tell_apart_are_asked_about_apart() -> None:
    reader = ByHand({("iam", "SimulatePrincipalPolicy"): allows})
    prod = (("env", "prod"),)
    await Hints(reader).ask(JANE, [db(1), db(2), db(3, tags=prod), db(4, region="eu-north-1")], Clock()(), {})
    found = {tuple(asked["ResourceArns"]): asked["ContextEntries"] for _, _, asked in reader.asked}
    assert len(found) == 3
    known = [{entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in each} for each in found.values()]
    assert [each.get("aws:ResourceTag/env") for each in known].count(["prod"]) == 1
    assert {each["aws:RequestedRegion"][0] for each in known} == {"eu-west-1", "eu-north-1"}
    assert all(each["aws:PrincipalArn"] == [JANE] for each in known)
    assert not any("aws:MultiFactorAuthPresent" in each for each in known)  # nobody knows it


async def test_it_holds_for_a_minute_and_by_no_clock_for_longer() -> None:
    reader = ByHand({("iam", "SimulatePrincipalPolicy"): allows})
    asked, now = Hints(reader), Clock()()
    await asked.ask(JANE, [SNAP], now, {})
    await asked.ask(JANE, [SNAP], now + timedelta(seconds=59), {})
    assert len(reader.asked) == 1
    assert asked.said(JANE, SNAP, now + timedelta(seconds=59)) == YES
    for later in (timedelta(seconds=60), timedelta(seconds=-1)):
        assert asked.said(JANE, SNAP, now + later) == NOT_ASKED
    await asked.ask(JANE, [SNAP], now + timedelta(seconds=60), {})
    assert len(reader.asked) == 2


async def test_what_was_said_of_one_is_not_said_of_another() -> None:
    asked, now = Hints(ByHand({("iam", "SimulatePrincipalPolicy"): allows})), Clock()()
    await asked.ask(JANE, [db(1)], now, {})
    assert asked.said(JANE.replace("jane", "joe"), db(1), now) == NOT_ASKED
    assert asked.said(JANE, db(2), now) == NOT_ASKED
    assert asked.said(JANE, db(1, tags=(("env", "prod"),)), now) == NOT_ASKED


async def test_what_fails_is_unknown_and_is_not_asked_again_at_once() -> None:
    refused = Denied("This identity may not ask iam:SimulatePrincipalPolicy.", grant="iam:SimulatePrincipalPolicy")
    reader = ByHand({("iam", "SimulatePrincipalPolicy"): refused})
    asked, now = Hints(reader), Clock()()
    for _ in range(2):
        await asked.ask(JANE, [SNAP], now, {})
    said = asked.said(JANE, SNAP, now)
    assert str(said) == "unknown: This identity may not ask iam:SimulatePrincipalPolicy."
    assert len(reader.asked) == 1
