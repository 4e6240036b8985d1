"""抽取结果表: what was entered, what follows from it, and who saw it; for witnesses or inside."""

from collections.abc import Collection
from dataclasses import dataclass

from pdf_templates.draw.parts import (
    Signer,
    dense,
    digest,
    grouped,
    heading,
    kept,
    paper,
    share_of,
    signing_lines,
    table,
)
from pdf_templates.fields import count, day, hex64, moment, part, several, sha256, text
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Cell
from pdf_templates.setting.tables import Column
from pdf_templates.template import Template
from pdf_templates.wording import long_date, long_time

WITNESS_COPY, INTERNAL_COPY = "见证联", "内部留存联"
NOTES = {
    False: "本联不列企业名称和检查时段；检查不预先告知，随批次公开。",
    True: "内部资料：批次公开之前不得外传。",
}
SUMMED = "家数少的单元只列合计，以免看出是哪一家。"
SHOWN_DIGITS = 16
CELLS = (Column(52), Column(14, "right"), Column(18, "right"), Column(16, "right"))
ENTRIES = (Column(20), Column(54), Column(26))
CHOSEN = (Column(7), Column(53), Column(40))


@dataclass(frozen=True)
class Entered:
    """One value as it was entered."""

    source: str = text("随机源名称")
    value: str = text("录入的值")
    by: str = text("由谁提供或录入，不详为空", personal=True, optional=True)


@dataclass(frozen=True)
class Counted:
    """One cell of the pool, or several small ones as one, and how many were drawn."""

    name: str = text("单元名称")
    cells: int = count("单元（个）", least=1)
    enterprises: int = count("入池（家）")
    p_ppm: int | None = count("抽中概率（百万分之一），几个单元合计的为空")
    drawn: int = count("抽中（家）")


@dataclass(frozen=True)
class Sent:
    """One place of a team; name and 执法证号 are empty on the witness's copy."""

    stage: str = text("组别，如 主办；部门联合检查写明部门，如 消防 主办")
    officer: str = hex64("人员承诺值")
    name: str = text("姓名，见证联为空", personal=True, optional=True)
    cert_no: str = text("执法证号，见证联为空", personal=True, optional=True)


@dataclass(frozen=True)
class Chosen:
    """One selected enterprise; name and code are empty on the witness's copy."""

    cell: str = text("单元名称")
    commitment: str = hex64("企业承诺值")
    name: str = text("企业名称，见证联为空", optional=True)
    uscc: str = text("统一社会信用代码，见证联为空", optional=True)
    team: tuple[Sent, ...] = part("检查组")


