"""What others must agree to, and when nobody may: asked of an engine, with real signatures and a file that freezes."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.access.role import Role
from console.actions.life import State
from console.actions.order import Order, Turn
from console.actions.plan import Plan
from console.actions.preflight import Given
from console.engine.acting.targets import target
from console.profile_errors import profile_of
from console.protocol.op import Op
from profiles.load import shipped
from tests.access.signing import Person as Signer
from tests.access.signing import person as signer
from tests.engine.acting.conftest import Stage, forgetful, staged
from tests.rig.acting.console import Person, comes
from tests.rig.acting.inside import forged, inside
from tests.rig.needs import need

ACCESS = """
[access]
allowed_signers = "signers"
freeze_file = "freezes.toml"

[[access.approvals]]
actions = ["snapshot.table"]
"""
FROZEN = '[[freezes]]\nname = "Q4 close"\nfrom = 2026-03-01T00:00:00Z\nuntil = 2026-03-30T00:00:00Z\n'
INCIDENT = {"incident": "INC-4711", "reason": "the standby must take over before the disk dies"}


@dataclass(frozen=True)
class Rules:
    """A stage under a profile that has rules, and the people who may sign."""

    stage: Stage
    folder: Path
    people: dict[str, Signer]

    def freeze(self, text: str) -> None:
        (self.folder / "freezes.toml").write_text(text)

    def approval(self, op: Op, who: str, *, denies: bool = False) -> str:
        """What the command prints that is shown for it, run as it is, by somebody with their own key."""
        home = self.folder / f"home-{who}"
        (home / ".ssh").mkdir(parents=True, exist_ok=True, mode=0o700)
        key = home / ".ssh" / "id_ed25519"
        key.write_bytes(self.people[who].key.read_bytes())
        key.chmod(0o600)
        for old in home.glob("*.sig"):
            old.unlink()
        shown = op.to_approve[4 if denies else 2]
        ran = subprocess.run(["sh", "-c", shown], cwd=home, env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
                             capture_output=True, text=True, check=True)  # fmt: skip
        return ran.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    need("ssh-keygen")
    folder = tmp_path_factory.mktemp("rules")
    keys = tmp_path_factory.mktemp("keys")
    people = {name: signer(name, keys) for name in ("demo", "bob", "carol", "mallory")}
    signers = "".join(f"{each.name} {each.public}\n" for each in people.values() if each.name != "mallory")
    (folder / "signers").write_text(signers)
    (folder / "signers").chmod(0o600)
    (folder / "freezes.toml").write_text("")
    profile = folder / "profile.toml"
    named = next(path for path in shipped() if path.stem == "resilient-database")
    profile.write_text(named.read_text() + ACCESS)
    with staged(tmp_path_factory.mktemp("console"), "admin", profile=profile) as stage:
        yield Rules(stage, folder, people)


@pytest.fixture
def rules(made: Rules) -> Iterator[Rules]:
    forgetful(made.stage)
    yield made
    made.freeze("")


@asynccontextmanager
async def waiting(rules: Rules, **more: object) -> AsyncIterator[tuple[Person, Op]]:
    """A backup that was confirmed, and waits for another person."""
    async with rules.stage.console.joined() as person:
        op = await person.plan("carts")
        assert op.state == "planned", (op.outcome, op.seen)
        overrides = {"overrides": ["cool-down"], "reason": "it is an exercise"} if cools(op) else {}
        await person.confirmed(op, **overrides, **more)
        yield person, await person.op(op.id, "await-approval")
        if (await person.op(op.id)).state == "await-approval":
            await person.did("act.abort", op=op.id)


def cools(op: Op) -> bool:
    return any(each.name == "cool-down" and each.verdict == "block" for each in op.checks)


async def over(person: Person, op: Op) -> None:
    await person.op(op.id, "done")


async def test_what_another_must_agree_to_is_sent_once_they_have_signed(rules: Rules) -> None:
    async with waiting(rules) as (person, op):
        assert op.approvals == (0, 1)
        assert rules.stage.proxy.mutations() == []
        signed = await asyncio.to_thread(rules.approval, op, "bob")
        await person.did("approve", op=op.id, text=signed)
        await over(person, op)
        told = rules.stage.console.told(op.id)
        assert told[:5] == ["APPROVE_REQ", "APPROVED", "CONFIRM", "INTENT", "SENT"]
        assert [each.operation for each in rules.stage.proxy.mutations()] == ["CreateBackup"]
        assert not (await person.asked("approve", op=op.id, text=signed)).ok


async def test_two_who_sign_at_once_send_it_once(rules: Rules) -> None:
    async with waiting(rules) as (person, op):
        signed = [await asyncio.to_thread(rules.approval, op, who) for who in ("bob", "carol")]
        await asyncio.gather(*(person.asked("approve", op=op.id, text=each) for each in signed))
        await over(person, op)
    assert len(rules.stage.proxy.mutations()) == 1
    assert rules.stage.console.told(op.id).count("CONFIRM") == 1


async def test_nobody_approves_what_they_ask_for_nor_a_stranger_nor_another_plan(rules: Rules) -> None:
    async with waiting(rules) as (_, former):
        earlier = await asyncio.to_thread(rules.approval, former, "bob")
    async with waiting(rules) as (person, op):
        texts = [await asyncio.to_thread(rules.approval, op, who) for who in ("demo", "mallory")]
        good = await asyncio.to_thread(rules.approval, op, "bob")
        cut, bent = good[: len(good) // 2], good.replace(op.plan[-6:], "000000")
        told = [await person.asked("approve", op=op.id, text=text) for text in (*texts, earlier, cut, bent, "")]
        assert [each.ok for each in told] == [False] * 6
        assert all(each.error and each.error.what and each.error.mend for each in told)
        assert (await person.op(op.id)).state == "await-approval"
    assert rules.stage.proxy.mutations() == []


async def test_a_second_person_approves_at_a_viewer_and_each_approval_that_is_none_is_refused_in_words(
    rules: Rules,
) -> None:
    """The path proves nothing and need not: what counts is the signature, and each counts once."""
    async with waiting(rules) as (_, former):
        earlier = await asyncio.to_thread(rules.approval, former, "bob")
    async with waiting(rules) as (person, op), rules.stage.console.joined("view") as viewer:
        shown = await viewer.op(op.id, "await-approval")
        assert shown.to_approve == op.to_approve, "a viewer reads what it would sign"
        own, strange, good = [await asyncio.to_thread(rules.approval, shown, who) for who in ("demo", "mallory", "bob")]
        words = "yes, go on"
        for text, said in (
            (own, "You cannot approve what you ask for."),
            (strange, "Nobody in the list of signers"),
            (earlier, "The approval is for another operation."),
            (good.replace(op.plan[-6:], "000000"), "The plan has changed since it was approved."),
            (flipped(good), ""),
            (good[: len(good) // 2], "That is no approval."),
            (words, "That is no approval."),
        ):
            told = await viewer.asked("approve", op=op.id, text=text)
            assert told.error is not None, text
            assert said in told.error.what or said in told.error.seen, told.error
            assert told.error.mend, told.error
        assert (await viewer.op(op.id)).state == "await-approval"
        assert rules.stage.proxy.mutations() == []
        for name in ("act.confirm", "act.abort", "act.acknowledge", "act.adopt", "act.unlock", "act.here", "audit"):
            refused = await viewer.asked(name, op=op.id, plan=op.plan, typed=op.word)
            assert refused.error is not None
            assert refused.error.what == f"A viewer may not send `{name}`."
        await viewer.did("approve", op=op.id, text=good)
        await over(person, op)
        replayed = await viewer.asked("approve", op=op.id, text=good)
        assert replayed.error is not None
        assert replayed.error.what == "This approval was given before."
    assert len(rules.stage.proxy.mutations()) == 1


def flipped(text: str) -> str:
    """One bit of the signature, where it is the signature's own."""
    begin = text.index("-----END") - 20
    other = "A" if text[begin] != "A" else "B"
    return text[:begin] + other + text[begin + 1 :]


