"""Where is the profile of a name, and what does it say? Whatever is wrong with it is a `WrongProfile`."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from profiles.faults import faults
from profiles.metrics import Metrics
from profiles.model import Profile
from profiles.places import lines
from profiles.proofs import ProofFile, RestoreProof
from profiles.wrong import Fault, WrongProfile, nearest, shown

_HERE = Path(__file__).parent
_MOST_BYTES = 1024 * 1024
_LONGEST_LINE = 10_000  # what TOML's parser does with a key of many dots takes the square of their number
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", re.ASCII)
_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def load(name_or_path: str, env: Mapping[str, str] | None = None, *, metrics: Metrics | None = None) -> Profile:
    """The profile, checked. With ``metrics`` so are CloudWatch's names, and times may be written with any unit."""
    path = find(name_or_path, env)
    profile = parse(read_text(path), str(path), metrics=metrics, stem=path.stem)
    profile = profile.model_copy(update={"access": profile.access.beside(path.parent)})
    if profile.proofs is None:
        return profile
    kept = (*profile.restore_proof, *_proofs_in(path.parent / Path(profile.proofs).expanduser()))
    return profile.model_copy(update={"proofs": None, "restore_proof": kept})


def _proofs_in(path: Path) -> tuple[RestoreProof, ...]:
    text = read_text(path)
    try:
        return ProofFile.model_validate(tables_of(text, str(path))).restore_proof
    except ValidationError as error:
        raise WrongProfile(faults(error, ProofFile, str(path), lines(text.replace("\r\n", "\n")))) from None


def parse(text: str, file: str, *, metrics: Metrics | None = None, stem: str = "") -> Profile:
    """What the text says; ``file`` is for messages, ``stem`` the name it has if it says none."""
    said = tables_of(text, file)
    if stem and "name" not in said:
        said["name"] = stem
    try:
        return Profile.model_validate(said, context={"metrics": metrics})
    except ValidationError as error:
        raise WrongProfile(faults(error, Profile, file, lines(text.replace("\r\n", "\n")))) from None


def find(name: str, env: Mapping[str, str] | None = None) -> Path:
    """A path as it is given, where it has a slash or ends in .toml; else one's own profile, else the shipped one."""
    if "/" in name or name.endswith(".toml"):
        return Path(name)
    if _NAME.fullmatch(name):
        for folder in folders(env):
            path = folder / f"{name}.toml"
            if os.path.lexists(path):  # a broken link is one's own too, and says so when it is read
                return path
    known = tuple(names(env))
    allowed = f"{', '.join(known)}, or a file"
    raise WrongProfile([Fault(shown(name), "is no profile", allowed=allowed, nearest=nearest(name, known))])


def folders(env: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Where profiles are looked for, the first before the second."""
    own = _own_folder(os.environ if env is None else env)
    return (own, _HERE) if own else (_HERE,)


def names(env: Mapping[str, str] | None = None) -> Mapping[str, Path]:
    """Every profile that can be asked for by name, sorted."""
    found: dict[str, Path] = {}
    for folder in reversed(folders(env)):
        try:
            files = sorted(folder.glob("*.toml"))
        except OSError:
            continue
        found |= {file.stem: file for file in files if _NAME.fullmatch(file.stem)}
    return dict(sorted(found.items()))


def shipped() -> tuple[Path, ...]:
    return tuple(sorted(_HERE.glob("*.toml")))


def _own_folder(env: Mapping[str, str]) -> Path | None:
    if env.get("DBCONSOLE_CONFIG_DIR"):
        return Path(env["DBCONSOLE_CONFIG_DIR"]).absolute() / "profiles"
    config = Path(env.get("XDG_CONFIG_HOME") or "")
    if not config.is_absolute():  # as XDG has it: one that is not is as good as none
        home = env.get("HOME") or ""
        config = Path(home) / ".config"
    return config / "dbconsole" / "profiles" if config.is_absolute() else None


def read_text(path: Path) -> str:
    """What is in the file, if that can be ours at all."""
    file = str(path)
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):  # a pipe without a writer would be waited for
            found = "a directory" if stat.S_ISDIR(kind) else "a device or a pipe"
            raise _wrong(file, "is not a file", found=found, allowed="a TOML file")
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with NUL in it
        found = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise _wrong(file, "cannot be read", found=found, allowed="a file that is there and may be read") from None
    return _decoded(raw, file)


def _decoded(raw: bytes, file: str) -> str:
    if len(raw) > _MOST_BYTES:
        raise _wrong(file, "is too long", found="more than 1 MiB", allowed="at most 1 MiB")
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _wrong(file, "begins with a byte order mark", allowed="UTF-8 without one", line=1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x}"
        raise _wrong(file, "is not UTF-8", found=found, allowed="text in UTF-8", line=line) from None
    for number, words in enumerate(text.split("\n"), start=1):
        if len(words) > _LONGEST_LINE:
            raise _wrong(file, "has too long a line", found=f"{len(words)} characters", allowed="10000", line=number)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _wrong(file, "is not text", found="a NUL character", allowed="text in UTF-8", line=line)
    return text


def tables_of(text: str, file: str) -> dict[str, Any]:
    """What tomllib makes of the text; ``file`` is for messages."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _wrong(file, "is nested too deep", allowed="a few levels") from None
    except ValueError as error:  # TOMLDecodeError, and what int() says of one with thousands of digits
        match = _AT.fullmatch(str(error))
        words, line, column = match.groups() if match else (str(error), None, None)
        end = text.count("\n") + 1
        fault = Fault(file, "is not TOML", line=int(line) if line else end if match else None,
                      column=int(column) if column else None, found=words[:1].lower() + words[1:])  # fmt: skip
        raise WrongProfile([fault]) from None


def _wrong(file: str, what: str, *, found: str = "", allowed: str = "", line: int | None = None) -> WrongProfile:
    return WrongProfile([Fault(file, what, line=line, found=found, allowed=allowed)])
