"""
A walk over every page of the app and what opens on it, from the first opening to the locked door.

`Walk(phone, partner, at).all()` calls `at` with the name of each screen once that is there. Whoever
adds a page or a sheet adds a line to SCREENS and a step here; tests and pictures follow.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator

from sync.phone import Phone
from tests.phone.browser.phone_page import ENTERPRISE, PASSWORD, PIN, Handset
from tests.phone.browser.walked import READINGS

SCREENS = {
    "enrol": "登记本机",
    "enrol-wrong": "登记本机：有漏填",
    "enrol-secret": "设置本机密码",
    "enrol-done": "登记完成",
    "tasks": "任务",
    "tasks-none": "任务：没有",
    "task": "任务详情",
    "enterprise": "企业信息",
    "arrival": "到场登记",
    "arrival-wrong": "到场登记：有漏填",
    "gate": "扫码入企",
    "notice": "行政检查告知",
    "arrived": "已到场",
    "person": "登记人员",
    "gap": "登记记录中断",
    "checklist": "检查表",
    "item": "检查项：方法和依据",
    "finding": "不符合：就地填写问题",
    "camera": "拍照",
    "camera-taken": "拍照：已拍",
    "shot": "查看所拍内容",
    "marking": "标注",
    "film": "录像",
    "failed": "不符合：问题和照片",
    "leave-failure": "改变不符合的结论",
    "reason": "未检查的原因",
    "left-open": "检查表：未填",
    "not-found": "检查表：没有找到",
    "fields": "现场测量：填写",
    "fields-table": "现场测量：表格、签名",
    "findings": "问题",
    "viewer": "照片",
    "retract-photo": "撤回照片",
    "feedback": "反馈",
    "retract-note": "撤回反馈",
    "signing": "签名",
    "signing-order": "签名：责令整改",
    "sign": "手写签名",
    "refuse": "拒绝签名",
    "signed": "已签名",
    "ending": "结束检查：尚未完成",
    "exchange": "交换记录",
    "giving": "交换记录：传给同伴",
    "codes": "显示二维码",
    "having": "出示清单",
    "reading": "扫同伴的二维码",
    "compare": "核对同伴手机",
    "brought": "已接收同伴记录",
    "conflict": "两部手机填写不一致",
    "log-out-refused": "现在不能退出登录",
    "export": "导出未送达内容",
    "sync-waiting": "同步：待送",
    "sync": "同步：全部送达",
    "documents": "文书",
    "documents-narrow": "文书：80 毫米小票",
    "me": "我的",
    "new-secret": "修改本机密码",
    "log-out": "退出登录：有内容没有保存",
    "unlock": "输入本机密码",
    "forgotten": "忘记本机密码",
    "unlock-wrong": "本机密码不正确",
}
FIRST, SECOND, THIRD, FOURTH = "G01", "G03", "G04", "G07"
"""Items of the checklist."""
FOUND = "三号车间配电箱箱门敞开，未上锁，箱内有裸露线头"
SEES = """async () => {
  const sees = () => [...document.querySelectorAll("video")].some((one) => one.readyState > 1);
  while (!sees()) await new Promise((next) => setTimeout(next, 20));
}"""
"""Resolves when a camera's picture is on the page."""


