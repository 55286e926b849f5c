"""Who else must agree, and who has? What is asked for, what came back, and what counts of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from collectors.aws.known import Found
from collectors.errors import Trouble
from collectors.safe import Safe
from collectors.threads import Threads
from console.access import approvals, quorum
from console.access.approvals import Approval, Asked, Denial, Requester
from console.access.refusal import Refusal
from console.access.signatures import Signatures
from console.actions.plan import Plan
from console.actions.registry import Action, Confirm
from profiles.access import Access


@dataclass(slots=True)
class Request:
    """Of one plan: what was asked, and who has agreed so far."""

    asked: Asked
    needed: int
    given: list[Approval] = field(default_factory=list)

    def missing(self, now: datetime) -> Refusal | None:
        return approvals.missing(self.asked, self.given, self.needed, now)


class Agreeing:
    def __init__(self, access: Access, threads: Threads, now: Callable[[], datetime]) -> None:
        signers = access.allowed_signers
        self._rules = access.approvals
        self._signatures = Signatures(Path(signers), threads) if signers else None
        self._now = now
        self._requests: dict[str, Request] = {}  # by the hash of the plan
        self._burned: set[str] = set()
        self._denied: set[str] = set()

    @property
    def can_be_signed(self) -> bool:
        return self._signatures is not None

    def remember(self, burned: Iterable[str], denied: Iterable[str]) -> None:
        """What the audit holds of before."""
        self._burned.update(burned)
        self._denied.update(denied)

    def needed(self, action: Action, found: Found) -> int:
        """How many others."""
        return max(1 if action.confirm is Confirm.TWO else 0, quorum.needed(self._rules, action.name, found))

    def ask(self, plan: Plan, needed: int, requester: Requester) -> Request:
        """What others are asked to agree to."""
        if plan.hash not in self._requests:
            asked = approvals.ask(plan.hash, plan.op, requester, self._now(), secrets.token_hex(16))
            self._requests[plan.hash] = Request(asked, needed)
        return self._requests[plan.hash]

    def of(self, plan: Plan) -> Request | None:
        return self._requests.get(plan.hash)

    async def take(self, plan: Plan, pasted: str) -> Approval | Denial:
        """Raises `Trouble` for what counts for nothing; a denial is final."""
        request = self._requests.get(plan.hash)
        if request is None or self._signatures is None:
            raise Trouble("Nobody's approval is waited for here.", mend="The profile's [access] says whose is needed.")
        found, now = approvals.parse(pasted), self._now()
        if (wrong := approvals.meant(request.asked, found)) is not None:
            raise wrong.trouble()
        signed = await self._signatures.check(found, now)
        told = approvals.judge(request.asked, found, signed, now, burned=self._burned, denied=self._denied)
        match told:
            case Refusal():
                raise told.trouble()
            case Denial():
                self._denied.add(told.op)
            case Approval():
                self._burned.add(told.mark)
                request.given.append(told)
        return told

    def is_denied(self, op: str) -> bool:
        return op in self._denied

    def text(self, request: Request, sentence: Safe) -> tuple[Safe, ...]:
        return approvals.request_text(request.asked, sentence, self._now())
