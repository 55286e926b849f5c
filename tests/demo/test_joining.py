"""A second console on the emulated AWS of a first: which it may join, and that both play the same."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console import commands
from console.demo import joining
from tests.rig.emulated import Emulated, emulated


@pytest.fixture(scope="module")
def world() -> Iterator[Emulated]:
    with emulated("viewer", speed=30.0) as served:
        yield served


def joined(url: str) -> object:
    return joining.play(joining.document(url), joining.endpoint(url))


def test_who_joins_plays_the_same_at_the_same_time(world: Emulated) -> None:
    assert joined(world.endpoint) == world.play
    assert joined(world.endpoint.replace("127.0.0.1", "localhost") + "/") == world.play


def test_a_scenario_s_file_is_found_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\ntitle = "Mine"\nestate = "resilient-database"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(joining.__file__).parents[2]))
    with emulated(scenario="mine.toml") as world:
        assert joining.play(joining.document(world.endpoint), world.endpoint).scenario == str(file)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com:80", "http://127.0.0.1", "https://127.0.0.1:80", "http://127.0.0.1:0",
        "http://127.0.0.1:99999", "http://127.0.0.1:80@example.com", "http://127.0.0.1.example.com:80",
        "http://localhost:80/x", "http://10.0.0.1:80", "127.0.0.1:80", "", "http://127.0.0.1:٣",
    ],
)  # fmt: skip
def test_nothing_beyond_this_machine_is_joined(url: str) -> None:
    with pytest.raises(Trouble, match="Only an emulated AWS of this machine"):
        joining.endpoint(url)


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (200, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b'{"seed": 1}')]
)
def test_what_is_no_emulator_of_ours_is_not_joined(status: int, body: bytes) -> None:
    with answering(status, body) as url, pytest.raises(Trouble, match="no emulated AWS of dbconsole"):
        joining.document(url)


def test_where_nobody_listens_it_says_so() -> None:
    with answering(200, b"") as url:
        pass
    with pytest.raises(Trouble, match="Nobody plays there"):
        joining.document(url)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--role", "admin"), "`--role`"),
        (("--speed", "2"), "`--speed`"),
        (("--start", "2026-01-01T00:00:00Z"), "`--start`"),
        (("blocking-chain",), "A scenario"),
        (("--check",), "is for a screen"),
    ],
)
def test_what_the_other_console_says_is_not_said_again(arguments: tuple[str, ...], words: str) -> None:
    options = commands.parser().parse_args(["demo", "--join", "http://127.0.0.1:1", *arguments])
    with pytest.raises(Trouble, match=words):
        options.answer(options)


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_a_role_is_said_and_an_operator_s_where_it_is_not(role: str) -> None:
    parse = commands.parser().parse_args
    assert parse(["demo", "--role", role]).role == role
    assert parse(["demo"]).role == "operator"
    with pytest.raises(SystemExit):
        parse(["demo", "--role", "root"])


def test_a_play_of_another_role_is_none() -> None:
    start = datetime(2026, 3, 11, tzinfo=UTC).isoformat()
    said = f'{{"scenario":"x","seed":1,"size":null,"start":"{start}","anchor":1.0,"speed":1.0,"role":"root"}}'
    with pytest.raises(Trouble, match="no emulated AWS"):
        joining.play(said, "http://127.0.0.1:1")
