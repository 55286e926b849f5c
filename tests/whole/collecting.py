"""`collect` as a service starts it: without a terminal, its lines in pipes, its processes known by a mark."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.processes import MARK, Process, marked
from tests.rig.terminal import wait_until

NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "AKIAANY",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_REGION": "eu-west-1",
}
"""An AWS that refuses every connection: an engine that watches it lives all the same, and costs little."""


@dataclass
class Collecting:
    process: subprocess.Popen[str]
    mark: str

    def line(self) -> str:
        """What it says next on standard output."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def complaint(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def processes(self) -> list[Process]:
        return marked(self.mark)

    def engine(self, other_than: int = 0) -> int:
        def look() -> list[int]:
            return [each.pid for each in self.processes() if each.name == "dbc-engine" and each.pid != other_than]

        return wait_until(look, "an engine", 60)[0]

    def wait_until_alone(self) -> None:
        wait_until(lambda: not self.processes(), lambda: f"the end of {self.processes()}", 30)


@contextmanager
def collecting(folder: Path, *arguments: str, **env: str) -> Iterator[Collecting]:
    mark = uuid.uuid4().hex
    with subprocess.Popen(
        [*COMMAND, "collect", *arguments],
        env=environment(folder, **{MARK: mark, **env}),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Collecting(process, mark)
        finally:
            for each in marked(mark):
                subprocess.run(["kill", "-9", str(each.pid)], check=False, stderr=subprocess.DEVNULL)
