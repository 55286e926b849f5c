"""May what was typed confirm the plan? Keys with their times go in; what is typed, and what is asked for, comes out.

A name counts only where a person typed it: one key at a time, after the plan was in sight. What was pasted, what came
in one read, what a held key repeats and what was typed before is no answer to a question that nobody had read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.acting.asked import ENTERED, Asked, Field

READY_S = 0.75  # after the plan was painted: who answers sooner has not read it
AT_ONCE_S = 0.010  # keys closer together came in one read: hands are slower
HELD_S = 0.040  # the same key again so soon is a key that is held down
STEADY_S = 0.100  # so is the third of a row: some keyboards repeat slowly, and no hand does that thrice
HEEL_S = 0.150  # before Enter: a hand that types on is not one that decides
AGAIN_S = 0.500  # between two Enters: as long as a keyboard waits before it repeats the first
MOST, MOST_SIGNATURE = 256, 16_384  # characters
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"

READ_FIRST = Safe("Read it first: what is typed so soon does not count.")
NO_PASTE = Safe("Paste cannot confirm: type the name, key by key.")
AT_ONCE = Safe("Several keys came at once and do not count: type them one by one.")
HELD = Safe("A key that is held down counts once.")
TOO_SOON = Safe("Enter came at the heels of another key: press it once more.")
READ_LIST = Safe("Read the list to its end first: PageDown.")
NO_SIGNATURE = Safe("That is no whole signature: it ends in END SSH SIGNATURE.")


@dataclass(frozen=True, slots=True)
class Stroke:
    """One character that counts, and when it was typed."""

    character: str
    at: float


@dataclass(frozen=True, slots=True)
class Confirm:
    """The plan, as the person confirms it."""

    plan: Safe
    typed: str
    reason: str
    overrides: tuple[str, ...]
    incident: str
    mfa: str


@dataclass(frozen=True, slots=True)
class Approve:
    """A second person's signature, as it was pasted."""

    text: str


Wish = Confirm | Approve


@dataclass(frozen=True, slots=True)
class Typing:
    """What is typed of one plan. ``ready``: since when it is in sight; None: not yet."""

    asked: Asked
    ready: float | None = None
    at: int = 0  # which field has the keys
    row: int = 0  # which of the checks that can be overridden
    strokes: tuple[Stroke, ...] = ()
    texts: Mapping[Field, str] = field(default_factory=lambda: MappingProxyType({}))
    marked: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()  # checks of which not every line has been in sight
    last: tuple[str, float] | None = None  # the key before, whether it counted or not
    enter_at: float | None = None
    is_held: bool = False  # the key before was one that is held down
    said: Safe = NO_TEXT  # why the last key did nothing
    is_asked: bool = False  # the engine has been asked, and has not answered yet

    @property
    def field(self) -> Field | None:
        return self.asked.fields[self.at] if self.asked.fields else None

    @property
    def name(self) -> str:
        return "".join(stroke.character for stroke in self.strokes)

    def text(self, of: Field) -> str:
        return self.texts.get(of, "")


def shown(typing: Typing | None, asked: Asked) -> Typing:
    """The plan as it is now: whatever was typed for another one is forgotten."""
    if typing is not None and typing.asked == asked:
        return typing
    begin = asked.fields.index(Field.APPROVAL) if Field.APPROVAL in asked.fields else 0
    return Typing(asked, at=begin)


def painted(typing: Typing, at: float) -> Typing:
    """It is in sight."""
    return typing if typing.ready is not None else replace(typing, ready=at)


def refused(typing: Typing, at: float) -> Typing:
    """The engine would not: the name is typed again, and the answer is read before."""
    return replace(typing, strokes=(), is_asked=False, ready=at, said=NO_TEXT)


def pasted(typing: Typing, text: str, at: float) -> Typing:
    """Only a signature may be pasted."""
    after = replace(typing, last=("paste", at))
    if _is_deaf(typing, at) or typing.field is not Field.APPROVAL:
        return replace(after, said=NO_PASTE)
    return replace(_put(after, Field.APPROVAL, after.text(Field.APPROVAL) + text), said=NO_TEXT)


def pressed(typing: Typing, key: str, character: str | None, at: float) -> tuple[Typing, Wish | None]:
    """What is typed after this key, and what the person wants of the engine."""
    enter_at = at if key == "enter" else typing.enter_at
    after = replace(typing, last=(key, at), enter_at=enter_at, is_held=_is_held(typing, key, at), said=NO_TEXT)
    if typing.is_asked or typing.field is None:
        return after, None
    if _is_deaf(typing, at):
        return replace(after, said=READ_FIRST), None
    if typing.field is Field.APPROVAL:
        return _in_approval(after, key, character)
    if _came_at_once(typing, at):
        kept = tuple(stroke for stroke in after.strokes if at - stroke.at >= AT_ONCE_S)
        if typing.field is Field.NAME:
            return replace(after, strokes=kept, said=AT_ONCE), None
        after = replace(after, strokes=kept)
    if key == "enter":
        return _entered(typing, after, at)
    return _elsewhere(after, key) or _typed(after, key, character, at), None


def _is_deaf(typing: Typing, at: float) -> bool:
    return typing.ready is None or at - typing.ready < READY_S


def _came_at_once(typing: Typing, at: float) -> bool:
    return typing.last is not None and at - typing.last[1] < AT_ONCE_S


