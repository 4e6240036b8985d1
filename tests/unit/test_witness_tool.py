"""The witness's single file and the package read and write the same chains, sharing no code."""

import ast
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspect_server.domain.draw.ceremony import custody
from inspect_server.gateways import chains
from tests.unit.draw_example import example
from tests.unit.void_draws import void_draw, written

TOOL = Path(chains.__file__).parents[1] / "cli" / "draw" / "chains" / "witness_chain.py"
CHAIN = ("--year", "2026", "--length", "5", "--holder", "区司法局")
OTHER: dict[str, Any] = {"kind": "witness", "holder": "区纪委", "year": 2026, "length": 5}
EXAMPLE = example()
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
    assert len(TOOL.read_text("utf-8").splitlines()) <= 190


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
        tool("next", path, "--position", "0"),
    ]

    assert [one.returncode for one in results] == [1, 1, 1]
    assert [one.stdout for one in results] == ["", "", ""]
    assert path.read_bytes() == before


def test_it_skips_what_void_draws_named_and_says_what_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    secret = chains.load(path)
    void = written(tmp_path / "void.json", void_draw(secret, 1))
    wrong = {
        "不是可读的证书": written(tmp_path / "no.json", {"a": 1}),
        "没有用到这条链": written(tmp_path / "other.json", void_draw(chains.fresh(**OTHER), 1)),
        "没有作废": written(tmp_path / "standing.json", EXAMPLE.certificate),
        "承诺值": written(tmp_path / "edited.json", {**void_draw(secret, 1), "commit": "00" * 32}),
        "下一个应取的是第 2 个值": void,
    }
    before = path.read_bytes()
    for why, file in wrong.items():
        refused = tool("next", path, "--position", "3", "--skip", str(file))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert why in refused.stderr
    second = written(tmp_path / "void2.json", void_draw(secret, 2))

    assert path.read_bytes() == before
    shown = tool("next", path, "--position", "3", "--skip", str(void), "--skip", str(second))
    assert shown.stdout.strip() == secret.value(3).hex()
    assert "停用第 1 个值" in shown.stderr
    assert f"理由 pool.wrong\n申请记录 {'ee' * 32}" in shown.stderr
