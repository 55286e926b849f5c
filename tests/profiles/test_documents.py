"""Are the examples in the docs profiles? And does docs/actions.md name all that a profile may say of actions?"""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from profiles.access import Access, Approvals, FreezeWindow, Lock
from profiles.people import Role, Roles
from tests.guard.program import ROOT
from tests.profiles.saying import faults, profile

ACTIONS = ROOT / "docs" / "actions.md"
PAGES = [ROOT / "README.md", *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "looks.md")]
EXAMPLE = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES = [(page.name, found[1]) for page in PAGES for found in EXAMPLE.finditer(page.read_text(encoding="utf-8"))]
SAID = EXAMPLE.findall(ACTIONS.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("page", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_is_a_profile_that_is_read(page: str, example: str) -> None:
    assert faults(example) == []


def test_the_example_of_actions_says_what_its_words_say() -> None:
    said = profile("".join(SAID))
    assert (said.readonly, said.access.passive, said.roles.operator.mfa, said.roles.admin.mfa) == (
        False,
        False,
        False,
        True,
    )
    assert [window.name for window in said.access.freezes] == ["Q4 close", "weekend nights"]
    assert said.access.cool_downs == {"snapshot.instance": 600.0}


@pytest.mark.parametrize("part", [Access, Lock, Approvals, FreezeWindow, Role, Roles])
def test_no_key_about_actions_is_left_out(part: type[BaseModel]) -> None:
    names = {field.alias or name for name, field in part.model_fields.items()}
    page = "".join(SAID)
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", page)] == []
