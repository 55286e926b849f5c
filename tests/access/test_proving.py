"""What somebody is here is what STS gives them: asked of a server that speaks as STS and IAM do."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from collectors.errors import CannotCollect, Denied, Expired
from console.access.ceiling import Ceiling
from console.access.grants import Grant, Proof
from console.access.mfa import Factor
from console.access.proving import Prover
from console.access.role import Role
from console.access.simulation import Aim, Said, Word
from profiles.people import Roles
from tests.access.accounts import DB, JANE, NUMBER, OF_A_ROLE, SNAPSHOT, Clock, Iam, asking, role
from tests.collectors.aws.answering import Refusal

ADMIN, OPERATOR, VIEWER = (role(f"dbconsole-{word}") for word in ("admin", "operator", "viewer"))
NOTHING = (
    '{"Statement":[{"Action":["sts:GetCallerIdentity"],"Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"}'
)
SNAP = Aim("snapshot", Role.OPERATOR, ("rds:CreateDBSnapshot", "rds:AddTagsToResource"), (DB, SNAPSHOT))
FLUSH = Aim("fail over", Role.ADMIN, ("rds:RebootDBInstance",), (DB,))
DEVICE = f"arn:aws:iam::{NUMBER}:mfa/jane"
THERE: Any = {name: (role(name), {}) for name in ("dbconsole-admin", "dbconsole-operator", "dbconsole-viewer")}


def roles(**said: Any) -> Roles:
    return Roles.model_validate(said)


@contextmanager
def proving(iam: Iam, said: Roles | None = None, clock: Clock | None = None) -> Iterator[Prover]:
    with asking(iam) as (reader, _):
        yield Prover(reader, said or Roles(), user="jane", now=clock or Clock())


def denial(grant: Grant, of: Role) -> tuple[Proof, str, str, str]:
    (found,) = [each for each in grant.denials if each.role is of]
    return found.proof, found.why.what, found.why.seen, found.why.mend


# --- the proof


@pytest.mark.parametrize(
    ("trusts", "is_then"),
    [
        ({ADMIN, OPERATOR, VIEWER}, Role.ADMIN),
        ({OPERATOR, VIEWER}, Role.OPERATOR),
        ({OPERATOR}, Role.OPERATOR),
        ({VIEWER}, Role.VIEWER),
    ],
)
async def test_the_role_is_the_highest_that_sts_gives(trusts: set[str], is_then: Role) -> None:
    with proving(Iam(trusts=trusts, there=THERE)) as prover:
        grant = await prover.grant()
    assert grant.role is is_then
    assert grant.how == f"STS grants {role(f'dbconsole-{is_then.word}')}" == f"STS grants {grant.assumes}"
    assert (grant.identity, grant.account, grant.checked) == (JANE, NUMBER, Clock().at)
    assert [each.role for each in grant.denials] == [above for above in (Role.ADMIN, Role.OPERATOR) if above > is_then]


async def test_whoever_is_given_nothing_looks_on_and_is_told_what_would_help() -> None:
    with proving(Iam(there=THERE)) as prover:
        grant = await prover.grant()
    assert (grant.role, grant.assumes, grant.how) == (Role.VIEWER, "", "nothing more was granted")
    proof, what, seen, mend = denial(grant, Role.OPERATOR)
    assert (proof, what) == (Proof.REFUSED, "You are not operator: STS does not give the role.")
    assert f"User: {JANE} is not authorized to perform: sts:AssumeRole on resource: {OPERATOR}" in seen
    assert f"Allow sts:AssumeRole on {OPERATOR}" in mend
    assert grant.at_most is Role.VIEWER


async def test_the_proof_can_do_nothing_and_bears_the_persons_name() -> None:
    iam = Iam(trusts={ADMIN, OPERATOR}, there=THERE)
    with proving(iam) as prover:
        await prover.grant()
    for asked in iam.of("AssumeRole"):
        assert asked["Policy"] == NOTHING
        assert asked["DurationSeconds"] == "900"
        assert asked["RoleSessionName"] == "dbconsole-jane-proof"
    assert json.loads(NOTHING)["Statement"][0]["Action"] == ["sts:GetCallerIdentity"]
    assert {asked.get("SourceIdentity") for asked in iam.of("AssumeRole")} == {"jane", None}


async def test_it_is_asked_once_for_all_who_ask_again_after_a_quarter_of_an_hour_and_on_demand() -> None:
    iam, clock = Iam(trusts={ADMIN, OPERATOR, VIEWER}), Clock()
    with proving(iam, clock=clock) as prover:
        await asyncio.gather(*(prover.grant() for _ in range(10)))
        assert len(iam.of("AssumeRole")) == 3
        clock.forward(minutes=14.9)
        await prover.grant()
        assert len(iam.of("AssumeRole")) == 3
        clock.forward(minutes=0.1)
        iam.trusts = {OPERATOR}
        assert (await prover.grant()).role is Role.OPERATOR
        iam.trusts = {VIEWER}
        assert (await prover.grant()).role is Role.OPERATOR
        assert (await prover.grant(anew=True)).role is Role.VIEWER


async def test_a_role_is_the_one_that_the_profile_names() -> None:
    other = "arn:aws:iam::999988887777:role/ops/deputies"
    said = roles(admin={"assume": "chiefs"}, operator={"assume": other})
    iam = Iam(trusts={other})
    with proving(iam, said) as prover:
        grant = await prover.grant()
    assert (grant.role, grant.assumes) == (Role.OPERATOR, other)
    assert {asked["RoleArn"] for asked in iam.of("AssumeRole")} == {role("chiefs"), other, VIEWER}


async def test_another_partition_has_roles_of_its_own() -> None:
    iam = Iam(caller=JANE.replace("arn:aws:", "arn:aws-cn:"), trusts={OPERATOR.replace("arn:aws:", "arn:aws-cn:")})
    with proving(iam) as prover:
        assert (await prover.grant()).assumes == OPERATOR.replace("arn:aws:", "arn:aws-cn:")


async def test_where_a_source_identity_may_not_be_set_the_role_is_proved_without() -> None:
    iam = Iam(trusts={OPERATOR}, signs=False)
    with proving(iam) as prover:
        assert (await prover.grant()).role is Role.OPERATOR


async def test_a_role_that_is_not_the_one_asked_for_proves_nothing() -> None:
    iam = Iam(trusts={OPERATOR}, gives="arn:aws:sts::999988887777:assumed-role/dbconsole-operator/x")
    with proving(iam) as prover:
        grant = await prover.grant()
    assert grant.role is Role.VIEWER
    assert denial(grant, Role.OPERATOR)[0] is Proof.UNKNOWN


# --- what only narrows


async def test_the_profile_takes_some_and_no_others() -> None:
    iam = Iam(trusts={ADMIN, OPERATOR})
    said = roles(admin={"principal_arns": ["arn:aws:iam::*:user/joe", "arn:aws:iam::*:user/chief-*"]})
    with proving(iam, said) as prover:
        grant = await prover.grant()
    assert grant.role is Role.OPERATOR
    assert ADMIN not in {asked["RoleArn"] for asked in iam.of("AssumeRole")}
    proof, what, seen, _ = denial(grant, Role.ADMIN)
    assert (proof, what, seen) == (Proof.OTHERS, "The profile takes others for admin.", JANE)


@pytest.mark.parametrize(
    ("tags", "is_then"),
    [({"team": "dba-eu"}, Role.OPERATOR), ({"team": "web"}, Role.VIEWER), ({}, Role.VIEWER)],
)
async def test_the_tags_of_the_callers_role_count(tags: dict[str, str], is_then: Role) -> None:
    iam = Iam(caller=OF_A_ROLE, trusts={OPERATOR}, there={"staff": (role("a/staff"), tags)})
    with proving(iam, roles(operator={"principal_tags": {"team": "dba-*"}})) as prover:
        assert (await prover.grant()).role is is_then


async def test_tags_that_cannot_be_known_fit_nothing() -> None:
    for caller in (JANE, OF_A_ROLE):
        iam = Iam(caller=caller, trusts={OPERATOR}, fails={"GetRole": Refusal("AccessDenied", 403)})
        with proving(iam, roles(operator={"principal_tags": {"team": "*"}})) as prover:
            assert (await prover.grant()).role is Role.VIEWER


# --- where there is no role


async def test_without_a_role_the_callers_own_rights_are_what_the_simulation_says() -> None:
    iam = Iam(caller=OF_A_ROLE, there={"staff": (role("a/path/staff"), {})})
    with proving(iam, roles(operator={"assume": "none"}, admin={"assume": "none"})) as prover:
        grant = await prover.grant([SNAP])
        assert (grant.role, grant.assumes) == (Role.OPERATOR, "")
        assert grant.how == "IAM simulation of the caller's own policies"
        assert await prover.hint(grant, SNAP) == Said(Word.ALLOWED)
    (asked,) = iam.of("SimulatePrincipalPolicy")
    assert asked["PolicySourceArn"] == role("a/path/staff")  # its path is not in the session's ARN
    assert {asked["RoleArn"] for asked in iam.of("AssumeRole")} == {VIEWER}


async def test_roles_that_were_never_made_are_absent_and_not_refused() -> None:
    with proving(Iam(says=lambda *_: "implicitDeny")) as prover:
        grant = await prover.grant([SNAP, FLUSH])
    assert grant.role is Role.VIEWER
    proof, what, seen, mend = denial(grant, Role.OPERATOR)
    assert proof is Proof.ABSENT
    assert what == "What operator does is not allowed to you, and there is no role for it."
    assert seen == "IAM says: denied by there being no policy that allows it"
    assert "[roles.operator]" in mend


async def test_the_word_of_sts_for_no_such_role_is_heard_too() -> None:
    iam = Iam(fails={"AssumeRole": Refusal("NoSuchEntity", 404)})
    with proving(iam) as prover:
        assert (await prover.grant([SNAP])).role is Role.OPERATOR


async def test_a_role_of_another_account_is_never_taken_for_absent() -> None:
    other = "arn:aws:iam::999988887777:role/deputies"
    with proving(Iam(), roles(operator={"assume": other})) as prover:
        assert denial(await prover.grant([SNAP]), Role.OPERATOR)[0] is Proof.REFUSED


async def test_where_iam_may_not_be_asked_a_refusal_is_a_refusal() -> None:
    with proving(Iam(fails={"GetRole": Refusal("AccessDenied", 403)})) as prover:
        assert denial(await prover.grant([SNAP]), Role.OPERATOR)[0] is Proof.REFUSED


@pytest.mark.parametrize("caller", [f"arn:aws:iam::{NUMBER}:root", f"arn:aws:sts::{NUMBER}:federated-user/jane"])
async def test_whom_iam_cannot_simulate_is_not_known_and_gets_nothing(caller: str) -> None:
    iam = Iam(caller=caller)
    with proving(iam) as prover:
        grant = await prover.grant([SNAP])
    assert grant.role is Role.VIEWER
    assert iam.of("SimulatePrincipalPolicy") == []
    assert "unknown" in denial(grant, Role.OPERATOR)[2]
    assert grant.at_most is Role.ADMIN


async def test_a_simulation_that_is_refused_allows_nothing() -> None:
    with proving(Iam(fails={"SimulatePrincipalPolicy": Refusal("AccessDenied", 403)})) as prover:
        grant = await prover.grant([SNAP])
        assert grant.role is Role.VIEWER
        assert (await prover.hint(grant, SNAP)).word is Word.UNKNOWN
    assert "iam:SimulatePrincipalPolicy" in denial(grant, Role.OPERATOR)[2]


# --- what cannot be asked


async def test_what_could_not_be_asked_is_unknown_and_asked_again_after_a_minute() -> None:
    iam, clock = Iam(trusts={OPERATOR}, fails={"AssumeRole": Refusal("InternalFailure", 500)}), Clock()
    with proving(iam, clock=clock) as prover:
        grant = await prover.grant()
        assert (grant.role, denial(grant, Role.OPERATOR)[0]) == (Role.VIEWER, Proof.UNKNOWN)
        ceiling = Ceiling().after(grant)
        assert ceiling.role is Role.ADMIN  # it is no answer
        iam.fails.clear()
        assert (await prover.grant()).role is Role.VIEWER
        clock.forward(seconds=60)
        assert ceiling.role_of(await prover.grant()) is Role.OPERATOR


async def test_whoever_is_not_known_is_nothing_here() -> None:
    with proving(Iam(fails={"GetCallerIdentity": Refusal("ExpiredToken", 403)})) as prover, pytest.raises(Expired):
        await prover.grant()
    with proving(Iam(caller="jane")) as prover, pytest.raises(CannotCollect, match="does not say who is asking"):
        await prover.grant()


async def test_credentials_that_end_are_no_longer_believed() -> None:
    iam, clock = Iam(trusts={OPERATOR}), Clock()
    with proving(iam, clock=clock) as prover:
        assert (await prover.grant()).role is Role.OPERATOR
        clock.forward(minutes=15)
        iam.fails["GetCallerIdentity"] = Refusal("ExpiredToken", 403)
        for _ in range(2):
            with pytest.raises(Expired):
                await prover.grant()


async def test_whoever_asks_anew_and_gets_no_answer_is_not_left_with_the_old_one() -> None:
    iam = Iam(trusts={OPERATOR})
    with proving(iam) as prover:
        assert (await prover.grant()).role is Role.OPERATOR
        iam.fails["GetCallerIdentity"] = Refusal("ExpiredToken", 403)
        for anew in (True, False):
            with pytest.raises(Expired):
                await prover.grant(anew=anew)


# --- with a code


def with_a_device() -> Roles:
    return roles(operator={"mfa_serial": f"arn:aws:iam::{NUMBER}:mfa/{{user}}"})


async def test_a_role_that_wants_a_code_waits_for_it_and_is_proved_with_it() -> None:
    iam = Iam(trusts={OPERATOR}, with_codes={OPERATOR}, codes=["123456"], there=THERE)
    clock = Clock()
    with proving(iam, with_a_device(), clock) as prover:
        grant = await prover.grant()
        assert grant.role is Role.VIEWER
        proof, what, _, mend = denial(grant, Role.OPERATOR)
        assert (proof, what) == (Proof.WAITS, "The role of operator waits for a code of the second factor.")
        assert mend == f"Type the six digits of {DEVICE}."
        ceiling = Ceiling().after(grant)
        assert ceiling.role is Role.OPERATOR  # admin was refused for good
        proved = await prover.prove_with(Role.OPERATOR, Factor(DEVICE, "123456"))
        assert ceiling.role_of(proved) is Role.OPERATOR
        assert (await prover.grant()).role is Role.OPERATOR
        clock.forward(minutes=15)
        assert (await prover.grant()).role is Role.VIEWER
    (asked,) = [asked for asked in iam.of("AssumeRole") if "TokenCode" in asked]
    assert (asked["SerialNumber"], asked["TokenCode"], asked["Policy"]) == (DEVICE, "123456", NOTHING)


async def test_a_refusal_is_one_where_the_profile_asks_for_no_code() -> None:
    said = roles(operator={"mfa": False, "mfa_serial": DEVICE})
    with proving(Iam(there=THERE), said) as prover:
        assert denial(await prover.grant(), Role.OPERATOR)[0] is Proof.REFUSED


async def test_a_code_is_sent_once_even_where_it_is_wrong() -> None:
    iam = Iam(trusts={OPERATOR}, with_codes={OPERATOR}, codes=["123456"], there=THERE)
    with proving(iam, with_a_device()) as prover:
        with pytest.raises(Denied):
            await prover.prove_with(Role.OPERATOR, Factor(DEVICE, "654321"))
        assert (await prover.grant()).role is Role.VIEWER
    assert len([asked for asked in iam.of("AssumeRole") if "TokenCode" in asked]) == 1


async def test_no_code_gets_past_the_profile() -> None:
    iam = Iam(trusts={OPERATOR})
    said = roles(operator={"principal_arns": ["arn:aws:iam::*:user/joe"]}, admin={"assume": "none"})
    with proving(iam, said) as prover:
        for wanted in (Role.OPERATOR, Role.ADMIN):
            with pytest.raises(CannotCollect, match="no code to be shown"):
                await prover.prove_with(wanted, Factor(DEVICE, "123456"))
    assert not [asked for asked in iam.of("AssumeRole") if "TokenCode" in asked]


# --- hints


async def test_in_a_role_that_sts_gave_a_hint_may_deny_and_its_silence_may_not() -> None:
    iam = Iam(trusts={OPERATOR}, says=lambda grant, _: "explicitDeny" if grant == "rds:CreateDBSnapshot" else "allowed")
    with proving(iam) as prover:
        grant = await prover.grant()
        denied = await prover.hint(grant, SNAP)
        assert denied.word is Word.DENIED
        assert grant.said(SNAP, denied).word is Word.DENIED
    assert iam.of("SimulatePrincipalPolicy")[0]["PolicySourceArn"] == OPERATOR
    assert grant.said(SNAP, Said(Word.UNKNOWN)) == Said(Word.ALLOWED)
    assert grant.said(FLUSH, Said(Word.ALLOWED)).by == "the role: it needs admin, and you are operator"


# --- what it takes


def test_to_know_what_somebody_may_do_loads_neither_an_action_nor_botocore() -> None:
    script = (
        "import sys; import console.access.proving, console.access.ceiling, console.access.mfa, console.access.idle;"
        "import console.access.endpoint, console.access.credentials, console.access.policies;"
        "print([name for name in sys.modules if name.startswith(('boto', 'console.actions', 'textual'))])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
