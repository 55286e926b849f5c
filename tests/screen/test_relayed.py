"""What does a viewer's header say of how the publisher is heard, and what is left of it where it is narrow?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collectors.safe import Safe
from console.check import document
from console.protocol.mirror import Mirror
from console.protocol.status import Status
from console.protocol.together import Relay
from console.screen import head, relayed
from console.screen.feed import Feed
from tests.protocol.said import meta
from tests.screen.estate import picture
from widgets.bar import Ends, joined

URL = Safe("mqtts://kim@broker:8883")


def relay(state: Any = "live", **others: Any) -> Relay:
    return Relay(**{"state": state, "url": URL, "trust": "verified", "signer": Safe("SHA256:abc"), **others})


def told(of: Relay, columns: int = 120, *, contact: Any = "live") -> str:
    shown = picture({}, relay=of, contact=contact, contact_s=40.0, meta=meta())
    return "".join(text for text, _ in joined(Ends(tuple(head.left(shown, "shop", "view"))), columns))


def test_where_all_is_well_two_words_say_so() -> None:
    assert told(relay()) == " shop  DEMO READ-ONLY VIEW live"


@pytest.mark.parametrize(
    ("of", "contact", "words"),
    [
        (relay("late", late_s=12.0), "live", "LATE 12s"),
        (relay("lost", why=Safe("broker away")), "lost", "LOST 40s: broker away"),
        (relay(trust="unverified"), "live", "UNVERIFIED"),
        (relay("joining", why=Safe("nothing was heard yet")), "joining", "VIEW joining: nothing was heard yet"),
    ],
)
def test_what_keeps_the_rest_from_being_believed_is_said_once_and_in_the_narrowest_terminal_first(
    of: Relay, contact: Any, words: str
) -> None:
    assert told(of, contact=contact).count(words) == 1
    assert "ENGINE LOST" not in told(of, contact=contact)
    if of.state != "joining":
        assert told(of, 24, contact=contact).lstrip().startswith(words)


def test_what_was_refused_is_counted_for_who_asks() -> None:
    of = relay(refused={Safe("unsigned"): 3, Safe("flood"): 12}, retries=2)
    assert relayed.refused(of) == "Messages that were not taken: 3 unsigned, 12 flood."
    assert relayed.notes(of)[0] == f"Heard by {URL}, signed by SHA256:abc; 2 connections lost."
    assert (relayed.refused(relay()), relayed.notes(None)) == (None, ())


@pytest.mark.parametrize("of", [relay(trust="unverified"), relay("lost", why=Safe("publisher away"))])
def test_what_nobody_signs_or_nobody_says_any_more_is_no_state_of_an_estate(of: Relay) -> None:
    checked = document(meta(), Status(online=True), {}, 1_000, of)
    assert checked["status"] == "UNKNOWN"
    assert checked["verified"] is (of.trust == "verified")
    assert len(checked["notices"]) == 1


def test_the_contact_of_a_relayed_screen_is_the_publishers(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "view.sock", "view", lambda: None)
    mirror = feed._mirror = Mirror()
    feed._set("live")
    for state in ("joining", "live", "late", "lost", "live"):
        mirror.relay = relay(state)
        expected = state if state in ("joining", "lost") else "live"
        assert feed.picture().contact == expected
        assert feed.picture().stale is (state == "lost")
    feed._set("lost")
    assert (feed.picture().contact, feed.picture().has_engine) == ("lost", False)
