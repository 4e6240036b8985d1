"""
A second walk: over what comes at the end of a visit and afterwards, and over what is seldom seen.

`LaterWalk(site, phone, partner, at).all(folder)` calls `at` as the first one does (walk.py). Its
bureau has more tasks than one (published.py), and a print pack.
"""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Locator

from inspect_server.usecases.accounts.managing import set_password
from inspect_server.usecases.print_pack import NAME
from inspect_server.usecases.print_pack.packing import write_pack
from sync.phone import Phone
from tests.actors import ALL_ROLES
from tests.browser_rendering.test_pyodide import PYODIDE
from tests.phone.browser.phone_page import PASSWORD, PIN, Handset
from tests.phone.browser.published import OTHER_ENTERPRISE
from tests.phone.browser.site import Site

LATER = {
    "obstacle": "不能使用的浏览器",
    "tasks-upcoming": "任务：未开始",
    "tasks-overdue": "任务：已逾期",
    "cap": "任务详情：已达年度检查频次上限",
    "ended": "本机已结束检查",
    "tasks-done": "任务：已完成",
    "pack": "下载离线打印包",
    "documents-offline": "文书：没有网络，由离线打印包排版",
    "attention": "同步：需处理",
    "log-in-again": "重新登录",
    "documents-issued": "文书：正式文书，内容一致",
    "documents-changed": "文书：签名后内容有变",
    "second-window": "另一个窗口已打开",
    "rename": "修改手机名称",
    "accounts": "请选择账号",
}
HEAD, FOUND = "钱大", "三号车间配电箱箱门敞开，未上锁"
STALE = "企业负责人已离开现场，补充的内容已由其电话确认"
ELSEWHERE = "本账号已在另一个窗口打开，本窗口只能查看。"
NUMBER = "2026-0001"
REFUSED = "status of 401"
"""What the browser says of a login that is over."""


