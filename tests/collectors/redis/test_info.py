from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect
from collectors.redis.info import Follower, followers, is_read, node

names = st.sampled_from(["role", "slave0", "slave12", "master_port", "loading", "run_id", "slave_repl_offset"])


@given(st.dictionaries(names | st.text(max_size=20), st.text(max_size=60), max_size=12))
def test_whatever_a_server_says_is_read_or_refused_in_our_words(fields: dict[str, str]) -> None:
    for read in (node, followers):
        with suppress(CannotCollect):
            read(fields)


def test_a_replica_is_read_from_its_line_whatever_else_is_in_it() -> None:
    line = "ip=10.0.0.7,port=6379,state=online,offset=1204,lag=0,type=replica"
    assert followers({"role": "master", "connected_slaves": "1", "slave0": line}) == (
        Follower("10.0.0.7", 6379, "online", 1204, 0),
    )
    assert followers({"slave_repl_offset": "7", "slave_priority": "100"}) == ()
    (six,) = followers({"slave3": "ip=::1,port=6379,state=wait_bgsave,offset=0,lag=0"})
    assert six.address == "[::1]:6379"


def test_the_field_that_is_wrong_is_named() -> None:
    with pytest.raises(CannotCollect) as raised:
        node({"role": "slave", "master_port": "many"})
    assert raised.value.seen.startswith("master_port: ")


def test_what_an_older_version_leaves_out_is_not_told() -> None:
    told = node({"role": "slave", "master_link_status": "up", "master_last_io_seconds_ago": "1"})
    assert (told.slave_repl_offset, told.slave_read_repl_offset, told.repl_backlog_size) == (None, None, None)


def test_which_fields_are_looked_at() -> None:
    assert all(map(is_read, ("master_link_status", "slave0", "slave17", "mem_clients_slaves", "connected_slaves")))
    assert not any(map(is_read, ("maxmemory_policy", "slave_priority", "slave", "slavex")))
