"""Without the packages of the extra `demo` there is a line that names it, and no emulator that dies for ever."""

from __future__ import annotations

import pytest

from collectors.errors import Trouble
from console.demo import needs


def test_where_all_is_installed_nothing_is_said() -> None:
    needs.require()


def test_what_is_missing_is_named_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "PACKAGES", ("json", "no_such_package_anywhere"))
    with pytest.raises(Trouble) as told:
        needs.require()
    assert "no_such_package_anywhere" in told.value.line()
    assert "json" not in told.value.seen
    assert "pip install 'dbconsole[demo]'" in told.value.mend