class LaterWalk:
    """One phone's way from what hinders it to the issued documents."""

    def __init__(
        self, site: Site, phone: Handset, partner: Phone, at: Callable[[str], None]
    ) -> None:
        """
        Begin at the door.

        Args:
            site: Of `build_busy`.
            phone: Of the lead.
            partner: Of the member, enrolled, with the task and the arrival, without a screen.
            at: Is called on each screen.
        """
        self.site, self.phone, self.partner, self.at = site, phone, partner, at
        self.page = phone.page

    def all(self, folder: Path) -> None:
        """Walk; a picture for a finding is made in the folder."""
        backend = self.site.backend
        write_pack(backend.settings.data_dir / NAME, PYODIDE, backend.settings, backend.fonts)
        self.obstacle()
        self.tasks()
        self.visit(folder / "现场.jpg")
        self.offline()
        self.afterwards()
        self.windows()
        self.account()

    def obstacle(self) -> None:
        """A browser inside another app; then the phone's own, on which it is enrolled."""
        phone = self.phone
        own = self.page.evaluate("navigator.userAgent")
        browser = phone.context.new_cdp_session(self.page)
        says = "Emulation.setUserAgentOverride"
        browser.send(says, {"userAgent": f"{own} MicroMessenger/8.0.50"})
        phone.open()
        phone.see("请用系统浏览器打开")
        self.at("obstacle")
        browser.send(says, {"userAgent": own})
        phone.enrol("officer0")

    def tasks(self) -> None:
        """What has not begun, what is over, and an enterprise that was checked often enough."""
        phone = self.phone
        task = self.page.get_by_role("link", name=re.compile(OTHER_ENTERPRISE))
        for group, name in (("未开始", "tasks-upcoming"), ("已逾期", "tasks-overdue")):
            phone.choose("任务分组", group)
            phone.see(task)
            self.at(name)
        phone.open_task("已逾期", OTHER_ENTERPRISE)
        phone.see("已达年度检查频次上限").scroll_into_view_if_needed()
        self.at("cap")

    def visit(self, photo: Path) -> None:
        """A whole visit that all have signed, ended here and delivered."""
        phone = self.phone
        self._partner_syncs()
        phone.sync()
        phone.begin()
        phone.meet(HEAD)
        phone.step("检查表")
        Image.effect_noise((1200, 900), 60).convert("RGB").save(photo, quality=90)
        phone.fail("A1", FOUND, "三号车间", photo)
        phone.answer("A2")
        phone.answer("A3")
        phone.step("签名")
        phone.sign_all(HEAD)
        phone.choose_paper("责令整改")
        phone.sign_all(HEAD)
        phone.choose_paper("检查记录")
        phone.complete()
        phone.sync()
        self._signing()
        phone.see(self.page.get_by_text("检查已结束", exact=True).first)
        self.at("ended")
        phone.go_to("任务")
        phone.choose("任务分组", "已完成")
        phone.see(self.page.get_by_text("本机已结束", exact=True))
        self.at("tasks-done")

    def offline(self) -> None:
        """The print pack, and a paper that the phone sets by itself."""
        phone = self.phone
        self._documents()
        self._paper()
        phone.press("下载")
        sheet = phone.sheet("请确认已连接 Wi-Fi")
        self.at("pack")
        phone.press("仍要下载", sheet)
        phone.see("离线打印包已下载并核对")
        phone.context.set_offline(True)
        phone.choose("文书种类", "责令整改")
        phone.see("没有网络，以下由本机离线打印包排版，版式和内容与服务器一致。")
        self._paper()
        self.page.evaluate("scrollTo(0, 0)")
        self.at("documents-offline")

    def afterwards(self) -> None:
        """The partner adds something, the office issues; this phone is late, and its login over."""
        phone, site = self.phone, self.site
        self._signing()
        phone.note("企业补充说明：配电箱当日已加锁。")
        self.partner.note(site.task, "企业已于当日加锁配电箱。")
        self._partner_syncs()
        site.command("record", "close", NUMBER, "--stale-reason", STALE, "--as", "officer0")
        site.command("documents", "issue", NUMBER, "--as", "officer0")
        with site.backend.begin(ALL_ROLES) as work:
            set_password(work, "officer0", PASSWORD)  # which withdraws what this phone pulls with
        phone.context.set_offline(False)
        phone.go_to("同步")
        phone.press("立即同步")
        phone.see(re.compile("^记录已办结"))
        phone.see("登录已失效，不能下载任务和同伴的填写。")
        self.at("attention")
        phone.press("知道了")
        phone.press("重新登录")
        sheet = phone.sheet("重新登录")
        self.at("log-in-again")
        phone.fill("登录密码", PASSWORD, sheet)
        phone.press("重新登录", sheet)
        phone.gone(sheet)
        phone.complaints[:] = [one for one in phone.complaints if REFUSED not in one]
        phone.see(self.page.get_by_text("全部送达", exact=True))
        self._documents()
        phone.choose("文书种类", "责令整改")
        phone.see(self.page.get_by_text("内容一致", exact=True))
        self._paper()
        self.at("documents-issued")
        phone.choose("文书种类", "检查记录")
        phone.see(self.page.get_by_text("内容有变", exact=True))
        self._paper()
        self.at("documents-changed")

    def windows(self) -> None:
        """Another window writes, and this one reads until that is closed."""
        phone = self.phone
        phone.go_to("任务")
        other = phone.tab()
        other.open()
        other.unlock()
        other.press("改在本窗口填写")
        told = phone.see(self.page.get_by_text(ELSEWHERE))
        self.at("second-window")
        other.page.close()
        phone.gone(told)

    def account(self) -> None:
        """Another name for the phone, and another officer on it."""
        phone = self.phone
        phone.go_to("我的")
        self.page.get_by_role("button", name=re.compile("手机名称，承办机构凭此辨认")).click()
        self._at_sheet("rename", "修改手机名称")
        phone.press("立即锁定")
        phone.register("officer2", PIN)
        phone.go_to("我的")
        phone.press("立即锁定")
        phone.see(phone.heading("请选择账号"))
        self.at("accounts")

    # ── on the way ──

    def _signing(self) -> None:
        """Turn to the signatures of the task that is done, from wherever the phone is."""
        self.phone.open_task("已完成")
        self.phone.enter()
        self.phone.step("签名")

    def _documents(self) -> None:
        self._signing()
        self.phone.follow(re.compile("^查看文书"))
        self.phone.see(self.phone.heading("文书"))

    def _paper(self) -> Locator:
        return self.phone.see(self.page.get_by_role("img", name=re.compile("^第 1 页，共")))

    def _partner_syncs(self) -> None:
        with httpx.Client(base_url=self.site.url, timeout=60, trust_env=False) as client:
            assert self.partner.sync(client).complete

    def _at_sheet(self, name: str, title: str) -> None:
        sheet = self.phone.sheet(title)
        self.at(name)
        sheet.get_by_role("button", name="关闭", exact=True).first.click()
        self.phone.gone(sheet)
