"""What can change AWS from here? One client, made in one module, which one other imports; the rest only reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.lint.test_safe_only import sources

OURS = ("console", "collectors", "widgets", "profiles")
THE_MAKER, THE_GATE = "console/actions/mutating.py", "console/actions/gate.py"
THE_READER = "collectors/aws/access.py"
ROADS = (
    *("boto3", "botocore.session", "botocore.client", "botocore.auth", "botocore.httpsession", "botocore.awsrequest"),
    *("urllib3", "http.client", "urllib.request", "httpx", "requests", "aiohttp"),
)
ALLOWED = {
    (THE_MAKER, "botocore.session"): "the client of one action",
    (THE_READER, "botocore.session"): "clients that send only what is on the list of what reads",
    ("console/demo/scenario/fields.py", "botocore.session"): "asks what AWS's shapes have; it makes no client",
    ("console/demo/emulator/overrides.py", "botocore.session"): "the same, in the emulator",
    ("collectors/aws/sending.py", "urllib3"): "names what a lost connection raises",
    ("console/demo/joining.py", "http.client"): "asks an emulator on loopback which play it is",
}
MAKES = "create_client"


def imports(source: str) -> Iterator[str]:
    """The names of all modules that are imported anywhere in it, also by a name that is a text."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                package = "." * level + (module or "")
                yield package
                yield from (f"{package}.{each.name}" for each in names)
            case ast.Constant(value=str(text)) if re.fullmatch(r"\.?[a-z_0-9]+(\.[a-z_0-9]+)+", text):
                yield text


def makers(source: str) -> Iterator[int]:
    """Where a client is made, by its name or by a text that is its name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Constant(value=str(name)) if name == MAKES:
                yield node.lineno


def is_of(module: str, road: str) -> bool:
    return module == road or module.startswith(f"{road}.")


def test_only_the_gate_imports_what_makes_a_client_that_changes_anything() -> None:
    found = {
        path for path, source in sources(*OURS) for module in imports(source) if module.endswith("actions.mutating")
    }
    assert found == {THE_GATE}


def test_a_client_of_aws_is_made_in_two_places() -> None:
    assert {path for path, source in sources(*OURS) if list(makers(source))} == {THE_MAKER, THE_READER}


def test_nobody_else_has_a_road_of_their_own_to_aws() -> None:
    found = {
        (path, road)
        for path, source in sources(*OURS)
        for module in imports(source)
        for road in ROADS
        if is_of(module, road)
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    [
        "from console.actions import mutating",
        "from console.actions.mutating import client",
        "import console.actions.mutating as m",
        "from ..actions import mutating",
        "importlib.import_module('console.actions.mutating')",
    ],
)
def test_the_check_sees_each_way_to_import_it(source: str) -> None:
    assert any(module.endswith("actions.mutating") for module in imports(source))


@pytest.mark.parametrize("source", ["session.create_client('rds')", "getattr(session, 'create_client')('rds')"])
def test_the_check_sees_each_way_to_make_one(source: str) -> None:
    assert list(makers(source))


def test_only_the_gate_asks_for_credentials_that_change_anything() -> None:
    """`Surroundings.keys` gives them; whoever else called it would hold them."""
    found = {
        path
        for path, source in sources("console")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("_around.keys")
    }
    assert found == {THE_GATE}
