"""What the emulator is told when it is started."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class EmulatorSpec(BaseModel):
    """One JSON argument. Everything that it answers follows from this and the time of a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str  # a shipped estate or scenario, or a file
    seed: int
    size: int | None
    start: datetime  # the estate's clock at `anchor`
    anchor: float  # of the monotonic clock, which all processes of a machine share
    speed: float
    listening: int  # the descriptor of a TCP socket: its maker knows the port, and who connects early waits
    life: int  # the read end of a pipe: its end of file is the end of whoever started this
