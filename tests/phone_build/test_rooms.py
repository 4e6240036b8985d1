"""The phone app's house: sizes of modules and folders, and imports that point down only."""

import re
from pathlib import Path

from tests.phone_build.tools import CLIENT

MAX_LINES, MAX_MODULES, MAX_COLUMNS = 400, 12, 100
ROOMS = ("core", "merging", "store", "capture", "network", "app")
"""Each may use those before it; `forms` stands beside core, and `worker` alone."""
KINDS = {".ts", ".vue", ".css"}
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")


def modules() -> list[Path]:
    """What is written by hand: the app, its tests and its build."""
    parts = ("src", "tests", "opening", "bundling")
    return [
        found
        for part in parts
        for found in sorted((CLIENT / part).rglob("*"))
        if found.suffix in KINDS and "node_modules" not in found.parts
    ]


def lines(module: Path) -> list[str]:
    return module.read_text("utf-8").splitlines()


def test_there_is_something_to_look_at() -> None:
    assert len(modules()) > 20


def test_no_module_is_longer_or_wider_than_may_be() -> None:
    long = [str(found) for found in modules() if len(lines(found)) > MAX_LINES]
    wide = [
        f"{found}:{number}"
        for found in modules()
        for number, line in enumerate(lines(found), 1)
        if len(line) > MAX_COLUMNS
    ]

    assert (long, wide) == ([], [])


def test_no_folder_has_more_modules_than_may_be() -> None:
    folders: dict[Path, int] = {}
    for found in modules():
        if found.suffix != ".css":
            folders[found.parent] = folders.get(found.parent, 0) + 1

    assert {str(folder): n for folder, n in folders.items() if n > MAX_MODULES} == {}


def test_imports_point_down_only() -> None:
    source = CLIENT / "src"
    up = []
    for module in modules():
        if not module.is_relative_to(source):
            continue
        room = module.relative_to(source).parts[0]
        for wanted in IMPORT.findall(module.read_text("utf-8")):
            target = (module.parent / wanted).resolve().relative_to(source).parts[0]
            if target not in below(room):
                up.append(f"{module.relative_to(source)} uses {target}")

    assert up == []


def below(room: str) -> set[str]:
    """The rooms that a room may import from, itself with them."""
    if room not in ROOMS:
        return {room} if room == "worker" else {room, "core"}
    return {room, "forms", *ROOMS[: ROOMS.index(room)]} if room != "core" else {"core"}


def test_nothing_is_left_undone_in_the_phones_modules() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(skip|only|todo)\b|@ts-ignore")
    found = [str(module) for module in modules() if marks.search(module.read_text("utf-8"))]

    assert found == []
