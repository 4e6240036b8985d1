"""The evaluator needs neither page nor browser: TypeScript finds all that it names without them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.phone_core.both import CLIENT, NODE

COMPILER = Path(sys.prefix) / "phone" / "node_modules" / "typescript" / "bin" / "tsc"

pytestmark = pytest.mark.skipif(
    not COMPILER.is_file(),
    reason="typescript is not installed: `make test` fetches it from the npm registry",
)


def test_the_evaluator_is_sound_to_the_compiler_without_a_browsers_names() -> None:
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
