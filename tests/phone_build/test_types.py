"""The phone app holds what its types say, by the compiler of Vue's pages at its strictest."""

import pytest

from tests.phone_build.tools import CLIENT, MODULES, needs_modules, node

PARTS = {
    "tsconfig.json": ("src/app/main.ts", "opening/opening.ts"),
    "tsconfig.worker.json": ("src/worker/sw.ts",),
    "tsconfig.tests.json": ("vite.config.ts", "bundling/finishing.ts"),
}
"""What each part is compiled by, and modules that it must have looked at."""


@needs_modules
@pytest.mark.parametrize("part", PARTS)
def test_the_compiler_finds_nothing(part: str) -> None:
    compiler = MODULES / "vue-tsc" / "bin" / "vue-tsc.js"

    ended = node(compiler, "-p", part, "--listFiles")
    looked_at = set(ended.stdout.splitlines())

    assert (ended.returncode, ended.stderr) == (0, ""), _without_files(ended.stdout)
    assert {str(CLIENT / name) for name in PARTS[part]} <= looked_at


def _without_files(told: str) -> str:
    return "\n".join(line for line in told.splitlines() if not line.startswith("/"))
