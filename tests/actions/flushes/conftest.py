"""Three shards for all tests here: they take two seconds to know each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.flushes.servers import three_shards
from tests.rig.redis_pair import RedisServer


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, ...]]:
    with three_shards(tmp_path_factory.mktemp("cluster")) as made:
        yield made
