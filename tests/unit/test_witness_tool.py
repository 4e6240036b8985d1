"""The witness's single file and the package read and write the same chains, sharing no code."""

import ast
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from inspect_server.domain.draw.ceremony import custody
from inspect_server.gateways import chains

TOOL = Path(chains.__file__).parents[1] / "cli" / "draw" / "chains" / "witness_chain.py"
CHAIN = ("--year", "2026", "--length", "5", "--holder", "区司法局")
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)


def tool(step: str, path: Path, *more: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    """Run the tool as a witness does: alone, isolated from every package."""
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(TOOL), step, "--file", str(path), *more],
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=lines,
        check=False,
    )


def paper(path: Path) -> list[str]:
    out = tool("paper", path).stdout
    return [line.strip() for line in out.splitlines() if line.startswith("  ")]


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(TOOL.read_text("utf-8"))
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported <= sys.stdlib_module_names
    assert len(TOOL.read_text("utf-8").splitlines()) <= 160


def test_what_it_makes_the_package_reads_and_goes_on_with(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    made = tool("new", path, *CHAIN)
    secret = chains.load(path)
    first = tool("next", path, "--position", "1", "--draw", "2026-01")
    second = chains.show(path, 2, NOON)
    third = tool("next", path, "--position", "3")

    assert f"锚值：{secret.anchor_hex}" in made.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.stdout.strip() == secret.value(1).hex()
    assert second == secret.value(2)
    assert third.stdout.strip() == secret.value(3).hex()
    assert chains.header(path).shown == (1, 2, 3)


def test_its_paper_and_the_package_s_restore_each_other(tmp_path: Path) -> None:
    secret = chains.create(
        tmp_path / "w.json", kind="witness", holder="区司法局", year=2026, length=5
    )
    lines = paper(tmp_path / "w.json")
    anchor = ("--anchor", secret.anchor_hex[:16])
    again = tool("restore", tmp_path / "again.json", *CHAIN, *anchor, lines="\n".join(lines))
    slip = [lines[0].replace(lines[0][4:8], "0000"), *lines[1:]]
    wrong = tool("restore", tmp_path / "wrong.json", *CHAIN, *anchor, lines="\n".join(slip))
    other = tool(
        "restore", tmp_path / "wrong.json", *CHAIN, "--anchor", "0" * 16, lines="\n".join(lines)
    )

    assert lines == list(custody.paper_lines(custody.CHAIN, bytes.fromhex(secret.secret_hex)))
    assert again.returncode == 0, again.stderr
    assert chains.load(tmp_path / "again.json").secret_hex == secret.secret_hex
    assert "K1 行有误" in wrong.stderr
    assert "锚值" in other.stderr
    assert not (tmp_path / "wrong.json").exists()


def test_it_overwrites_nothing_and_shows_nothing_beyond_the_next(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    before = path.read_bytes()
    results = [
        tool("new", path, *CHAIN),
        tool("next", path, "--position", "2"),
        tool("next", path, "--position", "6", "--skip"),
        tool("next", path, "--position", "0"),
    ]

    assert [one.returncode for one in results] == [1, 1, 1, 1]
    assert [one.stdout for one in results] == ["", "", "", ""]
    assert path.read_bytes() == before
    assert tool("next", path, "--position", "2", "--skip").returncode == 0
