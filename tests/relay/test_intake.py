"""What of all that a broker may bring is believed? Each kind of attacker is refused, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from console.mqtt.carrier import Heard
from console.mqtt.signing import Keys, Signer
from console.protocol.bodies import Ack
from console.protocol.codec import encode
from console.protocol.message import Message
from console.protocol.status import Status
from console.protocol.topics import topic
from console.relay import bounds
from console.relay.intake import Away, Gone, Intake, Result, Taken
from tests.protocol.said import ESTATE, Publisher
from tests.relay.publishing import EPOCH, NEWER, OLDER, signer, will_of

EVENT = topic(ESTATE, "event")


@pytest.fixture(scope="module")
def engine() -> Signer:
    return signer()


@pytest.fixture(scope="module")
def stranger() -> Signer:
    return signer()


class Said(Publisher):
    """Messages with a signature, as they are heard."""

    def __init__(self, by: Signer | None, *, epoch: str = EPOCH, started: int = 2_000) -> None:
        super().__init__(epoch=epoch, started=started)
        self.by = by

    def heard(self, message: Message, *, is_retained: bool = False) -> Heard:
        said = self.by.sign(message) if self.by else message
        return Heard(said.topic, encode(said), is_retained)

    def gone(self, *topics: str) -> Heard:
        return self.heard(self.scribe.say(EVENT, "gone", {"topics": list(topics)}))


def intake(*keys: Signer) -> Intake:
    return Intake(ESTATE, "kim", Keys([each.public for each in keys]))


def take(into: Intake, heard: Heard, now: float = 0.0) -> Result:
    return into.take(heard, now)


def refused(into: Intake) -> Mapping[str, int]:
    return {reason: count for reason, count in into.refused.items() if count}


def test_what_is_signed_by_whom_one_knows_is_verified_and_its_signer_told(engine: Signer) -> None:
    into, said = intake(engine), Said(engine)
    taken = take(into, said.heard(said.meta("a")))
    assert isinstance(taken, Taken)
    assert taken.begins
    assert isinstance(take(into, said.heard(said.res("a", {"cpu": (1.0, 1)}))), Taken)
    assert (into.is_verified, into.signer, refused(into)) == (True, engine.kid, {})


@pytest.mark.parametrize("known", [True, False], ids=["with a key", "without a key"])
def test_what_nobody_signed_is_shown_until_somebody_known_signs(engine: Signer, known: bool) -> None:
    into, said = intake(*[engine] * known), Said(engine)
    forged = Said(None, epoch=EPOCH if known else NEWER, started=99_000)
    assert isinstance(take(into, forged.heard(forged.meta("all-green"))), Taken)
    assert not into.is_verified
    generation = into.generation
    result = take(into, said.heard(said.meta("a")))
    if not known:
        assert (result, refused(into)) == (None, {"epoch": 1}), "it began earlier, and nobody can tell"
        return
    assert isinstance(result, Taken)
    assert result.begins, "although it has the forger's epoch, and began before it"
    assert (into.is_verified, into.generation) == (True, generation + 1)
    assert take(into, forged.heard(forged.res("all-green", {"cpu": (0.0, 1)}))) is None
    assert refused(into) == {"unsigned": 1}


def test_a_signature_of_a_stranger_is_none(engine: Signer, stranger: Signer) -> None:
    into, said, forged = intake(engine), Said(engine), Said(stranger, started=99_000)
    take(into, said.heard(said.meta("a")))
    assert take(into, forged.heard(forged.meta("all-green"))) is None
    lying = replace(stranger.sign(said.res("a", {"cpu": (0.0, 1)})), kid=engine.kid)
    assert take(into, Heard(lying.topic, encode(lying), is_retained=False)) is None
    moved = replace(engine.sign(said.res("a", {"cpu": (0.0, 1)})), topic=topic(ESTATE, "res", "b"))
    assert take(into, Heard(moved.topic, encode(moved), is_retained=False)) is None
    assert refused(into) == {"signature": 3}


def test_what_was_said_before_is_not_said_again_by_playing_it_again(engine: Signer) -> None:
    into, said = intake(engine), Said(engine)
    take(into, said.heard(said.meta("a")))
    old, event = said.heard(said.res("a", {"cpu": (1.0, 1)})), said.heard(said.event("it burns"))
    new = said.heard(said.res("a", {"cpu": (2.0, 2)}))
    for heard in (old, event, new):
        assert isinstance(take(into, heard), Taken)
    assert [take(into, heard) for heard in (old, event)] == [None, None]
    again = take(into, new)
    assert isinstance(again, Taken)
    assert again.again, "state that is told again is the same, and no harm"
    assert refused(into) == {"replayed": 2}


def test_an_earlier_start_of_the_engine_is_not_heard_and_a_later_one_is(engine: Signer) -> None:
    into, now = intake(engine), Said(engine)
    before, after = Said(engine, epoch=OLDER, started=1_000), Said(engine, epoch=NEWER, started=3_000)
    take(into, now.heard(now.meta("a")))
    for heard in (before.heard(before.meta("a")), before.heard(before.res("a", {"cpu": (0.0, 1)}))):
        assert take(into, heard) is None
    assert refused(into) == {"epoch": 2}
    begun = take(into, after.heard(after.meta("a")))
    assert isinstance(begun, Taken)
    assert begun.begins
    assert take(into, now.heard(now.res("a", {"cpu": (0.0, 1)}))) is None


def test_whoever_plays_a_whole_earlier_start_is_found_out_by_one_word_of_the_later(engine: Signer) -> None:
    into, recorded, real = intake(engine), Said(engine), Said(engine, epoch=NEWER, started=3_000)
    take(into, recorded.heard(recorded.meta("a")))
    assert take(into, real.heard(real.status())) is None, "its meta has yet to come"
    assert take(into, recorded.heard(recorded.res("a", {"cpu": (0.0, 1)}))) is None
    assert take(into, recorded.heard(recorded.meta("a"))) is None
    assert isinstance(take(into, real.heard(real.meta("a"))), Taken)


def test_a_deletion_counts_once_it_was_said_by_whom_one_knows(engine: Signer) -> None:
    into, said = intake(engine), Said(engine)
    place = topic(ESTATE, "res", "a")
    take(into, said.heard(said.meta("a")))
    whole = said.heard(said.res("a", {"cpu": (1.0, 1)}))
    take(into, whole)
    empty = Heard(place, b"", is_retained=False)
    assert (take(into, empty), refused(into)) == (None, {"deletion": 1})
    gone = said.gone(place, topic("other", "res", "a"), EVENT, "nonsense")
    assert take(into, gone) == Gone((place,))
    assert (take(into, empty), take(into, whole), take(into, gone)) == (None, None, None)
    assert refused(into) == {"deletion": 1, "replayed": 2}
    assert isinstance(take(into, said.heard(said.res("a", {"cpu": (2.0, 2)}))), Taken), "it may come back"


def test_unsigned_deletions_are_those_of_who_signs_nothing(engine: Signer) -> None:
    into, said = intake(engine), Said(None)
    take(into, said.heard(said.meta("a")))
    assert take(into, Heard(topic(ESTATE, "res", "a"), b"", is_retained=False)) == Gone((topic(ESTATE, "res", "a"),))


def test_a_will_counts_once_whatever_its_seq(engine: Signer) -> None:
    into, said = intake(engine), Said(engine)
    take(into, said.heard(said.meta("a")))
    for _ in range(9):
        take(into, said.heard(said.status()))
    will = will_of(engine)
    heard = Heard(will.topic, will.payload, is_retained=True)
    assert take(into, heard) == Away()
    assert take(into, heard) is None
    forged, earlier = will_of(None), will_of(engine, OLDER)
    for each in (forged, earlier):
        assert take(into, Heard(each.topic, each.payload, is_retained=False)) is None
    assert refused(into) == {"replayed": 1, "unsigned": 1, "epoch": 1}


def test_an_answer_is_the_publishers_own_and_for_us(engine: Signer) -> None:
    into, said, forger = intake(engine), Said(engine), Said(None)
    take(into, said.heard(said.meta("a")))
    for_kim, for_bob = (topic(ESTATE, "ack", who) for who in ("kim", "bob"))
    body = Ack(id="1", ok=True)
    assert take(into, said.heard(said.scribe.say(for_kim, "ack", body))) == body
    assert take(into, said.heard(said.scribe.say(for_bob, "ack", body))) is None
    assert take(into, forger.heard(forger.scribe.say(for_kim, "ack", body))) is None
    assert refused(into) == {"unsigned": 1}


SPOILT = {
    "large": b"{" + b" " * 70_000,
    "deep": b'{"v":1,"body":' + b"[" * 60 + b"]" * 60 + b"}",
    "json": b"{malformed",
    "coding": b"\xff\xfe",
    "envelope": b'{"v":1}',
    "version": b'{"v":2}',
}


@pytest.mark.parametrize("reason", SPOILT)
def test_what_is_no_message_is_counted_by_what_is_wrong_with_it(engine: Signer, reason: str) -> None:
    into, said = intake(engine), Said(engine)
    take(into, said.heard(said.meta("a")))
    assert take(into, Heard(topic(ESTATE, "res", "a"), SPOILT[reason], is_retained=True)) is None
    assert refused(into) == {reason: 1}


def test_what_is_live_cannot_be_kept_and_another_estate_is_not_ours(engine: Signer) -> None:
    into, said = intake(engine), Said(engine)
    take(into, said.heard(said.meta("a")))
    assert take(into, said.heard(said.event("an old fire"), is_retained=True)) is None
    elsewhere = engine.sign(replace(said.status(), topic=topic("other", "status")))
    assert take(into, Heard(elsewhere.topic, encode(elsewhere), is_retained=False)) is None
    assert refused(into) == {"retained": 1, "estate": 1}


def test_more_than_anybody_says_is_not_taken_and_what_follows_is(engine: Signer) -> None:
    into, said = intake(engine), Said(None)
    take(into, said.heard(said.meta("a")))
    status = said.heard(said.status())
    for _ in range(bounds.AT_ONCE + 100):
        take(into, status, 1.0)
    assert refused(into)["flood"] == 100
    assert isinstance(take(into, said.heard(said.status()), 2.0), Taken)


def test_more_topics_than_any_estate_has_are_not_kept(engine: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds.Bounds, "MOST_TOPICS", 20)
    into, said = intake(engine), Said(None)
    take(into, said.heard(said.meta("a")))
    for number in range(50):
        take(into, said.heard(said.res(f"r{number}", {"cpu": (1.0, 1)})))
    assert refused(into) == {"many": 31}
    monkeypatch.setattr(bounds.Bounds, "MOST_TOPICS", 100)
    monkeypatch.setattr(bounds.Bounds, "MOST_BYTES", 4_000)
    take(into, said.heard(said.scribe.write("status", body=Status(online=True, notices=("x" * 90,) * 40))))
    assert into.refused["many"] >= 31
