from __future__ import annotations

import pytest

from tests.guard.program import PROGRAMS, Program


@pytest.fixture(params=PROGRAMS, ids=str)
def program(request: pytest.FixtureRequest) -> Program:
    """Each program that runs under the guard; a test that asks for it holds for all of them."""
    found: Program = request.param
    return found
