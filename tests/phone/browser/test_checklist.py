"""Every kind of item of a checklist, filled in by hand; conditions, and what two phones dispute."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import FilePayload, Locator, expect
from sqlalchemy import update

from forms import load
from forms.definition.parse import parse_form
from forms.definition.tables import Table
from forms.model import Form
from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.store.models.identity import User
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.walked import partner_of
from tests.phone.field import PASSWORD, Built
from tests.usecases.bureau import FORM, LIBRARY, open_bureau

TITLE = "各类检查项"
GIVEN = {
    "T1": "现场整洁",
    "I1": "12",
    "D1": "20.9",
    "R1": "3",
    "S1": "s2",
    "S2": ["m1", "m3"],
    "DA": "2026-03-05",
    "TI": "09:30",
    "MO": "2026-03-05T09:30+08:00",
    "BC": "TICKET-1",
    "AC": "OK",
    "TB": [{"N1": "张三", "N2": "7"}, {"N1": "李四"}],
}
"""What is stored of each item that is no check, once its field was filled in."""
TYPED = {"T1": "现场整洁", "I1": "０12", "D1": "20。9", "R1": "3", "BC": "TICKET-1"}
"""As it is typed, also by a Chinese keyboard."""
FILES: tuple[tuple[str, str, FilePayload], ...] = (
    ("FI", "选择文件", {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}),
    ("AU", "录音", {"name": "录音.m4a", "mimeType": "audio/mp4", "buffer": b"ftypM4A"}),
)
PICKED = {"DA": "2026-03-05", "TI": "09:30", "MO": "2026-03-05T09:30"}


def every_kind() -> Form:
    """A checklist with one item of each kind that somebody fills in or reads."""
    columns = [
        {"code": "N1", "kind": "text", "question": "姓名"},
        {"code": "N2", "kind": "integer", "question": "证号"},
        {"code": "N3", "kind": "image", "question": "证件照片"},
    ]
    asked: list[dict[str, Any]] = [
        {"code": "NO", "kind": "note", "question": "以下逐项填写。"},
        {"code": "T1", "kind": "text", "question": "现场情况"},
        {"code": "T2", "kind": "text", "question": "现场资料"},
        {"code": "I1", "kind": "integer", "question": "人数", "least": "1"},
        {"code": "D1", "kind": "decimal", "question": "氧气含量", "unit": "%"},
        {"code": "R1", "kind": "range", "question": "照度", "least": "1", "most": "5", "step": "1"},
        {"code": "S1", "kind": "select_one", "question": "通风方式", "choices": "s"},
        {"code": "S2", "kind": "select_multiple", "question": "检测的气体", "choices": "m"},
        {"code": "DA", "kind": "date", "question": "检定日期"},
        {"code": "TI", "kind": "time", "question": "检测时间"},
        {"code": "MO", "kind": "dateTime", "question": "检测时刻"},
        {"code": "BC", "kind": "barcode", "question": "作业票编号"},
        {"code": "GE", "kind": "geopoint", "question": "检测位置"},
        {"code": "IM", "kind": "image", "question": "读数照片"},
        {"code": "FI", "kind": "file", "question": "检测报告"},
        {"code": "AU", "kind": "audio", "question": "谈话录音"},
        {"code": "SG", "kind": "signature", "question": "监护人员签名"},
        {"code": "AC", "kind": "acknowledge", "question": "已知晓处置方法"},
        {"code": "TB", "kind": "repeat", "question": "作业人员", "columns": columns},
        {
            "code": "CA",
            "kind": "calculate",
            "question": "差值",
            "calculation": "round(${D1} - 20, 1)",
        },
        {"code": "W1", "kind": "text", "question": "风机编号", "relevant": "${S1} = 's2'"},
        {"code": "W2", "kind": "text", "question": "通风口位置", "relevant": "${S1} = 's1'"},
    ]
    body: dict[str, Any] = {
        "name": "kinds",
        "version": 1,
        "title": TITLE,
        "effective_from": date(2026, 1, 1),
        "retired_on": None,
        "sectors": [],
        "device_clause": None,
        "sections": [{"title": "逐项", "items": asked}],
        "choice_lists": [
            choices("s", "自然通风", "机械通风"),
            choices("m", "氧气", "硫化氢", "甲烷"),
        ],
    }
    return parse_form(Table(body, TITLE, "检查表"))


def choices(name: str, *labels: str) -> dict[str, Any]:
    rows = [{"name": f"{name}{n}", "label": label} for n, label in enumerate(labels, 1)]
    return {"name": name, "choices": rows}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    """A bureau whose one inspection asks this beside the small checklist."""
    folder = tmp_path_factory.mktemp("kinds") / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "inspect.db")
    backend = make_backend(Settings(data_dir=folder, **BUREAU), FixedClock())
    prepare(backend.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        bureau = open_bureau(backend)
        with backend.begin(ALL_ROLES) as work:
            publish_checklist(work, every_kind())
            cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
            work.session.execute(update(User).values(password_hash=cheap))
        task = str(bureau.dispatched()[0])
    backend.engine.dispose()
    return Built(folder, bureau, task)


@contextmanager
def network(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, timeout=60, trust_env=False) as client:
        yield client


def turn_to(phone: Handset, title: str) -> None:
    """Turn to one of the task's checklists."""
    tabs = phone.page.get_by_role("navigation", name="检查表", exact=True)
    tabs.get_by_role("button", name=re.compile(f"^{title}")).click()


