"""The statements about files, memory, counters and deadlocks name the columns that their readers and the demo know."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from collectors.database.question import tag
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import text_of
from collectors.sqlserver.core_counters import core
from collectors.sqlserver.counter_kinds import BASES, LEFT_OUT
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.sqlserver.answers import ANSWERS
from console.demo.sqlserver.moment import Moment
from console.demo.tds.columns import columns_of, row

START = 1_773_223_200.0
NAMES = (
    *("files", "databases", "log_space", "tempdb", "memory", "schedulers", "counters"),
    *("deadlock_source", "deadlocks"),
)


def selects(name: str) -> list[exp.Select]:
    return [each for each in sqlglot.parse(text_of(name), read="tsql") if isinstance(each, exp.Select)]


@pytest.mark.parametrize("name", NAMES)
def test_the_demo_answers_with_the_columns_that_are_asked_for(name: str) -> None:
    assert text_of(name).startswith(tag(name))
    model = Model(1, START, MACHINES)
    reporting = Moment.of(model, ResourceId(Safe("reporting")), START + 700)
    told = [rows.columns for rows in ANSWERS[name](reporting, ())]
    assert told == [tuple(select.named_selects) for select in selects(name)]


@pytest.mark.parametrize("name", NAMES)
def test_it_only_reads_and_names_what_it_reads(name: str) -> None:
    for each in selects(name):
        assert not list(each.find_all(exp.Into))
        assert not [star for star in each.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
        assert all(column.table for column in each.find_all(exp.Column) if column.name != "SPID")


def test_all_core_counters_are_asked_for_with_their_bases() -> None:
    (listed,) = selects("counters")[1].find_all(exp.In)
    asked = {literal.name.casefold() for literal in listed.expressions}
    names = {one.name.casefold() for one in core().values()}
    assert names <= asked
    stems = {name.replace(part, "") for name in names for part in ("", *LEFT_OUT)}
    assert asked - names <= {stem + end for stem in stems for end in BASES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("about", [machine.id for machine in MACHINES if machine.engine.startswith("sqlserver")])
def test_what_the_demo_answers_has_types_that_a_server_can_send(name: str, about: ResourceId) -> None:
    moment = Moment.of(Model(1, START, MACHINES), about, START + 700)
    for rows in ANSWERS[name](moment, ()):
        columns = columns_of(rows)
        assert [row(columns, values) for values in rows.values] or not rows.values
