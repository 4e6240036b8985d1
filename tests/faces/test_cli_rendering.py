"""`inspect-server documents kinds|example|fields|render`: documents from facts in a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inspect_server.cli import root
from pdf_templates.catalogue import MODULES, label, render, render_receipt, template
from pdf_templates.examples import example
from pdf_templates.facts import to_json


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(root, ["documents", *arguments], input=stdin)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """The example of a 立案审批表, in a file."""
    path = tmp_path / "facts.json"
    path.write_text(run("example", "case_filing_approval").stdout, "utf-8")
    return path


def change(path: Path, **changed: Any) -> None:
    plain = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(plain | changed, ensure_ascii=False), "utf-8")


def test_kinds_lists_every_kind_with_its_title_mark_and_version() -> None:
    shown = run("kinds")

    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == list(MODULES)
    for kind, line in zip(MODULES, lines, strict=False):
        assert line.split()[1] == label(kind)
        assert template(kind).version in line
    assert lines[-1] == f"共 {len(MODULES)} 种。"
    names = [line.split()[1] for line in lines[:-1]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("said", ["行政处罚告知书", "罚告", "应急罚告", "penalty_notice"])
def test_a_document_is_named_by_its_code_its_title_or_its_mark(said: str) -> None:
    assert run("example", said).stdout == run("example", "penalty_notice").stdout
    assert run("fields", said).stdout == run("fields", "penalty_notice").stdout


def test_a_name_of_two_documents_or_of_none_leads_to_the_right_code(
    facts: Path, tmp_path: Path
) -> None:
    shared, near = run("example", "行政处罚决定书"), run("fields", "penalty_notic")
    by_label = run("example", "行政处罚决定书(个人)")
    by_title = run("render", "立案审批表", str(facts), "-o", str(tmp_path / "out.pdf"))

    assert shared.exit_code == near.exit_code == 1
    assert "penalty_decision_organisation（行政处罚决定书（单位））" in shared.output
    assert "penalty_decision_person（行政处罚决定书（个人））" in shared.output
    assert "是否为 penalty_notice" in near.output
    assert "documents kinds" in near.output
    assert by_label.stdout == run("example", "penalty_decision_person").stdout
    assert by_title.exit_code == 0, by_title.output


@pytest.mark.parametrize("kind", MODULES)
def test_every_kind_has_an_example_and_its_fields_are_told(kind: str) -> None:
    shown, told = run("example", kind), run("fields", kind)

    assert json.loads(shown.stdout) == to_json(example(kind))
    named = {line.split()[0].split(".")[0].removesuffix("[]") for line in told.stdout.splitlines()}
    assert named == set(json.loads(shown.stdout))


def test_times_that_look_wrong_are_set_and_the_one_who_wrote_them_is_told(tmp_path: Path) -> None:
    path, out = tmp_path / "facts.json", tmp_path / "out.pdf"
    path.write_text(run("example", "rectification_order").stdout, "utf-8")
    change(path, inspected_until="2026-03-01")

    done = run("render", "责改", str(path), "-o", str(out))

    assert done.exit_code == 0, done.output
    assert "提醒：检查结束日期早于检查开始日期，请核对。" in done.output
    assert out.exists()


def test_what_is_left_on_site_renders_on_receipt_paper_and_nothing_else_does(
    facts: Path, tmp_path: Path
) -> None:
    out, told = tmp_path / "out.pdf", run("example", "measures_decision").stdout

    done = run("render", "measures_decision", "-", "-o", str(out), "--paper", "receipt", stdin=told)
    wrong = run(
        *("render", "case_filing_approval", str(facts), "-o", str(out), "--paper", "receipt")
    )

    assert done.exit_code == 0, done.output
    assert out.read_bytes() == render_receipt("measures_decision", json.loads(told))
    assert wrong.exit_code != 0
    assert "立案审批表" in wrong.output
    assert "A4" in wrong.output


def test_an_example_renders_to_what_the_library_gives(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"

    done = run("render", "case_filing_approval", str(facts), "-o", str(out))

    assert done.exit_code == 0, done.output
    plain = to_json(example("case_filing_approval"))
    assert out.read_bytes() == render("case_filing_approval", plain)
    assert list(tmp_path.iterdir()) == [facts, out] or set(tmp_path.iterdir()) == {facts, out}


def test_facts_come_from_standard_input_and_a_watermark_is_set(facts: Path, tmp_path: Path) -> None:
    out, said = tmp_path / "out.pdf", facts.read_text("utf-8")

    done = run(
        "render", "case_filing_approval", "-", "-o", str(out), "--watermark", "作废", stdin=said
    )

    assert done.exit_code == 0, done.output
    assert out.read_bytes() == render("case_filing_approval", json.loads(said), watermark="作废")


def test_bad_facts_are_refused_with_every_wrong_field_named_and_nothing_is_written(
    facts: Path, tmp_path: Path
) -> None:
    party = {"organisation": None, "person": None}
    change(facts, cause="  ", made_at="2026-03-03", learned_on="03-03", surplus=1, party=party)
    out = tmp_path / "out.pdf"

    done = run("render", "case_filing_approval", str(facts), "-o", str(out))

    assert done.exit_code == 1
    for named in (
        "surplus 不是该文书的字段",
        "cause〔案由〕 不能为空",
        "made_at〔文书制作时间（RFC 3339，当地时差）〕 应为带时差的时间",
        "learned_on〔发现或者收到线索（日期）〕 应为日期",
        "party〔当事人〕 应当写明单位或者个人，只写一个",
    ):
        assert named in done.output
    assert "有 5 处有误" in done.output
    assert not out.exists()


def test_days_and_times_that_there_are_not_are_told_from_wrong_writing(facts: Path) -> None:
    change(facts, made_at="2026-02-30T09:05:00+08:00", learned_on="2026-13-01")
    no_date = run("render", "case_filing_approval", str(facts), "-o", str(facts.parent / "a.pdf"))
    change(facts, made_at="2026-03-02T25:05:00+08:00")
    no_time = run("render", "case_filing_approval", str(facts), "-o", str(facts.parent / "a.pdf"))

    assert no_date.output.count("写的日期在日历上没有") == 2
    assert "写的时分秒或者时差超出范围" in no_time.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        ('{"cause": "案由"}'.encode("gbk"), "不是 UTF-8 编码"),
        ('{\n "cause": "案由"\n "made_at": ""}'.encode(), "第 3 行第 2 列"),
        (b'{"cause": [1, 2', "第 1 行第 16 列"),
        (b"[" * 100_000, "嵌套过深"),
        (b"1" * 5_000, "过长的数字"),
        (b"[]", "文书内容 应为一组字段"),
        (b"null", "文书内容 应为一组字段"),
    ],
)
def test_what_is_no_facts_is_said(facts: Path, content: bytes, said: str) -> None:
    facts.write_bytes(content)

    done = run("render", "case_filing_approval", str(facts), "-o", str(facts.with_suffix(".pdf")))

    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_missing_file_an_unknown_kind_or_version_and_a_full_place_are_said(
    facts: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "out.pdf")
    nowhere = str(tmp_path / "no" / "out.pdf")

    for arguments, said in (
        (("render", "case_filing_approval", str(tmp_path / "none"), "-o", out), "无法读取"),
        (("render", "no_such", str(facts), "-o", out), "没有名为 no_such"),
        (("example", "no_such"), "没有名为 no_such"),
        (("fields", "no_such"), "没有名为 no_such"),
        (("render", "case_filing_approval", str(facts), "-o", out, "--version", "1"), "版本 1"),
        (("render", "case_filing_approval", str(facts), "-o", nowhere), "无法写入"),
    ):
        done = run(*arguments)
        assert done.exit_code == 1, arguments
        assert said in done.output, arguments


def test_characters_without_a_glyph_are_all_named_with_their_fields(facts: Path) -> None:
    told = json.loads(facts.read_text("utf-8"))
    told["party"]["organisation"]["address"] = "云湾区\U0001f637路"
    change(facts, cause="粉尘\U0001f600未清理", party=told["party"])

    done = run("render", "case_filing_approval", str(facts), "-o", str(facts.with_suffix(".pdf")))

    assert done.exit_code == 1
    said = done.output.replace("\n", "")
    assert "cause〔案由〕 中的“\U0001f600”（U+1F600）" in said
    assert "party.organisation.address〔" in said
    assert "中的“\U0001f637”（U+1F637）" in said
