"""The bureau that is walked over page by page: real questions, and every kind of field."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from sqlalchemy import update

from forms import load
from forms.definition.parse import parse_form
from forms.definition.tables import Table
from forms.model import Form
from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.store.models.identity import User
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.work import Work
from sync.phone import Phone, SystemPhoneClock
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.phone.browser.site import SHIFT, Site
from tests.phone.field import PASSWORD, Built
from tests.usecases.bureau import FORM, open_bureau

QUESTIONS = load.packaged().get("general-safety", 1)
"""Asked of every enterprise."""
READINGS = "现场测量记录表"
CONTACTS = [
    {"name": "孙联系", "position": "安全员", "phone": "13900000000"},
    {"name": "钱大", "position": "主要负责人", "phone": "051800000000"},
]


def readings() -> Form:
    """Return a checklist with every kind of field."""
    body: dict[str, Any] = {
        "name": "readings",
        "version": 1,
        "title": READINGS,
        "effective_from": date(2026, 1, 1),
        "retired_on": None,
        "sectors": [],
        "device_clause": None,
        "sections": [
            {"title": "作业前检测", "hint": "进入前 30 分钟内检测。", "items": _measured()},
            {"title": "作业人员", "items": _listed()},
        ],
        "choice_lists": [
            _choices("gas", "氧气", "硫化氢", "一氧化碳", "可燃气体"),
            _choices("wind", "自然通风", "机械通风", "没有通风"),
        ],
    }
    return parse_form(Table(body, READINGS, "检查表"))


def _measured() -> list[dict[str, Any]]:
    must = {"required": "true()"}
    return [
        {"code": "M1", "kind": "note", "question": "检测仪器须在检定有效期内。"},
        {
            "code": "M2", "kind": "decimal", "question": "氧气含量", "unit": "%",
            "least": "0", "most": "30", "constraint": ". >= 19.5 and . <= 23.5",
            "constraint_message": "氧气含量应为19.5%至23.5%", **must,
        },
        {
            "code": "M3", "kind": "range", "question": "照度等级",
            "least": "1", "most": "5", "step": "1",
        },
        {
            "code": "M4", "kind": "select_multiple", "question": "检测的气体",
            "choices": "gas", **must,
        },
        {"code": "M5", "kind": "select_one", "question": "通风方式", "choices": "wind", **must},
        {"code": "M6", "kind": "date", "question": "仪器检定有效期至", "default": "today()"},
        {"code": "M7", "kind": "time", "question": "检测时间"},
        {"code": "M8", "kind": "geopoint", "question": "检测位置"},
        {"code": "M9", "kind": "image", "question": "仪器读数照片"},
    ]  # fmt: skip


def _listed() -> list[dict[str, Any]]:
    columns = [
        {"code": "P1A", "kind": "text", "question": "姓名", "required": "true()"},
        {"code": "P1B", "kind": "integer", "question": "作业证号", "default": "1001"},
    ]
    return [
        {"code": "P1", "kind": "repeat", "question": "进入作业的人员", "columns": columns},
        {"code": "P2", "kind": "text", "question": "监护人员的位置"},
        {"code": "P3", "kind": "acknowledge", "question": "作业人员已知晓应急处置方法"},
        {"code": "P4", "kind": "signature", "question": "监护人员签名"},
        {"code": "P5", "kind": "barcode", "question": "作业票编号"},
        {
            "code": "P6", "kind": "calculate", "question": "氧气含量与正常值之差",
            "calculation": "round(${M2} - 20.9, 1)",
        },
    ]  # fmt: skip


def _choices(name: str, *labels: str) -> dict[str, Any]:
    rows = [{"name": f"{name}{n}", "label": label} for n, label in enumerate(labels, 1)]
    return {"name": name, "choices": rows}


NOTICE = {"desk_complaint_phone": "0518-85550110"}
"""What the notice of rights tells besides."""


def build_walked(folder: Path, migrated: Path) -> Built:
    """Make a bureau whose one inspection has these checklists."""
    folder.mkdir(mode=0o700)
    shutil.copy(migrated, folder / "inspect.db")
    backend = make_backend(Settings(data_dir=folder, **BUREAU, **NOTICE), FixedClock())
    prepare(backend.settings)
    bureau = open_bureau(backend)
    with backend.begin(ALL_ROLES) as work:
        _furnish(work)
    task = str(bureau.dispatched()[0])
    backend.engine.dispose()
    return Built(folder, bureau, task)


def _furnish(work: Work) -> None:
    for form in (QUESTIONS, readings()):
        publish_checklist(work, form)
    retire_checklist(work, FORM.name, FORM.version, work.now.date())
    work.session.execute(update(Enterprise).values(contacts=CONTACTS))
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    work.session.execute(update(User).values(password_hash=cheap))


class MovedClock(SystemPhoneClock):
    """The clock of a phone in the days of the check."""

    def wall(self) -> datetime:
        return super().wall() + SHIFT


@contextmanager
def partner_of(site: Site, folder: Path) -> Iterator[Phone]:
    """The member's phone, without a screen: enrolled, arrived, and off the network again."""
    phone = Phone(folder / "partner.phone", MovedClock(), "协办手机")
    try:
        with httpx.Client(base_url=site.url, timeout=60, trust_env=False) as client:
            phone.enrol(client, "officer1", PASSWORD)
            assert phone.sync(client).complete
        phone.start_visit(site.task, place="三号车间", recording="执法记录仪 0002")
        yield phone
    finally:
        phone.close()
