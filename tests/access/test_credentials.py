"""One action's credentials: narrowed where there is a role, else the caller's own, and never in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.sts.models import sts_backends

from collectors.aws.keys import Keys
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied
from collectors.safe import Safe, sanitise
from console.access.credentials import CodeWanted, Narrowed, issue
from console.access.grants import Grant
from console.access.mfa import Factor
from console.access.role import Role
from console.access.session_policy import TooWide
from tests.access.accounts import DB, JANE, NUMBER, SNAPSHOT, Iam, asking, role
from tests.access.test_session_policy import OP
from tests.collectors.aws.answering import KEYS, Refusal, reading

OPERATOR = role("dbconsole-operator")
DEVICE = f"arn:aws:iam::{NUMBER}:mfa/jane"
GRANTS = ("rds:CreateDBSnapshot", "rds:AddTagsToResource")
OWN = Keys("AKIAOWNOWNOWNOWNOWN1", "OWNSECRET", "OWNTOKEN")
GOLDEN = (
    '{"Statement":[{"Action":["rds:AddTagsToResource","rds:CreateDBSnapshot"],"Effect":"Allow","Resource":['
    '"arn:aws:rds:eu-west-1:111122223333:db:orders","arn:aws:rds:eu-west-1:111122223333:snapshot:dbconsole-orders"'
    ']}],"Version":"2012-10-17"}'
)


def granted(assumes: str = OPERATOR) -> Grant:
    now = datetime(2026, 11, 21, 3, tzinfo=UTC)
    return Grant(Role.OPERATOR, sanitise(JANE), Safe("111122223333"), Safe("STS"), now, assumes)


async def own() -> Keys:
    return OWN


async def never() -> Keys:
    raise AssertionError("the caller's own stood in for a role that was refused")


async def issued(reader: Reader, grant: Grant, **given: Any) -> Narrowed:
    asked: dict[str, Any] = {"grants": GRANTS, "arns": (DB, SNAPSHOT), "user": "jane", "op_id": OP}
    return await issue(reader, grant, given.pop("own", never), **asked | given)


async def test_the_recorded_policy_is_these_bytes_and_the_session_names_the_operation() -> None:
    iam = Iam(trusts={OPERATOR})
    with asking(iam) as (reader, _):
        got = await issued(reader, granted())
    (asked,) = iam.asked
    assert asked["Policy"] == GOLDEN
    assert (asked["RoleArn"], asked["DurationSeconds"]) == (OPERATOR, "900")
    assert (asked["RoleSessionName"], asked["SourceIdentity"]) == (f"dbconsole-jane-{OP}", "jane")
    assert not asked.keys() & {"SerialNumber", "TokenCode", "PolicyArns.member.1.arn"}
    assert got.is_narrowed
    assert got.keys == Keys("ASIAROLEROLEROLEROLE", "SECRETSECRET", "TOKENTOKEN")
    assert got.expires == datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
    assert got.whose == (
        f"arn:aws:sts::{NUMBER}:assumed-role/dbconsole-operator/dbconsole-jane-{OP}, narrowed to "
        "rds:AddTagsToResource, rds:CreateDBSnapshot on 2 ARNs"
    )


async def test_no_secret_is_shown() -> None:
    with asking(Iam(trusts={OPERATOR})) as (reader, _):
        got = await issued(reader, granted())
    assert "ASIA" not in repr(got)
    for shown in (repr(got), str(got), repr(got.keys), repr(OWN)):
        assert not any(secret in shown for secret in ("SECRET", "TOKENTOKEN", "OWNTOKEN"))


async def test_where_a_source_identity_is_refused_it_is_left_out_and_said() -> None:
    iam = Iam(trusts={OPERATOR}, signs=False)
    with asking(iam) as (reader, _):
        got = await issued(reader, granted(), arns=(DB,))
    assert [asked.get("SourceIdentity") for asked in iam.asked] == ["jane", None]
    assert {asked["Policy"] for asked in iam.asked} == {iam.asked[0]["Policy"]}
    assert got.is_narrowed
    assert got.whose.endswith(f"on {DB}; SourceIdentity was refused, so that only its session names the person")


async def test_a_role_that_is_refused_now_is_not_replaced_by_the_callers_own() -> None:
    iam = Iam()
    with asking(iam) as (reader, _):
        with pytest.raises(Denied) as told:
            await issued(reader, granted())
        assert told.value.grant == "sts:AssumeRole"
        iam.fails["AssumeRole"] = Refusal("InternalFailure", 500)
        with pytest.raises(CannotCollect):
            await issued(reader, granted())


async def test_without_a_role_they_are_the_callers_own_and_the_words_say_so() -> None:
    iam = Iam()
    with asking(iam) as (reader, _):
        got = await issued(reader, granted(""), own=own)
    assert (got.keys, got.expires, got.is_narrowed) == (OWN, None, False)
    assert got.whose == f"the caller's own, {JANE}: not narrowed, they can do all that the caller can"
    assert iam.asked == []


async def test_what_is_too_wide_is_sent_with_nobodys_credentials() -> None:
    iam = Iam(trusts={OPERATOR})
    with asking(iam) as (reader, _):
        for grant in (granted(), granted("")):
            with pytest.raises(TooWide):
                await issued(reader, grant, arns=(f"{DB}*",))
    assert iam.asked == []


async def test_a_code_goes_with_it_once() -> None:
    iam = Iam(trusts={OPERATOR}, with_codes={OPERATOR}, codes=["123456"])
    with asking(iam) as (reader, _):
        with pytest.raises(CodeWanted) as told:
            await issued(reader, granted(), serial=DEVICE)
        assert told.value.mend == f"Type the six digits of {DEVICE}; each is good once."
        iam.asked.clear()
        assert (await issued(reader, granted(), serial=DEVICE, factor=Factor(DEVICE, "123456"))).is_narrowed
        with pytest.raises(Denied):
            await issued(reader, granted(), serial=DEVICE, factor=Factor(DEVICE, "123456"))
    assert [(asked["SerialNumber"], asked["TokenCode"]) for asked in iam.asked] == [(DEVICE, "123456")] * 2


@pytest.mark.parametrize(
    "session",
    [
        f"arn:aws:sts::{NUMBER}:assumed-role/dbconsole-admin/x",
        "arn:aws:sts::999988887777:assumed-role/dbconsole-operator/x",
        "nobody",
    ],
)
async def test_credentials_of_another_role_are_not_used(session: str) -> None:
    with asking(Iam(trusts={OPERATOR}, gives=session)) as (reader, _), pytest.raises(CannotCollect):
        await issued(reader, granted())


# --- against moto, which keeps what it was asked


@pytest.fixture
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


async def test_another_reading_of_the_protocol_finds_the_same_request(moto: str) -> None:
    sts_backends[DEFAULT_ACCOUNT_ID]["global"].assumed_roles.clear()
    assumes = OPERATOR.replace(NUMBER, DEFAULT_ACCOUNT_ID)
    with reading() as (sessions, _):
        reader = sessions.reader(Place(Account("near", endpoint=moto, keys=KEYS), "eu-west-1"))
        got = await issued(reader, granted(assumes))
    (kept,) = sts_backends[DEFAULT_ACCOUNT_ID]["global"].assumed_roles
    assert (kept.policy, kept.session_name, kept.role_arn) == (GOLDEN, f"dbconsole-jane-{OP}", assumes)
    assert json.loads(kept.policy)["Statement"][0]["Resource"] == sorted((DB, SNAPSHOT))
    assert got.keys.key_id.startswith("ASIA")
    assert got.expires is not None
