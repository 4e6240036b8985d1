"""Arriving: past another enterprise's code, over a reload, and corrected afterwards."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from inspect_server.reads.inspections.timeline import timeline
from inspect_server.store.models.inspection import Inspection
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS, Handset
from tests.phone.browser.site import Site

OTHER = "91350100M000100Y43"


def read_gate(phone: Handset, code: str) -> None:
    """Type what stands at the gate, where no camera reads it."""
    phone.press("扫码入企")
    sheet = phone.sheet("扫码入企")
    sheet.get_by_label("填写统一社会信用代码").fill(code)
    phone.press("确定", sheet)
    phone.gone(sheet)


def told(site: Site) -> list[tuple[str, str, bool]]:
    """The arrivals in the case of the check."""
    with site.backend.reading() as session:
        (visit,) = session.scalars(select(Inspection).where(Inspection.number == "2026-0001"))
        rows = [row for row in timeline(session, visit) if row.type == "visit.started"]
    return [(row.title, row.said, row.is_elsewhere) for row in rows]


def test_another_enterprise_s_code_asks_first_a_reload_forgets_nothing_and_a_correction_moves_none(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.open_task()
    phone.enter()
    phone.step("到场")
    phone.follow(re.compile("出示证件、告知权利"))
    phone.see(phone.heading("监督和救济"))
    phone.see(re.compile("60日内向.+申请行政复议"))
    phone.see(phone.heading("检查人员应当遵守的纪律"))
    expect(phone.page.get_by_role("button", name="已出示、已告知")).to_be_disabled()
    phone.read_to_the_end()
    phone.press("已出示、已告知")
    phone.see(re.compile("已向企业出示，可再次打开"))
    phone.page.reload()
    phone.unlock()
    for label in ("已出示执法证件，表明身份", "已告知企业在检查中的权利"):
        expect(phone.page.get_by_label(label)).to_be_checked(timeout=PATIENCE_MS)
    read_gate(phone, OTHER)
    phone.see("不是本任务的企业")
    phone.fill("检查地点", "生产车问")
    phone.fill("录音录像", "执法记录仪 0001，全程录像")
    phone.see(phone.page.get_by_role("status").filter(has_text="已定位"))
    phone.press("登记到场")
    phone.press("已核对，登记到场", phone.sheet("不是本任务的企业，仍要登记到场？"))
    phone.see(phone.heading("已到场"))
    phone.see(re.compile("录入统一社会信用代码，为本机没有资料的企业"))
    phone.press("更正到场登记")
    phone.fill("检查地点", "生产车间")
    phone.press("保存更正")
    phone.see(phone.heading("已到场"))
    phone.see(re.compile("首次登记，.*更正"))
    phone.sync()
    first, corrected = told(site)

    assert first == ("开始检查", "录入统一社会信用代码核对，与任务不一致", True)
    assert corrected == ("更正到场登记", "录入统一社会信用代码核对，与任务不一致", True)
