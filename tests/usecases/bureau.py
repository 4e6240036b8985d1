"""A small bureau for tests: five officers, two enterprises, one revealed draw, one checklist."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from forms import load
from forms.library import Library
from forms.model import Basis, Form, Item, Kind, Law, Major, Section
from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    Risk,
    Role,
    Sector,
    Standardisation,
)
from inspect_server.store.models.identity import User
from inspect_server.store.models.registry import Enterprise, Officer, OfficerLeave, OfficerRecusal
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch, make_schemes
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Actor, Backend, Work
from tests.actors import ALL_ROLES
from tests.scenes import scene
from tests.usecases.hand_draw import FIRST, LAST, draw_by_hand

USCC = ("91320799MA1WAAAA1X", "91320799MA1WBBBB2Y")

_LAW = Law("T", "有限空间作业安全规定", "令第13号", date(2024, 1, 1), None, True, "测试")
_BASIS = Basis(_LAW, "第六条", True)


def item(code: str, major: Major = Major.NO, photos: int = 1) -> Item:
    """One check item."""
    return Item(
        code=code,
        kind=Kind.CHECK,
        question=f"问题{code}",
        how_to_check="现场查看",
        basis=(_BASIS,),
        major=major,
        major_needs=(),
        major_note="",
        device_clause=False,
        penalties=(),
        rectify=15,
        finding=f"存在问题{code}",
        photos_on_failure=photos,
        correctable_on_site=True,
        verification="测试",
    )


FORM = Form(
    name="small",
    version=1,
    title="测试检查表",
    effective_from=date(2024, 1, 1),
    retired_on=None,
    sectors=(Sector.CONFINED_SPACE.value,),
    device_clause=None,
    sections=(Section("一、现场", (item("A1"), item("A2", Major.YES), item("A3"))),),
)
LIBRARY = Library([FORM])
"""The one library of its tests: whoever keeps something by library finds it again."""

__all__ = ["FIRST", "LAST", "LIBRARY", "USCC", "Bureau", "open_bureau", "small_form"]


@pytest.fixture
def small_form(monkeypatch: pytest.MonkeyPatch) -> Form:
    """Only the small checklist is installed."""
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    return FORM


@dataclass
class Bureau:
    """Ids of everything in it."""

    backend: Backend
    officers: list[UUID] = field(default_factory=list)
    accounts: dict[UUID, UUID] = field(default_factory=dict)  # officer -> user
    enterprises: list[UUID] = field(default_factory=list)
    draw_id: UUID = field(default_factory=uuid4)
    author: Actor = field(
        default_factory=lambda: Actor(f"user:{uuid4()}", frozenset({Role.SUPERVISOR}), unit="一科")
    )
    approver: Actor = field(
        default_factory=lambda: Actor(f"user:{uuid4()}", frozenset({Role.APPROVER}), unit="局领导")
    )

    def inspector(self, index: int) -> Actor:
        """The account of one officer."""
        officer = self.officers[index]
        user = self.accounts[officer]
        return Actor(f"user:{user}", frozenset({Role.INSPECTOR}), user, officer, "一科")

    def schemes(self) -> list[UUID]:
        """Make the draw's schemes."""
        with self.backend.begin(self.author) as work:
            return [step.inspection_id for step in make_schemes(work, self.draw_id).schemes]

    def approved(self) -> list[UUID]:
        """Make and approve them."""
        made = self.schemes()
        for one in made:
            with self.backend.begin(self.approver) as work:
                approve_scheme(work, one)
        return made

    def dispatched(self) -> list[UUID]:
        """Make, approve and send them."""
        made = self.approved()
        for one in made:
            with self.backend.begin(self.author) as work:
                dispatch(work, one)
        return made

    def leave(self, index: int, first: date, last: date) -> None:
        """Send an officer on leave."""
        with self.backend.begin(ALL_ROLES) as work:
            work.session.add(
                OfficerLeave(
                    id=uuid4(),
                    officer_id=self.officers[index],
                    first_day=first,
                    last_day=last,
                    reason="年休假",
                )
            )

    def recuse(self, index: int, uscc: str) -> None:
        """Recuse an officer from an enterprise."""
        with self.backend.begin(ALL_ROLES) as work:
            work.session.add(
                OfficerRecusal(
                    id=uuid4(), officer_id=self.officers[index], uscc=uscc, reason="近亲属"
                )
            )

    def change(self, index: int, **values: Any) -> None:
        """Change an officer's row."""
        with self.backend.begin(ALL_ROLES) as work:
            officer = work.session.get_one(Officer, self.officers[index])
            for key, value in values.items():
                setattr(officer, key, value)


@scene
def open_bureau(backend: Backend, sectors: tuple[Sector, ...] = (Sector.CONFINED_SPACE,)) -> Bureau:
    """Fill an empty database."""
    bureau = Bureau(backend)
    with backend.begin(ALL_ROLES) as work:
        for n in range(5):
            _officer(work, bureau, n)
        for n in range(2):
            _enterprise(work, bureau, n, sectors)
        draw_by_hand(work, bureau)
    return bureau


def _officer(work: Work, bureau: Bureau, n: int) -> None:
    officer = Officer(
        id=uuid4(),
        cert_no=f"3207990000{n}",
        cert_valid_from=date(2024, 1, 1),
        cert_valid_to=date(2028, 12, 31),
        name="赵钱孙李周"[n] + "检查",
        unit="一科" if n < 4 else "二科",
        specialties=[],
        may_lead=n != 3,
        active=True,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(officer)
    work.session.flush()
    user = User(
        id=uuid4(),
        login=f"officer{n}",
        name=officer.name,
        unit=officer.unit,
        roles=[Role.INSPECTOR.value],
        password_hash="",
        officer_id=officer.id,
        failed_attempts=0,
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    facts = {"roles": user.roles, "unit": user.unit, "officer": str(officer.id)}
    note(work, "account.added", "accounts", {"user": str(user.id), **facts})
    bureau.officers.append(officer.id)
    bureau.accounts[officer.id] = user.id


def _enterprise(work: Work, bureau: Bureau, n: int, sectors: tuple[Sector, ...]) -> None:
    enterprise = Enterprise(
        id=uuid4(),
        uscc=USCC[n],
        name=f"云湾区第{n + 1}机械厂",
        legal_person="钱大",
        address=f"云湾区港前路{n + 1}号",
        division="320799",
        industry_code="C33",
        sectors=[sector.value for sector in sectors],
        risk=Risk.YELLOW,
        credit=Credit.B,
        standardisation=Standardisation.FIRST,
        is_key=False,
        status=EnterpriseStatus.OPERATING,
        contacts=[{"name": "孙联系", "position": "安全员", "phone": "13900000000"}],
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(enterprise)
    work.session.flush()
    bureau.enterprises.append(enterprise.id)
