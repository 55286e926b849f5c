"""Alice asks; bob and carol may approve. Their keys are real and of no worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.access.signing import Person, person
from tests.rig.needs import need


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Person]:
    need("ssh-keygen")
    folder = tmp_path_factory.mktemp("keys")
    return {name: person(name, folder) for name in ("alice", "bob", "carol", "mallory")}


@pytest.fixture
def signers(people: dict[str, Person], tmp_path: Path) -> Path:
    """The list, in which mallory is not."""
    path = tmp_path / "allowed_signers"
    lines = [f"{each.name} {each.public}" for each in people.values() if each.name != "mallory"]
    path.write_text("# who may approve\n\n" + "\n".join(lines) + "\n")
    path.chmod(0o600)
    return path
