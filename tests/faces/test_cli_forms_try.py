"""`forms try`: what answers in a file would mean, before any phone has the checklist."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forms import load
from forms.expressions.parsing import parse
from forms.model import Condition, Item, Kind, Section
from forms.writing import definition_text
from inspect_server.cli import root

VISIT = ["--on", "2026-11-23"]


def when(text: str) -> Condition:
    return Condition(text, parse(text))


def run(
    folder: Path, content: bytes, *options: str, form: str = "ammonia-refrigeration@1"
) -> Result:
    path = folder / "answers.json"
    path.write_bytes(content)
    return CliRunner().invoke(
        root, ["forms", "try", form, str(path), *VISIT, *options], catch_exceptions=False
    )


def tried(
    folder: Path, answers: object, *options: str, form: str = "ammonia-refrigeration@1"
) -> str:
    result = run(folder, json.dumps(answers).encode(), *options, form=form)
    assert result.exit_code == 0, result.output
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


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_value_that_cannot_stand_is_told_and_fails(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    content = json.dumps({"M00": ["gold"], "X99": "pass"}).encode()
    done = run(tmp_path, content, *options, form="metal-smelting@1")

    assert done.exit_code == 1
    assert "没有“gold”这个选项，请改正。" in done.stdout
    assert "检查表中没有该条目，请核对检查表版本。" in done.stdout


@pytest.mark.parametrize("answer", ["maybe", ["pass"], {"result": []}, 1])
def test_a_result_that_there_is_not_is_told(tmp_path: Path, answer: object) -> None:
    done = run(tmp_path, json.dumps({"A01": answer}).encode())

    assert done.exit_code == 1
    assert "错误  A01：结果应为符合、不符合、不适用或未检查" in done.stdout


def test_results_may_be_written_in_chinese(tmp_path: Path) -> None:
    words = {"A01": "不符合", "A02": "符合", "A03": {"result": "未检查", "reason": "停产"}}
    codes = {"A01": "fail", "A02": "pass", "A03": {"result": "not_checked", "reason": "停产"}}

    assert tried(tmp_path, words) == tried(tmp_path, codes)


CHOSEN = """
name = "chosen"
version = 1
title = "选项"
effective_from = 2026-01-01

[[choice_lists]]
name = "states"
choices = [{ name = "normal", label = "正常生产" }, { name = "none", label = "停产" }]

[[sections]]
title = "一"
items = [
  { code = "S1", kind = "select_one", question = "生产情况", choices = "states" },
  { code = "T1", kind = "repeat", question = "车间", columns = [
    { code = "T1a", kind = "select_multiple", question = "情况", choices = "states" },
  ] },
  { code = "N1", kind = "integer", question = "人数" },
  { code = "N2", kind = "calculate", calculation = "${N1}", constraint = ". < 2" },
]
"""


def test_the_label_of_a_choice_is_told_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "chosen@1.toml").write_text(CHOSEN, "utf-8")
    answers = {"S1": "正常生产", "T1": [{"T1a": ["停产"]}], "N1": 5}

    done = run(tmp_path, json.dumps(answers).encode(), form=str(tmp_path / "chosen@1.toml"))

    assert done.exit_code == 1
    assert "错误  S1：没有“正常生产”这个选项，请改正。“正常生产”的代码是 normal，请填代码。" in (
        done.stdout
    )
    assert "“停产”的代码是 none，请填代码。" in done.stdout
    assert "错误  N2：不符合填写要求，请改正。\n" in done.stdout


NUMBERS = """
name = "numbers"
version = 1
title = "数值"
effective_from = 2026-01-01

