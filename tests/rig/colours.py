"""How do colours look: how light, how far apart, and to eyes that tell fewer of them apart?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Light = tuple[float, float, float]  # linear red, green and blue, each 0 to 1

EYES: Mapping[str, Sequence[Light]] = {  # Machado, Oliveira and Fernandes 2009, the whole deficiency
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def contrast(one: str, other: str) -> float:
    """WCAG's: 1 is none, 21 is black on white."""
    darker, lighter = sorted((luminance(light_of(one)), luminance(light_of(other))))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    """In CIE Lab, of what such eyes see; 2 is just seen by who looks for it, 20 is seen in passing."""
    seen = [_lab(_seen(light_of(colour), EYES[eyes])) for colour in (one, other)]
    return math.dist(*seen)


def light_of(colour: str) -> Light:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def luminance(light: Light) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _seen(light: Light, eyes: Sequence[Light]) -> Light:
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in eyes)
    return red, green, blue


def _lab(light: Light) -> Light:
    red, green, blue = light
    x, z = 0.4124 * red + 0.3576 * green + 0.1805 * blue, 0.0193 * red + 0.1192 * green + 0.9505 * blue
    fx, fy, fz = (_root(part) for part in (x / 0.95047, luminance(light), z / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 0.008856 else 7.787 * part + 16 / 116
