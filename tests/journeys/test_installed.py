"""The wheel: everything the program needs is in it, and it needs nothing else of this folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.journeys.conftest import FinishedDemo, environment

SOURCE = Path(__file__).parents[2]
PACKAGES = ("inspect_server", "sync", "forms", "pdf_templates")
BUILD = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, built from a copy without any earlier build."""
    source, wheels, target = (tmp_path_factory.mktemp(name) for name in ("source", "wheel", "site"))
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(SOURCE / name, source / name, ignore=ignored)
    for name in BUILD:
        shutil.copy2(SOURCE / name, source)
    offline = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", wheels, source], check=True
    )
    (wheel,) = wheels.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the wheel's program elsewhere, with no other program on the path, Node least of all."""
    return subprocess.run(
        [sys.executable, *words],
        env=environment(PYTHONPATH=str(installed), PATH=""),
        cwd=installed.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def files(root: Path) -> set[str]:
    """The files of the packages, without what is compiled, and sources of fonts and the phone's."""
    return {
        found.relative_to(root).as_posix()
        for name in PACKAGES
        for found in (root / name).rglob("*")
        if found.is_file()
        and "__pycache__" not in found.parts
        and "client" not in found.relative_to(root).parts
        and found.suffix != ".woff2"
    }


def test_the_wheel_carries_every_file_of_the_packages(installed: Path) -> None:
    assert files(installed) == files(SOURCE)
    assert not list(installed.rglob("*.woff2"))
    assert not (installed / "tests").exists()
    assert (installed / "inspect_server" / "phone" / "static" / "sw.js.br").is_file()
    assert not (installed / "inspect_server" / "phone" / "client").exists()


def test_the_wheel_alone_recomputes_a_whole_demo(installed: Path, demo: FinishedDemo) -> None:
    where = run(installed, "-c", "import inspect_server; print(inspect_server.__file__)")
    done = run(
        installed, "-m", "inspect_server", "demo", "--verify", "--folder", str(demo.folder.root)
    )

    assert where.stdout.startswith(str(installed) + os.sep)
    assert done.returncode == 0, done.stdout + done.stderr
