"""The witness's single file and the package read and write the same chains, sharing no code."""

import ast
import fcntl
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from inspect_server.cli import root
from inspect_server.domain.draw.ceremony import custody
from inspect_server.gateways import chains
from tests.sampling import one_in
from tests.unit.test_chain_files import ODD
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
    assert (without.returncode, without.stdout) == (1, "")
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

    assert both(path, right) == (0, ["符合", "符合"])
    assert both(path, steered) == (1, ["符合", "不符"])
    assert both(path, edited) == (1, [])
    assert both(path, written(tmp_path / "short.json", told)) == (0, ["符合", "未查"])
    path.write_text(json.dumps(json.loads(path.read_text()) | {"shown": []}))
    assert both(path, right) == (1, ["不符", "不符"])


def test_it_follows_every_chain_of_a_certificate_as_the_package_does(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = chains.create(path, kind="witness", holder="区司法局", year=2026, length=5)
    told = void_draw(secret, 2, of=secret.value(1).hex())
    tool("next", path, "--position", "1", "--for", of(1))
    shifted = both(path, written(tmp_path / "shifted.json", told))
    honest = both(path, written(tmp_path / "other.json", void_draw(secret, 1, of="ab" * 32)))
    whole = {**void_draw(secret, 1), "entropy": [row_of(secret, 1)]}

    assert shifted == (1, ["不符", "未查"])
    assert honest == (0, ["未查"])
    for leaf in ("", "9", of(1)[:32], ["9"], 5, None):
        row = {**row_of(secret, 2), "request_leaf": leaf}
        odd = written(tmp_path / "odd.json", {**whole, "replacements": [row]})
        assert both(path, odd) == (1, [])
    for text in ("[]", "{", '{"a":' * 3000 + "1" + "}" * 3000):
        (tmp_path / "odd.json").write_text(text)
        assert both(path, tmp_path / "odd.json") == (1, [])


def both(path: Path, file: Path) -> tuple[int, list[str]]:
    """Return exit code and verdicts of the tool; the package has the same, and neither crashes."""
    single = tool("check", path, str(file))
    package = CliRunner().invoke(root, ["draw", "chain", "check", "--file", str(path), str(file)])
    said = [line for line in package.stdout.splitlines() if "没有用到这条链" not in line]
    words = [re.findall("符合|不符|未查", out) for out in (single.stdout, "\n".join(said))]
    assert single.returncode == package.exit_code
    assert words[0] == words[1][: len(words[0])]
    assert "Traceback" not in single.stderr
    return single.returncode, words[0]


def test_it_waits_while_another_program_takes_a_value(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    command = [sys.executable, "-I", str(TOOL), "next", "--file", str(path), "--position", "1"]
    with subprocess.Popen([*command, "--for", of(1)], stdout=subprocess.PIPE, stderr=-1) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
        data = json.loads(path.read_text())
        data["shown"] = [{"position": 1, "at": "2026-03-09T04:00:00+00:00", "for": of(2)}]
        path.write_text(json.dumps(data))
        os.close(held)
        out, err = waiting.communicate()

    assert (waiting.returncode, out) == (1, b"")
    assert f"第 1 个值已为 {of(2)[:16]}… 取出" in err.decode()


def test_a_program_that_is_killed_bars_nobody(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    hold = (
        "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], 0), 2); print(flush=True); input()"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        (tmp_path / "w.json.new").write_text("half a file")
        killed.kill()
    first = tool("next", path, "--position", "1", "--for", of(1))

    assert first.stdout.strip() == chains.load(path).value(1).hex()
    assert chains.show(path, 2, NOON, purpose=of(2)) == chains.load(path).value(2)
    assert [one.name for one in tmp_path.iterdir()] == ["w.json"]


def test_it_knows_a_file_behind_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "w.json", tmp_path / "link.json"
    tool("new", path, *CHAIN)
    link.symlink_to(path)
    tool("next", link, "--position", "1", "--for", of(1))
    other = tool("next", path, "--position", "1", "--for", of(2))

    assert link.is_symlink()
    assert (other.returncode, other.stdout) == (1, "")
    assert [line.purpose for line in chains.header(path).shown] == [of(1)]


def test_what_it_cannot_note_it_does_not_show_and_leaves_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    before = path.read_bytes()
    command = [sys.executable, "-I", TOOL, "next", "--file", path, "--position", "1"]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    for more, limit in (([], no_room), (["--draw", b"x\xff"], None)):
        arguments = [os.fsencode(one) for one in (*command, "--for", of(1), *more)]
        made = subprocess.run(arguments, capture_output=True, check=False, preexec_fn=limit)
        assert (made.returncode, made.stdout) == (1, b"")
        assert b"Traceback" not in made.stderr
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == ["w.json"]


@pytest.mark.parametrize("change", one_in(3, ODD))
def test_it_shows_nothing_from_a_file_of_another_form(
    change: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "w.json"
    tool("new", path, *CHAIN)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    made = tool("next", path, "--position", "1", "--for", of(1))

    assert (made.returncode, made.stdout) == (1, "")
    assert "该文件不能读取" in made.stderr


def of(number: int) -> str:
    """The digest of the nth commit or request."""
    return hashlib.sha256(f"commit {number}".encode()).hexdigest()


def row_of(secret: chains.ChainSecret, position: int) -> dict[str, str]:
    """The texts of a row of a certificate that names a position."""
    value = secret.value(position).hex()
    return {"source": secret.anchor_hex, "issue": str(position), "bytes_hex": value, "proof": ""}
