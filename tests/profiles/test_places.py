import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.load import shipped
from profiles.places import Path, line_of, lines

TEXT = '''# a comment with [brackets] and k = 1
a = 1
"b.c".d = """text
[no] = "table"
"""
[[t]]
k = { x = 1, "y" = [1,
  2] }
[[t]]
k = 1.5 # [[t]]
[t.sub]
z = '=[{'
[[t.deep]]
q.r = 1979-05-27T07:32:00Z
arr = [
  { n = 1 }, # here
  { n = "\\"]", m = 'x' },
]
'''


def test_every_key_is_found_on_its_line() -> None:
    found = lines(TEXT)
    expected: dict[Path, int] = {
        ("a",): 2,
        ("b.c", "d"): 3,
        ("t", 0, "k", "x"): 7,
        ("t", 0, "k", "y", 1): 8,
        ("t", 1): 9,
        ("t", 1, "k"): 10,
        ("t", 1, "sub", "z"): 12,
        ("t", 1, "deep", 0): 13,
        ("t", 1, "deep", 0, "q", "r"): 14,
        ("t", 1, "deep", 0, "arr", 1, "m"): 17,
    }
    assert {path: found[path] for path in expected} == expected


def test_what_is_not_there_is_told_by_what_is_around_it() -> None:
    found = lines(TEXT)
    assert line_of(found, ("t", 1, "missing")) == 9
    assert line_of(found, ("missing",)) is None


def paths(value: Any, path: Path = ()) -> set[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ({path} if path else set()).union(*(paths(each, (*path, key)) for key, each in inner))


def test_it_finds_what_tomllib_finds_in_each_shipped_profile() -> None:
    for file in shipped():
        text = file.read_text()
        assert paths(tomllib.loads(text)) == set(lines(text))


KEYS = st.sampled_from(["a", "b-c", '"d.e"', "'f g'", '"\\u0041"', "a.b"])
PLAIN = ("1", "1.5e3", "true", '"]#"', "'{'", '"""x\n[y]\n"""', "'''\n'' = '''", "1979-05-27 07:32:00", "0x1F")
VALUES = st.recursive(
    st.sampled_from(PLAIN),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # c ]\n".join(items) + "\n]")
    | st.lists(inner, max_size=3).map(lambda items: "{" + ", ".join(f"k{i} = {v}" for i, v in enumerate(items)) + "}"),
    max_leaves=5,
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]  # x"),
    st.just(""),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=8))
def test_it_agrees_with_tomllib_on_any_text_that_is_toml(parts: list[str]) -> None:
    text = "\n".join(parts)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = lines(text)
    assert paths(said) == set(found)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())
