"""A session's role goes down and never up, whatever happens in it; and each lock says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.safe import Safe, sanitise
from console.access.ceiling import Ceiling, why_locked
from console.access.grants import Denial, Grant, Proof, Tried, decide
from console.access.identity import identity
from console.access.refusal import Refusal, refusal
from console.access.role import Role
from console.access.simulation import Aim, Said, Word
from tests.access.accounts import DB, JANE, role

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
SNAP = Aim("snapshot", Role.OPERATOR, ("rds:CreateDBSnapshot",), (DB,))
YES, UNKNOWN = Said(Word.ALLOWED), Said(Word.UNKNOWN, Safe("IAM was not asked"))


def grant(is_role: Role, *, assumes: str = "arn:aws:iam::111122223333:role/x", proof: Proof = Proof.REFUSED) -> Grant:
    above = tuple(
        Denial(each, proof, refusal(f"No {each.word}.", "said STS", "Ask.")) for each in Role if each > is_role
    )
    return Grant(is_role, sanitise(JANE), Safe("111122223333"), Safe("STS"), NOW, assumes, above)


steps = st.one_of(
    st.builds(lambda to: ("lowered", to), st.sampled_from(Role)),
    st.builds(lambda to, proof: ("after", (to, proof)), st.sampled_from(Role), st.sampled_from(Proof)),
    st.builds(lambda action: ("wrong", action), st.sampled_from(["snapshot", "flush"])),
)


@given(st.lists(steps))
def test_nothing_raises_it_and_no_action_that_was_refused_comes_back(taken: list[tuple[str, object]]) -> None:
    most = Ceiling()
    for what, given_ in taken:
        before = most
        match what, given_:
            case "lowered", Role() as to:
                most = most.lowered(to, "so")
            case "after", (Role() as to, Proof() as proof):
                most = most.after(grant(to, proof=proof))
            case "wrong", str() as action:
                most = most.was_wrong(action, "AccessDenied")
        assert most.role <= before.role
        assert dict(before.wrong).keys() <= dict(most.wrong).keys()
        assert most.role_of(grant(Role.ADMIN)) <= before.role


def test_a_session_that_was_lowered_says_why() -> None:
    said = why_locked(SNAP, grant(Role.ADMIN), Ceiling().lowered(Role.VIEWER, "it was wished"), YES)
    assert said == Refusal(
        Safe("Locked: it needs operator, and this session is viewer's."),
        Safe("it was wished"),
        Safe("Start the console again without that; a session's role never rises."),
    )


def test_what_sts_refused_stays_refused_and_what_it_was_not_asked_does_not() -> None:
    most = Ceiling().after(grant(Role.VIEWER))
    assert most.role is Role.VIEWER
    said = why_locked(SNAP, grant(Role.ADMIN), most, YES)
    assert said is not None
    assert said.seen == "STS gave no more when it was asked before"
    for proof in (Proof.UNKNOWN, Proof.WAITS, Proof.NONE, Proof.ABSENT):
        assert Ceiling().after(grant(Role.VIEWER, proof=proof)) == Ceiling()


def test_a_hint_that_was_wrong_locks_the_action_for_the_session() -> None:
    most = Ceiling().was_wrong("snapshot", "AccessDenied: rds:CreateDBSnapshot")
    said = why_locked(SNAP, grant(Role.OPERATOR), most, YES)
    assert said == Refusal(
        Safe("Locked for this session: AWS refused it although it was said to be allowed."),
        Safe("AccessDenied: rds:CreateDBSnapshot"),
        Safe("Have it allowed, and start the console again."),
    )
    assert most.was_wrong("snapshot", "again") == most
    other = Aim("flush", Role.OPERATOR, ("x:Y",), (DB,))
    assert why_locked(other, grant(Role.OPERATOR), most, YES) is None


def test_a_key_that_needs_more_says_what_and_what_stands_in_the_way() -> None:
    assert why_locked(SNAP, grant(Role.VIEWER), Ceiling(), YES) == Refusal(
        Safe("Locked: it needs operator, and you are viewer."), Safe("No operator. said STS"), Safe("Ask.")
    )
    after = Ceiling().after(grant(Role.VIEWER))  # the same, when it has been remembered
    assert why_locked(SNAP, grant(Role.VIEWER), after, YES) == why_locked(SNAP, grant(Role.VIEWER), Ceiling(), YES)


@pytest.mark.parametrize("is_role", [Role.OPERATOR, Role.ADMIN])
def test_whoever_has_the_role_may(is_role: Role) -> None:
    assert why_locked(SNAP, grant(is_role), Ceiling(), YES) is None
    assert why_locked(SNAP, grant(is_role), Ceiling(), UNKNOWN) is None  # STS has proved it


def test_a_hint_locks_as_a_denial_and_as_a_silence() -> None:
    denied = Said(Word.DENIED, Safe("no-prod"), is_explicit=True)
    said = why_locked(SNAP, grant(Role.OPERATOR), Ceiling(), denied)
    assert said is not None
    assert said.what == "Locked: it is denied by no-prod."
    assert said.mend == "Have rds:CreateDBSnapshot allowed for arn:aws:iam::111122223333:role/x."
    own = grant(Role.OPERATOR, assumes="")
    said = why_locked(SNAP, own, Ceiling(), UNKNOWN)
    assert said is not None
    assert (said.what, said.seen) == ("Locked: whether IAM allows it is not known.", "IAM was not asked")
    assert JANE in said.mend
    assert why_locked(SNAP, own, Ceiling(), YES) is None


@given(
    st.lists(st.sampled_from(Proof), min_size=3, max_size=3),
    st.dictionaries(st.sampled_from(Role), st.sampled_from(Word)),
)
def test_nobody_is_more_than_sts_gave_or_their_own_rights_come_to(proofs: list[Proof], own: dict[Role, Word]) -> None:
    tried = [Tried(each, proof, role(each.word)) for each, proof in zip(Role, proofs, strict=True)]
    found = decide(identity(JANE), tried, {each: Said(word) for each, word in own.items()}, NOW)
    has = {
        each.role
        for each in tried
        if each.proof is Proof.GRANTED
        or (each.proof in (Proof.NONE, Proof.ABSENT) and own.get(each.role) is Word.ALLOWED)
    }
    assert found.role is max(has | {Role.VIEWER})
    assert bool(found.assumes) == any(each.role is found.role and each.proof is Proof.GRANTED for each in tried)
    assert [each.role for each in found.denials] == sorted((each for each in Role if each > found.role), reverse=True)
