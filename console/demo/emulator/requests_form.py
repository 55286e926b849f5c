"""What is asked of the emulator, in which of AWS's protocols, and how is an answer or an error written in that one?"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote_plus
from uuid import uuid4

import orjson

from console.demo.emulator.requests_rest import routed

Environ = dict[str, Any]
Start = Callable[..., object]
App = Callable[[Environ, Start], Iterable[bytes]]
Protocol = Literal["query", "json", "cbor", "rest"]

KEY = "dbconsole.asked"  # where a request carries what was found out about it
_SCOPE = re.compile(r"Credential=[^/,]*/\d*/([^/,]*)/([^/,]*)/aws4_request")
_SERVICES = {"monitoring": "cloudwatch", "tagging": "resourcegroupstaggingapi"}  # where they sign under another name
_XML_NAMESPACES = {
    "cloudwatch": "http://monitoring.amazonaws.com/doc/2010-08-01/",
    "rds": "http://rds.amazonaws.com/doc/2014-10-31/",
    "elasticache": "http://elasticache.amazonaws.com/doc/2015-02-02/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
}


class Entries(dict[str, Any]):
    """A map, whose keys are data: XML writes it otherwise than a structure."""


class Items(list[Any]):
    """A list whose members have a name of their own in XML."""

    def __init__(self, of: str, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.of = of


@dataclass(frozen=True, slots=True)
class Asked:
    service: str  # as boto3 names it; empty where the request is not signed
    region: str
    operation: str
    protocol: Protocol
    json_type: str
    body: bytes
    said: Mapping[str, str] = field(default_factory=dict)  # by the path and the query, where the protocol is REST

    @property
    def is_routed(self) -> bool:
        """Whether the operation of a path is known; else it is the method and the path."""
        return " " not in self.operation


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Refused(Exception):  # noqa: N818  # as AWS says it
    """An error that AWS would answer with, by the code of the query protocol."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def asked(environ: Environ) -> Asked:
    """Reads the body once; who asks again, further in, is given the same."""
    known = environ.get(KEY)
    if isinstance(known, Asked):
        return known
    body = _body(environ)
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    region, service = scope.groups() if scope else ("", "")
    said: Mapping[str, str] = {}
    content_type, target = environ.get("CONTENT_TYPE", ""), environ.get("HTTP_X_AMZ_TARGET", "")
    path = environ.get("PATH_INFO", "/")
    protocol: Protocol
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        protocol, operation = "cbor", path.rpartition("/")[2]
    elif target:
        protocol, operation = "json", target.rpartition(".")[2]
    else:
        form = body if content_type.startswith("application/x-www-form-urlencoded") else b""
        operation = _action(form.decode("latin-1")) or _action(environ.get("QUERY_STRING", ""))
        protocol = "query" if operation else "rest"
        if protocol == "rest":
            operation, said = routed(
                service, environ.get("REQUEST_METHOD", "GET"), path, environ.get("QUERY_STRING", "")
            )
    found = Asked(_SERVICES.get(service, service), region, operation, protocol, content_type, body, said)
    environ[KEY] = found
    return found


