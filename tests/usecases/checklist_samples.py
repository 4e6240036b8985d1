"""Versions that follow the small checklist of the tests' bureau, and who may keep them."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from forms.model import Basis, Form, Item, Law, Penalty, Section
from inspect_server.domain.enums import Role
from inspect_server.usecases.checklists.publish_checklist import (
    PublishedVersion,
    publish_checklist,
)
from inspect_server.usecases.work import Actor, Backend
from tests.usecases import bureau
from tests.usecases.bureau import FORM

KEEPER = Actor(f"user:{uuid4()}", frozenset({Role.SUPERVISOR}), unit="一科")
REVIEWER = Actor(f"user:{uuid4()}", frozenset({Role.LEGAL_REVIEWER}), unit="法制科")
LAW = Law("t", "某规定", "令第13号", date(2024, 1, 1), None, verified=True, source="测试")
BASIS = Basis(LAW, "第六条", verified=True)
OPEN = Basis(LAW, "第九条", verified=False)


CLAUSE = Penalty("P1", LAW, "第二十条", "", "处1万元以下罚款", "", "", verified=True, source="测试")


def item(code: str) -> Item:
    """One item as a definition has it: with a penalty clause."""
    return replace(bureau.item(code), basis=(BASIS,), penalties=(CLAUSE,))


def following(version: int = 2, **changes: object) -> Form:
    """A later version whose first item the bureau marks as a matter of its focus list."""
    first = replace(item("A1"), focus=True, question="重点事项：问题A1")
    sections = (Section("一、现场", (first, item("A2"), item("A3"), item("B1"))),)
    values = {"effective_from": date(2026, 3, 10), "sections": sections, **changes}
    return replace(FORM, version=version, **values)  # type: ignore[arg-type]  # of any field


def publish(backend: Backend, form: Form, actor: Actor = KEEPER) -> PublishedVersion:
    """Publish one version."""
    with backend.begin(actor) as work:
        return publish_checklist(work, form)
