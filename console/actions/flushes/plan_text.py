"""What is sent to throw plans out? The only place where a name or a handle is written into a statement."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.sqlserver.inside_database import quoted
from console.actions.flushes.scope import Scope, scope

HANDLE_TAG, DATABASE_TAG, ALL_TAG = "flush_one_plan", "flush_database_plans", "flush_all_plans"
TAGS: Mapping[str, str] = {"plan": HANDLE_TAG, "plans": DATABASE_TAG, "all-plans": ALL_TAG}


def statement(wanted: Scope) -> str:
    """One statement. Of a database it is for whoever is in that database by then; see `entering`.

    DBCC takes no argument that is bound: a handle is read once more by the rule that lets no other letter pass.
    """
    match wanted.kind:
        case "plan":
            text = f"DBCC FREEPROCCACHE ({scope(f'plan:{wanted.handle}').handle}) WITH NO_INFOMSGS;"
        case "plans":
            text = "ALTER DATABASE SCOPED CONFIGURATION CLEAR PROCEDURE_CACHE;"
        case "all-plans":
            text = "DBCC FREEPROCCACHE WITH NO_INFOMSGS;"
        case kind:
            raise ValueError(f"{kind} is no flush of plans")
    return f"/* dbconsole:{TAGS[wanted.kind]} */\n{text}\n"


def entering(database: str) -> str:
    """Sent before that, by itself: a database that cannot be entered is found out while nothing has been done."""
    return f"/* dbconsole:flush_enter */\nUSE {quoted(database)};\n"
