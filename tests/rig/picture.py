"""What does a screen look like? A demo, taken to a screen by keys, as SVG or PNG. Run it with `./dev picture FILE`."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.svg import GROUNDS, svg
from tests.rig.terminal import Terminal

FIRST = re.compile(r"RESOURCE.*\n(?:.*\n)*?.*\d%")  # a row that has a value
EPILOG = "What follows -- is told to `dbconsole demo`: a scenario, --speed 60, --size 100."


def main(arguments: Sequence[str]) -> int:
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options, demo = _parser().parse_args(arguments[:split]), arguments[split + 1 :]
    columns, rows = (int(number) for number in options.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="dbc-") as folder:
        env = environment(Path(folder), **dict(each.split("=", 1) for each in options.env))
        with Terminal([*COMMAND, "demo", *demo], env=env, cwd=ROOT, size=(columns, rows)) as terminal:
            terminal.wait_for(FIRST, 30)
            time.sleep(options.after)
            for key in options.keys.split():
                terminal.press(key)
                time.sleep(options.between)
            time.sleep(1.5)  # for what comes after a key
            cells = terminal.cells()
    for grey in (False, True) if options.grey else (False,):
        path = options.file.with_stem(f"{options.file.stem}-grey") if grey else options.file
        write(svg(cells, options.ground, grey=grey), path)
        print(path)
    return 0


def write(picture: str, path: Path) -> None:
    """As the file's name says."""
    if path.suffix == ".svg":
        path.write_text(picture, encoding="utf-8")
    else:
        subprocess.run(["rsvg-convert", "--output", str(path)], input=picture.encode(), check=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev picture", description="A screen of a demo as SVG or PNG.", epilog=EPILOG
    )
    parser.add_argument("file", type=Path, help="FILE.svg or FILE.png, which needs rsvg-convert")
    parser.add_argument("--size", default="120x40", metavar="CxR", help="default 120x40")
    parser.add_argument("--keys", default="", metavar="'K K'", help="pressed one after the other, as '3 j j enter'")
    parser.add_argument("--after", type=float, default=4, metavar="S", help="before the first key (default 4)")
    parser.add_argument("--between", type=float, default=0.5, metavar="S", help="after each key (default 0.5)")
    parser.add_argument("--ground", choices=tuple(GROUNDS), default="dark", help="of the terminal (default dark)")
    parser.add_argument("--grey", action="store_true", help="a second file without hues, FILE-grey")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="as COLORTERM=truecolor")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
