"""An engine as the guard starts it, which looks into its databases too: who knocks there hears what became of them."""

from __future__ import annotations

import sys

from console.engine.main import main
from tests.rig.acting.engine import NAMES, engine

if __name__ == "__main__":
    main(eval(sys.argv[1], NAMES), engine)  # noqa: S307 - written by `words`
