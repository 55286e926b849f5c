"""What is asked of one server by hand: a plan lands in a file without a value in it, an answer comes as rows."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from collectors.database.rows import Rows
from collectors.errors import Denied, Trouble
from collectors.inside.queries import Queries, Statement
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers
from collectors.sqlserver.plan_summary import summary
from collectors.sqlserver.queries import asked
from collectors.sqlserver.queries.collector import TopQueries
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Script
from console.demo.sqlserver.server import ModelServers
from console.engine import inquiries
from console.engine.answers import Answers
from console.engine.inquiries import MOST_PLANS, Inquiries, file_name, save
from console.protocol.bodies import Ack, Command
from console.protocol.requests import Access, Requests
from tests.engine.test_answers import Desk

START = 1_773_223_200.0
BILLING, ORDERS = ResourceId(Safe("billing")), ResourceId(Safe("orders-primary"))
HASH, PLAN = "0x0123456789ABCDEF", "0xFEDCBA9876543210"


@dataclass
class Asked:
    """A demo's servers at a moment, and who asks them."""

    folder: Path | None
    t: float = START + 300
    servers: ModelServers = field(init=False)

    def __post_init__(self) -> None:
        script = Script([Entry(START + 10, BILLING, cause="cpu-saturation")])
        self.servers = ModelServers(Model(1, START, MACHINES, script), self.now)
        self.inquiries = Inquiries(self.servers, self.folder)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.t, UTC)

    async def culprit(self, about: ResourceId) -> Statement:
        collector = TopQueries(self.servers, self.now)
        async for _ in collector.collect(about):
            self.t += 60
        (told,) = [each async for each in collector.collect(about)]
        assert isinstance(told, Queries)
        return told.rows[0]

    async def plan_of(self, about: ResourceId) -> tuple[tuple[Safe, ...], ...]:
        row = await self.culprit(about)
        args = {"hash": row.hash, "plan": row.plan, "database": row.database}
        return await self.inquiries.inquire(about, "plan", args)


def saved(rows: tuple[tuple[Safe, ...], ...]) -> Path:
    return Path(next(row[1] for row in rows if row[0] == "saved"))


def read_as_a_secret(path: Path, folder: Path) -> str:
    assert path.parent == folder
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    return path.read_text(encoding="utf-8")


async def test_a_plan_is_saved_for_its_owner_alone_and_holds_no_value(tmp_path: Path) -> None:
    rows = await Asked(tmp_path).plan_of(BILLING)
    told = {row[0]: row[1] for row in rows[1:]}
    text = read_as_a_secret(saved(rows), tmp_path / "plans")
    for value in ("someone@example.com", "XX00", "4711", "paid", "2026"):
        assert value not in text
    assert ElementTree.fromstring(text).tag.endswith("ShowPlanXML")  # noqa: S314 - our own file
    assert told[Safe("operators")] == "2"
    assert told[Safe("dearest operator")].startswith("Clustered Index Scan, 96%")
    assert "87%" in told[Safe("missing index")]


async def test_a_plan_of_query_store_is_found_where_the_cache_has_none(tmp_path: Path) -> None:
    there = Asked(tmp_path)
    row = await there.culprit(ORDERS)
    servers = Forgetful(there.servers)
    args = {"hash": row.hash, "plan": row.plan, "database": "orders"}
    rows = await Inquiries(servers, tmp_path).inquire(ORDERS, "plan", args)
    assert "ShowPlanXML" in read_as_a_secret(saved(rows), tmp_path / "plans")
    with pytest.raises(Trouble, match="no plan of this statement any more"):
        await Inquiries(servers, tmp_path).inquire(ORDERS, "plan", args | {"database": "elsewhere"})


@dataclass
class Forgetful(Servers, Server):
    """Its plan cache is empty."""

    others: Servers
    about: ResourceId = ORDERS

    def of(self, about: ResourceId) -> Server:
        self.about = about
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        if question.name == "plan":
            return (Rows(("query_plan",)),)
        return await self.others.of(self.about).ask(question, *arguments)


async def test_fragmentation_is_asked_of_one_table_that_is_there(tmp_path: Path) -> None:
    there = Asked(tmp_path).inquiries
    head, *rows = await there.inquire(BILLING, "fragmentation", {"table": "[billing].[dbo].[invoices]"})
    assert head == ("index", "kind", "partition", "fragmented", "pages")
    assert {row[0] for row in rows} >= {"PK_invoices", "IX_invoices_due"}
    assert all(row[3].endswith("%") for row in rows)
    for table in (
        "[nowhere].[dbo].[t]",
        "[master].[dbo].[t]",
        "invoices",
        "[billing].[dbo].[x]; DROP TABLE t",
        "[a].[b].[c]].[d]",
    ):
        with pytest.raises(Trouble, match="no such table"):
            await there.inquire(BILLING, "fragmentation", {"table": table})
    with pytest.raises(Trouble, match="no index that holds pages"):
        await there.inquire(BILLING, "fragmentation", {"table": "[billing].[dbo].[gone]"})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("[a].[b].[c]", ("a", "b", "c")),
        ("[a]]b].[c d].[e.f]", ("a]b", "c d", "e.f")),
        ("[a].[b]", None),
        ("[a].[b].[]", None),
        ("[a].[b].[c]x", None),
    ],
)
def test_names_come_out_of_their_brackets(name: str, parts: tuple[str, str, str] | None) -> None:
    assert asked.names_of(name) == parts


