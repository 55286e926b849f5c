import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from console.cli import run
from profiles.load import parse


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def own(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / "dbconsole" / "profiles" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_check_says_ok_of_every_profile_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path, "mine", "")
    assert run(["profile", "check"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2].split(" ")[0] for line in said] == ["ok"] * 4
    assert f"{path}: ok (0 thresholds, 0 alerts, 0 objectives, 0 declarations)" in said


def test_check_says_every_fault_and_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path, "mine", "[refresh]\nwaits = 0\nevents = 0\n")
    assert run(["profile", "check", "mine", "default", "nobodys"]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{path}:2: refresh.waits is out of range. (0)")
    assert said[1].startswith(f"{path}:3: refresh.events is out of range. (0)")
    assert ": ok (" in said[2]
    assert said[3].startswith("'nobodys': is no profile.")


def test_a_file_may_not_act_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "\x1b[31m.toml"
    path.write_text('"\\u001b[2J" = 1\n')
    assert run(["profile", "check", str(path)]) == 3
    assert "\x1b" not in capsys.readouterr().out
    assert run(["profile", "show", str(path)]) == 3
    assert "\x1b" not in capsys.readouterr().err


def test_show_marks_what_is_not_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path, "mine", "[refresh]\nwaits = 2\n")
    assert run(["profile", "show", "mine"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"# {path} (one's own); a line marked `default` is not in the file\n")
    assert "\nwaits = 2\n" in said
    assert "\nreplica_lag = 5  # default\n" in said
    assert "\n[cost]  # default\n" in said
    assert parse(said, "shown").refresh.waits == 2


def test_show_marks_tables_within_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(tmp_path, "mine", '[roles.operator]\nprincipal_tags = { team = "dba" }\n')
    assert run(["profile", "show", "mine"]) == 0
    said = capsys.readouterr().out
    assert "\n[roles]\n[roles.viewer]  # default\nmfa = false\nmfa_max_age_minutes = 15\n[roles.operator]\n" in said
    assert '\nprincipal_tags = { team = "dba" }\nmfa = true  # default\n' in said


def test_show_writes_sizes_as_people_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", "show", "resilient-database"]) == 0
    assert 'below = { warning = "50 GiB", high = "20 GiB", critical = "5 GiB" }' in capsys.readouterr().out


def test_show_says_the_same_twice(capsys: pytest.CaptureFixture[str]) -> None:
    run(["profile", "show", "default"])
    first = capsys.readouterr().out
    run(["profile", "show", "default"])
    assert capsys.readouterr().out == first


def test_show_as_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", "show", "resilient-database", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema_version"], said["shipped"]) == (1, True)
    assert said["profile"]["alerts"][0]["for"] == 300.0


def test_show_of_a_wrong_one_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(tmp_path, "mine", "[refresh]\nwaits = 0\nevents = 0\n")
    assert run(["profile", "show", "mine"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Allowed: 1 s to 1 d. `dbconsole profile check` names 1 more." in said.err


def test_the_schema_is_json_and_names_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", "schema"]) == 0
    tables = {"estate", "thresholds", "alerts", "objectives", "refresh", "roles", "channels", "cost", "declared"}
    assert tables <= json.loads(capsys.readouterr().out)["properties"].keys()


@pytest.mark.parametrize("words", [["--help"], ["profile", "--help"], ["profile", "check", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\nfrom console.cli import run\ntry:\n    run(sys.argv[1:])\nexcept SystemExit:\n"
        "    print([name for name in ('pydantic', 'boto3', 'textual', 'profiles.model') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


def test_help_is_true_about_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["profile", "show", "--help"])
    assert "as TOML that is a profile itself" in " ".join(capsys.readouterr().out.split())
    run(["profile", "show", "default"])
    assert tomllib.loads(capsys.readouterr().out)["name"] == "default"
