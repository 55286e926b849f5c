"""Each key of an action is free or says why not, in words, on every screen that is about a resource."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from collectors.safe import Safe
from console.protocol.op import Offers
from console.screen.acting.allowed import key_named, lock, shown
from console.screen.picture import Picture
from tests.screen.acting.plans import OPERATOR, SNAPSHOT, VIEWER
from tests.screen.acting.stage import gated
from tests.screen.bodies import picture, res
from widgets.tone import Symbols, Tone

S, F = key_named("snapshot"), key_named("fail-over")
KNOWN = {"billing": res(), "carts": res(kind="table")}


def seen(offers: Offers | None) -> Picture:
    return replace(picture(KNOWN), offers=offers)


def why(offers: Offers | None, *, resource: str | None = "billing", viewer: bool = False) -> str:
    found = lock(S, seen(offers), resource, viewer=viewer)
    return "" if found is None else f"{found.word}: {found.why}"


def test_it_is_free_where_the_gate_offers_it_for_this_kind() -> None:
    assert why(OPERATOR) == ""


def test_the_reasons_in_the_order_in_which_they_matter() -> None:
    nobody = why(None, viewer=True)
    assert nobody == "unknown: Snapshot is locked: nobody has said yet what may be done here."
    assert why(OPERATOR, viewer=True) == "viewer: Snapshot is locked: this is a viewer, and a viewer never acts."
    assert why(VIEWER, resource="carts") == "operator: Snapshot is locked: it needs operator, and you are viewer."
    assert why(OPERATOR, resource="carts").startswith("not here: Snapshot is locked: a table is copied by")
    assert why(OPERATOR, resource=None) == "nothing: Snapshot is locked: there is no resource under the cursor."


def test_what_is_locked_for_everybody_does_not_say_a_role() -> None:
    full = SNAPSHOT.model_copy(update={"locked": Safe("the audit cannot be written")})
    told = why(OPERATOR.model_copy(update={"actions": (full,)}))
    assert told == "locked: Snapshot is locked: the audit cannot be written."


def test_what_is_still_to_come_says_so() -> None:
    found = lock(F, seen(OPERATOR), "billing", viewer=False)
    assert found is not None
    assert found.why == "Fail over is locked: this release has no such action yet; it comes with a later release."


@pytest.mark.parametrize(("symbols", "sign"), [(Symbols.BRAILLE, "×"), (Symbols.ASCII, "x")])
def test_the_footer_says_it_with_a_sign_and_a_word_and_the_free_ones_first(symbols: Symbols, sign: str) -> None:
    later = lock(F, seen(OPERATOR), "billing", viewer=False)
    free, locked = shown([(F, "F", later), (S, "S", None)], symbols)
    assert free == [(" S:Snapshot ", Tone.PLAIN)]
    assert locked == [(f" F:Fail over {sign}later ", Tone.DIM)]
    assert shown([(F, "F", later), (S, "S", later)], symbols) == ([], [(f" F,S:Actions {sign}later ", Tone.DIM)])


@pytest.mark.parametrize("screen", [(), ("2",), ("3",)])
async def test_a_locked_key_says_its_reason_and_opens_nothing(screen: tuple[str, ...], tmp_path: Path) -> None:
    async with gated(tmp_path, (200, 50), offers=VIEWER) as (seen, gate):
        await seen.press(*screen)
        await seen.until(lambda text: "S:Snapshot ×operator" in text)
        await seen.press("S")
        await seen.until(lambda text: "Snapshot is locked: it needs operator, and you are viewer." in text)
        await seen.press("F")
        await seen.until(lambda text: "Fail over is locked: this release has no such action yet" in text)
        assert gate.asked == []


async def test_on_the_board_they_stand_before_all_else_however_narrow_it_is(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24)) as (seen, _):
        await seen.press("2")
        await seen.until(lambda text: "S:Snapshot  F,X:Actions ×later" in text)


async def test_the_header_says_the_role(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=VIEWER) as (seen, gate):
        await seen.until(lambda text: "DEMO viewer" in text)
        gate.offer(OPERATOR)
        await seen.until(lambda text: "DEMO operator" in text)


async def test_a_viewer_screen_never_acts_whatever_the_gate_offers(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), mode="view") as (seen, gate):
        await seen.press("2")
        await seen.until(lambda text: "F,S,X:Actions ×viewer" in text)
        await seen.press("S")
        await seen.until(lambda text: "this is a viewer, and a viewer never acts." in text)
        assert gate.asked == []
