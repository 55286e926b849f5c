"""What became of a call to AWS, in the words of whoever mends it? Nothing of botocore's goes further than this."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from collectors.aws.allowed import grant
from collectors.aws.place import Place
from collectors.errors import CannotCollect, Denied, Expired, Throttled, Trouble
from collectors.safe import sanitise

_DENIED = re.compile(r"AccessDenied|Unauthori[sz]ed|NotAuthorized|AuthorizationError|Forbidden|OptInRequired")
_EXPIRED = re.compile(r"ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKey|AuthFailure|MissingAuth")
_SKEWED = re.compile(r"RequestExpired|SignatureDoesNotMatch|RequestTimeTooSkewed|InvalidSignature")
_THROTTLED = re.compile(r"Throttl|TooManyRequests|LimitExceeded|RateForCustomerExceeded|ThroughputExceeded|SlowDown")
_MISSING_GRANT = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")
_KEY_ID = re.compile(r"\b(A[A-Z]{3}[A-Z0-9]{2})[A-Z0-9]{10,}([A-Z0-9]{2})\b")
_SECRET = re.compile(r"([A-Za-z0-9/+=]{4})[A-Za-z0-9/+=]{36,}")  # a key, a token or a hash: nobody reads one here
_ON_THE_WAY = {  # to credentials, and whose operation it is
    "AssumeRole": "sts",
    "AssumeRoleWithWebIdentity": "sts",
    "CreateOAuth2Token": "signin",
    "CreateToken": "sso-oidc",
    "GetRoleCredentials": "sso",
}
_AGAIN = "It is asked again."
_ANYHOW = "Run `aws sso login` or `aws configure`; it is noticed here."


class Oversized(Exception):  # noqa: N818 - never seen outside: it becomes a `CannotCollect`
    """An answer that is larger than any that was foreseen."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and where; ``renewal`` says what brings credentials back."""

    service: str
    operation: str
    place: Place
    renewal: str = _ANYHOW

    def __str__(self) -> str:
        return f"{grant(self.service, self.operation)} in {self.place}"


def failure(error: BaseException, question: Question) -> Trouble:
    """Pure: the same error gives the same words."""
    if isinstance(error, Trouble):
        return error
    seen = _seen(error)
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return _refused(response, question, str(getattr(error, "operation_name", "")), seen)
    for kind in type(error).__mro__:
        if told := _BY_NAME.get(kind.__name__):
            return told(question, seen)
    return CannotCollect(f"{question} failed.", seen=sanitise(f"{type(error).__name__}: {seen}"), mend=_AGAIN)


def _signed_out(question: Question, seen: str) -> Trouble:
    return Expired(f"The sign-in for {question.place.account.name} has ended.", seen=seen, mend=question.renewal)


def _without_credentials(question: Question, seen: str) -> Trouble:
    return Expired(f"There are no credentials for {question.place.account.name}.", seen=seen, mend=question.renewal)


def _no_such_profile(question: Question, seen: str) -> Trouble:
    account = question.place.account
    profile = f" --profile {sanitise(account.profile)}" if account.profile else ""
    mend = f"Run `aws configure sso{profile}` or `aws configure{profile}`, or name another; it is noticed here."
    return Expired(f"AWS's configuration has no profile for {account.name}.", seen=seen, mend=mend)


def _asks_for_a_factor(question: Question, seen: str) -> Trouble:
    mend = "Start the console with credentials of a session that has the second factor."
    return Expired(f"The role of {question.place.account.name} asks for a second factor.", seen=seen, mend=mend)


def _unanswered(question: Question, seen: str) -> Trouble:
    region = f"and whether {question.place.region} is a region of AWS"
    return CannotCollect(f"{question} was not answered.", seen=seen, mend=f"Look at the network, the VPN, {region}.")


def _unreadable(question: Question, seen: str) -> Trouble:
    return CannotCollect(f"{question} was answered with what is no answer.", seen=seen, mend=_AGAIN)


