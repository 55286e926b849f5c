"""Which actions are there?"""

from __future__ import annotations

from console.actions.failovers.registered import FAILOVERS
from console.actions.flushes.registered import OF_CACHES
from console.actions.registry import Action
from console.actions.snapshots.registered import SNAPSHOTS

ACTIONS: tuple[Action, ...] = (*SNAPSHOTS, *FAILOVERS, *OF_CACHES)
