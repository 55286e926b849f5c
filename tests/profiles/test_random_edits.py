"""A profile is edited by hand, at night: whatever is typed, the answer is a profile or a line, never a traceback."""

import random
import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from console.profile_errors import Unusable, profile_of
from profiles.load import shipped

EDITS = 1000
VALUES = (
    *("0", "-1", "1e999", "nan", "-inf", "true", "9" * 400, "0x7fffffffffffffffff", "1979-05-27T07:32:00Z", "07:32:00"),
    *('""', '" "', '"x"', '"5 parsecs"', '"20 GiB"', '"\\u0000"', '"\\U0001F600"', '"\\u202e"', '"[red]"'),
    *(f'"{"a" * 5000}"', '{ "[key]" = 1 }', '{ "[key]" = "x" }'),
    *("[]", "[[]]", "[1, 'a']", "{}", "{ a = {} }", '{ "" = 1 }', "{ medium = 1 }", "{ warning = 9, critical = 1 }"),
    *('{ critical = "x" }', '[{ ids = ["*"] }]', "'''\nx\n'''", '"high"', "[" * 300 + "]" * 300, "", "# nothing"),
)
PIECES = (
    *string.printable,
    *("\0", "\ufeff", "é", "\u2028", "[[", "]]", '"""', "'''", "\r\n", " = "),
    *('"[key]" = 1\n', "[[alerts]]\n", "[cost]\n"),
)

Edit = Callable[[random.Random, list[str]], None]


def type_something(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    column = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:column] + chance.choice(PIECES) + lines[at][column:]


def delete_some(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    column = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:column] + lines[at][column + chance.randint(1, 6) :]


def transpose(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    letters = list(lines[at])
    chance.shuffle(letters)
    lines[at] = "".join(letters)


def lose_lines(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    del lines[at : at + chance.randint(1, 9)]
    lines.append("")


def paste_elsewhere(chance: random.Random, lines: list[str]) -> None:
    source, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[to:to] = lines[source : source + chance.randint(1, 9)]


def say_otherwise(chance: random.Random, lines: list[str]) -> None:
    at = chance.choice([index for index, line in enumerate(lines) if " = " in line] or [0])
    lines[at] = lines[at].partition(" = ")[0] + " = " + chance.choice(VALUES)


def rename_a_key(chance: random.Random, lines: list[str]) -> None:
    at = chance.choice([index for index, line in enumerate(lines) if " = " in line] or [0])
    key, _, value = lines[at].partition(" = ")
    other = chance.choice(lines).partition(" = ")[0].strip("[]# ") or "x"
    lines[at] = f"{chance.choice([other, key[1:] or 'x', key + 's', key.upper(), f'{key}.{other}'])} = {value}"


def rename_a_table(chance: random.Random, lines: list[str]) -> None:
    at = chance.choice([index for index, line in enumerate(lines) if line.startswith("[")] or [0])
    other = ("[[estate]]", "[roles.nobody]", "[name]", lines[at][1:-1], f"[{lines[at]}]", lines[at].upper())
    lines[at] = chance.choice(other)


BY_HAND: tuple[Edit, ...] = (
    *(type_something, delete_some, transpose, lose_lines),
    *(paste_elsewhere, say_otherwise, say_otherwise, rename_a_key, rename_a_table),
)


def edited(seed: int, text: str) -> bytes:
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(BY_HAND)(chance, lines)
    raw = "\n".join(lines).encode()
    if chance.random() < 0.1:  # an editor, or a copy, that spoils bytes
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    return raw[: chance.randrange(len(raw))] if chance.random() < 0.05 else raw


@pytest.mark.parametrize("source", shipped(), ids=lambda path: path.stem)
def test_a_thousand_edits_give_a_profile_or_a_line_that_says_where(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "edited.toml"
    text = source.read_text()
    refused = 0
    for seed in range(EDITS):
        file.write_bytes(edited(seed, text))
        try:
            profile_of(str(file), {})
        except Unusable as trouble:
            refused += 1
            line = trouble.line()
            assert re.match(rf"{re.escape(str(file))}:\d+(:\d+)?: \S", line), (seed, line)
            assert line.isprintable(), (seed, line)
            assert len(line) < 1500, (seed, line)
            for fault in trouble.faults[:-1]:
                assert fault.place, (seed, fault)
    assert EDITS // 4 < refused < EDITS  # else it would not be edits that are tried
