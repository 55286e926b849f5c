"""What does each screen send: to be opened, for a key, for nothing? Budgets that no machine's pace moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rig.battery import some
from tests.rig.coloured import MODES, Mode, wear
from tests.rig.counted import CountedApp, cost, cost_of_nothing, sent_since
from tests.rig.screens import HOME, SCREENS, Shown
from tests.rig.stage import screen

OPENED = 12_000  # bytes, at 120x40
KEY = 1_500


DEAREST, *OTHERS = MODES  # every colour in full takes the most bytes to say
EACH = [(shown, DEAREST) for shown in SCREENS] + [(HOME, mode) for mode in OTHERS]


@pytest.mark.parametrize(("shown", "mode"), EACH, ids=lambda given: given.name)
async def test_a_screen_keeps_to_its_budget(shown: Shown, mode: Mode, tmp_path: Path) -> None:
    async with screen(tmp_path, (120, 40), make=CountedApp) as seen:
        await wear(seen, mode)
        await seen.until_still()
        opened = await cost(seen, *shown.keys) if shown.keys else sent_since(seen)
        assert 0 < opened < OPENED, f"opened: {opened} bytes"
        for key in shown.typed:
            typed = await cost(seen, key)
            assert typed < KEY, f"{key}: {typed} bytes"
        assert await cost_of_nothing(seen) == 0


@pytest.mark.parametrize("shown", some([each for each in SCREENS if each.keys], 8), ids=lambda shown: shown.name)
async def test_the_way_back_costs_no_more_than_the_way_there(shown: Shown, tmp_path: Path) -> None:
    async with screen(tmp_path, (120, 40), make=CountedApp) as seen:
        await cost(seen, *shown.keys)
        assert 0 < await cost(seen, "escape") < OPENED
