"""Has somebody else agreed to exactly this, just now, and not before? An approval is a signature of five lines.

What is signed names the plan by its hash, the operation, who asks, until when, and a number that is used once. So it is
worth nothing for another plan, for another operation, later, or a second time, whoever carries it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.access.refusal import Refusal, moment, refusal

VALID_FOR = timedelta(minutes=10)
NAMESPACE = "dbconsole-approve@v1"
MOST_PASTED = 64 << 10
AGAIN = "Send the request that is shown now."
_WORD = re.compile(r"[A-Za-z0-9+=,.@_:/-]{1,512}", re.ASCII)  # as IAM names people; nothing that a shell would act on
_OP = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NONCE = re.compile(r"[0-9a-f]{32}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_PASTED = re.compile(
    r"dbconsole-(?P<verb>approve|deny)-v1\s+(?P<plan>\S+)\s+(?P<op>\S+)\s+(?P<requester>\S+)\s+(?P<expiry>\S+)\s+"
    r"(?P<nonce>[0-9a-f]{32})\s*"
    r"-----BEGIN SSH SIGNATURE-----(?P<signature>[A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----"
)


class Verb(StrEnum):
    APPROVE = "approve"
    DENY = "deny"


class NoApproval(Trouble):
    """What was given cannot be one, whoever signed it; or one cannot be asked for."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, by every name that AWS has for them: none of those may approve."""

    principal: str
    source_identity: str = ""
    arn: str = ""

    def is_one_of(self, names: Iterable[str]) -> bool:
        ours = {each for name in (self.principal, self.source_identity, self.arn) if name for each in _alike(name)}
        return any(not ours.isdisjoint(_alike(name)) for name in names)


