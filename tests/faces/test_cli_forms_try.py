"""`forms try`: what answers in a file would mean, before any phone has the checklist."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspect_server.cli import root

VISIT = ["--on", "2026-11-23"]


def tried(
    folder: Path, answers: object, *options: str, form: str = "ammonia-refrigeration@1"
) -> str:
    path = folder / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    result = CliRunner().invoke(
        root, ["forms", "try", form, str(path), *VISIT, *options], catch_exceptions=False
    )
    assert result.exit_code == 0
    return result.stdout


def test_a_failure_is_shown_as_the_finding_it_would_become(tmp_path: Path) -> None:
    told = tried(tmp_path, {"A01": "fail"})

    assert "问题  A01（重大）：包装、分割、产品整理等场所的空调系统采用氨直接蒸发制冷" in told
    assert "依据：《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十二条第（一）项" in told
    assert "整改期限：2026-12-23（30 日）［期限待核］" in told
    assert "重大事故隐患：应当场采取现场处理措施，并挂牌督办" in told


def test_what_others_enforce_is_shown_as_a_referral(tmp_path: Path) -> None:
    told = tried(tmp_path, {"A07": "fail"})

    assert "移送线索：市场监督管理部门，不作处罚" in told
    assert "［待核］《中华人民共和国特种设备安全法》" in told
    assert "整改期限" not in told


def test_answers_decide_what_is_asked(tmp_path: Path) -> None:
    told = json.loads(tried(tmp_path, {"M00": ["foundry"]}, "--json", form="metal-smelting@1"))

    assert "M01C" in told["visible"]
    assert "M01" not in told["visible"]
    assert told["findings"] == told["invalid"] == []


def test_a_value_that_cannot_stand_is_told(tmp_path: Path) -> None:
    told = tried(tmp_path, {"M00": ["gold"], "X99": "pass"}, form="metal-smelting@1")

    assert "错误  M00：没有“gold”这个选项，请改正。" in told
    assert "错误  X99：检查表中没有该条目，请核对检查表版本。" in told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "不是 UTF-8 的 JSON"),
        (b"[]", "应为编号和答案的对照表"),
        (b"\xff", "不是 UTF-8 的 JSON"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(content)

    result = CliRunner().invoke(root, ["forms", "try", "dust-explosion@1", str(path)])

    assert result.exit_code != 0
    assert f"无法读取答案 answers.json（{reason}）" in result.stderr
