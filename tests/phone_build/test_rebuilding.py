"""The bundle is what its sources give, byte for byte, wherever and whenever they are built."""

import os
import shutil
from pathlib import Path

import pytest

from tests.phone_build.tools import BUNDLE, CLIENT, MODULES, needs_modules, node

NO_SOURCE = shutil.ignore_patterns("node_modules", "tests")


def files(folder: Path) -> dict[str, bytes]:
    return {
        found.relative_to(folder).as_posix(): found.read_bytes()
        for found in folder.rglob("*")
        if found.is_file()
    }


@needs_modules
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati"])
def test_another_folder_zone_and_language_give_the_same_bytes(tmp_path: Path, zone: str) -> None:
    client = tmp_path / "某处 elsewhere" / "client"
    shutil.copytree(CLIENT, client, ignore=NO_SOURCE)
    (client / "node_modules").symlink_to(MODULES)
    there = {**os.environ, "TZ": zone, "LC_ALL": "C", "NODE_ENV": "development"}

    ended = node(
        client / "node_modules" / "vite" / "bin" / "vite.js",
        "build",
        "--configLoader=native",
        cwd=client,
        env=there,
    )
    made, committed = files(client.parent / "static"), files(BUNDLE)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []
