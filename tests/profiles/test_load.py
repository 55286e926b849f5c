import os
from pathlib import Path

import pytest

from profiles.load import find, load, names, shipped
from profiles.wrong import WrongProfile


def own(config: Path, name: str, text: str) -> Path:
    path = config / "dbconsole" / "profiles" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def refusal(name: object, env: dict[str, str] | None = None) -> str:
    with pytest.raises(WrongProfile) as caught:
        load(str(name), env or {})
    return str(caught.value)


def test_ones_own_profile_comes_before_the_shipped_one(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert load("default", env).title == "Everything in this account and region"
    path = own(tmp_path, "default", 'title = "Mine"\n')
    assert (find("default", env), load("default", env).title) == (path, "Mine")
    assert names(env)["default"] == path


def test_without_xdg_it_is_in_the_home_directory(tmp_path: Path) -> None:
    path = own(tmp_path / ".config", "mine", "")
    assert find("mine", {"HOME": str(tmp_path)}) == path
    assert find("mine", {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}) == path


def test_a_profile_is_called_as_its_file_unless_it_says_otherwise(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    own(tmp_path, "mine", "")
    own(tmp_path, "other", 'name = "theirs"')
    assert (load("mine", env).name, load("other", env).name) == ("mine", "theirs")


def test_a_path_is_taken_as_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('title = "X"')
    (tmp_path / "plain").write_text('title = "Y"')
    assert load(str(tmp_path / "x.toml"), {}).title == "X"
    assert load(str(tmp_path / "plain"), {}).title == "Y"
    assert find("no-such.toml") == Path("no-such.toml")


def test_a_name_that_is_nobodys_names_the_nearest() -> None:
    said = refusal("resilent-database")
    assert (
        "Did you mean resilient-database? Allowed: database-architect, default, resilient-database, or a file." in said
    )


@pytest.mark.parametrize("name", ["", "..", "-x", "a b", "ä", "x" * 300, "\x1b[31m", "a\0b"])
def test_a_name_that_could_be_none_is_refused_in_a_line(name: str) -> None:
    said = refusal(name)
    assert "is no profile" in said
    assert said.isprintable()


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    assert "No such file" in refusal(file)
    assert "(a directory)" in refusal(f"{tmp_path}/")
    assert "null byte" in refusal("/tmp/\0.toml")
    os.mkfifo(file)
    assert "(a device or a pipe)" in refusal(file)
    assert "(a device or a pipe)" in refusal("/dev/zero")


def test_a_link_to_nothing_is_ones_own_and_says_so(tmp_path: Path) -> None:
    path = own(tmp_path, "default", "")
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    assert "cannot be read. (No such file" in refusal("default", {"XDG_CONFIG_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'\xef\xbb\xbfname = "x"', ":1: begins with a byte order mark"),
        ('name = "x"'.encode("utf-16"), ":1: begins with a byte order mark"),
        (b'a = 1\nname = "\xe4"', ":2: is not UTF-8. (byte 0xe4)"),
        (b"a = 1\n\n\0", ":3: is not text. (a NUL character)"),
        (b"#" * (1024 * 1024 + 1), "is too long. (more than 1 MiB)"),
        (b"#\n" + b"a." * 200_000 + b"b = 1", ":2: has too long a line. (400005 characters)"),
        (b"a = 1\ra = 2", ":1:6: is not TOML."),
    ],
)
def test_what_is_not_text_says_where(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "x.toml").write_bytes(raw)
    assert said in refusal(tmp_path / "x.toml")


def test_lines_that_end_as_on_windows_are_counted_too(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"[refresh]\r\n\r\nwaits = 0\r\n")
    assert "x.toml:3: refresh.waits is out of range" in refusal(tmp_path / "x.toml")


def test_the_shipped_ones_can_all_be_asked_for_by_name() -> None:
    assert {path.stem for path in shipped()} == set(names({}))