def _too_much(question: Question, seen: str) -> Trouble:
    return CannotCollect(f"{question} was answered with {seen}.", mend="Select fewer resources.")


def _misconfigured(question: Question, seen: str) -> Trouble:
    mend = "Mend AWS's own configuration, ~/.aws/config or what AWS_CONFIG_FILE names; it is noticed here."
    return CannotCollect(f"AWS's configuration for {question.place.account.name} is wrong.", seen=seen, mend=mend)


def _lacks_a_part(question: Question, seen: str) -> Trouble:
    mend = "Install `awscrt` beside the console, or sign in another way."
    return CannotCollect(f"To reach {question.place.account.name} needs a library.", seen=seen, mend=mend)


def _no_such_region(question: Question, seen: str) -> Trouble:
    mend = "Correct the region in the profile, or set AWS_REGION."
    return CannotCollect(f"{question.place.region or 'No region'} is no region to be asked.", seen=seen, mend=mend)


_NAMES: Mapping[Callable[[Question, str], Trouble], str] = {  # botocore need not be loaded for its errors' names
    _signed_out: "SSOError TokenRetrievalError LoginError",
    _without_credentials: "NoCredentialsError PartialCredentialsError NoAuthTokenError CredentialRetrievalError",
    _no_such_profile: "ProfileNotFound",
    _asks_for_a_factor: "RefreshWithMFAUnsupportedError",
    _unanswered: "HTTPClientError ConnectionError",  # timeouts, resets, names that are not found, certificates
    _unreadable: "ResponseParserError",
    _too_much: "Oversized",
    _misconfigured: "ConfigParseError ConfigNotFound InvalidConfigError UnknownCredentialError",
    _lacks_a_part: "MissingDependencyException",
    _no_such_region: "InvalidRegionError NoRegionError UnknownEndpointError UnknownRegionError",
}
_BY_NAME = {name: told for told, names in _NAMES.items() for name in names.split()}


def _refused(response: dict[str, Any], question: Question, asked: str, seen: str) -> Trouble:
    """An answer that says no, by its code. ``asked`` may have been on the way: the role, before the question."""
    told = response.get("Error", {})
    code, name = str(told.get("Code", "")), question.place.account.name
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    if _DENIED.search(code):
        return _denied(str(told.get("Message", "")), question, asked, seen)
    if _SKEWED.search(code):
        mend = f"Compare this machine's clock with the true time. If it is right: {question.renewal}"
        return Expired(f"AWS does not accept the signature for {name}.", seen=seen, mend=mend)
    if _EXPIRED.search(code):
        return Expired(f"The credentials for {name} are no longer good.", seen=seen, mend=question.renewal)
    if _THROTTLED.search(code) or status == 429:
        return Throttled(f"{question} is asked too often.", seen=seen, mend="It is asked less often for a while.")
    if status >= 500:
        return CannotCollect(f"{question}: AWS has an error of its own.", seen=seen, mend=_AGAIN)
    return CannotCollect(f"{question} was refused.", seen=seen, mend="What AWS said is all that is known.")


def _denied(message: str, question: Question, asked: str, seen: str) -> Trouble:
    named = _MISSING_GRANT.search(message)  # AWS knows best which it was
    if named is not None:
        needed = named[1]
    elif asked in _ON_THE_WAY:
        needed = grant(_ON_THE_WAY[asked], asked)
    else:
        needed = grant(question.service, question.operation)
    needed = sanitise(needed)
    what = f"This identity may not ask {needed} in {question.place}."
    mend = f"Allow {needed} for this identity, or leave out what needs it."
    return Denied(what, grant=needed, seen=seen, mend=mend)


def _seen(error: BaseException) -> str:
    """Its own words, without a key or a token in them."""
    words = _KEY_ID.sub(r"\1…\2", " ".join(str(error).split()))
    return sanitise(_SECRET.sub(r"\1…", words), 400)
