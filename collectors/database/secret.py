"""Where is the password, and what is it? Read when it is needed, held in memory, shown nowhere."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from collectors.aws.reader import Reader
from collectors.aws.secrets import secret_value
from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.safe import sanitise
from collectors.threads import Threads

_MOST_BYTES = 64 * 1024  # of a file with a password in it
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Secret(ABC):
    """Where the credentials of one server are kept.

    * `read` looks anew each time: what was rotated in between is found. It never blocks the loop.
    * It raises `CannotCollect`, in whose words there is nothing of the secret.
    """

    @abstractmethod
    async def read(self) -> Credentials:
        """Who to be, and the password."""


@dataclass(frozen=True, slots=True)
class InEnvironment(Secret):
    """As the process was started: it changes only with a restart."""

    user: str
    variable: str
    environment: Mapping[str, str]

    async def read(self) -> Credentials:
        password = self.environment.get(self.variable, "")
        if not password:
            mend = f"Set {sanitise(self.variable)} before the console is started."
            raise CannotCollect(f"The environment has no {sanitise(self.variable)}, or it is empty.", mend=mend)
        return Credentials(self.user, password)


@dataclass(frozen=True, slots=True)
class InFile(Secret):
    """The first line of a file that nobody else may read."""

    user: str
    path: Path
    threads: Threads  # the file may lie on a disk that hangs

    async def read(self) -> Credentials:
        text = await self.threads.call("the password's file", lambda: _private_text(self.path))
        first = text.partition("\n")[0].removesuffix("\r")
        if not first:
            raise CannotCollect(f"{sanitise(str(self.path))} has no password.", mend="Write it into the first line.")
        return Credentials(self.user, first)


@dataclass(frozen=True, slots=True)
class InSecretsManager(Secret):
    """By its name or ARN. JSON with `password`, and `username` where ``user`` is empty; or the password alone."""

    reader: Reader
    secret_id: str
    user: str = ""
    otherwise: str = ""  # the user where nobody says one

    async def read(self) -> Credentials:
        text = await secret_value(self.reader, self.secret_id)
        return _credentials(text, self.secret_id, self.user, self.otherwise)


@dataclass(frozen=True, slots=True)
class OfRds(Secret):
    """The master user's, which RDS keeps in Secrets Manager and rotates; asked for by the instance's own name.

    Of a cluster there is one for all its members: ``cluster`` is its name, or empty.
    """

    reader: Reader
    instance: str
    user: str = ""
    cluster: str = ""

    async def read(self) -> Credentials:
        arn = await self.arn()
        return _credentials(await secret_value(self.reader, arn), arn, self.user)

    async def arn(self) -> str:
        """Of the secret that RDS keeps."""
        if self.cluster:
            answer = await self.reader.call("rds", "DescribeDBClusters", DBClusterIdentifier=self.cluster)
        else:
            answer = await self.reader.call("rds", "DescribeDBInstances", DBInstanceIdentifier=self.instance)
        arn = _managed(answer, "DBClusters" if self.cluster else "DBInstances")
        if not arn:
            mend = 'Say in the profile where the password is kept: `secret = "secretsmanager:NAME"`.'
            raise CannotCollect(f"RDS keeps no secret for {sanitise(self.cluster or self.instance)}.", mend=mend)
        return arn


def _managed(answer: Mapping[str, Any], kind: str) -> str:
    for each in answer.get(kind) or ():
        arn = (each.get("MasterUserSecret") or {}).get("SecretArn")
        if isinstance(arn, str):
            return arn
    return ""


def _credentials(text: str, name: str, user: str, otherwise: str = "") -> Credentials:
    """``name`` is for messages, which hold nothing of the text."""
    password: object = text
    if text.lstrip().startswith("{"):
        try:
            told = orjson.loads(text)
        except orjson.JSONDecodeError:
            told = {}  # a password may begin with a brace, but then who is it for?
        password = told.get("password") if told else text
        user = user or str(told.get("username") or "")
    user = user or otherwise
    where = f"The secret {sanitise(name)}"
    if not isinstance(password, str) or not password:
        raise CannotCollect(f"{where} has no `password`.", mend="Let it be JSON with `username` and `password`.")
    if not user:
        raise CannotCollect(f"{where} has no `username`.", mend="Say `user` in the profile, or put it into the secret.")
    return Credentials(user, password)


def _private_text(path: Path) -> str:
    shown: str = sanitise(str(path))
    try:
        file = os.open(path.expanduser(), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not hang us
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
        seen = sanitise(getattr(error, "strerror", None) or str(error), 200)
        raise CannotCollect(f"The password's file {shown} cannot be read.", seen=seen, mend="Correct it.") from None
    try:
        _is_private(os.fstat(file), shown)
        raw = os.read(file, _MOST_BYTES)
    finally:
        os.close(file)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotCollect(f"{shown} is not text in UTF-8.", mend="Write the password into it again.") from None


def _is_private(status: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CannotCollect(f"{shown} is not a file.", mend="Name a file that holds the password.")
    if status.st_mode & _OTHERS or status.st_uid not in (os.geteuid(), 0):
        seen = f"mode {stat.S_IMODE(status.st_mode):04o}, owner {status.st_uid}"
        mend = f"Run `chmod 600 {shown}`, and change the password: others may have read it."
        raise CannotCollect(f"Others may read the password in {shown}.", seen=seen, mend=mend)
