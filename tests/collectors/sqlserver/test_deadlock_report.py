"""A deadlock's report becomes one line with no value in it, and nothing in it can hurt who reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.sqlserver.deadlock_report import MOST_CHARACTERS, deadlock

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
EVENT = """<event name="xml_deadlock_report" package="sqlserver" timestamp="2026-03-11T11:58:07.120Z">
<data name="xml_report"><type name="xml" package="package0"/><value><deadlock>
<victim-list><victimProcess id="p1"/></victim-list>
<process-list>
<process id="p1" spid="71" clientapp="checkout" hostname="WEB-01" loginname="svc" currentdbname="orders">
<inputbuf>
UPDATE dbo.stock SET n = 'hunter2' WHERE id = 4242   </inputbuf></process>
<process id="p2" spid="94" clientapp="stock-worker" hostname="WRK-02" loginname="svc2" currentdbname="orders">
<inputbuf>DELETE FROM dbo.orders WHERE card = '4111111111111111'</inputbuf></process>
{more}</process-list>
<resource-list>
<keylock objectname="orders.dbo.stock" indexname="PK_stock" mode="X"><owner-list><owner id="p2" mode="X"/></owner-list>
<waiter-list><waiter id="p1" mode="U" requestType="wait"/></waiter-list></keylock>
<pagelock objectname="orders.dbo.orders" mode="X"><owner-list><owner id="p1" mode="X"/></owner-list>
<waiter-list><waiter id="p2" mode="IX" requestType="wait"/></waiter-list></pagelock>
</resource-list></deadlock></value></data></event>"""


def test_it_says_who_gave_way_to_whom_over_what() -> None:
    found = deadlock(EVENT.format(more=""), NOW)
    assert found.at == datetime(2026, 3, 11, 11, 58, 7, 120_000, tzinfo=UTC)
    assert found.victims == (71,)
    assert found.sentence() == (
        "deadlock: session 71 (checkout, WEB-01) was ended in favour of session 94 (stock-worker, WRK-02), over KEY of"
        " orders.dbo.stock (PK_stock), U and PAGE of orders.dbo.orders, IX;"
        " 71 ran UPDATE dbo.stock SET n = ? WHERE id = ?; 94 ran DELETE FROM dbo.orders WHERE card = ?"
    )


def test_the_workers_of_one_query_are_one() -> None:
    again = '<process id="p3" spid="94" clientapp="stock-worker"><inputbuf>x</inputbuf></process>'
    assert [one.session for one in deadlock(EVENT.format(more=again), NOW).participants] == [71, 94]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><deadlock>&b;</deadlock>',
        '<!DOCTYPE d SYSTEM "file:///etc/passwd"><deadlock/>',
        "<event>" + "x" * MOST_CHARACTERS + "</event>",
        "<event><deadlock>",
        "<event>\x00</event>",
        "",
    ],
    ids=["entities", "external", "large", "cut", "control", "empty"],
)
def test_what_cannot_be_read_is_told_as_such(text: str) -> None:
    found = deadlock(text, NOW)
    assert found.at == NOW
    assert found.sentence() == "deadlock; its report cannot be read"


def test_a_broken_report_still_says_when() -> None:
    assert deadlock(EVENT.format(more="")[:400], NOW).at < NOW - timedelta(minutes=1)


@given(st.text(), st.text("<>&;[]!=\"' deadlockprocss-itEN", max_size=200))
def test_no_report_breaks_it(text: str, shaped: str) -> None:
    for report in (text, shaped, EVENT.format(more=shaped)):
        assert deadlock(report, NOW).sentence().startswith("deadlock")


@given(st.from_regex(r"[a-z0-9]{8,30}", fullmatch=True))
def test_no_value_of_a_statement_is_told(secret: str) -> None:
    report = EVENT.format(more="").replace("hunter2", f"zz{secret}")
    assert f"zz{secret}" not in deadlock(report, NOW).sentence()