async def test_nothing_is_asked_with_what_is_no_hash(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="by two hashes"):
        await Asked(tmp_path).inquiries.inquire(BILLING, "plan", {"hash": "../x", "plan": PLAN, "database": ""})


async def test_what_cannot_be_done_is_said_in_words(tmp_path: Path) -> None:
    args = {"hash": HASH, "plan": PLAN, "database": ""}
    with pytest.raises(Trouble, match="nowhere to be saved"):
        await Asked(None).inquiries.inquire(BILLING, "plan", args)
    with pytest.raises(Trouble, match="cannot be asked"):
        await Asked(tmp_path).inquiries.inquire(BILLING, "everything", {})
    (tmp_path / "plans").write_text("in the way", encoding="utf-8")
    with pytest.raises(Trouble, match="could not be saved"):
        await Asked(tmp_path).plan_of(BILLING)


async def test_a_fault_of_the_server_is_met_and_a_server_that_hangs_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Asked(tmp_path)
    faults = [
        Entry(START + 1, BILLING, fault="access-denied"),
        Entry(START + 1, ORDERS, fault="hang"),
    ]
    there.inquiries = Inquiries(ModelServers(Model(1, START, MACHINES, Script(faults)), there.now), tmp_path)
    args = {"hash": HASH, "plan": PLAN, "database": ""}
    with pytest.raises(Denied) as denied:
        await there.inquiries.inquire(BILLING, "plan", args)
    assert denied.value.grant == "VIEW SERVER STATE"
    monkeypatch.setattr(inquiries, "ANSWER_WITHIN_S", 0.01)
    with pytest.raises(Trouble, match="has not answered"):
        await there.inquiries.inquire(ORDERS, "plan", args)


def test_a_name_cannot_leave_the_folder_and_a_link_is_not_followed(tmp_path: Path) -> None:
    assert file_name("../../etc/passwd", HASH, PLAN) == "_.._etc_passwd-0123456789ABCDEF-FEDCBA9876543210.sqlplan"
    path = tmp_path / "plans" / "a.sqlplan"
    path.parent.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    path.with_suffix(".new").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        save(path, "theirs")
    assert victim.read_text(encoding="utf-8") == "mine"


def test_old_plans_make_room(tmp_path: Path) -> None:
    for n in range(MOST_PLANS + 3):
        save(tmp_path / f"{n}.sqlplan", "x")
        os.utime(tmp_path / f"{n}.sqlplan", ns=(n, n))
    save(tmp_path / "last.sqlplan", "x")
    left = {each.stem for each in tmp_path.glob("*.sqlplan")}
    assert len(left) == MOST_PLANS
    assert "last" in left
    assert not {"0", "1", "2", "3"} & left


def test_a_plan_without_anything_to_say_says_little() -> None:
    assert summary("<ShowPlanXML></ShowPlanXML>").lines() == (("operators", "0"), ("estimated cost", "0"))
    spill = "<Warnings NoJoinPredicate='true'><SpillToTempDb SpillLevel='1'/></Warnings>"
    warned = f"<P><RelOp PhysicalOp='Sort'>{spill}</RelOp></P>"
    assert summary(warned).lines()[-2:] == (("warning", "NoJoinPredicate"), ("warning", "SpillToTempDb"))


async def test_whoever_has_control_gets_the_rows_and_a_viewer_gets_none(tmp_path: Path) -> None:
    there = Asked(tmp_path)
    answer = Requests(Answers(lambda ids: None, Desk().schedule, inquire=there.inquiries.inquire))

    async def ask(number: int, access: Access, **args: object) -> Ack:
        command = Command(id=Safe(str(number)), name=Safe("inquire"), args=args)
        return await asyncio.wait_for(answer.answer(command, access, "somebody"), 5)

    args: dict[str, object] = {"id": "billing", "question": "fragmentation"}
    args["args"] = {"table": "[billing].[dbo].[invoices]"}
    ack = await ask(1, Access.CONTROL, **args)
    assert ack.ok
    assert ack.rows[0][0] == "index"
    assert not (await ask(2, Access.VIEW, **args)).ok
    wrong = await ask(3, Access.CONTROL, id="billing", question="fragmentation", args="none")
    assert wrong.error is not None
    assert "cannot be asked" in wrong.error.what