@dataclass(frozen=True)
class Result:
    """The facts of a 抽取结果表."""

    doc_no: str = text("抽取编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    internal: bool = part("是否内部留存联（列企业名称和检查人员）")
    visit_from: str = day("检查时段第一天")
    visit_to: str = day("检查时段最后一天")
    committed_at: str = moment("承诺时间")
    revealed_at: str = moment("揭示时间，未揭示为空", optional=True)
    revealed_by: str = text("揭示人，未揭示为空", personal=True, optional=True)
    deadline: str = day("最迟揭示日")
    late: bool = part("是否晚于最迟揭示日")
    commit: str = hex64("承诺值")
    entered: tuple[Entered, ...] = part("录入的随机值")
    seed: str = hex64("种子，未揭示为空", optional=True)
    r: int = count("取整偏移")
    counted: tuple[Counted, ...] = part("各单元抽取情况")
    chosen: tuple[Chosen, ...] = part("抽中企业和检查组")
    remarks: tuple[str, ...] = part("替补、作废等说明，无则为空列表")
    certificate_sha256: str = sha256("抽取证书，未揭示为空，", optional=True)
    signers: tuple[Signer, ...] = several("签名人")


def layout(facts: Result, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages."""
    copy = INTERNAL_COPY if facts.internal else WITNESS_COPY
    note = NOTES[facts.internal]
    signing = signing_lines(facts.signers)
    return paper(TEMPLATE.title, facts.doc_no, copy, note, _body(facts), signing, facts.commit)


def _body(facts: Result) -> list[Strip]:
    days = f"{long_date(facts.visit_from)}至{long_date(facts.visit_to)}"
    revealed = long_time(facts.revealed_at) if facts.revealed_at else "未揭示"
    rows = [
        *RECORDS.fields(Cell("抽取机关", facts.authority, 100)),
        *(RECORDS.fields(Cell("检查时段", days, 100)) if facts.internal else ()),
        *RECORDS.fields(Cell("承诺时间", long_time(facts.committed_at), 100)),
        *RECORDS.fields(Cell("揭示时间", revealed, 60), Cell("揭示人", facts.revealed_by, 40)),
        *_late(facts),
        *_remarks(facts),
        *heading("一、承诺值"),
        *digest("与抽取承诺书逐组核对：", facts.commit),
    ]
    if facts.seed:
        rows += [*_totals(facts), *_entropy(facts), *_chosen(facts), *_counts(facts)]
        rows += _proof(facts)
    return rows


def _late(facts: Result) -> list[Strip]:
    if not facts.late:
        return []
    said = f"逾期：本次抽取应在{long_date(facts.deadline)}前（含当日）揭示。"
    return RECORDS.paragraph([Span(said, "title")], first=0)


def _totals(facts: Result) -> list[Strip]:
    pool = sum(one.enterprises for one in facts.counted)
    sent = sum(len(one.team) for one in facts.chosen)
    return dense(
        [
            Span(
                f"入池{pool}家，分{sum(one.cells for one in facts.counted)}个抽取单元；"
                f"抽中{len(facts.chosen)}家，派出{sent}人次。"
            )
        ]
    )


def _remarks(facts: Result) -> list[Strip]:
    rows: list[Strip] = []
    for remark in facts.remarks:
        rows += RECORDS.paragraph([Span("说明：" + remark, field="说明")])
    return rows


def _entropy(facts: Result) -> list[Strip]:
    return [
        *heading("二、录入的随机值"),
        *table(
            ENTRIES,
            ("随机源", "录入的值", "提供或录入"),
            [(one.source, _shown(one.value), one.by) for one in facts.entered],
            "录入的随机值第{}项",
        ),
        *digest("由承诺值和以上各值按承诺的次序算出种子：", facts.seed),
        *dense([Span(f"由种子算出取整偏移：{facts.r}（0 至 999999）。")]),
    ]


def _counts(facts: Result) -> list[Strip]:
    drawn = [one for one in facts.counted if one.drawn]
    rest = sum(one.cells for one in facts.counted if not one.drawn)
    listed = table(CELLS, ("单元", "入池", "概率", "抽中"), map(_count, drawn), "第{}个抽取单元")
    said = f"其余{rest}个单元应抽0家，逐个列在抽取证书中。"
    return [
        *heading("四、抽中的单元"),
        *(listed if drawn else ()),
        *(dense([Span(said)]) if rest else ()),
        *(dense([Span(SUMMED)]) if any(one.cells > 1 for one in facts.counted) else ()),
    ]


def _count(one: Counted) -> tuple[str, ...]:
    chance = "各不相同" if one.p_ppm is None else share_of(one.p_ppm)
    return one.name, f"{one.enterprises}家", chance, f"{one.drawn}家"


def _chosen(facts: Result) -> list[Strip]:
    return [
        *heading(f"三、抽中企业和检查组：{len(facts.chosen)}家"),
        *table(
            CHOSEN,
            ("序号", "企业（单元、承诺值前 16 位）", "检查组"),
            [
                (f"{number}", _enterprise(one), _team(one))
                for number, one in enumerate(facts.chosen, 1)
            ],
            "第{}家",
        ),
    ]


def _enterprise(one: Chosen) -> str:
    shown = grouped(one.commitment[:SHOWN_DIGITS])
    lines = [one.name, f"{one.uscc}　{shown}", one.cell] if one.name else [one.cell, shown]
    return "\n".join(lines)


def _team(one: Chosen) -> str:
    return "\n".join(
        f"{sent.stage}　"
        + (f"{sent.name}（{sent.cert_no}）" if sent.name else grouped(sent.officer[:SHOWN_DIGITS]))
        for sent in one.team
    )


def _proof(facts: Result) -> list[Strip]:
    said = "证书载有重算所需的全部内容，任何人可据以核验，本表与证书不一致的，以证书为准。"
    return kept(
        [
            *heading("五、抽取证书"),
            *dense([Span(said)]),
            *digest("证书的 SHA-256：", facts.certificate_sha256),
        ]
    )


def _shown(value: str) -> str:
    """Return an entered value; a chain's in groups."""
    is_digest = len(value) == 64 and all(char in "0123456789abcdef" for char in value)
    return grouped(value) if is_digest else value.replace(",", ", ")


TEMPLATE = Template(
    kind="draw_result",
    title="抽取结果表",
    mark="抽果",
    version="2026.1",
    effective_from="2026-01-01",
    facts=Result,
    layout=layout,
    source="自拟式样；见证联所列范围依 SJC-DRAW/1 公开时点表（抽取时不公开企业身份）",
)
