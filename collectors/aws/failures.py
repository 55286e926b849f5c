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

_DENIED = re.compile(r"AccessDenied|Unauthori[sz]ed|NotAuthorized|AuthorizationError|OptInRequired")
_EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException",
     "InvalidAccessKeyId", "AuthFailure"}
)  # fmt: skip
_SKEWED = frozenset({"RequestExpired", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "InvalidSignatureException"})
_THROTTLED = re.compile(r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled|LimitExceeded")
_KEY = re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{2})[A-Z0-9]{10,}([A-Z0-9]{2})\b")


class Oversized(Exception):  # noqa: N818 - never seen outside: it becomes a `CannotCollect`
    """An answer that is larger than any that was foreseen."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and where."""

    service: str
    operation: str
    place: Place

    def __str__(self) -> str:
        return f"{grant(self.service, self.operation)} in {self.place}"


def failure(error: BaseException, question: Question) -> Trouble:
    """Pure: the same error gives the same words."""
    if isinstance(error, Trouble):
        return error
    seen = _seen(error)
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return _refused(response, question, seen)
    known = _BY_NAME.get(type(error).__name__)
    if known is not None:
        return known(question, seen)
    return CannotCollect(f"{question} failed.", seen=f"{type(error).__name__}: {seen}", mend="It is asked again.")


def _signed_out(question: Question, seen: str) -> Trouble:
    account = question.place.account
    profile = f" --profile {account.profile}" if account.profile else ""
    mend = f"Run `aws sso login{profile}`; it is noticed here."
    return Expired(f"The sign-in for {account.name} has ended.", seen=seen, mend=mend)


def _without_credentials(question: Question, seen: str) -> Trouble:
    place = question.place
    return Expired(f"There are no credentials for {place.account.name}.", seen=seen, mend=_keys(place))


def _asks_for_a_factor(question: Question, seen: str) -> Trouble:
    mend = "Start the console with credentials of a session that has the second factor."
    return Expired(f"The role of {question.place.account.name} asks for a second factor.", seen=seen, mend=mend)


def _unanswered(question: Question, seen: str) -> Trouble:
    return CannotCollect(f"{question} was not answered.", seen=seen, mend="Look at the network and the VPN.")


def _unreadable(question: Question, seen: str) -> Trouble:
    return CannotCollect(f"{question} was answered with what is no answer.", seen=seen, mend="It is asked again.")


def _too_much(question: Question, seen: str) -> Trouble:
    return CannotCollect(f"{question} answered with too much.", seen=seen, mend="Select fewer resources.")


_BY_NAME: Mapping[str, Callable[[Question, str], Trouble]] = {  # botocore need not be loaded for its errors' names
    **dict.fromkeys(("UnauthorizedSSOTokenError", "SSOTokenLoadError", "TokenRetrievalError", "SSOError"), _signed_out),
    **dict.fromkeys(("NoCredentialsError", "PartialCredentialsError", "NoAuthTokenError"), _without_credentials),
    **dict.fromkeys(("CredentialRetrievalError", "ProfileNotFound"), _without_credentials),
    **dict.fromkeys(("ConnectTimeoutError", "ReadTimeoutError", "EndpointConnectionError", "SSLError"), _unanswered),
    **dict.fromkeys(("ConnectionClosedError", "ProxyConnectionError", "HTTPClientError"), _unanswered),
    **dict.fromkeys(("ConnectionError", "IncompleteReadError", "ResponseStreamingError"), _unanswered),
    **dict.fromkeys(("ProtocolError", "IncompleteRead", "ReadTimeout", "TimeoutError"), _unanswered),  # while reading
    "RefreshWithMFAUnsupportedError": _asks_for_a_factor,
    "ResponseParserError": _unreadable,
    "Oversized": _too_much,
}


def _refused(response: dict[str, Any], question: Question, seen: str) -> Trouble:
    """An answer that says no, by its code."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    if _DENIED.search(code):
        needed = grant(question.service, question.operation)
        mend = f"Allow {needed} for this identity, or leave out what needs it."
        return Denied(f"This identity may not ask {question}.", grant=sanitise(needed), seen=seen, mend=mend)
    if code in _SKEWED:
        mend = f"Compare this machine's clock with the true time; else {_lower(_keys(question.place))}"
        return Expired(f"AWS does not accept the signature in {question.place}.", seen=seen, mend=mend)
    if code in _EXPIRED:
        return Expired(f"The credentials for {question.place.account.name} are no longer good.", seen=seen,
                       mend=_keys(question.place))  # fmt: skip
    if _THROTTLED.search(code) or status == 429:
        return Throttled(f"{question} is asked too often.", seen=seen, mend="It is asked less often for a while.")
    if status >= 500:
        return CannotCollect(f"{question}: AWS has an error of its own.", seen=seen, mend="It is asked again.")
    return CannotCollect(f"{question} was refused.", seen=seen, mend="What AWS said is all that is known.")


def _keys(place: Place) -> str:
    profile = f" --profile {place.account.profile}" if place.account.profile else ""
    return f"Run `aws sso login{profile}` or `aws configure{profile}`; it is noticed here."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _seen(error: BaseException) -> str:
    """Its own words, without a whole access key in them."""
    return sanitise(_KEY.sub(r"\1…\2", " ".join(str(error).split())), 400)
