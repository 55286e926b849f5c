"""Two-person approval with real signatures: accepted is what another signed, for just this, just now."""

from __future__ import annotations

import base64
import os
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.safe import Safe
from collectors.threads import Threads
from console.access.approvals import (
    VALID_FOR,
    Approval,
    Asked,
    Denial,
    NoApproval,
    Requester,
    Verb,
    ask,
    judge,
    missing,
    parse,
    request_text,
)
from console.access.refusal import Refusal
from console.access.signatures import NotSigned, Signatures
from tests.access.by_hand import NOON
from tests.access.signing import Person
from tests.rig.battery import battery

PLAN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
OP = "01JD4Z8Q3VX2N5T7W9Y1B3C5D7"
ALICE = Requester("alice", "alice@example.org", "arn:aws:sts::111122223333:assumed-role/dbconsole-operator/alice")
People = dict[str, Person]
Forged = tuple[Asked, str, datetime]


def asked(requester: Requester = ALICE, plan: str = PLAN, op: str = OP, now: datetime = NOON) -> Asked:
    return ask(plan, op, requester, now, secrets.token_hex(16))


class Desk:
    """What a console does with what is pasted: parse, check, judge, and remember."""

    def __init__(self, signers: Path) -> None:
        self._signatures = Signatures(signers, Threads(2))
        self.burned: set[str] = set()
        self.denied: set[str] = set()

    async def take(self, waiting: Asked, pasted: str, now: datetime = NOON) -> Approval | Denial | Refusal | str:
        """An error is told by its sentence."""
        try:
            parsed = parse(pasted)
            signed = await self._signatures.check(parsed, now)
        except (NoApproval, NotSigned) as trouble:
            return trouble.what
        found = judge(waiting, parsed, signed, now, burned=self.burned, denied=self.denied)
        if isinstance(found, Approval):
            self.burned.add(found.mark)
        if isinstance(found, Denial):
            self.denied.add(found.op)
        return found


@pytest.fixture
def desk(signers: Path) -> Desk:
    return Desk(signers)


def what(found: object) -> str:
    assert isinstance(found, Refusal), found
    assert found.seen
    assert found.mend
    return found.what


async def test_what_the_command_prints_is_an_approval_by_its_signer(desk: Desk, people: People, tmp_path: Path) -> None:
    waiting = asked()
    printed = people["bob"].run(waiting, Verb.APPROVE, tmp_path)
    found = await desk.take(waiting, printed)
    assert isinstance(found, Approval)
    assert (found.who, found.plan, found.op, found.until) == ("bob", PLAN, OP, NOON + VALID_FOR)
    assert found.key.startswith("SHA256:")


def test_what_is_signed_is_as_the_specification_has_it() -> None:
    waiting = asked()
    assert waiting.text() == f"dbconsole-approve-v1\n{PLAN}\n{OP}\nalice\n2026-11-21T12:10:00Z\n{waiting.nonce}"


def test_the_request_says_what_it_is_about_and_how_to_answer() -> None:
    waiting = asked()
    lines = request_text(waiting, Safe("Promote orders-replica"), NOON)
    assert lines[0] == "alice asks you to approve: Promote orders-replica"
    assert "Until 12:10Z" in lines[1]
    assert f"ssh-keygen -Y sign -n dbconsole-approve@v1 -f ~/.ssh/id_ed25519 {OP}.approve" in lines[2]
    assert f"{OP}.deny" in lines[4]


async def test_a_paste_that_lost_its_line_ends_is_still_one(desk: Desk, people: People) -> None:
    for spoil in (
        lambda text: text.replace("\n", " "),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"hi\n{text}\n",
    ):
        waiting = asked()
        assert isinstance(await desk.take(waiting, spoil(people["bob"].approve(waiting))), Approval)


async def test_a_denial_is_final_for_the_operation(desk: Desk, people: People, tmp_path: Path) -> None:
    waiting = asked()
    printed = people["carol"].run(waiting, Verb.DENY, tmp_path)
    assert isinstance(await desk.take(waiting, printed, NOON + timedelta(hours=1)), Denial)  # late, and heard
    assert what(await desk.take(waiting, people["bob"].approve(waiting))) == "This was denied, which is final."
    anew = asked()
    assert what(await desk.take(anew, people["bob"].approve(anew))) == "This was denied, which is final."
    other = asked(op="01JD4Z8Q3VX2N5T7W9Y1B3C5D8")
    assert isinstance(await desk.take(other, people["bob"].approve(other)), Approval)


