"""One officer's phone: the app in a browser context, handled as a hand does."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.phone.browser.hand import PATIENCE_MS, Hand
from tests.phone.field import PASSWORD

__all__ = ["ENTERPRISE", "PASSWORD", "PATIENCE_MS", "PIN", "Handset"]

PIN = "246813"
ENTERPRISE = "云湾区第1机械厂"
AT_END = "() => { scrollTo(0, document.documentElement.scrollHeight); return scrollY > 0; }"
"""The page is scrolled to its end, and its top is out of sight."""

HELD = """async () => {
  const whole = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("inspect-phone-")) continue;
    const database = await whole(indexedDB.open(name));
    const rows = await whole(database.transaction("entries").objectStore("entries").getAll());
    found.push(...rows.map(({ hash, replica, seq, ackedEpoch, effect, reason }) =>
      ({ hash, replica, seq, acked: ackedEpoch !== "", effect, reason })));
    database.close();
  }
  return found;
}"""
"""The entries that are in the phone's database, as far as they are not sealed."""

PUT_ASIDE = """async (prefix) => {
  const whole = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("inspect-phone-")) continue;
    const database = await whole(indexedDB.open(name));
    const keys = await whole(database.transaction("drafts").objectStore("drafts").getAllKeys());
    database.close();
    if (keys.some((key) => key.startsWith(prefix))) return true;
  }
  return false;
}"""
"""Whether something of such a name, which somebody writes, is put aside."""


