"""What the dialog, the operations and the audit look like, in the manner of `tests/screen/test_snapshots.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.environment import SymbolSet
from console.protocol.op import Op
from console.screen.acting.states import stage
from console.screen.pane import Pane
from tests.rig.screens import SIZES, SPLIT
from tests.rig.stage import Seen
from tests.screen.acting import plans
from tests.screen.acting.stage import Gate, gated
from tests.screen.acting.test_audit import AUDIT
from tests.screen.test_snapshots import compare_in, sheet

SNAPSHOTS = Path(__file__).parent / "snapshots"
EACH_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
DIALOGS = {  # no two of the same state in a row: its word tells that the next one is shown
    "planned": plans.op(),
    "refused": plans.REFUSED,
    "warned": plans.HELD_UP,
    "waiting": plans.WAITING,
    "counting": plans.COUNTING,
    "in-flight": plans.IN_FLIGHT,
    "unknown": plans.UNKNOWN,
    "done": plans.DONE,
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


def name_of(what: str, size: tuple[int, int], *more: str) -> str:
    return "-".join((what, f"{size[0]}x{size[1]}", *more))


async def show(seen: Seen, gate: Gate, told: Op) -> None:
    """The dialog on it, once its keys count. One that is open already follows."""
    gate.tell(told)
    await seen.until(lambda _: seen.app.live.ops.get(str(told.id)) == told)
    if isinstance(seen.app.screen, Pane):
        seen.app.open_op(str(told.id))
    title = f"Snapshot of billing  {stage(told).word}"
    await seen.until(lambda text: title in text and "Keys count" not in text)


@EACH_SIZE
async def test_the_dialog(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size) as (seen, gate):
        for what, told in DIALOGS.items():
            await show(seen, gate, told)
            compare_in(SNAPSHOTS, name_of(what, size), await sheet(seen))


@pytest.mark.parametrize("symbols", ["ascii"])
async def test_the_dialog_in_half_a_window_and_in_ascii(symbols: SymbolSet, folder: Path) -> None:
    async with gated(folder, SPLIT, symbols=symbols) as (seen, gate):
        await show(seen, gate, plans.HELD_UP)
        text = await sheet(seen)
        assert text.partition("==")[0].isascii()
        compare_in(SNAPSHOTS, name_of("warned", SPLIT, symbols), text)


@EACH_SIZE
async def test_the_operations(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size) as (seen, gate):
        for number, told in enumerate((plans.DONE, plans.UNKNOWN, plans.IN_FLIGHT, plans.REFUSED)):
            gate.tell(told.model_copy(update={"id": f"01J9ZV6W8R000000000000000{number}"}))
        await seen.press("colon", *"ops", "enter")
        await seen.until(lambda text: all(word in text for word in ("UNKNOWN", "REFUSED", "under way", "42 %")))
        await seen.until_still()
        compare_in(SNAPSHOTS, name_of("operations", size), await sheet(seen))


@EACH_SIZE
async def test_the_audit(size: tuple[int, int], folder: Path) -> None:
    async with gated(folder, size) as (seen, gate):
        gate.audit = AUDIT
        await seen.press("colon", *"audit", "enter")
        await seen.until(lambda text: "CreateDBSnapshot" in text)
        await seen.until_still()
        compare_in(SNAPSHOTS, name_of("audit", size), await sheet(seen))


def test_no_picture_is_kept_of_what_is_not_there_any_more() -> None:
    names = {name_of(what, size) for what in (*DIALOGS, "operations", "audit") for size in SIZES}
    names.add(name_of("warned", SPLIT, "ascii"))
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == names
