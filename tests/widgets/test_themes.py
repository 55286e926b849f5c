"""Can every theme be read: on its ground, in greys, by eyes that confuse colours, and with few colours?"""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color, ColorType
from rich.style import Style

from collectors.safe import Safe
from tests.rig.colours import contrast, distance
from widgets import draw
from widgets.themes import DARK, DEUTERANOPIA, HIGH_CONTRAST, LIGHT, THEMES, TRITANOPIA
from widgets.tone import TERMINAL, Depth, Look, Theme, Tone

MIXED = [theme for theme in THEMES.values() if theme is not TERMINAL]
READ = (Tone.PLAIN, Tone.DIM, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.ACCENT, Tone.HEADER, Tone.MARK)
SEVERITIES = (Tone.GOOD, Tone.WARN, Tone.BAD)
GROUNDS = {"dark": ("#000000", "#1e1e1e", "#282c34"), "light": ("#ffffff", "#fdf6e3")}
"""What people set a terminal to that has a ground of its own."""
OWN = {"dark": "#d0d0d0", "light": "#303030"}
"""And what such a terminal writes with."""


def grounds(theme: Theme) -> tuple[str, ...]:
    return (theme.ground.mixed,) if theme.ground else GROUNDS[theme.name]


def colour(theme: Theme, tone: Tone) -> str:
    return theme.inks[tone].mixed or OWN[theme.name]


def style(theme: Theme, tone: Tone, depth: Depth) -> Style:
    """What a word of that tone is drawn with."""
    (segment,) = draw.strip([(Safe("word"), tone)], 4, Look(theme, depth=depth))
    assert segment.style is not None
    return segment.style


def attributes(drawn: Style) -> tuple[object, ...]:
    return drawn.bold, drawn.dim, drawn.reverse


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_a_theme_has_an_ink_for_every_tone(theme: Theme) -> None:
    assert set(theme.inks) == set(Tone)


@pytest.mark.parametrize("theme", MIXED, ids=lambda theme: theme.name)
def test_what_is_written_can_be_read_on_its_ground(theme: Theme) -> None:
    least = 7.0 if theme is HIGH_CONTRAST else 4.5
    for ground in grounds(theme):
        for tone in READ:
            assert contrast(colour(theme, tone), ground) >= least, (tone, ground)
        assert contrast(colour(theme, Tone.GHOST), ground) >= (least if theme is HIGH_CONTRAST else 3.0)


@pytest.mark.parametrize("theme", MIXED, ids=lambda theme: theme.name)
def test_what_is_grave_is_told_from_what_is_well_in_greys(theme: Theme) -> None:
    for one, other in combinations(SEVERITIES, 2):
        unlike = attributes(style(theme, one, Depth.TRUE)) != attributes(style(theme, other, Depth.TRUE))
        assert unlike or contrast(colour(theme, one), colour(theme, other)) >= 1.2, (one, other)


@pytest.mark.parametrize(
    ("theme", "eyes"),
    [
        *((theme, "usual") for theme in MIXED),
        (DEUTERANOPIA, "deuteranopia"),
        (DEUTERANOPIA, "protanopia"),
        (TRITANOPIA, "tritanopia"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_tones_are_told_apart_by_the_eyes_a_theme_is_for(theme: Theme, eyes: str) -> None:
    pairs = set(combinations((Tone.PLAIN, *SEVERITIES, Tone.ACCENT), 2))
    for one, other in pairs:
        assert distance(colour(theme, one), colour(theme, other), eyes) >= 20, (one, other)
    assert distance(colour(theme, Tone.PLAIN), colour(theme, Tone.DIM), eyes) >= 12


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_an_ordinary_theme_is_not_enough_for_every_eye(theme: Theme) -> None:
    """Or the two for colour-blind eyes would be there for nothing."""
    assert min(distance(colour(theme, a), colour(theme, b), "deuteranopia") for a, b in combinations(SEVERITIES, 2)) < 8


@pytest.mark.parametrize("depth", [Depth.EIGHT, Depth.SIXTEEN, Depth.NONE])
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_severities_are_told_apart_where_colours_are_few(theme: Theme, depth: Depth) -> None:
    drawn = {tone: style(theme, tone, depth) for tone in SEVERITIES}
    for one, other in combinations(SEVERITIES, 2):
        assert drawn[one] != drawn[other], (one, other)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_each_depth_is_told_no_more_colours_than_it_has(theme: Theme) -> None:
    for tone in Tone:
        for depth, allowed in ((Depth.EIGHT, range(8)), (Depth.SIXTEEN, range(16)), (Depth.MANY, range(256))):
            drawn = style(theme, tone, depth)
            for said in (drawn.color, drawn.bgcolor):
                assert said is None or said.number in allowed, (tone, depth)
        bare = style(theme, tone, Depth.NONE)
        assert bare.color is bare.bgcolor is None


@pytest.mark.parametrize("theme", MIXED, ids=lambda theme: theme.name)
def test_a_mixed_colour_is_the_same_among_256(theme: Theme) -> None:
    for tone, ink in theme.inks.items():
        if ink.mixed is not None:
            said = style(theme, tone, Depth.MANY).color
            assert said is not None
            assert said.type is ColorType.EIGHT_BIT
            assert said.get_truecolor().hex == ink.mixed, tone


def test_a_ground_of_its_own_is_behind_what_is_not_written_too() -> None:
    for depth, ground in ((Depth.TRUE, "#000000"), (Depth.SIXTEEN, "black"), (Depth.NONE, None)):
        line = draw.strip([(Safe("word"), Tone.PLAIN)], 9, Look(HIGH_CONTRAST, depth=depth))
        for segment in line:
            assert segment.style is not None
            assert segment.style.bgcolor == (Color.parse(ground) if ground else None)


def test_without_colour_all_themes_are_one() -> None:
    for tone in Tone:
        assert len({style(theme, tone, Depth.NONE) for theme in THEMES.values()}) == 1


@pytest.mark.parametrize("depth", Depth)
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_a_line_across_a_chart_is_no_bar(theme: Theme, depth: Depth) -> None:
    assert not style(theme, Tone.LIMIT, depth).reverse