class Handset(Hand):
    """The app in one browser context."""

    # ── the door ──

    def open(self) -> None:
        """Open the app."""
        self.page.goto(f"{self.url}/phone/")

    def enrol(self, login: str, pin: str = PIN, label: str = "测试手机") -> None:
        """Make this phone the officer's, and wait until it works without a network."""
        self.open()
        self.see(self.heading("登记本机"))
        self._enrol(login, pin, label)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def register(self, login: str, pin: str) -> None:
        """Enrol one more account on the phone, which is locked."""
        self.press("登记另一个账号")
        self._enrol(login, pin)

    def begin_enrolling(self, login: str) -> None:
        """Send the login with which this phone is to be an officer's."""
        self.open()
        self.see(self.heading("登记本机"))
        self._log_in(login)

    def set_secret(self, pin: str) -> None:
        """Choose the secret of an account that is being enrolled, and go on to its tasks."""
        self.choose_pin(pin)
        self._enrolled()

    def _enrol(self, login: str, pin: str, label: str = "") -> None:
        self._log_in(login, label)
        self.set_secret(pin)

    def _enrolled(self) -> None:
        self.see(self.heading("登记完成"))
        self.press("进入任务")
        self.see(self.heading("任务"))

    def _log_in(self, login: str, label: str = "") -> None:
        self.fill("账号", login)
        self.fill("登录密码", PASSWORD)
        if label:
            self.fill("手机名称", label)
        self.press("下一步")

    def choose_pin(self, pin: str) -> None:
        """Choose the secret of an account that is being enrolled, once its login was taken."""
        self.see(self.heading("设置本机密码"))
        self.fill("数字密码（至少 6 位）", pin)
        self.fill("再输入一次", pin)
        self.press("完成登记")

    def unlock(self) -> None:
        """Open the account."""
        self.gone(self.type_pin(PIN))

    def type_pin(self, pin: str) -> Locator:
        """Type a PIN on the pad, which is returned."""
        pad = self.see(self.page.get_by_role("group", name="数字密码"))
        for digit in pin:
            self.press(digit, pad)
        self.press("解锁", pad)
        return pad

    # ── the task and its visit ──

    def open_task(self, group: str = "今日", which: str = ENTERPRISE) -> None:
        """From the list of tasks to the task."""
        self.go_to("任务")
        self.choose("任务分组", group)
        self.follow(re.compile(which))
        self.see(self.heading("任务详情"))

    def enter(self) -> None:
        """Into the visit."""
        self.follow(re.compile("^(进入|继续|查看)检查$"))
        self.see(self.steps())

    def steps(self) -> Locator:
        """The steps of the visit, at the bottom."""
        return self.page.get_by_role("navigation", name="检查步骤")

    def step(self, name: str) -> None:
        """Turn to a step."""
        link = self.steps().get_by_role("link", name=name, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "page", timeout=PATIENCE_MS)

    def go_to(self, name: str) -> None:
        """One of the three places of the bottom bar, from wherever the phone is."""
        bar = self.page.get_by_role("navigation", name="主导航")
        back = self.page.get_by_role("link", name="返回", exact=True)
        self.see(bar.or_(back).first)  # a page may still be on its way
        while not bar.is_visible():
            back.click()
            self.see(self.page.get_by_role("navigation"))
        self.follow(re.compile(f"^{name}"), bar)
        self.see(self.heading(name))

    def begin(self, *, located: bool = True, timed: bool = True) -> None:
        """From the list of tasks to the checklist of a visit that has begun."""
        self.open_task()
        self.enter()
        self.arrive(located=located, timed=timed)
        self.step("检查表")

    def arrive(self, place: str = "生产车间", *, located: bool = True, timed: bool = True) -> None:
        """Show badge and rights, and note the arrival, if need be by a clock that is wrong."""
        self.begin_arriving(place)
        self.see(self.page.get_by_role("status").filter(has_text="已定位" if located else "未定位"))
        self.press("登记到场")
        if not located:
            self.see(re.compile("也可以不定位，再点一次登记到场"))
            self.press("登记到场")
        if not timed:
            sheet = self.sheet("手机时间没有核对，如何登记到场？")
            sheet.get_by_role("radio", name="时间未核对").check()
            self.press("登记到场", sheet)
        self.see(self.heading("已到场"))

    def begin_arriving(self, place: str = "生产车间") -> None:
        """Fill in the arrival, and show badge and rights."""
        self.step("到场")
        self.fill("检查地点", place)
        self.fill("录音录像", "执法记录仪 0001，全程录像")
        self.follow(re.compile("出示证件、告知权利"))
        self.see(self.heading("行政检查告知"))
        self.read_to_the_end()
        self.press("已出示、已告知")
        expect(self.page.get_by_label("已告知企业在检查中的权利")).to_be_checked(
            timeout=PATIENCE_MS
        )

    def read_to_the_end(self) -> None:
        """Scroll through the notice, by the keyboard, until it may be said to be told."""
        told = self.see(self.page.get_by_role("button", name="已出示、已告知"))
        while told.is_disabled():  # more of it may be on its way
            self.page.keyboard.press("End")

    def meet(self, name: str, position: str = "厂长") -> None:
        """Note whom the enterprise sent."""
        self.step("到场")
        self.press("登记人员")
        sheet = self.sheet("登记人员")
        self.fill("姓名", name, sheet)
        sheet.get_by_label("职务").fill(position)
        self.press("保存", sheet)
        self.gone(sheet)
        self.see(self.page.get_by_role("button", name=re.compile(name)))

    def card(self, code: str) -> Locator:
        """One item of the checklist."""
        question = self.page.get_by_role("button", name=re.compile(f"^{code}\\b"))
        return self.page.get_by_role("article").filter(has=question)

    def answers(self, code: str) -> Locator:
        """What can be answered to an item."""
        return self.page.get_by_role("group", name=re.compile(f"^{code}\\b"))

    def answer(self, code: str, result: str = "符合") -> None:
        """Answer an item, and wait until that is saved."""
        button = self.answers(code).get_by_role("button", name=result, exact=True)
        button.click()
        self.shows_answer(code, result)
        self.saved(code)

    def shows_answer(self, code: str, result: str) -> None:
        """Wait until an item is answered so."""
        button = self.answers(code).get_by_role("button", name=result, exact=True)
        expect(button).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)

    def shows_no_answer(self, code: str) -> None:
        """Wait until an item is not answered."""
        self.see(self.answers(code))
        self.gone(self.answers(code).get_by_role("button", pressed=True))

    def shows(self, answers: Mapping[str, str], group: str = "今日") -> None:
        """From the list of tasks to the checklist, whose items are answered so."""
        self.open_task(group)
        self.enter()
        self.step("检查表")
        for code, result in answers.items():
            self.shows_answer(code, result)

    def saved(self, code: str) -> None:
        """Wait until an item shows when it was saved."""
        expect(self.card(code)).to_contain_text(re.compile(r"\d\d:\d\d"), timeout=PATIENCE_MS)
        expect(self.card(code)).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE_MS)

    def fail(self, code: str, text: str, place: str, photo: Path | None = None) -> None:
        """Answer 不符合, with a finding in its place, and perhaps a photo."""
        self.answer(code, "不符合")
        card = self.card(code)
        self.fill("问题描述", text, card)
        self.fill("部位", place, card)
        self.press("责令限期整改", card)
        self.press("保存问题" if photo is None else "保存并拍照", card)
        if photo is not None:
            self.choose_photo(photo)
            self.see(card.get_by_text("照片 1").first)
        self.see(card.get_by_role("button", name="修改", exact=True))

    def choose_photo(self, photo: Path, way: str = "相册") -> None:
        """In the camera, which no machine of ours has, take a picture that is there."""
        camera = self.sheet("拍照")
        camera.get_by_label(way, exact=True).set_input_files(photo)
        self.press("保存 1", camera)
        self.gone(camera)

    def note(self, text: str) -> None:
        """Write down what was talked over."""
        self.step("反馈")
        self.fill("反馈内容", text)
        self.press("保存")
        self.see(self.page.get_by_role("listitem").filter(has_text=text))

    # ── the end of the visit ──

    def exchange(self) -> None:
        """Turn to the page on which two phones give each other what they have."""
        self.step("签名")
        self.follow(re.compile("^交换记录"))
        self.see(self.heading("交换记录"))

    def hand_over(self, folder: Path) -> Path:
        """Give this phone's entries away as a file; return it."""
        self.exchange()
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=re.compile("^发送文件")).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        self.follow("返回签名")
        return path

    def take_in(self, file: Path, brings: str) -> None:
        """Take in the partner's file, and read what it brought."""
        self.exchange()
        self.pick(file)
        told = self.page.get_by_role("status").filter(has_text="已接收")
        compared = self.page.get_by_role("button", name="核对一致，接收")
        self.see(told.or_(compared).first)
        if compared.is_visible():  # of a phone whose key is here the officers compared it before
            compared.click()
        self.see(told.filter(has_text=brings))
        expect(told).to_be_in_viewport(timeout=PATIENCE_MS)
        self.follow("返回签名")
        self.see(self.steps())

    def pick(self, file: Path) -> None:
        """Choose a file on the page of the exchange, from its end: its top is out of sight."""
        self.page.wait_for_function(AT_END, timeout=PATIENCE_MS)  # what is there is read first
        self.page.get_by_label("选择同伴的文件").set_input_files(file)

    def refuses_its_own(self, file: Path) -> None:
        """A file of this very phone says so, where whoever picked it looks."""
        self.exchange()
        self.pick(file)
        told = self.see(self.page.get_by_role("alert").filter(has_text="本机自己的记录"))
        expect(told).to_be_in_viewport(timeout=PATIENCE_MS)
        self.follow("返回签名")

    def signer(self, who: str) -> Locator:
        """The row of one signer."""
        return self.page.get_by_role("listitem").filter(has_text=re.compile(f"^\\s*{who}"))

    def choose_paper(self, name: str) -> None:
        """Turn to one of the papers that are signed."""
        self.choose("签名的文书", name)

    def sign(self, who: str, name: str = "") -> None:
        """Sign by hand for one of the signers; an officer's name stands there already."""
        self.press("签名", self.signer(who))
        sheet = self.sheet(f"{who}签名")
        if name:
            self.fill("签名人姓名", name, sheet)
        self.draw(sheet)
        self.press("确认", sheet)
        self.gone(sheet)
        self.see(self.signer(who).get_by_text("已签", exact=True))

    def sign_all(self, head: str) -> None:
        """Sign the paper that is shown for both officers and for the enterprise."""
        for who, name in (("主办人员", ""), ("协办人员", ""), ("被检查单位", head)):
            self.sign(who, name)

    def sign_papers(self, head: str, *further: str) -> None:
        """Note whom the enterprise sent, and sign the record and these papers for everybody."""
        self.meet(head)
        self.step("签名")
        self.sign_all(head)
        for paper in further:
            self.choose_paper(paper)
            self.sign_all(head)

    def draw(self, sheet: Locator) -> None:
        """Two strokes across the pad, once what is signed was gone through."""
        self.read_through(sheet)
        pad = self.see(sheet.get_by_role("img", name=re.compile("^手写签名")))
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        for stroke in (((0.2, 0.3), (0.5, 0.7)), ((0.5, 0.3), (0.8, 0.6))):
            for index, (x, y) in enumerate(stroke):
                self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
                if index == 0:
                    self.page.mouse.down()
            self.page.mouse.up()

    def complete(self) -> None:
        """End the visit on this phone."""
        self.step("签名")
        self.press("结束检查")
        sheet = self.page.get_by_role("dialog", name=re.compile("^(结束本次检查？|尚未完成)$"))
        self.press("结束检查", self.see(sheet))
        self.see(self.page.get_by_text("检查已结束", exact=True).first)

    # ── delivery ──

    def waits(self, count: int) -> None:
        """Wait until so many saves and photos are said to wait, on every page."""
        self.see(self.page.get_by_role("link", name=f"待送 {count}", exact=True))

    def sync(self) -> None:
        """Sync until everything is with the server, and what was there is here."""
        self.go_to("同步")
        button = self.page.get_by_role("button", name="立即同步", exact=True)
        expect(button).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)  # else no tap
        with self.page.expect_response(lambda one: "/sync/" in one.url):
            button.click()
        self.see(self.page.get_by_text("全部送达", exact=True))

    def put_aside(self, prefix: str) -> None:
        """Wait until what is being written is put aside under a name that begins so."""
        while not self.page.evaluate(PUT_ASIDE, prefix):
            time.sleep(0.05)

    def held(self) -> list[dict[str, Any]]:
        """The entries in the phone's database."""
        found: list[dict[str, Any]] = self.page.evaluate(HELD)
        return found
