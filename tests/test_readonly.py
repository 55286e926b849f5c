"""One wish to only look is enough, and nothing says the contrary."""

from __future__ import annotations

import pytest

from console.readonly import VARIABLE, reason


@pytest.mark.parametrize(
    ("flag", "variable", "profile", "why"),
    [
        (True, None, False, "--read-only was given"),
        (False, "1", False, "DBCONSOLE_READONLY is set"),
        (False, "no thanks", False, "DBCONSOLE_READONLY is set"),  # in doubt it is
        (False, None, True, "the profile says readonly"),
        (True, "0", False, "--read-only was given"),
        (False, "0", True, "the profile says readonly"),
        *((False, variable, False, None) for variable in (None, "", "0", "false", "No", " off ")),
    ],
)
def test_whoever_wishes_it_only_looks(flag: bool, variable: str | None, profile: bool, why: str | None) -> None:
    environ = {} if variable is None else {VARIABLE: variable}
    assert reason(flag=flag, environ=environ, profile=profile) == why
