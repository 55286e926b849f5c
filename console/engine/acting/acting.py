"""Actions in an engine: what may be done, what was asked for, what is under way; and what is left after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from collectors.aws.known import Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.clock import Clock
from collectors.errors import CannotCollect, Trouble
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.threads import Threads
from console.access.approvals import Approval, Requester
from console.access.cool_down import Former
from console.access.role import Role
from console.actions.craft import Craft
from console.actions.desk import Confirmation, Desk
from console.actions.life import State
from console.actions.operation import Operation
from console.actions.preflight import Given
from console.actions.registry import ACTIONS, Action, action_for
from console.actions.situation import UnderWay
from console.actions.tale import Next, Tale
from console.audit.record import Event
from console.engine.acting.agreeing import Agreeing
from console.engine.acting.around import Around
from console.engine.acting.asked import ApproveForm, ConfirmForm, OpForm, PlanForm, read
from console.engine.acting.book import Book
from console.engine.acting.remembered import Remembered, remembered
from console.engine.acting.standing import Standing
from console.engine.acting.targets import target
from console.protocol.bodies import Command
from console.protocol.requests import Said

log = logging.getLogger(__name__)
