"""The phone's modules hold what their types say, by TypeScript's own compiler at its strictest."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.phone_core.both import CLIENT, NODE

COMPILER = Path(sys.prefix) / "typescript" / "node_modules" / "typescript" / "bin" / "tsc"

pytestmark = pytest.mark.skipif(
    not COMPILER.is_file(),
    reason="typescript is not installed: `make test` fetches it from the npm registry",
)


def test_the_phones_modules_are_sound_to_the_compiler() -> None:
    ended = subprocess.run(
        [*NODE, COMPILER, "-p", Path(__file__).parent, "--listFiles"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    looked_at = {Path(line).name for line in ended.stdout.splitlines() if "/phone/client/" in line}

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert looked_at == {module.name for module in CLIENT.glob("*.ts")}
