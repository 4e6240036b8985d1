"""The witness's single file and the package read and write the same chains, sharing no code."""

import ast
import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from inspect_server.cli import root
from inspect_server.domain.draw.ceremony import custody
from inspect_server.gateways import chains
from tests.unit.void_draws import void_draw, written

TOOL = Path(chains.__file__).parents[1] / "cli" / "draw" / "chains" / "witness_chain.py"
CHAIN = ("--year", "2026", "--length", "5", "--holder", "区司法局")
OTHER: dict[str, Any] = {"kind": "witness", "holder": "区纪委", "year": 2026, "length": 5}
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
    assert len(TOOL.read_text("utf-8").splitlines()) <= 235


def test_what_it_makes_the_package_reads_and_goes_on_with(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    made = tool("new", path, *CHAIN)
    secret = chains.load(path)
    first = tool("next", path, "--position", "1", "--for", of(1), "--draw", "2026-01")
    second = chains.show(path, 2, NOON, purpose=of(2))
    third = tool("next", path, "--position", "3", "--for", of(3))

    assert f"锚值：{secret.anchor_hex}" in made.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.stdout.strip() == secret.value(1).hex()
    assert second == secret.value(2)
    assert third.stdout.strip() == secret.value(3).hex()
    shown = [(line.position, line.purpose) for line in chains.header(path).shown]
    assert shown == [(1, of(1)), (2, of(2)), (3, of(3))]


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
        tool("next", path, "--position", "2", "--for", of(2)),
        tool("next", path, "--position", "0", "--for", of(1)),
    ]

    assert [one.returncode for one in results] == [1, 1, 1]
    assert [one.stdout for one in results] == ["", "", ""]
    assert path.read_bytes() == before


def test_it_gives_a_value_for_one_purpose_and_for_that_again(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    row = " ".join(of(1)[at : at + 4] for at in range(0, 32, 4)).upper()
    first = tool("next", path, "--position", "1", "--for", row)
    before = path.read_bytes()
    refused = [
        tool("next", path, "--position", position, "--for", purpose)
        for position, purpose in (("1", of(2)), ("2", of(1)), ("1", of(1)[:16]), ("1", "承诺值"))
    ]
    without = tool("next", path, "--position", "1")

    assert [(one.returncode, one.stdout) for one in refused] == [(1, "")] * 4
    assert all(f"第 1 个值已为 {of(1)[:16]}… 取出" in one.stderr for one in refused[:2])
    assert (without.returncode, without.stdout) == (2, "")
    assert path.read_bytes() == before
    again = tool("next", path, "--position", "1", "--for", of(1))
    assert again.stdout == first.stdout == chains.load(path).value(1).hex() + "\n"


def test_it_passes_over_nothing_and_names_who_does(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    tool("next", path, "--position", "1", "--for", of(1))
    beyond = tool("next", path, "--position", "3", "--for", of(3))
    skipping = tool("next", path, "--position", "3", "--for", of(3), "--skip", str(path))
    data = json.loads(path.read_text())
    data["shown"].append({"position": 3, "at": "2026-03-09T04:00:00+00:00", "for": of(3)})
    path.write_text(json.dumps(data))
    exposed = tool("next", path, "--position", "2", "--for", of(2))

    assert (beyond.returncode, beyond.stdout) == (1, "")
    assert "inspect-server draw chain next --skip" in beyond.stderr
    assert "这条链已经停用" in beyond.stderr
    assert (skipping.returncode, skipping.stdout) == (2, "")
    assert (exposed.returncode, exposed.stdout) == (1, "")
    assert "已随第 3 个值显现" in exposed.stderr


def test_it_compares_certificates_with_what_it_showed_as_the_package_does(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = chains.create(path, kind="witness", holder="区司法局", year=2026, length=5)
    told = void_draw(secret, 1)
    told["entropy"] = [row_of(secret, 1)]
    row = {**row_of(secret, 2), "request_leaf": of(2)}
    right = written(tmp_path / "right.json", {**told, "replacements": [row]})
    steered = written(
        tmp_path / "steered.json", {**told, "replacements": [{**row, "request_leaf": of(3)}]}
    )
    edited = written(tmp_path / "edited.json", {**told, "commit": "00" * 32})
    tool("next", path, "--position", "1", "--for", told["commit"][:32])
    tool("next", path, "--position", "2", "--for", of(2))

    def both(file: Path) -> tuple[int, list[str]]:
        single = tool("check", path, str(file))
        package = CliRunner().invoke(
            root, ["draw", "chain", "check", "--file", str(path), str(file)]
        )
        assert single.returncode == package.exit_code
        words = [re.findall("符合|不符|未查", out) for out in (single.stdout, package.stdout)]
        assert words[0] == words[1][: len(words[0])]
        return single.returncode, words[0]

    assert both(right) == (0, ["符合", "符合"])
    assert both(steered) == (1, ["符合", "不符"])
    assert both(edited) == (1, [])
    assert both(written(tmp_path / "short.json", told)) == (0, ["符合", "未查"])
    path.write_text(json.dumps(json.loads(path.read_text()) | {"shown": []}))
    assert both(right) == (1, ["不符", "不符"])


def of(number: int) -> str:
    """The digest of the nth commit or request."""
    return hashlib.sha256(f"commit {number}".encode()).hexdigest()


def row_of(secret: chains.ChainSecret, position: int) -> dict[str, str]:
    """The texts of a row of a certificate that names a position."""
    value = secret.value(position).hex()
    return {"source": secret.anchor_hex, "issue": str(position), "bytes_hex": value, "proof": ""}