async def test_an_approval_cannot_be_made_into_a_denial_nor_the_other_way(desk: Desk, people: People) -> None:
    waiting = asked()
    denied = people["bob"].approve(waiting, Verb.DENY)
    assert (
        await desk.take(waiting, denied.replace("dbconsole-deny", "dbconsole-approve")) == "The signature is not good."
    )
    approved = people["bob"].approve(waiting)
    assert await desk.take(waiting, approved.replace("-approve-", "-deny-")) == "The signature is not good."


async def test_the_proof_of_another_text_proves_nothing(people: People, signers: Path) -> None:
    waiting = asked()
    other = parse(people["bob"].approve(asked()))
    signed = await Signatures(signers, Threads(2)).check(other, NOON)
    found = judge(waiting, parse(people["bob"].approve(waiting)), signed, NOON, burned=(), denied=())
    assert what(found) == "The signature is of another text."


@pytest.mark.parametrize(
    "requester",
    [
        Requester("bob"),
        Requester("Bob"),
        Requester("oncall", source_identity="bob"),
        Requester("oncall", source_identity="bob@example.org"),
        Requester("oncall", arn="arn:aws:sts::111122223333:assumed-role/dbconsole-operator/bob"),
        Requester("bob@example.org"),
    ],
)
async def test_nobody_approves_for_themselves_by_any_of_their_names(
    requester: Requester, desk: Desk, people: People
) -> None:
    waiting = asked(requester)
    assert what(await desk.take(waiting, people["bob"].approve(waiting))) == "You cannot approve what you ask for."
    assert isinstance(await desk.take(waiting, people["carol"].approve(waiting)), Approval)


async def test_a_key_that_is_also_the_requesters_does_not_count_under_another_name(
    desk: Desk, people: People, signers: Path
) -> None:
    """`ssh-keygen` alone would tell of the first line only."""
    lines = [f"robert {people['alice'].public}", f"alice {people['alice'].public}", f"carol {people['carol'].public}"]
    with signers.open("w") as file:
        file.write("\n".join(lines))
    waiting = asked()
    found = await desk.take(waiting, people["alice"].approve(waiting))
    assert what(found) == "You cannot approve what you ask for."
    assert isinstance(found, Refusal)
    assert "robert, alice" in found.seen


async def test_two_keys_of_one_person_are_one_approval(desk: Desk, people: People, signers: Path) -> None:
    with signers.open("a") as file:
        file.write(f"bob {people['mallory'].public}\n")
    waiting = asked()
    given = [await desk.take(waiting, people[each].approve(waiting)) for each in ("bob", "mallory")]
    approvals = [each for each in given if isinstance(each, Approval)]
    assert len(approvals) == 2
    told = missing(waiting, approvals, 2, NOON)
    assert told is not None
    assert told.what == "Waiting for 1 of 2 approvals (not yours)."
    assert told.seen == "approved by bob"
    last = await desk.take(waiting, people["carol"].approve(waiting))
    assert isinstance(last, Approval)
    assert missing(waiting, [*approvals, last], 2, NOON) is None


async def test_enough_approvals_are_no_longer_enough_once_they_are_old_or_the_plan_changed(
    desk: Desk, people: People
) -> None:
    waiting = asked()
    given = await desk.take(waiting, people["bob"].approve(waiting))
    assert isinstance(given, Approval)
    assert missing(waiting, [given], 1, NOON + VALID_FOR - timedelta(seconds=1)) is None
    for late in (
        missing(waiting, [given], 1, NOON + VALID_FOR),
        missing(replace(waiting, plan="0" * 64), [given], 1, NOON),
        missing(replace(waiting, op="01JD4Z8Q3VX2N5T7W9Y1B3C5D8"), [given], 1, NOON),
        missing(waiting, [], 1, NOON),
    ):
        assert late is not None
        assert late.what == "Waiting for 1 of 1 approval (not yours)."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("* {key}", "Nobody in the list of signers has this key."),
        ("mal* {key}", "Nobody in the list of signers has this key."),
        ("# mallory {key}", "Nobody in the list of signers has this key."),
        ('mallory namespaces="git" {key}', "The signature is not good."),
        ('mallory valid-before="20260101" {key}', "The signature is not good."),
        ('mallory valid-after="20270101" {key}', "The signature is not good."),
        ('mallory namespaces="dbconsole-approve@v1",valid-before="20261121120001" {key}', ""),
        ('"mallory" {key} a comment, don\'t mind', ""),
        ("mallory {key}", ""),
    ],
)
async def test_a_line_counts_as_it_says(line: str, words: str, desk: Desk, people: People, signers: Path) -> None:
    with signers.open("a") as file:
        file.write(line.format(key=people["mallory"].public) + "\n")
    waiting = asked()
    found = await desk.take(waiting, people["mallory"].approve(waiting))
    assert (found if isinstance(found, str) else "") == words
    assert isinstance(found, Approval) == (not words)