[[sections]]
title = "一"
items = [
  { code = "N1", kind = "decimal", question = "浓度" },
  { code = "N2", kind = "integer", question = "人数" },
  { code = "N3", kind = "calculate", question = "合计", calculation = "${N1} + ${N2}" },
]
"""


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        (b'{"N1": 35.5, "N2": 2}', "37.5"),
        (b'{"N1": "35.5", "N2": "2"}', "37.5"),
        (b'{"N1": 1.5E+2, "N2": -1}', "149"),
        (b'\xef\xbb\xbf{"N1": 0.5, "N2": 0}', "0.5"),
    ],
    ids=["numbers", "texts", "exponent", "mark of an editor"],
)
def test_numbers_may_be_written_as_numbers(tmp_path: Path, answers: bytes, total: str) -> None:
    (tmp_path / "numbers@1.toml").write_text(NUMBERS, "utf-8")

    done = run(tmp_path, answers, form=str(tmp_path / "numbers@1.toml"))

    assert done.exit_code == 0
    assert f"计算  N3 合计：{total}" in done.stdout


@pytest.mark.parametrize("answers", [b'{"N1": 1e999999999}', b'{"N1": NaN}'])
def test_what_is_no_number_that_anybody_measures_cannot_stand(
    tmp_path: Path, answers: bytes
) -> None:
    (tmp_path / "numbers@1.toml").write_text(NUMBERS, "utf-8")

    done = run(tmp_path, answers, form=str(tmp_path / "numbers@1.toml"))

    assert done.exit_code == 1
    assert "错误  N1：" in done.stdout


def own(folder: Path) -> Path:
    """Write a checklist whose second check depends on the first item, as does a measured value."""
    form = load.packaged().get("ammonia-refrigeration", 1)
    check, *_ = form.judged
    count = Item("A01", Kind.INTEGER, "叉车台数", name="叉车数量")
    inside = Section("叉车", (
        replace(check, code="B01"),
        replace(check, code="B02", kind=Kind.DECIMAL, fails_if=when(". > ${叉车数量}")),
        Item("B03", Kind.TEXT, "说明"),
    ), relevant=when("${叉车数量} > 0"))  # fmt: skip
    rows = Item("T01", Kind.TABLE, "叉车表", columns=(Item("T02", Kind.TEXT, "车号", name="车号"),))
    made = replace(form, name="own", sections=(Section("", (count, inside, rows)),))
    path = folder / "own.toml"
    path.write_text(definition_text(made), encoding="utf-8")
    return path


def test_what_is_answered_without_being_asked_is_told(tmp_path: Path) -> None:
    answers = {"A01": 0, "B01": "不符合", "B02": 1, "B03": "无"}

    told = tried(tmp_path, answers, form=str(own(tmp_path))).splitlines()
    plain = json.loads(tried(tmp_path, answers, "--json", form=str(own(tmp_path))))

    lines = [line for line in told if line.startswith("未问")]
    assert [line.split()[1] for line in lines] == ["B01", "B02", "B03"]
    assert [one["code"] for one in plain["unasked"]] == ["B01", "B02", "B03"]
    for said, line in zip(("所填为不符合", "所填为不符合", "不起作用"), lines, strict=True):
        assert said in line


def test_a_name_that_is_no_code_is_told_with_the_code(tmp_path: Path) -> None:
    form = str(own(tmp_path))
    done = run(tmp_path, json.dumps({"叉车数量": 3, "车号": "1"}).encode(), form=form)

    assert done.exit_code == 1
    assert "“叉车数量”是引用名称，编号是 A01，请按编号填写。" in done.stdout
    assert "“车号”是表格 T01 的列，请填在 T01 各行的 T02 中。" in done.stdout


def test_columns_are_placed_in_their_rows_and_blanks_are_not_told(tmp_path: Path) -> None:
    room = Item("ROOM", Kind.TEXT, "房间")
    total = Item("ALL", Kind.INTEGER, "合计", calculation=when("1 + 1"))
    inner = Item("R", Kind.TABLE, "房间表", columns=(room, total))
    table = Item("T", Kind.TABLE, "楼层表", columns=(inner,))
    limit = Item("LIM", Kind.DECIMAL, "限值", relevant=when("${SEL} = 'a'"))
    form = load.packaged().get("ammonia-refrigeration", 1)
    over = when(". > ${LIM}")
    measured = replace(form.judged[0], code="N", kind=Kind.DECIMAL, question="浓度", fails_if=over)
    members = (table, Item("SEL", Kind.TEXT, "方式"), limit, measured)
    made = replace(form, name="own", sections=(Section("", members),))
    path = tmp_path / "own.toml"
    path.write_text(definition_text(made), encoding="utf-8")

    said = run(tmp_path, json.dumps({"ROOM": "1", "ALL": 2, "LIM": " "}).encode(), form=str(path))
    hidden = tried(tmp_path, {"SEL": "b", "LIM": 10, "N": 50}, form=str(path))

    assert "“ROOM”是表格 T 各行的 R 的列，请填在 T 各行的 R 各行的 ROOM 中。" in said.stdout
    assert "“ALL”是表格 T 各行的 R 的列，不由人填写，请删去。" in said.stdout
    assert "未问" not in said.stdout
    assert "N 浓度：判断所依据的条目按其他答案不在检查之列，否则为不符合" in hidden


def test_devices_that_failed_have_a_basis_of_their_own(tmp_path: Path) -> None:
    told = tried(tmp_path, {"F04": "fail"}, form="dust-explosion@1")
    plain = json.loads(tried(tmp_path, {"F04": "fail"}, "--json", form="dust-explosion@1"))

    assert plain["findings"][0]["device_basis"] in told
    assert "有关设施已设置而失效、无效的，并依据：《" in told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "第 1 行第 2 个字符附近不符合 JSON 格式"),
        (b'{\nA01: "fail"}', "第 2 行第 1 个字符附近不符合 JSON 格式"),
        (b"[]", "应为编号和答案的对照表"),
        (b"\xff", "不是 UTF-8 编码"),
        (b'{"A01": true}', "“A01”不能填 true 或者 false"),
        (b'{"T1": [{"a": false}]}', "“T1”不能填 true 或者 false"),
        (b"[" * 100_000, "嵌套层次过多"),
        (b'{"A01": ' + b"[" * 900 + b"true" + b"]" * 900 + b"}", "“A01”不能填 true 或者 false"),
        (b'{"A01": "fail", "A02": "pass", "A01": "pass"}', "“A01”写了两次，请只留一处"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    done = run(tmp_path, content)

    assert done.exit_code == 1
    assert f"无法读取答案 answers.json（{reason}" in done.stderr


def test_a_file_of_answers_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    words = ["forms", "try", "dust-explosion@1", str(tmp_path / "无.json")]
    done = CliRunner().invoke(root, words)

    assert done.exit_code == 2
    assert "不存在，请核对路径" in done.stderr
