"""
A machine as docs/deploy.md describes it, below one folder: versions, services, root's commands.

Blocks of the document run as they stand, with their paths led into the folder. `systemctl` starts
what the units say; `runuser` stays who it is.
"""

import os
import pickle
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.usecases.bureau import LIBRARY

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "deploy.md"
PACKAGES = ("inspect_server", "sync", "forms", "pdf_templates")
VERSIONS = Path("inspect_server", "store", "migrations", "versions")
PLACES = ("/opt/inspect", "/var/lib/inspect", "/var/backups/inspect", "/etc/inspect")
BIN = "/usr/local/bin"
SYSTEMCTL = '''\
#!{python}
"""Start, stop and tell of services by their units, as far as the drill needs it."""
import os, shlex, signal, subprocess, sys, time
from pathlib import Path

UNITS, RUN = Path("{units}"), Path("{run}")


def alive(pid):
    try:
        return Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


verb, *names = sys.argv[1:]
for name in names:
    held = RUN / name
    pid = int(held.read_text()) if held.exists() else 0
    if verb == "is-active":
        print("active" if alive(pid) else "inactive")
        if not alive(pid):
            sys.exit(3)
    if verb == "start":
        environment, words = dict(os.environ), []
        for line in (UNITS / f"{{name}}.service").read_text().splitlines():
            key, _, value = line.partition("=")
            if key == "Environment":
                environment.update([value.split("=", 1)])
            if key == "EnvironmentFile" and Path(value.lstrip("-")).exists():
                said = shlex.split(Path(value.lstrip("-")).read_text())
                environment.update(one.split("=", 1) for one in said)
            if key == "ExecStart":
                words = shlex.split(value)
        log = (RUN / f"{{name}}.log").open("ab")
        started = subprocess.Popen(
            words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )
        held.write_text(str(started.pid))
    if verb == "stop" and alive(pid):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + 30
        while alive(pid):
            if time.monotonic() > until:
                sys.exit(f"{{name}} does not stop")
            time.sleep(0.02)
'''
PROGRAM = """\
#!{python}
import pickle

from forms import load

library = pickle.loads({library!r})
load.packaged = lambda: library
from inspect_server.__main__ import main

main()
"""
"""The command, with the checklists of the tests' bureau in place of the program's own."""
RUNUSER = '#!/bin/sh\n[ "$1 $2 $3" = "-u inspect --" ] || exit 64\nshift 3\nexec "$@"\n'


def block(name: str) -> str:
    """Return the block of the document that begins with `# drill: NAME`."""
    found = re.findall(r"^( *)```sh\n(.*?)^ *```$", DOCUMENT.read_text("utf-8"), re.M | re.S)
    (text,) = [text for _, text in found if dedent(text).startswith(f"# drill: {name}\n")]
    return dedent(text)


@dataclass
class Machine:
    """Everything below one folder."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("units", "run", "bin"):
            (self.folder / name).mkdir(parents=True)
        for place in PLACES:
            self.at(place).mkdir(parents=True)
        values = {"python": sys.executable, "units": self.units, "run": self.folder / "run"}
        for name, text in (("systemctl", SYSTEMCTL.format(**values)), ("runuser", RUNUSER)):
            tool = self.folder / "bin" / name
            tool.write_text(text)
            tool.chmod(0o755)

    @property
    def units(self) -> Path:
        """Where the units lie."""
        return self.folder / "units"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.at("/var/lib/inspect")

    def at(self, place: str) -> Path:
        """Return where something of the document's is."""
        return self.folder / place.removeprefix("/")

    def led(self, text: str) -> str:
        """Return a text whose paths lead into the folder, those that do not yet."""
        places = "|".join(map(re.escape, PLACES))
        text = re.sub(rf"(?<![\w.])(?<!\w-)({places})", lambda found: str(self.at(found[0])), text)
        return text.replace(BIN, str(self.folder / "bin"))

    def run(self, script: str, **values: str) -> "subprocess.CompletedProcess[str]":
        """Run a block of the document to its first failure."""
        known = {k: v for k, v in os.environ.items() if not k.startswith("INSPECT_")}
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.led(script)],
            env=known | {"PATH": path} | values,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def install(self, version: str, migration: str = "") -> None:
        """
        Put a version into an environment of its own.

        Args:
            version: Its name.
            migration: A further step of the database that it brings; "" for the program as it is.
        """
        home = self.at(f"/opt/inspect/{version}")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
        site = home / "program"
        site.mkdir()
        for name in PACKAGES:
            (site / name).symlink_to(ROOT / name)
        if migration:
            (site / "inspect_server").unlink()
            ignored = shutil.ignore_patterns("client")
            shutil.copytree(ROOT / "inspect_server", site / "inspect_server", ignore=ignored)
            (site / VERSIONS / "9999_drill.py").write_text(migration)
        (packages,) = home.glob("lib/python*/site-packages")
        libraries = sysconfig.get_path("purelib")
        (packages / "drill.pth").write_text(f"{site}\n{libraries}\n")
        program = home / "bin" / "inspect-server"
        values = {"python": home / "bin" / "python", "library": pickle.dumps(LIBRARY)}
        program.write_text(PROGRAM.format(**values))
        program.chmod(0o755)

    def stop(self) -> None:
        """End what still runs."""
        self.run("systemctl stop inspect-jobs inspect-server")
