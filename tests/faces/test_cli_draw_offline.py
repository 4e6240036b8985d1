"""`draw compute` and `draw teams`: exact results from files alone, else one Chinese sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.cli import root
from inspect_server.domain.draw.errors import BadPool, BadRules, BadSuite, BadTeamCase
from inspect_server.domain.errors import BadInput
from inspect_server.usecases.drawing.compute import Rules, compute, read_rules
from inspect_server.usecases.drawing.compute_teams import compute_teams, read_case
from tests.conftest import SHARED_VECTORS
from tests.unit.draw_example import mutations

CASES = json.loads((SHARED_VECTORS / "draw-teams.json").read_text("utf-8"))["cases"]
SALT = "0123456789abcdef" * 4
RULES = {"cells": [{"id": "B", "p_ppm": 0}, {"id": "A", "p_ppm": 1_000_000}], "suite": "sha256"}
LINE = {"cell": "A", "record": {"uscc": "9132", "name": "企业", "n": 1, "at": [True]}, "salt": SALT}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def asked(case: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in case.items() if key != "result"}


@pytest.fixture
def teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "nowhere"))

    def run(case: Any) -> Result:
        file = tmp_path / "TEAMS.json"
        file.write_text(json.dumps(case), encoding="utf-8")
        return CliRunner().invoke(root, ["draw", "teams", "--input", str(file)])

    return run


@pytest.mark.parametrize("number", range(len(CASES)))
def test_teams_are_printed_as_published_or_said_to_be_infeasible(teams: Any, number: int) -> None:
    case = CASES[number]
    result = teams(asked(case))

    if case["result"] is None:
        assert (result.exit_code, result.stdout) == (3, "")
        assert "不能组队" in result.stderr
        assert any(task in result.stderr for task in case["tasks"])
    else:
        assert result.exit_code == 0
        assert json.loads(result.stdout) == case["result"]
        assert list(json.loads(result.stdout)) == ["attempt", "teams", "load"]


def infeasible(**changed: Any) -> dict[str, Any]:
    a, b, c, task = ("aa" * 32, "bb" * 32, "cc" * 32, "11" * 32)
    stages = [{"label": "lead/0", "role": "lead"}, {"label": "member/0", "role": "member"}]
    case = {
        "seed": "00" * 32,
        "dept": "应急",
        "tasks": [task],
        "stages": stages,
        "officers": [{"officer": one, "load": n * 5} for n, one in enumerate((a, b, c))],
        "eligible": {"lead": {task: [a, b]}, "member": {task: [a]}},
        "banned": [],
    }
    return {**case, **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "member 的人选总被先前的阶段占用"),
        ({"eligible": {"lead": {"11" * 32: ["aa" * 32]}, "member": {}}}, "没有人可任 member"),
        ({"eligible": {"lead": {"11" * 32: ["aa" * 32]}}}, "没有人可任 member"),
        ({"eligible": {}}, "没有人可任 lead、member"),
        (
            {"eligible": {"lead": {"11" * 32: ["aa" * 32]}, "member": {"11" * 32: ["aa" * 32]}}},
            "人选不足各阶段分派",
        ),
        (
            {
                "eligible": {"lead": {"11" * 32: ["bb" * 32]}, "member": {"11" * 32: ["cc" * 32]}},
                "banned": [["bb" * 32, "cc" * 32]],
            },
            "人选都在 banned 所列的组合中",
        ),
    ],
)
def test_what_makes_teams_infeasible_is_said(teams: Any, changed: Any, said: str) -> None:
    result = teams(infeasible(**changed))

    assert result.exit_code == 3
    assert f"任务 {'11' * 32}：{said}" in result.stderr


def test_every_change_of_a_case_is_computed_or_refused_in_one_sentence() -> None:
    """Of a small case with everything in it, each field, element and key is changed in turn."""
    case = {**asked(CASES[2]), "suite": "sha256"}
    refused = []
    for _, changed in mutations(case):
        try:
            compute_teams(read_case(json.dumps(changed)))
        except (BadTeamCase, BadSuite) as error:
            refused.append(str(error))

    assert len(refused) > 300
    assert [text for text in refused if not text.endswith("。")] == []


def test_every_change_of_the_rules_or_of_a_line_is_computed_or_refused() -> None:
    rules = read_rules(json.dumps(RULES))
    for _, changed in mutations(RULES):
        try:
            read_rules(json.dumps(changed))
        except (BadRules, BadSuite):
            continue
    refused = []
    for _, changed in mutations(LINE):
        try:
            compute([json.dumps(changed)], rules, [b"e"])
        except BadPool as error:
            refused.append(str(error))

    assert refused
    assert [text for text in refused if "第 1 行" not in text] == []


@settings(max_examples=300, deadline=None)
@given(st.text() | json_values.map(json.dumps))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    for read in (read_rules, read_case):
        with pytest.raises((BadRules, BadTeamCase, BadSuite)):
            read(text)
    with pytest.raises((BadPool, BadInput)):
        compute(text.splitlines() or [""], Rules("sha256", (("A", 1),)), [b"e"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "不是有效的 JSON"),
        ("[" * 100_000, "嵌套过深"),
        ('{"cells": [], "cells": []}', "同一个键写了两次"),
        ('{"cells": []}', "至少列出一个"),
        ('{"cells": [{"id": "A"}]}', "第 1 个单元应恰有 id 和 p_ppm"),
        ('{"cells": [{"id": "A", "p_ppm": 0.3}]}', "0.3 不是整数"),
        ('{"cells": [{"id": "A", "p_ppm": 1000001}]}', "0 至 1000000"),
        ('{"cells": [{"id": "A", "p_ppm": true}]}', "0 至 1000000"),
        ('{"cells": [{"id": "甲", "p_ppm": 1}]}', "ASCII"),
        ('{"cells": [{"id": "A", "p_ppm": 1}, {"id": "A", "p_ppm": 1}]}', "第 2 个单元的 id A"),
        ('{"cells": [{"id": "A", "p_ppm": 1}], "more": 1}', "没有其他项"),
        ('{"cells": [{"id": "A", "p_ppm": %s}]}' % ("9" * 5000), "整数过长"),
    ],
)
def test_rules_that_cannot_be_used_say_where(text: str, said: str) -> None:
    with pytest.raises(BadRules, match="规则文件有误") as refused:
        read_rules(text)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cell": "Z"}, "单元 Z 不在规则中"),
        ({"cell": "A\tB"}, "可见的 ASCII"),
        ({"cell": None}, "可见的 ASCII"),
        ({"salt": SALT[:-1]}, "32 字节"),
        ({"salt": SALT[:-2] + " 0"}, "32 字节"),
        ({"salt": 7}, "32 字节"),
        ({"record": []}, "规范 JSON"),
        ({"record": {"name": "e\u0301"}}, "NFC"),
        ({"record": {"名": "x"}}, "ASCII"),
        ({"record": {"n": 2**53}}, "53 次方"),
        ({"record": {"n": None}}, "null"),
        ({"more": 1}, "恰有 cell、record、salt"),
        ({"salt": SALT.upper(), "record": LINE["record"]}, "与第 1 行的盐值和内容完全相同"),
    ],
)
def test_a_pool_line_that_cannot_be_used_is_named(changed: dict[str, Any], said: str) -> None:
    records = [json.dumps(LINE), "", json.dumps({**LINE, **changed})]
    with pytest.raises(BadPool, match="第 3 行") as refused:
        compute(records, Rules("sha256", (("A", 1), ("B", 2))), [b"e"])

    assert said in str(refused.value)


@pytest.mark.parametrize("entropy", ["", "0", "0g", "00 11", "０0"])
def test_entropy_that_is_no_hex_is_refused(tmp_path: Path, entropy: str) -> None:
    pool, rules = tmp_path / "POOL.jsonl", tmp_path / "RULES.json"
    pool.write_text(json.dumps(LINE))
    rules.write_text(json.dumps(RULES))
    options = ["--pool", pool, "--rules", rules, "--out", tmp_path / "out", "--entropy", entropy]
    result = CliRunner().invoke(root, ["draw", "compute", *map(str, options)])

    assert result.exit_code == 1
    assert "随机源“第 1 个”" in result.stderr
    assert not (tmp_path / "out").exists()


def test_files_of_a_windows_editor_are_read_and_cells_stand_as_given(tmp_path: Path) -> None:
    """A mark of byte order and CRLF change nothing; an empty cell and p = 0 stay in their place."""
    pool, rules, out = tmp_path / "POOL.jsonl", tmp_path / "RULES.json", tmp_path / "out"
    cells = [("Z", 7), ("A", 1_000_000), ("M", 1_000_000), ("B", 1_000_000)]
    rules.write_text(
        json.dumps({"cells": [{"id": id, "p_ppm": p} for id, p in cells]}), encoding="utf-8-sig"
    )
    lines = [json.dumps({**LINE, "cell": cell}) for cell in ("B",)]
    lines += [json.dumps({**LINE, "cell": "A", "salt": f"{n:064x}"}) for n in range(4)]
    pool.write_bytes("\ufeff".encode() + "\r\n".join(lines).encode())
    options = ["--pool", pool, "--rules", rules, "--out", out, "--entropy", "00", "--entropy", "FF"]
    result = CliRunner().invoke(root, ["draw", "compute", *map(str, options)])
    certificate = json.loads((out / "certificate.json").read_text())

    assert result.exit_code == 0, result.stderr
    assert certificate["commit_body"]["cells"] == [list(cell) for cell in cells]
    assert certificate["counts"] == [0, 4, 0, 1]
    assert [one["bytes_hex"] for one in certificate["entropy"]] == ["00", "ff"]
    assert (out / "pool.txt").read_text().splitlines() == sorted(
        (out / "pool.txt").read_text().splitlines()
    )


def test_a_computed_draw_replaces_no_other_and_is_written_again_only_as_it_was(
    tmp_path: Path,
) -> None:
    pool, rules, out = tmp_path / "POOL.jsonl", tmp_path / "RULES.json", tmp_path / "out"
    pool.write_text(json.dumps(LINE), encoding="utf-8")
    rules.write_text(json.dumps(RULES), encoding="utf-8")

    def computed(entropy: str) -> Result:
        options = ["--pool", pool, "--rules", rules, "--out", out, "--entropy", entropy]
        return CliRunner().invoke(root, ["draw", "compute", *map(str, options)])

    def held() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in out.iterdir()}

    assert computed("00").exit_code == 0
    first = held()
    assert computed("00").exit_code == 0
    refused = computed("01")
    assert refused.exit_code == 1
    assert "draw.output_exists" in refused.stderr
    assert "已有内容不同的 certificate.json，没有写入任何文件，请用 --out 另指定" in refused.stderr
    assert held() == first

    (out / "certificate.json").unlink()
    (out / "pool.txt").write_text("another\n", encoding="utf-8")
    assert "已有内容不同的 pool.txt" in computed("00").stderr
    assert [*held()] == ["pool.txt"]