def write(field: Locator, text: str) -> None:
    """Write into a field, and leave it."""
    field.fill(text)
    field.blur()


def sign(phone: Handset) -> None:
    """Two strokes of a finger in the field for a signature."""
    draw(phone)
    card = phone.card("SG")
    phone.press("确定", card)
    phone.see(card.get_by_text("王五（已手写签名）"))


def draw(phone: Handset) -> None:
    """Begin to sign."""
    card = phone.card("SG")
    phone.press("手写签名", card)
    phone.fill("签名人姓名（选填）", "王五", card)
    pad = phone.see(card.get_by_role("img"))
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    hand = phone.page.mouse
    hand.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    hand.down()
    hand.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=3)
    hand.up()


def killed(phone: Handset, kept: str) -> None:
    """The system ends the page once something of this name lies on the phone; back to the list."""
    phone.put_aside(kept)
    phone.page.reload()
    phone.unlock()
    turn_to(phone, TITLE)


def take(phone: Handset, row: Locator, photo: Path, seen: str) -> Locator:
    """In the camera of a row, what was taken there before and a picture more; return the camera."""
    phone.press("拍照", row)
    camera = phone.sheet("拍照")
    expect(camera.locator(".strip li")).to_have_count(int(seen), timeout=PATIENCE_MS)
    camera.get_by_label("相册", exact=True).set_input_files(photo)
    expect(camera.locator(".strip li")).to_have_count(int(seen) + 1, timeout=PATIENCE_MS)
    return camera


def fill_in(phone: Handset, photo: Path) -> None:
    """Answer every item by its own field, and wait until each is saved."""
    for code, text in (TYPED | PICKED).items():
        write(phone.card(code).locator("input, textarea").first, text)
        phone.saved(code)
    for code, names in {"S2": ("氧气", "甲烷"), "GE": ("定位",), "AC": ("确认",)}.items():
        for name in names:
            phone.press(name, phone.card(code))
        phone.saved(code)
    phone.see(phone.card("GE").get_by_text("纬度 34.600000，经度 119.200000"))
    phone.see(phone.card("CA").get_by_text("0.9", exact=True))
    sign(phone)
    phone.press("拍照", phone.card("IM"))
    phone.choose_photo(photo)
    phone.see(phone.card("IM").get_by_role("button", name="再拍一张", exact=True))
    for code, name, file in FILES:
        with phone.page.expect_file_chooser() as chooser:
            phone.press(name, phone.card(code))
        chooser.value.set_files([file])
        phone.see(phone.card(code).get_by_role("button", name=re.compile("^查看照片")))
    table = phone.card("TB")
    for number, row in enumerate(GIVEN["TB"]):
        phone.press("添加一行", table)
        cells = table.locator("section").nth(number)
        for name, cell in zip(("姓名", "证号"), row.values(), strict=False):
            write(cells.get_by_label(name, exact=True), cell)
    phone.press("未检查", phone.answers("T2"))
    phone.press("现场未提供资料", phone.card("T2"))
    phone.see(phone.card("T2").get_by_text("原因：现场未提供资料"))


