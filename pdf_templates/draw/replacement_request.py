"""替补申请单: what a value of the witness is for, fixed before anybody knows that value."""

from collections.abc import Collection
from dataclasses import dataclass

from pdf_templates.draw.parts import Signer, dense, digest, heading, item, paper, signing_lines
from pdf_templates.fields import count, hex64, moment, several, sha256, text
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import Page, Strip
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Cell
from pdf_templates.template import Template
from pdf_templates.wording import long_time

NOTE = "本页不列被检查企业和检查人员的名称；见证方留存一份，替补完成后与证书核对。"
STEPS = (
    "见证方核对本单已由申请人、批准人签名，与手中其他申请单不重复；未见本单的，不取值。",
    "在自己的设备上取值，--for 照第一项的申请记录抄写（至少第一行），命令记下用途：",
    "只把该值交给抽取机关；由申请记录和该值算出谁来替补，不能挑选，不能重来。",
    "替补完成、证书重新签发后，用 draw chain check（或者 witness_chain.py check）核对；"
    "证书所列申请记录与本单不一致的，告知监督单位。",
)


@dataclass(frozen=True)
class ReplacementRequest:
    """The facts of a 替补申请单."""

    doc_no: str = text("抽取编号")
    authority: str = text("机关全称")
    made_at: str = moment("制作时间")
    k: int = count("第几次替补", least=1)
    reason: str = text("原因")
    requested_at: str = moment("登记时间")
    requested_by: str = text("申请人", personal=True)
    approved_by: str = text("批准人", personal=True)
    leaf: str = hex64("申请在抽取日志中的记录")
    commit: str = hex64("该次抽取的承诺值")
    task: str = hex64("检查任务：企业承诺值")
    place: str = text("检查组中的位置，如 主办；企业退出的为空", optional=True)
    out: str = hex64("退出的人员承诺值，企业退出的与检查任务相同")
    evidence_sha256: str = sha256("证明材料的")
    holder: str = text("持有见证方哈希链的单位")
    anchor: str = hex64("见证方哈希链的锚值")
    position: int = count("等待的值的序号", least=1)
    command: str = text("见证方取值的命令")
    signers: tuple[Signer, ...] = several("签名人")


def layout(facts: ReplacementRequest, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages."""
    return paper(TEMPLATE.title, facts.doc_no, "", NOTE, _body(facts), signing_lines(facts.signers))


def _body(facts: ReplacementRequest) -> list[Strip]:
    rows = [
        *RECORDS.fields(Cell("抽取机关", facts.authority, 100)),
        *RECORDS.fields(Cell("次序", f"第{facts.k}次替补", 40), Cell("原因", facts.reason, 60)),
        *RECORDS.fields(Cell("登记时间", long_time(facts.requested_at), 100)),
        *RECORDS.fields(
            Cell("申请人", facts.requested_by, 50), Cell("批准人", facts.approved_by, 50)
        ),
        *heading("一、申请记录"),
        *digest("申请在抽取日志中的记录，64 位，按四位一组逐组核对：", facts.leaf),
        *heading("二、等待的值"),
        *_said("", f"{facts.holder}的见证方哈希链第 {facts.position} 个值。"),
        *_said("锚值：", facts.anchor),
        *heading("三、申请的内容（登记后不能修改或者撤回）"),
        *_said("抽取承诺值：", facts.commit),
        *_said("检查任务：", facts.task),
    ]
    if facts.place:
        rows += _said(f"退出的人员（{facts.place}）：", facts.out)
    else:
        rows += _said("退出的企业：", "即检查任务所列企业")
    rows += [*_said("证明材料 SHA-256：", facts.evidence_sha256), *heading("四、取值和核对")]
    for number, step in enumerate(STEPS, 1):
        rows += item(number, step, "取值和核对")
        if step.endswith("："):
            rows += _said("", facts.command)
    return rows


def _said(label: str, value: str) -> list[Strip]:
    return dense([Span(label), Span(value, field=label.rstrip("：") or "等待的值")])


TEMPLATE = Template(
    kind="draw_replacement_request",
    title="替补申请单",
    mark="替申",
    version="2026.1",
    effective_from="2026-01-01",
    facts=ReplacementRequest,
    layout=layout,
    source="自拟式样；内容依 SJC-DRAW/1 替补申请登记的范围，人员和企业只列承诺值",
)
