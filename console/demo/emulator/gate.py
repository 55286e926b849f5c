"""Lets through what whoever asks may do. In front of all that answers, and of all faults."""

from __future__ import annotations

from collections.abc import Iterable

from console.demo.emulator.grants import context, is_read, needed
from console.demo.emulator.policies import Question, refusal
from console.demo.emulator.requests_form import App, Asked, Environ, Refused, Start, asked, error, send
from console.demo.emulator.sessions import KEY, Session, Sessions
from console.demo.emulator.trail import noted
from console.demo.model import Model

FREE = frozenset({("sts", "GetCallerIdentity")})  # anybody may ask who they are, whatever policies say


class Gate:
    def __init__(self, sessions: Sessions, model: Model) -> None:
        self._sessions, self._model = sessions, model

    def wrap(self, app: App) -> App:
        def gated(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            try:
                session = environ[KEY] = self._sessions.of(environ)
                self._require(session, request)
            except Refused as refused:
                refused = spelt(request, refused)
                noted(environ, refused)
                return send(error(request, refused), start)
            return app(environ, start)

        return gated

    def _require(self, session: Session, request: Asked) -> None:
        if (request.service, request.operation) in FREE or (not request.is_routed and is_read(request)):
            return
        known, rights = session.context(self._sessions.now()), session.rights
        for each in needed(request):
            question = Question(each.action, each.resource, known | context(self._model, request, each.resource))
            found = refusal(rights, question)
            if found is not None:
                raise denied(session.arn, question, found.because(each.action))


def denied(who: str, question: Question, because: str = "") -> Refused:
    """In AWS's sentence."""
    on = "" if question.resource == "*" else f" on resource: {question.resource}"
    text = f"User: {who} is not authorized to perform: {question.action}{on} {because}"
    return Refused("AccessDenied", text.rstrip(), 403)


_OF_JSON = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
}


def spelt(request: Asked, refused: Refused) -> Refused:
    """In the code of the protocol: what has no query protocol has names of its own for the same."""
    if request.protocol == "query" or request.service == "cloudwatch" or refused.code not in _OF_JSON:
        return refused
    return Refused(_OF_JSON[refused.code], refused.message, 403 if request.protocol == "rest" else 400)
