"""What the case file of the story's check says of itself."""

import hashlib

from pdf_templates.case_file.daily_ledger import ClosedVisit, DailyLedger, PaperStep
from pdf_templates.case_file.inspection_cover import InspectionCover
from pdf_templates.case_file.process_record import Entry, ProcessRecord
from pdf_templates.examples import story

NUMBER = "2026-0012"
_FROZEN = "云湾海棠冷冻食品有限公司"
_EVENTS = (
    ("02-25", "09:40:08", "", "编制检查方案", "", "陆文博", ""),
    ("02-25", "16:40:31", "", "批准检查方案", "", "宋清", ""),
    ("02-26", "08:30:02", "", "派发任务", "", "程立", ""),
    ("03-02", "12:05:44", "09:05:00", "开始检查", "", "陆文博", ""),
    ("03-02", "12:05:44", "11:38:20", "主办人员签名", "现场检查记录", "陆文博", ""),
    ("03-02", "12:05:45", "11:38:52", "协办人员签名", "现场检查记录", "沈玥", "陆文博"),
    ("03-02", "12:05:45", "11:40:15", "被检查单位签名", "现场检查记录", "陆文博", ""),
    ("03-02", "12:05:45", "11:42:00", "结束检查", "", "陆文博", ""),
    ("03-02", "13:58:16", "", "确认分歧", "", "陆文博", ""),
    ("03-02", "14:10:03", "", "办结检查记录", "", "陆文博", ""),
    ("03-02", "14:20:00", "", "制作文书", story.doc_no("检记"), "陆文博", ""),
    ("03-02", "14:20:01", "", "制作文书", story.doc_no("责改"), "陆文博", ""),
)


def _leaf(number: int) -> str:
    return hashlib.sha256(f"{NUMBER} {number}".encode()).hexdigest()


def _step(at: str, title: str, mark: str, serial: int, unit: str, step: str, by: str) -> PaperStep:
    return PaperStep(title, story.doc_no(mark, serial), unit, step, story.at("03-02", at), by)


EXAMPLES = {
    "inspection_cover": InspectionCover(
        doc_no=NUMBER,
        authority=story.AUTHORITY,
        made_at=story.at("04-03", "09:00:00"),
        unit=story.HENGMAO.name,
        uscc=story.HENGMAO.uscc,
        source="“双随机、一公开”抽查",
        draw_no="2026-第1批",
        inspected_on="2026-03-02",
        inspected_until="2026-03-02",
        officers=story.OFFICERS,
        result="发现问题4项，其中重大事故隐患1项；当场改正1项，责令限期整改3项",
        state="2026年4月2日复查，2项已整改合格，1项未整改合格；涉嫌违法行为已于2026年3月3日另案立案",
        archived_on="",
        archive_no="",
        retention="",
    ),
    "daily_ledger": DailyLedger(
        doc_no="2026-03-02",
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "17:45:00"),
        day="2026-03-02",
        visits=(
            ClosedVisit(
                NUMBER,
                story.HENGMAO.name,
                "陆文博、沈玥",
                "发现问题4项，其中重大事故隐患1项；当场改正1项",
            ),
            ClosedVisit("2026-0013", _FROZEN, "范志刚、吴晓彤", "未发现问题"),
        ),
        papers=(
            _step("12:31:20", "现场检查记录", "检记", 2, _FROZEN, "制作", "范志刚"),
            _step("13:02:47", "现场检查记录", "检记", 2, _FROZEN, "作废", "范志刚"),
            _step("14:20:00", "现场检查记录", "检记", 1, story.HENGMAO.name, "制作", "陆文博"),
            _step(
                "14:20:01", "责令限期整改指令书", "责改", 1, story.HENGMAO.name, "制作", "陆文博"
            ),
            _step("14:26:30", "现场检查记录", "检记", 1, story.HENGMAO.name, "签名", "陆文博"),
        ),
        events=63,
        items=18204,
        total=hashlib.sha256(b"ledger of 2026-03-02").hexdigest(),
    ),
    "process_record": ProcessRecord(
        doc_no=NUMBER,
        authority=story.AUTHORITY,
        made_at=story.at("04-03", "09:00:00"),
        subject=story.HENGMAO.name,
        entries=tuple(
            Entry(
                number,
                story.at(day, noted),
                story.at(day, happened) if happened else "",
                event,
                said,
                actor,
                carrier,
                _leaf(number),
            )
            for number, (day, noted, happened, event, said, actor, carrier) in enumerate(_EVENTS, 1)
        ),
        head=_leaf(len(_EVENTS)),
        ledger=hashlib.sha256(b"ledger").hexdigest(),
        verified="制作本记录时已逐条核验：12条事件哈希相符、前后相连、序号连续。",
    ),
}