def test_every_kind_of_item_is_filled_in_and_asked_only_where_its_condition_holds(
    site: Site, new_phone: NewPhone, photo: Path, tmp_path: Path
) -> None:
    phone = new_phone()
    with partner_of(site, tmp_path) as partner, network(site) as client:
        partner.answer(site.task, "answer/small/A1", "fail", note="标志脱落")
        partner.sync(client)
        phone.enrol("officer0")
        phone.context.set_offline(True)
        phone.begin()
        turn_to(phone, TITLE)
        phone.see("以下逐项填写。")
        phone.see(phone.card("T1"))
        phone.gone(phone.card("W1").or_(phone.card("W2")))
        phone.press("自然通风", phone.card("S1"))
        phone.see(phone.card("W2"))
        phone.gone(phone.card("W1"))
        phone.press("机械通风", phone.card("S1"))
        phone.see(phone.card("W1"))
        phone.gone(phone.card("W2"))
        fill_in(phone, photo)
        phone.context.set_offline(False)
        phone.sync()
        partner.sync(client)
        said = {
            item.removeprefix("answer/kinds/"): found.value
            for item, found in partner.record(site.task).items.items()
            if item.startswith("answer/kinds/")
        }
        files = [
            (found.value["answer_item"], found.value["mime"])
            for item, found in partner.record(site.task).items.items()
            if item.startswith("photo/")
        ]

    assert {code: said[code]["given"] for code in GIVEN} == GIVEN
    place, signed = said["GE"]["given"], said["SG"]["given"]
    assert (place["latitude"], place["longitude"]) == ("34.600000", "119.200000")
    assert (signed["name"], len(signed["strokes"])) == ("王五", 1)
    assert said["T2"] == {"result": "not_checked", "reason": "现场未提供资料", "note": ""}
    assert sorted(files) == [
        ("answer/kinds/AU", "audio/mp4"),
        ("answer/kinds/FI", "application/pdf"),
        ("answer/kinds/IM", "image/jpeg"),
    ]
    assert said.keys() == {*GIVEN, "GE", "SG", "T2"}
    site.keeps_its_word(phone)
    assert set(site.stored().values()) == {"applied"}


def test_a_hand_under_way_and_photos_of_a_row_come_back_where_they_belong(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    turn_to(phone, TITLE)
    draw(phone)
    killed(phone, "sign:")
    card = phone.card("SG")
    phone.see(card.get_by_text("已恢复上次没有保存的内容。"))
    phone.see(card.get_by_role("img", name="监护人员签名：已签"))
    phone.press("确定", card)
    phone.see(card.get_by_text("王五（已手写签名）"))
    table = phone.card("TB")
    for number, name in enumerate(("张三", "李四")):
        phone.press("添加一行", table)
        write(table.locator("section").nth(number).get_by_label("姓名", exact=True), name)
        phone.saved("TB")
    first, second = table.locator("section").nth(0), table.locator("section").nth(1)
    take(phone, first, photo, "0")
    killed(phone, "shot:")
    camera = take(phone, second, photo, "0")
    phone.press("保存 1", camera)
    phone.gone(camera)
    phone.see(second.get_by_role("button", name=re.compile("^查看照片")))
    camera = take(phone, first, photo, "1")
    phone.press("保存 2", camera)
    phone.gone(camera)
    expect(first.get_by_role("button", name=re.compile("^查看照片"))).to_have_count(
        2, timeout=PATIENCE_MS
    )
    phone.see(first.locator(".photos img").first)
    phone.press("删除第2行", second)
    phone.press("删除本行", second)
    phone.see(table.get_by_text("有 1 个附件不在任何一行"))
    phone.press("放入本行", first)
    phone.gone(table.get_by_text("个附件不在任何一行"))
    expect(first.get_by_role("button", name=re.compile("^查看照片"))).to_have_count(
        3, timeout=PATIENCE_MS
    )
    phone.saved("TB")
    phone.sync()

    assert set(site.stored().values()) == {"applied"}


def test_what_two_phones_say_differently_stands_side_by_side_until_the_lead_settles_it(
    site: Site, new_phone: NewPhone, tmp_path: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    with partner_of(site, tmp_path) as partner, network(site) as client:
        partner.answer(site.task, "answer/small/A1", "fail", note="标志脱落")
        phone.context.set_offline(True)
        phone.begin()
        turn_to(phone, FORM.title)
        phone.answer("A1", "符合")
        partner.sync(client)
        phone.context.set_offline(False)
        phone.sync()
        phone.open_task()
        phone.enter()
        phone.step("检查表")
        turn_to(phone, FORM.title)
        dispute = phone.see(phone.card("A1").get_by_role("region", name="两部手机填写不一致"))
        sides = dispute.locator(".side")
        expect(sides).to_have_count(2, timeout=PATIENCE_MS)
        expect(sides.filter(has_text="本人")).to_contain_text("符合")
        theirs = sides.filter(has_text="钱检查")
        expect(theirs).to_contain_text("不符合（标志脱落）")
        phone.press("采用", theirs)
        expect(dispute.get_by_role("button", name="确认采用")).to_be_disabled()
        phone.fill("确认理由", "已到现场复核", dispute)
        phone.press("确认采用", dispute)
        phone.gone(dispute)
        phone.shows_answer("A1", "不符合")
        phone.sync()
        partner.sync(client)
        settled = partner.item(site.task, "answer/small/A1")

    assert settled is not None
    assert not settled.conflict
    assert settled.heads[-1].settled_reason == "已到现场复核"
    assert settled.value["result"] == "fail"
    site.keeps_its_word(phone)
    assert sorted(set(site.stored().values())) == ["applied", "conflict"]