def _elsewhere(after: Typing, key: str) -> Typing | None:
    """Keys that lead from field to field and from check to check."""
    step = {"tab": 1, "down": 1, "shift+tab": -1, "up": -1}.get(key)
    if step is None:
        return None
    row = after.row + step
    if after.field is Field.CHECKS and key in ("up", "down") and 0 <= row < len(after.asked.overridable):
        return replace(after, row=row)
    return replace(after, at=(after.at + step) % len(after.asked.fields))


def _typed(after: Typing, key: str, character: str | None, at: float) -> Typing:
    letter = character if character is not None and character.isprintable() else None
    match after.field:
        case Field.CHECKS:
            return _marked(after) if key == "space" else after
        case Field.NAME:
            return _in_name(after, key, letter, at)
        case where:
            return _in_text(after, where, key, letter) if where is not None else after


def _marked(after: Typing) -> Typing:
    """Marked, or no longer. Whoever confirms a list says that they know what is on it."""
    check = after.asked.overridable[after.row]
    if check.by == "confirm" and check.name in after.unread:
        return replace(after, said=READ_LIST)
    return replace(after, marked=after.marked ^ {check.name})


def _in_name(after: Typing, key: str, letter: str | None, at: float) -> Typing:
    if key in ("backspace", "ctrl+u"):
        return replace(after, strokes=after.strokes[:-1] if key == "backspace" else ())
    if letter is None or not after.asked.word or len(after.strokes) >= MOST:
        return after
    if after.is_held:
        return replace(after, strokes=_without_repeats(after.strokes, letter), said=HELD)
    return replace(after, strokes=(*after.strokes, Stroke(letter, at)))


def _is_held(before: Typing, key: str, at: float) -> bool:
    if before.last is None or before.last[0] != key:
        return False
    gap, row = at - before.last[1], before.strokes[-2:]
    if gap <= HELD_S or (before.is_held and gap <= STEADY_S):
        return True
    same = len(row) == 2 and row[0].character == row[1].character and row[1].at == before.last[1]
    return same and row[1].at - row[0].at <= STEADY_S and gap <= STEADY_S


def _without_repeats(strokes: tuple[Stroke, ...], letter: str) -> tuple[Stroke, ...]:
    """Of the row at the end the first remains: that one was pressed."""
    kept = list(strokes)
    while len(kept) > 1 and kept[-1].character == kept[-2].character == letter:
        kept.pop()
    return tuple(kept)


def _in_text(after: Typing, where: Field, key: str, letter: str | None) -> Typing:
    text = after.text(where)
    if key == "backspace":
        return _put(after, where, text[:-1])
    if key == "ctrl+u":
        return _put(after, where, "")
    return after if letter is None else _put(after, where, sanitise(text + letter, MOST))


def _put(typing: Typing, where: Field, text: str) -> Typing:
    most = MOST_SIGNATURE if where is Field.APPROVAL else MOST
    return replace(typing, texts=MappingProxyType({**typing.texts, where: text[:most]}))


def _in_approval(after: Typing, key: str, character: str | None) -> tuple[Typing, Wish | None]:
    """A terminal that does not bracket what is pasted sends it as keys, its line ends as Enter."""
    text = after.text(Field.APPROVAL)
    if key == "enter" and is_signature(text):
        return replace(_put(after, Field.APPROVAL, ""), is_asked=True), Approve(text)
    if key == "enter":
        return replace(_put(after, Field.APPROVAL, f"{text}\n" if text else ""), said=NO_SIGNATURE), None
    if key in ("backspace", "ctrl+u"):
        return _put(after, Field.APPROVAL, ""), None
    moved = _elsewhere(after, key)
    if moved is not None:
        return moved, None
    letter = "\n" if key == "ctrl+j" else character if character is not None and character.isprintable() else ""
    return _put(after, Field.APPROVAL, text + letter), None


def is_signature(text: str) -> bool:
    """Whether all of one is there, behind the text that was signed; whether it is a true one is the engine's to say."""
    return BEGIN in text and text.strip().endswith(END)


def _entered(before: Typing, after: Typing, at: float) -> tuple[Typing, Wish | None]:
    """In a field it goes on to the next; behind the name it confirms."""
    if after.field is not Field.NAME:
        return replace(after, at=after.at + 1), None
    held = before.enter_at is not None and at - before.enter_at < AGAIN_S
    if held or (before.last is not None and at - before.last[1] < HEEL_S):
        return replace(after, said=TOO_SOON), None
    missing = lacking(after)
    if missing is not None:
        return replace(after, said=missing), None
    texts = {each: after.text(each).strip() for each in ENTERED}
    names = tuple(each.name for each in after.asked.overridable if each.name in after.marked)
    confirm = Confirm(after.asked.plan, after.name, texts[Field.REASON], names, texts[Field.INCIDENT], texts[Field.MFA])
    return replace(after, is_asked=True), confirm


def counted(count: int) -> Safe:
    """What somebody must have understood who overrides that."""
    return sanitise(f"Write the number of keys in the reason: {count:,}.")


def lacking(typing: Typing) -> Safe | None:
    """What must still be done before Enter confirms."""
    asked = typing.asked
    unmarked = [each for each in asked.overridable if each.name not in typing.marked]
    if unmarked:
        return sanitise(f"{unmarked[0].name} does not pass: mark it with Space where that is right, or leave it be.")
    for each in asked.fields:
        if each in ENTERED and not typing.text(each).strip():
            return sanitise(f"{ENTERED[each]} is missing: Shift+Tab goes back to it.")
    if asked.count and not any(character.isdigit() for character in typing.text(Field.REASON)):
        return sanitise(f"{counted(asked.count)} Shift+Tab goes back to it.")
    return sanitise(f"Type the whole name: {asked.word}") if typing.name != asked.word else None
