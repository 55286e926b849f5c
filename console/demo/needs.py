"""Is there what the demo needs and nothing else does? Standard library only: it is asked before the forks."""

from __future__ import annotations

from importlib.util import find_spec

from collectors.errors import Trouble

PACKAGES = ("moto", "flask", "flask_cors", "werkzeug")  # of the extra `demo`


def require() -> None:
    """Raises the line that says what to install."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        seen = f"not installed: {', '.join(missing)}"
        mend = "Run `pip install 'dbconsole[demo]'`."
        raise Trouble("The demo's AWS needs packages of its own.", seen=seen, mend=mend)
