"""抽取承诺书: what is fixed before any random value exists, read aloud and signed at the commit."""

from collections.abc import Collection
from dataclasses import dataclass

from pdf_templates.draw.parts import (
    SUITE_NAMES,
    Signer,
    dense,
    digest,
    heading,
    item,
    kept,
    paper,
    signing_lines,
)
from pdf_templates.fields import choice, count, day, hex64, moment, several, sha256, text
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Cell
from pdf_templates.template import Template
from pdf_templates.wording import ended, long_date, long_time, unended

NOTE = "本页只列承诺值和总数，不列企业和检查时段；检查不预先告知。"
SEALED = (
    "名录、规则、人员资格和随机源任何一处改动，承诺值即不相同。"
    "先公布承诺，后揭开各值；同一承诺只抽取一次，不重抽。"
)


@dataclass(frozen=True)
class Source:
    """One declared source of chance."""

    title: str = text("随机源名称")
    what: str = text("承诺使用的值：链的序号，或名称和期号")
    brings: str = text("由谁提供、怎样提供")


@dataclass(frozen=True)
class Commitment:
    """The facts of a 抽取承诺书."""

    doc_no: str = text("抽取编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    committed_at: str = moment("承诺时间")
    committed_by: str = text("发布承诺的人员", personal=True)
    year: int = count("适用哪一年的抽查规则", least=1)
    commit: str = hex64("承诺值")
    suite: str = choice("哈希套件", SUITE_NAMES)
    included: int = count("入池企业（家）")
    excluded: int = count("不列入企业（家）")
    officers: int = count("可派执法人员（名）")
    cells: int = count("抽取单元（个）")
    rules: tuple[str, ...] = several("抽取规则，逐条文字")
    sources: tuple[Source, ...] = several("随机源，按承诺的次序")
    deadline: str = day("最迟揭示日")
    verifier: str = text("独立核验程序名称")
    verifier_sha256: str = sha256("独立核验程序的")
    signers: tuple[Signer, ...] = several("签名人")


def layout(facts: Commitment, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages."""
    signing = signing_lines(facts.signers)
    return paper(TEMPLATE.title, facts.doc_no, "", NOTE, _body(facts), signing, facts.commit)


def _body(facts: Commitment) -> list[Strip]:
    rows = [
        *RECORDS.fields(Cell("抽取机关", facts.authority, 100)),
        *RECORDS.fields(
            Cell("承诺时间", long_time(facts.committed_at), 60),
            Cell("承诺人", facts.committed_by, 40),
        ),
        *heading(f"一、承诺值（{SUITE_NAMES[facts.suite]}，64 位，按四位一组逐组宣读）"),
        *digest("", facts.commit),
        *heading("二、固定的内容"),
        *dense(
            [
                Span(
                    f"抽取池{facts.included}家，不列入{facts.excluded}家，合计"
                    f"{facts.included + facts.excluded}家，与名录一致；"
                    f"抽取单元{facts.cells}个；可派执法人员{facts.officers}名。"
                )
            ]
        ),
        *heading(f"三、抽取规则（规则和概率见公示网站/disclosure/rules/{facts.year}）"),
    ]
    for number, rule in enumerate(facts.rules, 1):
        rows += item(number, rule, "抽取规则")
    rows += heading("四、随机源")
    for number, source in enumerate(facts.sources, 1):
        rows += item(
            number, f"{unended(source.title)}：{ended(source.what)}{ended(source.brings)}", "随机源"
        )
    rows += dense(
        [Span(f"以上各项应在{long_date(facts.deadline)}前（含当日）全部到齐并揭示结果。")]
    )
    return rows + kept(_checked(facts))


def _checked(facts: Commitment) -> list[Strip]:
    """Return what always stands on the page that is signed."""
    said = (
        "任何人可用抽取证书和抽取池文件自行核验，不需要本机关的系统。"
        f"独立核验程序{facts.verifier}的 SHA-256："
    )
    sha256 = Span(facts.verifier_sha256, field="核验程序")
    return [
        *heading("五、核验"),
        *dense([Span(said), sha256, Span("。")]),
        *dense([Span(SEALED)]),
    ]


TEMPLATE = Template(
    kind="draw_commitment",
    title="抽取承诺书",
    mark="抽诺",
    version="2026.1",
    effective_from="2026-01-01",
    facts=Commitment,
    layout=layout,
    source="自拟式样；内容依 SJC-DRAW/1 承诺时公布的范围（承诺值和总数）",
)