async def test_a_list_that_others_could_have_written_is_not_believed(desk: Desk, people: People, signers: Path) -> None:
    waiting = asked()
    os.chmod(signers, 0o620)
    assert await desk.take(waiting, people["bob"].approve(waiting)) == "The list of signers cannot be believed."
    os.unlink(signers)
    assert await desk.take(waiting, people["bob"].approve(waiting)) == "There is no list of signers."


@pytest.mark.parametrize("name", ["", "two words", "a'b", "a\nb", "$(id)", "ü", "a%n", "a\\n", "x" * 600])
def test_a_name_that_a_shell_would_act_on_is_not_asked_for(name: str) -> None:
    with pytest.raises(NoApproval):
        asked(Requester(name))


@pytest.mark.parametrize("paste", ["", "yes", "-----BEGIN SSH SIGNATURE-----", "x" * 100_000])
def test_what_is_none_is_told_so(paste: str) -> None:
    with pytest.raises(NoApproval, match="That is no approval"):
        parse(paste)


class Forger:
    """Each way to have something accepted that is not: what is waited for, what is pasted, and when."""

    def __init__(self, people: People, captured: Sequence[str], seed: int) -> None:
        self._people = people
        self._captured = captured
        self._chance = random.Random(seed)
        self.kinds: dict[str, Callable[[Asked, Person], Forged]] = {
            "replay": lambda waiting, _: (waiting, self._chance.choice(self._captured), NOON),
            "expired": lambda waiting, bob: (waiting, bob.approve(waiting), NOON + VALID_FOR + self._while(0)),
            "clock set back": lambda waiting, bob: (waiting, bob.approve(waiting), NOON - self._while(1)),
            "self": lambda waiting, _: (waiting, self._people["alice"].approve(waiting), NOON),
            "nobody": lambda waiting, _: (waiting, self._people["mallory"].approve(waiting), NOON),
            "bit": lambda waiting, bob: (waiting, waiting.text() + self._flipped(bob.sign(waiting.text())), NOON),
            "namespace": lambda waiting, bob: (waiting, waiting.text() + self._namespaced(bob, waiting.text()), NOON),
            "other text": lambda waiting, bob: (waiting, waiting.text() + bob.sign(asked().text()), NOON),
            "other plan": lambda waiting, bob: self._other(waiting, bob, plan=secrets.token_hex(32)),
            "other op": lambda waiting, bob: self._other(waiting, bob, op=f"{OP[:-4]}{self._chance.randrange(9999)}"),
            "other nonce": lambda waiting, bob: self._other(waiting, bob, nonce=secrets.token_hex(16)),
            "other requester": lambda waiting, bob: self._other(waiting, bob, requester=Requester("dave")),
            "stretched": lambda waiting, bob: self._other(waiting, bob, expiry=waiting.expiry + self._while(1)),
        }

    def forge(self, kind: str) -> Forged:
        return self.kinds[kind](asked(), self._people[self._chance.choice(("bob", "carol"))])

    def _other(self, waiting: Asked, bob: Person, **changed: Any) -> Forged:
        """Signed for one request; pasted as it is, or with the words of another that is waited for."""
        signed, waiting = waiting, replace(waiting, **changed)
        words = self._chance.choice((signed, waiting)).text()
        return waiting, words + bob.sign(signed.text()), NOON

    def _while(self, least: int) -> timedelta:
        return timedelta(seconds=self._chance.randrange(least, 3600))

    def _namespaced(self, bob: Person, text: str) -> str:
        return bob.sign(text, self._chance.choice(("git", "file", "dbconsole-approve@v2")))

    def _flipped(self, signature: str) -> str:
        head, *lines, tail = signature.strip().split("\n")
        raw = bytearray(base64.b64decode("".join(lines)))
        at = self._chance.randrange(len(raw))
        raw[at] ^= 1 << self._chance.randrange(8)
        return "\n".join((head, base64.b64encode(raw).decode(), tail, ""))


async def test_of_many_forgeries_none_is_accepted_and_of_the_valid_ones_all_are(desk: Desk, people: People) -> None:
    """The T6 of the specification: its 5,000 and 200 with DBCONSOLE_BATTERY=50."""
    captured: list[str] = []
    for number in range(battery(4)):
        waiting = asked()
        given = people["bob" if number % 2 else "carol"].approve(waiting)
        assert isinstance(await desk.take(waiting, given), Approval)
        captured.append(given)
        assert what(await desk.take(waiting, given)) == "This approval was given before."
    forger, refused = Forger(people, captured, 6), 0
    for _ in range(battery(8)):
        for kind in forger.kinds:
            found = await desk.take(*forger.forge(kind))
            assert isinstance(found, Refusal | str), (kind, found)
            refused += 1
    assert refused >= 100
