"""An account for tests: who trusts whom, which roles there are, what the simulation says; and what it was asked."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from tests.collectors.aws.answering import Answer, Came, Refusal, near, reading, serving

NUMBER = "111122223333"
JANE = f"arn:aws:iam::{NUMBER}:user/jane"
OF_A_ROLE = f"arn:aws:sts::{NUMBER}:assumed-role/staff/jane@example.org"
DB = f"arn:aws:rds:eu-west-1:{NUMBER}:db:orders"
SNAPSHOT = f"arn:aws:rds:eu-west-1:{NUMBER}:snapshot:dbconsole-orders"
EXPIRES = "2026-11-21T03:15:00Z"


def role(name: str) -> str:
    return f"arn:aws:iam::{NUMBER}:role/{name}"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@dataclass
class Iam:
    """``trusts``: which roles may be assumed; ``there``: which others there are. Codes are good once."""

    caller: str = JANE
    trusts: set[str] = field(default_factory=set)
    there: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)  # name to its ARN and tags
    with_codes: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    signs: bool = True  # whether a source identity may be set
    says: Callable[[str, str], str] = lambda _grant, _arn: "allowed"  # the simulation's decision
    fails: dict[str, Refusal] = field(default_factory=dict)  # by operation
    asked: list[dict[str, str]] = field(default_factory=list)
    gives: str = ""  # the ARN of the session, in place of the role's own

    def __call__(self, came: Came) -> Answer:
        asked = dict(urllib.parse.parse_qsl(came.body.decode()))
        self.asked.append(asked)
        operation = asked["Action"]
        return self.fails.get(operation) or getattr(self, f"_{operation}")(asked)

    def of(self, operation: str) -> list[dict[str, str]]:
        return [asked for asked in self.asked if asked["Action"] == operation]

    def _GetCallerIdentity(self, _: dict[str, str]) -> Answer:  # noqa: N802 - as AWS calls it
        return _answer("GetCallerIdentity", f"<Arn>{self.caller}</Arn><Account>{NUMBER}</Account>")

    def _GetRole(self, asked: dict[str, str]) -> Answer:  # noqa: N802
        if asked["RoleName"] not in self.there:
            return Refusal("NoSuchEntity", 404, "The role cannot be found.")
        arn, tags = self.there[asked["RoleName"]]
        told = "".join(f"<member><Key>{key}</Key><Value>{value}</Value></member>" for key, value in tags.items())
        return _answer("GetRole", f"<Role><Arn>{arn}</Arn><Tags>{told}</Tags></Role>")

    def _AssumeRole(self, asked: dict[str, str]) -> Answer:  # noqa: N802
        arn = asked["RoleArn"]
        if arn not in self.trusts:
            return self._denied("sts:AssumeRole", arn)
        if "SourceIdentity" in asked and not self.signs:
            return self._denied("sts:SetSourceIdentity", arn)
        if arn in self.with_codes and asked.get("TokenCode") not in self.codes:
            return self._denied("sts:AssumeRole", arn)
        if "TokenCode" in asked and self.codes:
            self.codes.remove(asked["TokenCode"])
        account, name = arn.split(":")[4], arn.rpartition("/")[2]  # a session's ARN has no path
        session = self.gives or f"arn:aws:sts::{account}:assumed-role/{name}/{asked['RoleSessionName']}"
        keys = "<AccessKeyId>ASIAROLEROLEROLEROLE</AccessKeyId><SecretAccessKey>SECRETSECRET</SecretAccessKey>"
        keys += f"<SessionToken>TOKENTOKEN</SessionToken><Expiration>{EXPIRES}</Expiration>"
        told = f"<AssumedRoleUser><Arn>{session}</Arn><AssumedRoleId>x:y</AssumedRoleId></AssumedRoleUser>"
        return _answer("AssumeRole", f"<Credentials>{keys}</Credentials>{told}")

    def _SimulatePrincipalPolicy(self, asked: dict[str, str]) -> Answer:  # noqa: N802
        found = ""
        for grant in _members(asked, "ActionNames"):
            each = "".join(
                f"<member><EvalResourceName>{arn}</EvalResourceName>"
                f"<EvalResourceDecision>{self.says(grant, arn)}</EvalResourceDecision></member>"
                for arn in _members(asked, "ResourceArns")
            )
            found += f"<member><EvalActionName>{grant}</EvalActionName><EvalResourceName>*</EvalResourceName>"
            found += (
                f"<EvalDecision>implicitDeny</EvalDecision><ResourceSpecificResults>{each}</ResourceSpecificResults>"
            )
            found += "</member>"
        return _answer("SimulatePrincipalPolicy", f"<EvaluationResults>{found}</EvaluationResults>")

    def _denied(self, grant: str, arn: str) -> Refusal:
        said = f"User: {self.caller} is not authorized to perform: {grant} on resource: {arn}"
        return Refusal("AccessDenied", 403, said)


@contextmanager
def asking(iam: Iam) -> Iterator[tuple[Reader, Sessions]]:
    """Through botocore, over a socket."""
    with serving() as server, reading() as (sessions, _):
        server.usual = iam
        yield sessions.reader(near(server)), sessions


def _members(asked: dict[str, str], name: str) -> list[str]:
    numbered = (asked.get(f"{name}.member.{n}") for n in range(1, 1 + len(asked)))
    return [each for each in numbered if each]


def _answer(operation: str, result: str) -> Answer:
    return Answer(
        f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>".encode()
    )
