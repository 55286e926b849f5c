"""A viewer over SSH at which nobody types leaves whole seconds without output; who types has each change at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.screen.app import CALM_AFTER_S, CALM_S
from console.specs import Mode
from tests.rig.stage import screen


@pytest.mark.parametrize(("mode", "calms"), [("view", True), ("control", False)])
async def test_only_who_looks_from_afar_and_does_not_type_is_painted_less_often(
    tmp_path: Path, mode: Mode, *, calms: bool
) -> None:
    async with screen(tmp_path, (80, 24), mode=mode) as seen:
        seen.app.typed_at -= CALM_AFTER_S
        assert seen.app.is_calm is calms
        await seen.press("j")
        assert not seen.app.is_calm


def test_between_two_paints_there_is_a_second_for_sshd_to_ask_in() -> None:
    assert CALM_S > 2