@dataclass(frozen=True, slots=True)
class Asked:
    """What others are asked to agree to. A plan that changes is another one."""

    plan: str  # its hash
    op: str
    requester: Requester
    expiry: datetime
    nonce: str

    def text(self, verb: Verb = Verb.APPROVE) -> str:
        """What is signed, to the byte."""
        return _text(verb, self.plan, self.op, self.requester.principal, f"{self.expiry:{_TIME}}", self.nonce)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What came back: by whatever road, and so nothing to be believed."""

    verb: Verb
    plan: str
    op: str
    requester: str
    expiry: str
    nonce: str
    signature: str  # armored

    @property
    def text(self) -> str:
        return _text(self.verb, self.plan, self.op, self.requester, self.expiry, self.nonce)


@dataclass(frozen=True, slots=True)
class Signed:
    """What `signatures` found to be true: this text was signed with this key, which is of the people of these names."""

    text: str
    key: Safe  # its fingerprint
    names: tuple[Safe, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """``mark`` is what the audit keeps, so that it never counts again."""

    plan: str
    op: str
    who: Safe
    key: Safe
    at: datetime
    until: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class Denial:
    """Final for this operation: it must be planned anew."""

    op: str
    who: Safe
    key: Safe
    at: datetime


def ask(plan: str, op: str, requester: Requester, now: datetime, nonce: str) -> Asked:
    """``nonce``: 32 hex digits that nobody can guess, from `secrets`."""
    words = (
        (_WORD, "plan", plan),
        (_OP, "operation", op),
        (_WORD, "name", requester.principal),
        (_NONCE, "nonce", nonce),
    )
    for form, what, word in words:
        if not form.fullmatch(word):
            mend = "Only letters, digits and +=,.@_:/- may be signed."
            raise NoApproval(f"No approval can be asked for: its {what} is odd.", seen=sanitise(word, 80), mend=mend)
    return Asked(plan, op, requester, (now.astimezone(UTC) + VALID_FOR).replace(microsecond=0), nonce)


def command(asked: Asked, verb: Verb = Verb.APPROVE) -> Safe:
    """What a second person runs; what it prints is the approval. Nothing in it needs quotes but its line ends."""
    text, file = asked.text(verb).replace("\n", r"\n"), f"{asked.op}.{verb}"
    sign = f"ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519 {file}"
    return sanitise(f"printf '{text}' > {file} && {sign} && cat {file} {file}.sig")


def request_text(asked: Asked, sentence: Safe, now: datetime) -> tuple[Safe, ...]:
    """What is sent to a second person, line by line. ``sentence`` is what the action will do."""
    return (
        sanitise(f"{asked.requester.principal} asks you to approve: {sentence}"),
        sanitise(
            f"Until {moment(asked.expiry, now)}, run this with your own SSH key and send back all that it prints:"
        ),
        command(asked),
        Safe("To deny it, which is final:"),
        command(asked, Verb.DENY),
    )


def parse(pasted: str) -> Pasted:
    """Spaces and line ends may have suffered on the way; nothing else may."""
    found = _PASTED.search(pasted[:MOST_PASTED])
    if found is None:
        mend = "Paste all that the command printed: the lines that were signed, and the signature after them."
        raise NoApproval("That is no approval.", seen=sanitise(pasted.strip(), 60), mend=mend)
    parts = found.groupdict()
    armor = "".join(parts.pop("signature").split())
    lines = [armor[at : at + 70] for at in range(0, len(armor), 70)]
    signature = "\n".join(("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""))
    return Pasted(Verb(parts.pop("verb")), **parts, signature=signature)


def meant(asked: Asked, pasted: Pasted) -> Refusal | None:
    """Whether it says that it is for another request: asked before anything is spent on its signature."""
    return next(_of_another(asked, pasted), None)


def judge(
    asked: Asked, pasted: Pasted, signed: Signed, now: datetime, *, burned: Collection[str], denied: Collection[str]
) -> Approval | Denial | Refusal:
    """``burned``: the marks that the audit holds; ``denied``: the operations of which it holds a denial."""
    who, mark = signed.names[0], f"{asked.nonce}:{signed.key}"
    if (wrong := meant(asked, pasted) or _of_another_text(pasted, signed)) is not None:
        return wrong
    if pasted.verb is Verb.DENY:
        return Denial(asked.op, who, signed.key, now)
    if asked.op in denied:
        return refusal("This was denied, which is final.", seen=asked.op, mend="Plan it anew and ask again.")
    if (wrong := next(_of_no_use(asked, signed, now), None)) is not None:
        return wrong
    if mark in burned:
        return refusal("This approval was given before.", seen=f"by {who}", mend="Each counts once: ask again.")
    return Approval(asked.plan, asked.op, who, signed.key, now, asked.expiry, mark)


def missing(asked: Asked, given: Iterable[Approval], needed: int, now: datetime) -> Refusal | None:
    """Asked again just before anything is sent; None where enough others agree to exactly this."""
    good = {each.who for each in given if (each.plan, each.op) == (asked.plan, asked.op) and now < each.until}
    if len(good) >= needed:
        return None
    seen = f"approved by {', '.join(sorted(good))}" if good else "nobody has approved it"
    what = f"Waiting for {needed - len(good)} of {needed} approval{'s' if needed > 1 else ''} (not yours)."
    return refusal(what, seen=seen, mend="Send the request to another person, and paste what comes back.")


def _of_another(asked: Asked, pasted: Pasted) -> Iterator[Refusal]:
    if pasted.op != asked.op:
        yield refusal("The approval is for another operation.", seen=f"{pasted.op}, not {asked.op}", mend=AGAIN)
    if pasted.plan != asked.plan:
        yield refusal("The plan has changed since it was approved.", seen="the hash is another one", mend=AGAIN)
    if pasted.text != asked.text(pasted.verb):
        yield refusal("The approval is for another request.", seen="its requester, time or number differs", mend=AGAIN)


def _of_another_text(pasted: Pasted, signed: Signed) -> Refusal | None:
    if signed.text == pasted.text:
        return None
    return refusal("The signature is of another text.", seen=signed.key, mend=AGAIN)


def _of_no_use(asked: Asked, signed: Signed, now: datetime) -> Iterator[Refusal]:
    if not now < asked.expiry <= now + VALID_FOR:
        mend = "Ask for it again: each is good for 10 minutes."
        yield refusal("The approval is too old.", seen=f"it is good until {moment(asked.expiry, now)}", mend=mend)
    if asked.requester.is_one_of(signed.names):
        seen = f"signed by {', '.join(signed.names)} with {signed.key}"
        yield refusal("You cannot approve what you ask for.", seen=seen, mend="Another person must sign it.")


def _text(verb: Verb, *parts: str) -> str:
    return "\n".join((f"dbconsole-{verb}-v1", *parts))


def _alike(name: str) -> set[str]:
    """A name, what it is at the end of an ARN, and without the domain: one person, as far as one can tell."""
    last = name.casefold().rpartition("/")[2]
    return {name.casefold(), last, last.partition("@")[0]}
