"""Files out of the app by the system's share sheet: what it is given, and what it may refuse."""

import base64
import re
from pathlib import Path

from playwright.sync_api import Download, Route

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.test_documents import to_documents

SHEET = """(() => {
  globalThis.given = [];
  globalThis.asked = 0;
  globalThis.refusal = "";
  const share = async ({ files }) => {
    const [file] = files;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const content = btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
    globalThis.asked += 1;
    if (refusal) throw new DOMException("refused", refusal);
    given.push({ name: file.name, type: file.type, content });
  };
  const canShare = ({ files }) => files.length === 1 && files[0] instanceof File;
  Object.defineProperties(navigator, { share: { value: share }, canShare: { value: canShare } });
})()"""
"""A system with a share sheet, which keeps what it is given, or refuses by a name."""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SHARED = "文书已交给所选程序或存到手机，可用打印程序打开"
EXCHANGED = "文件可交给同伴，请同伴在本页选择接收"


def tap(phone: Handset, name: str, refusal: str = "") -> None:
    """Share, and wait until the sheet was asked; a tap that came too early wants another one."""
    phone.page.evaluate("name => { asked = 0; refusal = name; }", refusal)
    button = phone.page.get_by_role("button", name=re.compile(f"^{name}"))
    button.click()
    phone.page.wait_for_function("() => asked > 0", timeout=PATIENCE_MS)


def given(phone: Handset) -> tuple[str, str, bytes]:
    """The one file that the sheet was given since the last time: name, kind and bytes."""
    ((name, kind, content),) = phone.page.evaluate(
        "() => given.splice(0).map((one) => [one.name, one.type, one.content])"
    )
    return name, kind, base64.b64decode(content)


def refused(phone: Handset, name: str, done: str) -> bytes:
    """Who calls it off is told of nothing; where it is not allowed there is a download."""
    downloads: list[str] = []

    def note(download: Download) -> None:
        downloads.append(download.suggested_filename)

    phone.page.on("download", note)
    tap(phone, name, "AbortError")
    phone.page.evaluate(DRAWN)
    phone.gone(phone.page.get_by_text(done))
    phone.gone(phone.page.get_by_role("alert"))
    with phone.page.expect_download() as download:
        tap(phone, name, "NotAllowedError")
    phone.see(done)
    assert len(downloads) == 1
    assert phone.page.evaluate("given.length") == 0
    return download.value.path().read_bytes()


def test_the_share_sheet_is_given_what_is_shown_and_its_refusal_loses_nothing(
    site: Site, new_phone: NewPhone, tmp_path: Path
) -> None:
    lead, member = new_phone(), new_phone()
    lead.context.add_init_script(SHEET)
    for number, phone in enumerate((lead, member)):
        phone.enrol(f"officer{number}")
        phone.begin()
    lead.answer("A1")
    lead.sync()
    by_server: list[bytes] = []

    def listen(route: Route) -> None:
        reply = route.fetch()
        by_server.append(base64.b64decode(reply.json()["pdf_b64"]))
        route.fulfill(response=reply)

    lead.page.route(re.compile("/sync/v1/preview"), listen)
    to_documents(lead)
    lead.see(lead.page.get_by_role("img", name=re.compile("^第 1 页，共")))
    saved = refused(lead, "分享、打印", SHARED)
    tap(lead, "分享、打印")
    name, kind, pdf = given(lead)

    assert (name, kind) == ("现场检查记录_2026-0001_预览.pdf", "application/pdf")
    assert [pdf] == [saved] == by_server

    lead.open_task()
    lead.enter()
    lead.exchange()
    saved = refused(lead, "发送文件", EXCHANGED)
    tap(lead, "发送文件")
    name, kind, file = given(lead)
    lead.see(EXCHANGED)
    taken = tmp_path / name
    taken.write_bytes(file)
    member.context.set_offline(True)
    member.open_task()
    member.enter()
    member.take_in(taken, "赵检查：2 条")
    member.context.set_offline(False)
    member.sync()

    assert (name, kind) == ("2026-0001-赵检查.inspect.gz", "application/gzip")
    assert file == saved
    site.has_all(lead, member)