async def test_a_denial_is_final(rules: Rules) -> None:
    async with waiting(rules) as (person, op):
        denied = await asyncio.to_thread(rules.approval, op, "carol", denies=True)
        await person.did("approve", op=op.id, text=denied)
        assert "carol has denied it" in (await person.op(op.id, "refused")).outcome
        late = await asyncio.to_thread(rules.approval, op, "bob")
        assert not (await person.asked("approve", op=op.id, text=late)).ok
        assert (await person.op(op.id)).state == "refused"
    assert rules.stage.proxy.mutations() == []


async def test_a_freeze_lets_snapshots_through_and_nothing_else(rules: Rules) -> None:
    rules.freeze(FROZEN)
    async with rules.stage.console.joined() as person:
        assert (await person.plan("reporting")).state == "planned"
        op = await person.plan("customers", "fail-over")
        assert op.offers_first == "snapshot", "what is risky is offered with what would undo it"
        frozen = next(each for each in op.checks if each.name == "freeze")
        assert (frozen.verdict, frozen.override) == ("block", "break-glass")
        assert 'Freeze "Q4 close"' in frozen.what
        for more in ({}, {"overrides": ["freeze"], "reason": INCIDENT["reason"]}, INCIDENT):
            assert not (await person.confirm(op, **more)).ok
    assert rules.stage.proxy.mutations() == []