class Walk:
    """One phone's way through everything."""

    def __init__(self, phone: Handset, partner: Phone, at: Callable[[str], None]) -> None:
        """
        Begin at the door.

        Args:
            phone: Of the lead, with a camera and a place.
            partner: Of the member, enrolled, with the task and the arrival.
            at: Is called on each screen.
        """
        self.phone, self.partner, self.at = phone, partner, at
        self.page = phone.page

    def all(self, folder: Path) -> None:
        """Walk; what goes from phone to phone lies in the folder meanwhile."""
        self.door()
        self.office()
        self.arrival()
        self.checklist()
        self.fields()
        self.findings()
        self.feedback()
        self.signing()
        self.exchange(folder / "同伴.inspect")
        self.delivery()
        self.documents()
        self.account()
        self.locked()

    def door(self) -> None:
        """Enrol; there is no network from then on."""
        phone = self.phone
        phone.open()
        phone.see(phone.heading("登记本机"))
        self.at("enrol")
        phone.press("下一步")
        phone.see(re.compile("请填写账号"))
        self.at("enrol-wrong")
        phone.fill("账号", "officer0")
        phone.fill("登录密码", PASSWORD)
        phone.press("下一步")
        phone.see(phone.heading("设置本机密码"))
        phone.see(re.compile("不能是同一个数字"))  # before anything is refused
        phone.fill("数字密码（至少 6 位）", PIN)
        phone.fill("再输入一次", PIN)
        self.at("enrol-secret")
        phone.press("完成登记")
        phone.see(phone.heading("登记完成"))
        phone.see(phone.heading("添加到主屏幕"))
        self.at("enrol-done")
        phone.press("进入任务")
        phone.see(phone.heading("任务"))
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.context.set_offline(True)

    def office(self) -> None:
        """See what the office gave."""
        phone = self.phone
        phone.see(re.compile(ENTERPRISE))
        self.at("tasks")
        phone.choose("任务分组", "已完成")
        self.at("tasks-none")
        phone.open_task()
        self.at("task")
        phone.follow(re.compile(ENTERPRISE))
        phone.see("91320799MA1WAAAA1X")
        self.at("enterprise")
        self.page.go_back()
        phone.enter()

    def arrival(self) -> None:
        """Arrive, with the rights told; note who is there."""
        phone = self.phone
        phone.see(phone.heading("到场登记"))
        phone.see(self.page.get_by_role("status").filter(has_text="已定位"))
        self.at("arrival")
        phone.press("登记到场")
        phone.see(re.compile("请写明录音录像情况"))
        self.at("arrival-wrong")
        phone.press("扫码入企")
        self._camera_sees()
        self.at("gate")
        phone.press("关闭", phone.sheet("扫码入企"))
        phone.follow(re.compile("出示证件、告知权利"))
        phone.see(phone.heading("行政检查告知"))
        self.at("notice")
        phone.press("返回")
        phone.arrive("三号车间、危险化学品仓库")
        phone.meet("孙联系", "安全员")
        self.at("arrived")
        phone.press("登记人员")
        self.at_sheet("person", "登记人员")
        phone.press("登记记录中断")
        self.at_sheet("gap", "登记记录中断")

    def checklist(self) -> None:
        """Answer items in every way; take photos of a failure."""
        phone = self.phone
        phone.step("检查表")
        phone.answer(FIRST)
        self.at("checklist")
        question = phone.card(SECOND).get_by_role("button", name=re.compile(f"^{SECOND}\\b"))
        question.click()
        phone.see(phone.card(SECOND).get_by_text("检查方法"))
        self.at("item")
        question.click()
        phone.answer(SECOND, "不符合")
        card = phone.card(SECOND)
        phone.fill("问题描述", FOUND, card)
        phone.fill("部位", "三号车间 2 号配电箱", card)
        phone.press("责令限期整改", card)
        card.scroll_into_view_if_needed()
        self.at("finding")
        phone.press("保存并拍照", card)
        self.camera()
        phone.see(card.get_by_role("button", name="修改", exact=True))
        card.get_by_role("button", name=re.compile("^查看照片")).first.scroll_into_view_if_needed()
        self.at("failed")
        phone.press("符合", phone.answers(SECOND))
        phone.see(card.get_by_text("须同时撤回这些问题"))
        self.at("leave-failure")
        phone.press("保留问题", card)
        phone.press("未检查", phone.answers(THIRD))
        phone.see(phone.card(THIRD).get_by_label("未检查的原因"))
        phone.card(THIRD).scroll_into_view_if_needed()
        self.at("reason")
        phone.press("取消", phone.card(THIRD))
        self.page.evaluate("scrollTo(0, 0)")
        phone.choose("显示哪些检查项", "未填")
        self.at("left-open")
        phone.choose("显示哪些检查项", "本表")
        self.page.get_by_label("搜索检查项").fill("没有这样的内容")
        phone.see("没有找到相符的检查项")
        self.at("not-found")
        self.page.get_by_label("搜索检查项").fill("")

    def camera(self) -> None:
        """Take a photo, look at it, draw on it, save it; see the film's side."""
        phone = self.phone
        camera = phone.sheet("拍照")
        self._camera_sees()
        self.at("camera")
        phone.press("拍摄", camera)
        phone.press("拍摄", camera)
        phone.see(camera.get_by_role("button", name="保存 2", exact=True))
        self.at("camera-taken")
        phone.press("查看所拍内容 1", camera)
        phone.see(camera.get_by_role("button", name="标注", exact=True))
        self.at("shot")
        phone.press("标注", camera)
        self._draw()
        self.at("marking")
        phone.press("完成", camera)
        phone.press("保留", camera)
        phone.press("录像", camera)
        film = phone.sheet("录像")
        self._camera_sees()
        self.at("film")
        phone.press("拍照", film)
        phone.press("保存 2", phone.sheet("拍照"))
        phone.gone(phone.page.get_by_role("dialog"))

    def fields(self) -> None:
        """Fill in what is measured and listed."""
        phone = self.phone
        tabs = self.page.get_by_role("navigation", name="检查表", exact=True)
        tabs.get_by_role("button", name=re.compile(f"^{READINGS}")).click()
        card = phone.card("M2")
        field = card.get_by_role("textbox")
        field.fill("17.9")
        field.blur()
        phone.see(card.get_by_text("氧气含量应为19.5%至23.5%"))
        self.at("fields")
        table = phone.card("P1")
        phone.press("添加一行", table)
        phone.see(table.get_by_text("第 1 行"))
        table.scroll_into_view_if_needed()
        self.at("fields-table")

    def findings(self) -> None:
        """All findings, and a photo in full."""
        phone = self.phone
        phone.step("问题")
        phone.see(FOUND)
        self.at("findings")
        self.page.get_by_role("button", name=re.compile("^查看照片")).first.click()
        viewer = phone.sheet("照片")
        phone.see(viewer.get_by_text("在本机，尚未送达服务器"))
        phone.see(viewer.get_by_role("img").first)
        self.at("viewer")
        phone.press("撤回", viewer)
        self.at_sheet("retract-photo", "撤回照片")
        phone.press("关闭", viewer)

    def feedback(self) -> None:
        """What was talked over."""
        phone = self.phone
        phone.note("企业表示立即组织整改，并请检查人员指导配电箱的上锁管理。")
        self.at("feedback")
        phone.press("撤回")
        self.at_sheet("retract-note", "撤回这条记录？")

    def signing(self) -> None:
        """The papers, the pad, a refusal, and the end that comes too early."""
        phone = self.phone
        phone.step("签名")
        phone.see(phone.signer("主办人员"))
        self.at("signing")
        phone.choose_paper("责令整改")
        phone.see(phone.heading("责令限期整改指令书"))
        self.at("signing-order")
        phone.choose_paper("检查记录")
        phone.press("签名", phone.signer("被检查单位"))
        sheet = phone.sheet("被检查单位签名")
        phone.draw(sheet)
        self.at("sign")
        sheet.get_by_role("radio", name="拒绝签名").check()
        phone.see(sheet.get_by_label("拒签原因"))
        self.at("refuse")
        sheet.get_by_role("radio", name="签名", exact=True).check()
        phone.press("重新签", sheet)  # nothing is drawn any more, and nothing lost
        phone.press("取消", sheet)
        phone.sign("主办人员")
        phone.signer("主办人员").scroll_into_view_if_needed()
        self.at("signed")
        phone.press("结束检查")
        self.at_sheet("ending", "尚未完成", "取消")

    def exchange(self, file: Path) -> None:
        """Give the partner what is here, take in what the partner has; see where both differ."""
        phone = self.phone
        phone.exchange()
        self.at("exchange")
        self.page.get_by_role("button", name=re.compile("^显示二维码")).scroll_into_view_if_needed()
        phone.see("含照片录像")
        self.at("giving")
        self.page.get_by_role("button", name=re.compile("^显示二维码")).click()
        self.at_sheet("codes", "二维码")
        self.page.get_by_role("button", name=re.compile("^出示清单")).click()
        self.at_sheet("having", "本机已有记录的清单")
        phone.press("扫同伴的二维码")
        self._camera_sees()
        self.at_sheet("reading", "扫同伴的二维码")
        (task,) = (one["id"] for one in self.partner.tasks() if one["number"] == "2026-0001")
        self.partner.answer(task, f"answer/general-safety/{FIRST}", "not_applicable")
        file.write_bytes(self.partner.export_entries(task))
        self.page.get_by_label("选择同伴的文件").set_input_files(file)
        phone.sheet("核对同伴手机")
        self.at("compare")
        phone.press("核对一致，接收")
        phone.see(self.page.get_by_role("status").filter(has_text="已接收"))
        self.at("brought")
        phone.follow("去检查表确认")
        card = phone.card(FIRST)
        phone.see(card.get_by_text("两部手机填写不一致"))
        phone.press("采用", card.locator(".side").first)
        card.get_by_label("确认理由").fill("已与同伴核对")
        self.at("conflict")
        phone.press("确认采用", card)
        phone.gone(card.get_by_text("两部手机填写不一致"))

    def delivery(self) -> None:
        """What waits, and nothing that waits."""
        phone = self.phone
        phone.go_to("我的")
        self.page.get_by_role("button", name=re.compile("^退出登录")).click()
        self.at_sheet("log-out-refused", "现在不能退出登录")
        self.page.get_by_role("button", name=re.compile("^导出未送达内容")).click()
        self.at_sheet("export", "导出未送达内容")
        phone.go_to("同步")
        phone.see(re.compile("^待送"))
        self.at("sync-waiting")
        phone.context.set_offline(False)
        phone.sync()
        self.at("sync")

    def documents(self) -> None:
        """The paper as the office will make it."""
        phone = self.phone
        phone.open_task()
        phone.enter()
        phone.step("签名")
        phone.follow(re.compile("^查看文书"))
        self._paper()
        self.at("documents")
        phone.choose("纸张", "80 毫米小票")
        self._paper().scroll_into_view_if_needed()
        self.at("documents-narrow")

    def account(self) -> None:
        """The account, the phone and the ways out."""
        phone = self.phone
        phone.open_task()
        phone.enter()
        phone.step("反馈")
        phone.fill("反馈内容", "企业认为第 3 项的表述")  # typed, and not saved
        phone.go_to("我的")
        phone.see(re.compile("可用约"))
        self.at("me")
        self.page.get_by_role("button", name=re.compile("^修改本机密码")).click()
        self.at_sheet("new-secret", "修改本机密码")
        self.page.get_by_role("button", name=re.compile("^退出登录")).click()
        self.at_sheet("log-out", "有内容没有保存，退出后不能找回")

    def locked(self) -> None:
        """The door that is locked."""
        phone = self.phone
        self.page.reload()
        phone.see(phone.page.get_by_role("group", name="数字密码"))
        self.at("unlock")
        phone.press("忘记本机密码")
        phone.sheet("忘记本机密码怎么办")
        self.at("forgotten")
        phone.press("知道了")
        phone.type_pin("135790")
        phone.see(self.page.get_by_role("alert").filter(has_text="本机密码不正确"))
        self.at("unlock-wrong")
        phone.unlock()
        phone.see(phone.heading("我的"))

    # ── on the way ──

    def at_sheet(self, name: str, title: str, close: str = "关闭") -> None:
        """Be at a sheet of this title, and close it."""
        sheet = self.phone.sheet(title)
        self.at(name)
        sheet.get_by_role("button", name=close, exact=True).first.click()
        self.phone.gone(sheet)

    def _camera_sees(self) -> None:
        self.page.evaluate(SEES)

    def _draw(self) -> None:
        glass: Locator = self.page.locator(".glass")
        box = glass.bounding_box()
        assert box is not None
        hand = self.page.mouse
        hand.move(box["x"] + 0.25 * box["width"], box["y"] + 0.3 * box["height"])
        hand.down()
        hand.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
        hand.up()

    def _paper(self) -> Locator:
        return self.phone.see(self.page.get_by_role("img", name=re.compile("^第 1 页，共")))