def _body(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    source = environ["wsgi.input"]
    body: bytes = source.read(length) if length or not environ.get("wsgi.input_terminated") else source.read()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def _action(form: str) -> str:
    found = re.search(r"(?:^|&)Action=([^&]*)", form)
    return unquote_plus(found[1]) if found else ""


def parameters(request: Asked) -> dict[str, Any]:
    """What the request says, as nested names and lists; a form's values are all text."""
    if request.protocol == "json":
        try:
            found = orjson.loads(request.body or b"{}")
        except orjson.JSONDecodeError as e:
            raise Refused("SerializationException", f"The body is not JSON: {e}") from None
        return found if isinstance(found, dict) else {}
    if request.protocol == "rest" and request.is_routed:
        return dict(request.said)
    if request.protocol == "query":
        return _nested(parse_qsl(request.body.decode(), keep_blank_values=True))
    raise Refused("UnsupportedProtocol", "The demo's CloudWatch speaks JSON and the query protocol.", 415)


def _nested(form: Iterable[tuple[str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in form:
        *path, last = name.split(".")
        place = tree
        for step in path:
            deeper = place.setdefault(step, {})
            if not isinstance(deeper, dict):
                raise Refused("MalformedQueryString", f"{name} contradicts what was said before.")
            place = deeper
        place[last] = value
    return {name: _listed(value) for name, value in tree.items() if name not in ("Action", "Version")}


def _listed(value: Any) -> Any:
    """`X.member.2.Y` is the second of a list."""
    if not isinstance(value, dict):
        return value
    members = value.get("member")
    if isinstance(members, dict) and len(value) == 1 and all(n.isdigit() for n in members):
        return [_listed(members[n]) for n in sorted(members, key=int)]
    return {name: _listed(each) for name, each in value.items()}


def stamp(request: Asked) -> Callable[[int], int | str]:
    """How the protocol writes a time."""
    return _iso if request.protocol == "query" else int


def _iso(t: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


def answer(request: Asked, result: Mapping[str, Any]) -> Answer:
    """``result`` has the names of the operation's output; times are written by `stamp`."""
    number = str(uuid4())
    if request.protocol == "query":
        name, uri = request.operation, _XML_NAMESPACES.get(request.service, "")
        inner = f"<{name}Result>{''.join(_xml(result))}</{name}Result>"
        about = f"<ResponseMetadata><RequestId>{number}</RequestId></ResponseMetadata>"
        text = f'<{name}Response xmlns="{uri}">{inner}{about}</{name}Response>'
        return Answer(200, _headers("text/xml", number), text.encode())
    kind = request.json_type or "application/json"
    return Answer(200, _headers(kind, number), orjson.dumps(result, option=orjson.OPT_NON_STR_KEYS))


def _headers(content_type: str, number: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", content_type), ("x-amzn-RequestId", number))


def _xml(tree: Mapping[str, Any]) -> Iterable[str]:
    for name, value in tree.items():
        match value:
            case Entries():
                pairs = (f"<entry><key>{escape(k)}</key><value>{v}</value></entry>" for k, v in value.items())
                yield f"<{name}>{''.join(pairs)}</{name}>"
            case dict():
                yield f"<{name}>{''.join(_xml(value))}</{name}>"
            case Items():
                yield f"<{name}>{''.join(part for each in value for part in _xml({value.of: each}))}</{name}>"
            case list() | tuple():
                yield f"<{name}>{''.join(part for each in value for part in _xml({'member': each}))}</{name}>"
            case bool():
                yield f"<{name}>{str(value).lower()}</{name}>"
            case _:
                yield f"<{name}>{escape(str(value))}</{name}>"


def error(request: Asked, refused: Refused) -> Answer:
    """In the body form of the request's protocol; JSON services spell some codes in another way."""
    number = str(uuid4())
    if request.protocol == "query":
        uri = _XML_NAMESPACES.get(request.service, "")
        said = f"<Type>Sender</Type><Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message>"
        text = f'<ErrorResponse xmlns="{uri}"><Error>{said}</Error><RequestId>{number}</RequestId></ErrorResponse>'
        return Answer(refused.status, _headers("text/xml", number), text.encode())
    headers = _headers(request.json_type or "application/json", number)
    if request.service == "cloudwatch":  # it came from the query protocol and still tells the old code
        headers += (("x-amzn-query-error", f"{refused.code};Sender"),)
    if request.protocol == "rest":
        headers += (("x-amzn-ErrorType", refused.code),)
        return Answer(refused.status, headers, orjson.dumps({"message": refused.message}))
    if request.protocol == "cbor":
        headers = (("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"), *headers[1:])
        said_cbor = b"\xa2" + b"".join(map(_cbor, ("__type", refused.code, "message", refused.message)))
        return Answer(refused.status, headers, said_cbor)
    return Answer(refused.status, headers, orjson.dumps({"__type": refused.code, "message": refused.message}))


def _cbor(text: str) -> bytes:
    raw = text.encode()
    return b"\x79" + len(raw).to_bytes(2, "big") + raw


REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 415: "Unsupported Media Type"}


def send(given: Answer, start: Start) -> Iterable[bytes]:
    headers = [*given.headers, ("Content-Length", str(len(given.body)))]
    start(f"{given.status} {REASONS.get(given.status, 'Error')}", headers)
    return [given.body]
