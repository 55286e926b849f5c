"""The waits screen on the demo: what is seen at each size, and the way down to sessions and up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rig.stage import Seen, screen


async def opened(seen: Seen) -> str:
    await seen.press("7")
    return await seen.until(lambda text: "ms/s waited" in text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_amount_history_and_types_are_seen_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await opened(seen)
        text = await seen.until(lambda text: "waited, by category" in text and "█" in text)
        assert "per core" in text
        assert " TYPES" in text
        assert "WRITELOG" in text
        assert "% of it:" in text
        assert "LAZYWRITER_SLEEP" not in text


async def test_from_categories_to_types_to_sessions_and_up_again(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        await seen.press("t")
        text = await seen.until(lambda text: " CATEGORIES" in text)
        assert "Buffer IO" in text
        await seen.press("enter")
        assert " TYPES of " in await seen.until(lambda text: " TYPES of " in text)
        await seen.press("enter")
        await seen.until(lambda text: "SESSIONS that wait for" in text)
        await seen.press("left", "h")
        await seen.until(lambda text: " CATEGORIES" in text)


async def test_idle_ones_are_shown_when_asked_for(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        await seen.press("i")
        text = await seen.until(lambda text: "LAZYWRITER_SLEEP" in text)
        assert "idle ones too" in text


async def test_without_colours_and_braille_the_parts_are_told_apart(tmp_path: Path) -> None:
    async with screen(tmp_path, symbols="ascii", colours="none") as seen:
        await opened(seen)
        text = await seen.until(lambda text: "waited, by category" in text and " TYPES" in text)
        signs = [line[0] for line in text.split(" TYPES", 1)[1].split("\n")[2:6]]
        assert len(set(signs)) >= 3
        for sign in signs:
            assert text.split(" TYPES", 1)[0].count(sign) > 1
