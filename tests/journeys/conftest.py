"""One finished demo for all journeys, however many test processes share the work."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspect_server.demo.figures import Figures
from inspect_server.demo.folder import Folder

SECONDS = 240


def environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of another installation."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("INSPECT_")}
    return {**kept, "PYTHONIOENCODING": "utf-8", **more}


def inspect_server(*words: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the installed program in a fresh process."""
    return subprocess.run(
        [sys.executable, "-m", "inspect_server", *words],
        env=environment(),
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class FinishedDemo:
    """A demo that came to its end, and what it said."""

    folder: Folder
    said: str

    @property
    def figures(self) -> Figures:
        """The table as the demo counted it."""
        return Figures.load(self.folder.results)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FinishedDemo:
    """The whole demo, run once by whichever test process comes first. Never change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    root, said = shared / "demo", shared / "demo.said"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            done = inspect_server("demo", "--folder", str(root))
            assert done.returncode == 0, done.stdout + done.stderr
            said.write_text(done.stdout, encoding="utf-8")
    return FinishedDemo(Folder(root), said.read_text(encoding="utf-8"))


@pytest.fixture
def copied(demo: FinishedDemo, tmp_path: Path) -> Callable[..., Folder]:
    """Copy the demo, sharing every file but the database and those that the test will change."""

    def copy(*changed: Path) -> Folder:
        target = tmp_path / "demo"
        own = {path.resolve() for path in changed}

        def place(source: str, destination: str) -> str:
            path = Path(source)
            if path.resolve() in own or path.name.startswith("inspect.db"):
                return str(shutil.copy2(source, destination))
            os.link(source, destination)
            return destination

        # Whoever reads the database beside us makes and removes these; the demo left them empty.
        passing = shutil.ignore_patterns("inspect.db-shm", "inspect.db-wal")
        shutil.copytree(demo.folder.root, target, copy_function=place, ignore=passing)
        return Folder(target)

    return copy