async def test_broken_glass_is_written_down_and_gets_past_a_freeze(rules: Rules) -> None:
    rules.freeze(FROZEN)
    async with rules.stage.console.joined() as person:
        op = await person.plan("customers", "fail-over")
        await person.confirmed(op, overrides=["freeze"], **INCIDENT)
        ended = await person.op(op.id, "in-flight", "done")
        async with rules.stage.console.joined("view") as viewer:
            seen = await viewer.op(op.id, "in-flight", "done")
    assert ended.glass.startswith("GLASS BROKEN by demo")
    assert seen.glass == ended.glass, "it stands on every console"
    assert len(rules.stage.proxy.mutations()) == 1
    every = rules.stage.console.records()
    assert {"BREAK_GLASS", "OVERRIDE"} <= {record.ev for record in every if op.id in str(record.data)}
    assert any(record.ev == "FREEZE" and record.data["name"] == "Q4 close" for record in every)
    (looked,) = (record for record in every if record.ev == "CHECK" and record.op == op.id)
    assert "freeze: block" in str(looked.data["said"])


async def test_no_glass_is_broken_over_the_switch_to_passive(rules: Rules) -> None:
    rules.freeze("passive = true")
    async with rules.stage.console.joined() as person:
        op = await person.plan("reporting")
        assert op.state == "refused"
        assert "passive" in op.outcome
    assert rules.stage.proxy.mutations() == []


async def test_a_freeze_that_begins_while_it_counts_down_stops_it(rules: Rules) -> None:
    async with rules.stage.console.joined() as person:
        op = await person.plan("billing")
        names = [each.name for each in op.checks if each.verdict == "block"]
        await person.confirmed(op, overrides=names, reason="it is an exercise")
        await person.op(op.id, "intent")
        rules.freeze("passive = true")
        stopped = await person.op(op.id, "refused")
        assert "passive" in stopped.outcome
    assert rules.stage.proxy.mutations() == []
    assert await comes(lambda: rules.stage.console.told(op.id) == ["CONFIRM", "INTENT", "REFUSED"])


async def test_the_gate_itself_sends_nothing_that_nobody_has_agreed_to(rules: Rules, tmp_path: Path) -> None:
    profile = profile_of(str(rules.folder / "profile.toml"))
    async with inside(rules.stage.console.play, tmp_path, profile) as actor:
        gate, company = actor._desk._gate, actor._acting._by
        craft = company.crafts["snapshot.table"]
        carts = next(each for each in company.known.everywhere() if each.id == "carts")
        meant = target(carts, company.known)
        plan = await forged(gate, craft, Plan("01K", craft.action.name, meant, (), (), (), "demo", 1))
        told: list[Turn] = []
        given = Given(Role.ADMIN, frozenset({"cool-down"}), "it is an exercise")
        await gate.execute(craft, Order(plan, plan.hash, given), told.append, asyncio.Event())
    assert [turn.state for turn in told] == [State.REFUSED]
    assert (told[0].said, told[0].seen) == ("1 other person must approve it.", "nobody was asked for this plan")
    assert rules.stage.proxy.mutations() == []


async def test_who_was_an_admin_when_they_confirmed_breaks_no_glass_as_an_operator(
    rules: Rules, operator: Stage, tmp_path: Path
) -> None:
    """What is said of a role is said by whoever asks: the gate asks STS."""
    profile = profile_of(str(rules.folder / "profile.toml"))
    async with inside(operator.console.play, tmp_path, profile) as actor:
        gate, company = actor._desk._gate, actor._acting._by
        craft = company.crafts["snapshot.table"]
        carts = next(each for each in company.known.everywhere() if each.id == "carts")
        meant = target(carts, company.known)
        plan = await forged(gate, craft, Plan("01K", craft.action.name, meant, (), (), (), "demo", 1))
        told: list[Turn] = []
        given = Given(Role.ADMIN, frozenset({"approval"}), INCIDENT["reason"], has_broken_glass=True)
        await gate.execute(craft, Order(plan, plan.hash, given), told.append, asyncio.Event())
    assert [turn.said for turn in told] == ["1 other person must approve it."]
    assert operator.proxy.mutations() == []
