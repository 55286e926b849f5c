"""`python -P -m console.demo.emulator JSON`: the embedded estate's AWS, for the engine that starts it."""

from __future__ import annotations

import sys

from console.demo.emulator.server import serve
from console.demo.emulator.spec import EmulatorSpec
from console.forks import name_process

if __name__ == "__main__":
    name_process("dbc-emulator")
    serve(EmulatorSpec.model_validate_json(sys.argv[1]))
