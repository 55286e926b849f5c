"""What the emulator is told when it is started."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

MANUAL_SNAPSHOTS = 100  # that AWS allows where nobody has asked for more


class EmulatorSpec(BaseModel):
    """One JSON argument. Everything that it answers follows from this, the time of a request and what was done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str  # a shipped estate or scenario, or a file
    seed: int
    size: int | None
    start: datetime  # the estate's clock at `anchor`
    anchor: float  # of the monotonic clock, which all processes of a machine share
    speed: float
    listening: int  # the descriptor of a TCP socket: its maker knows the port, and who connects early waits
    life: int  # the read end of a pipe: its end of file is the end of whoever started this
    role: Literal["viewer", "operator", "admin"] = "operator"  # the highest that whoever plays may take on
    ledger: Path | None = None  # where what was done outlives this process; None: nowhere
    run: str = ""  # whose ledger it is: of another run it begins anew
    manual_snapshots: int = MANUAL_SNAPSHOTS  # of instances, and as many of clusters
