from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rig import tds


@pytest.fixture(params=[tds.FREETDS, tds.MICROSOFT])
def driver(request: pytest.FixtureRequest) -> tds.Driver:
    return tds.driver(request.param)


@pytest.fixture
def script() -> tds.Script:
    return tds.Script()


@pytest.fixture
def server(script: tds.Script) -> Iterator[tds.Serving]:
    with tds.serving(script) as serving:
        yield serving
