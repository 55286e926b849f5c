"""May this be done, by these policies? Pure: a question and its context are all that is asked of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_pascal

from console.demo.emulator import conditions
from console.demo.emulator.conditions import Context, filled, matches


def _words(said: Any) -> Any:
    """One of them need be no list, and a condition may say true and 300."""
    listed = said if isinstance(said, list | tuple) else [said]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed if _is_word(each)]


def _is_word(said: Any) -> bool:
    if not isinstance(said, str | bool | int | float):
        raise ValueError(f"{said!r} is neither text nor a number")
    return True


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Principals = Annotated[dict[str, Words], BeforeValidator(lambda said: {"AWS": said} if said == "*" else said)]


class Malformed(ValueError):  # noqa: N818  # as AWS says it
    """No policy as IAM has them; the words are for who wrote it."""


class Statement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_pascal, populate_by_name=True)

    sid: str = ""
    effect: Literal["Allow", "Deny"]
    principal: Principals | None = None  # of a trust policy
    action: Words | None = None
    not_action: Words | None = None
    resource: Words | None = None
    not_resource: Words | None = None
    condition: dict[str, dict[str, Words]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> Statement:
        if (self.action is None) == (self.not_action is None):
            raise ValueError("a statement has an Action or a NotAction")
        is_of_trust, resources = self.principal is not None, (self.resource, self.not_resource)
        if [each is not None for each in resources].count(True) != (0 if is_of_trust else 1):
            raise ValueError("a statement has a Resource or a NotResource, and one of trust a Principal in its place")
        for operator in self.condition:
            conditions.check(operator)
        return self

    def fits(self, question: Question) -> bool:
        return self.is_about(question) and conditions.holds(self.condition, question.context)

    def is_about(self, question: Question) -> bool:
        """Whatever its conditions say."""
        return self._has_action(question.action) and self._has_resource(question)

    def _has_action(self, action: str) -> bool:
        named = self.action if self.action is not None else self.not_action or ()
        found = any(matches(each.lower(), action.lower()) for each in named)
        return found if self.action is not None else not found

    def _has_resource(self, question: Question) -> bool:
        if self.principal is not None:
            return True
        named = self.resource if self.resource is not None else self.not_resource or ()
        told = (filled(each, question.context) for each in named)
        found = any(each is not None and matches(each, question.resource) for each in told)
        return found if self.resource is not None else not found


class Policy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_pascal, populate_by_name=True)

    version: Literal["2008-10-17", "2012-10-17"] = "2008-10-17"
    id: str = ""
    statement: Annotated[tuple[Statement, ...], BeforeValidator(lambda s: [s] if isinstance(s, dict) else s)]

    def effect(self, question: Question) -> Literal["Allow", "Deny"] | None:
        """A Deny wins, wherever it stands."""
        said = {each.effect for each in self.statement if each.fits(question)}
        return "Deny" if "Deny" in said else "Allow" if said else None


def parsed(text: str) -> Policy:
    try:
        return Policy.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        raise Malformed(f"{place}: {first['msg']}" if place else first["msg"]) from None


@dataclass(frozen=True, slots=True)
class Question:
    action: str
    resource: str
    context: Context


class Layer(StrEnum):
    """In whose words AWS says what refused."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do: what the identity's policies give, within the boundary and within the session's policy."""

    identity: tuple[Policy, ...]
    boundary: Policy | None = None
    session: Policy | None = None

    def layers(self) -> Iterable[tuple[Layer, tuple[Policy, ...]]]:
        yield Layer.IDENTITY, self.identity
        for layer, policy in ((Layer.BOUNDARY, self.boundary), (Layer.SESSION, self.session)):
            if policy is not None:
                yield layer, (policy,)


@dataclass(frozen=True, slots=True)
class Refusal:
    layer: Layer
    is_explicit: bool

    def because(self, action: str) -> str:
        if self.is_explicit:
            article = "an" if self.layer is Layer.IDENTITY else "a"
            return f"with an explicit deny in {article} {self.layer}"
        return f"because no {self.layer} allows the {action} action"


def refusal(rights: Rights, question: Question) -> Refusal | None:
    """None: it may be done. What denies in so many words goes before what merely does not allow."""
    said = [(layer, {policy.effect(question) for policy in policies}) for layer, policies in rights.layers()]
    for layer, effects in said:
        if "Deny" in effects:
            return Refusal(layer, is_explicit=True)
    return next((Refusal(layer, is_explicit=False) for layer, effects in said if "Allow" not in effects), None)
