"""What the system tore off comes back; who leaves is asked about it; what the phone is called."""

import json
import re
import time

from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from inspect_server.store.models.journal import Operation, Replica
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import ENTERPRISE, PASSWORD, PATIENCE_MS, Handset
from tests.phone.browser.site import Site

PLAYS = "() => document.querySelector('.strip video')?.videoWidth > 0"
"""What is there of the film is one: the browser shows its pictures."""
FILMED = """async (least) => {
  const whole = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let bytes = 0;
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("inspect-phone-")) continue;
    const database = await whole(indexedDB.open(name));
    const rows = await whole(database.transaction("drafts").objectStore("drafts").getAll());
    for (const { key, sealed } of rows)
      if (key.startsWith("film-piece:")) bytes += sealed.byteLength;
    database.close();
  }
  return bytes > least;
}"""
"""Whether so many bytes of a film lie sealed: how soon they do is a matter of the machine."""
MUCH = 12_000
ASKED = "放弃已写的内容？"
ALLOWED = ("geolocation", "camera", "microphone")


def test_a_film_that_was_torn_off_is_told_on_leaving_and_found_where_it_was_taken(
    site: Site, with_camera: Browser, new_phone: NewPhone
) -> None:
    phone = new_phone(browser=with_camera, permissions=ALLOWED)
    phone.enrol("officer0")
    phone.begin()
    phone.step("问题")
    phone.press("添加检查表以外的问题")
    phone.fill("问题描述", "配电箱门未关闭")
    phone.press("保存并拍照")
    camera = phone.sheet("拍照")
    phone.press("录像", camera)
    camera = phone.sheet("录像")
    phone.press("开始录像", camera)
    phone.see(camera.get_by_role("timer"))
    while not phone.page.evaluate(FILMED, MUCH):
        time.sleep(0.2)
    phone.page.reload()  # as a system that needs the memory ends a page
    phone.unlock()
    phone.see(re.compile("^有 1 张照片或录像拍摄后没有保存"))
    phone.sync()
    phone.go_to("我的")
    leave(phone)
    asked = phone.sheet("有内容没有保存，退出后不能找回")
    phone.see(asked.get_by_text(ENTERPRISE))
    phone.see(asked.get_by_text("没有保存的照片、录像 1 个"))
    phone.press("取消", asked.get_by_role("contentinfo"))
    rename(phone, "张三的新手机")
    phone.open_task()
    phone.enter()
    phone.step("问题")
    phone.press("拍照")
    camera = phone.sheet("拍照")
    phone.see(camera.get_by_text("有 1 段录像是以前拍摄、尚未保存的"))
    phone.page.wait_for_function(PLAYS, timeout=PATIENCE_MS)
    phone.press("保存 1", camera)
    phone.gone(camera)
    phone.see("录像 1")
    phone.sync()
    phone.go_to("我的")
    leave(phone)
    phone.press("退出登录", phone.sheet("退出登录并清除数据？"))
    phone.see(phone.heading("登记本机"))

    with site.backend.reading() as session:
        (film,) = session.scalars(select(Operation.value).where(Operation.type == "photo.add"))
        labels = session.scalars(select(Replica.label).where(Replica.user_id.is_not(None))).all()
    value = json.loads(film)
    content = site.backend.blobs.read(value["sha256"])
    assert value["mime"].startswith("video/")
    assert len(content) == value["size"] > 10_000
    assert labels == ["张三的新手机"]


def test_a_problem_that_was_being_written_is_there_again_and_given_up_only_when_asked(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.fail("A1", "未设置警示标志", "一号池")
    card = phone.card("A1")
    phone.press("再记一条", card)
    phone.press("取消", card)  # nothing is written: nothing is asked
    phone.press("再记一条", card)
    phone.fill("问题描述", "警示标志脱落", card)
    phone.press("取消", card)
    phone.press("继续填写", phone.sheet(ASKED))
    phone.put_aside("finding/")
    again(phone)
    written = card.get_by_label("问题描述", exact=True)
    expect(written).to_have_value("警示标志脱落", timeout=PATIENCE_MS)
    phone.see(card.get_by_text("已恢复上次没有保存的内容。"))
    phone.press("取消", card)
    phone.press("放弃", phone.sheet(ASKED))
    phone.gone(written)

    phone.press("修改", card)
    phone.fill("部位", "一号池东侧", card)
    phone.put_aside("finding/")
    again(phone)
    expect(card.get_by_label("部位", exact=True)).to_have_value("一号池东侧", timeout=PATIENCE_MS)
    phone.press("保存问题", card)
    phone.see(card.get_by_text("一号池东侧"))

    phone.step("问题")
    phone.press("添加检查表以外的问题")
    phone.fill("问题描述", "消防通道堆放物料")
    phone.put_aside("finding/")
    again(phone)
    beside = phone.page.get_by_label("问题描述", exact=True)
    expect(beside).to_have_value("消防通道堆放物料", timeout=PATIENCE_MS)
    phone.fill("部位", "北门")
    phone.press("保存问题")
    phone.see("一般 2")
    phone.sync()

    with site.backend.reading() as session:
        said = session.scalars(select(Operation.value).where(Operation.type.like("finding.%")))
        texts = [json.loads(value)["text"] for value in said]
    assert sorted(texts) == ["未设置警示标志", "未设置警示标志", "消防通道堆放物料"]


def again(phone: Handset) -> None:
    """The page ends, as by a system that needs the memory, and is opened again."""
    phone.page.reload()
    phone.unlock()


def leave(phone: Handset) -> None:
    phone.page.get_by_role("button", name=re.compile("^退出登录")).click()


def rename(phone: Handset, name: str) -> None:
    phone.page.get_by_role("button", name=re.compile("^测试手机")).click()
    sheet: Locator = phone.sheet("修改手机名称")
    phone.fill("手机名称", name, sheet)
    phone.fill("登录密码", PASSWORD, sheet)
    phone.press("保存", sheet)
    phone.gone(sheet)
    phone.see(phone.page.get_by_role("button", name=re.compile(f"^{name}")))
