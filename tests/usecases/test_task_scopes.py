"""What each phone is told: its own tasks and what they need, as it stands now, nothing else."""

import json
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.enums import Standardisation
from inspect_server.domain.inspection import EndReason
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import scopes
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.documents.issue_document import void_document
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch, reassign
from inspect_server.usecases.inspecting.end_inspection import end_inspection
from inspect_server.usecases.journal.inbox import accept_entry
from inspect_server.usecases.phones.publish_task import hide_closed_tasks, show_enterprises
from inspect_server.usecases.registry.import_registry import import_enterprises, import_officers
from inspect_server.usecases.work import Backend
from sync.cursor import Cursor
from sync.entries import make_op
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.usecases.bureau import USCC, Bureau, open_bureau, small_form
from tests.usecases.phones import Visit
from tests.usecases.registry_samples import (
    OFFICER_TITLES,
    TITLES,
    code,
    enterprise,
    officer,
    write_csv,
)
from tests.usecases.test_direct_check import direct
from tests.usecases.test_documents import _go, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

TASK = {
    "id", "number", "state", "source", "visit_from", "visit_to", "form_set", "forms", "scheme",
    "enterprise_id", "frequency", "team", "others",
}  # fmt: skip
ENTERPRISE = {
    "id", "uscc", "name", "legal_person", "address", "division", "division_name", "industry_code",
    "industry_section", "business_scope", "status", "recusal", "sectors", "risk", "credit",
    "standardisation", "is_key", "longitude", "latitude", "datum", "contacts", "history",
    "open_hazards", "rectified_hazards", "rectified_count",
}  # fmt: skip
HAZARD = {
    "inspection", "found_on", "level", "text", "place", "basis", "measure", "state", "order_no",
    "is_supervised", "inspection_id", "number", "photos", "rechecks", "result", "rechecked_on",
    "deadline", "ordered_on",
    "further_measures",
}  # fmt: skip
PERSON = {"user_id", "officer_id", "name", "cert_no", "unit"}


@dataclass
class Town:
    """Two units: officers 0 and 1 have both drawn tasks, 4 (of the other unit) and 2 a third."""

    bureau: Bureau
    drawn: list[UUID] = field(default_factory=list)
    directed: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = self.bureau.dispatched()
        self.directed = direct(
            self.bureau, lead=self.bureau.officers[4], members=(self.bureau.officers[2],)
        )
        send(self.bureau, self.directed)

    @property
    def backend(self) -> Backend:
        return self.bureau.backend

    def told(self, index: int) -> dict[str, dict[str, Any]]:
        """What one officer's phone would pull: document id -> body."""
        user = self.bureau.accounts[self.bureau.officers[index]]
        with self.backend.reading() as session:
            rows = scopes.changed(session, user, Cursor(upto=2**40), 1000)
        return {document.id: json.loads(document.body) for document in rows}

    def kinds(self, index: int) -> set[str]:
        """The tasks, enterprises and items that one officer's phone is told of."""
        public = ("law/", "form/", "bureau")
        return {id for id in self.told(index) if not id.startswith(public)}

    def of(self, inspection: UUID) -> str:
        """The document of the enterprise of an inspection."""
        with self.backend.reading() as session:
            return f"enterprise/{session.get_one(Inspection, inspection).enterprise_id}"

    def enterprise(self, inspection: UUID) -> dict[str, Any]:
        """What is stored for the phones of the enterprise of an inspection."""
        id = self.of(inspection)
        with self.backend.reading() as session:
            found: dict[str, Any] = json.loads(sync_documents.by_id(session, [id])[id].body)
        return found

    def task(self, inspection: UUID) -> dict[str, Any]:
        """What is stored for the phones of an inspection."""
        id = f"task/{inspection}"
        with self.backend.reading() as session:
            found: dict[str, Any] = json.loads(sync_documents.by_id(session, [id])[id].body)
        return found

    def shared(self) -> list[UUID]:
        """The directed inspection and the drawn one of the same enterprise."""
        return [one for one in self.drawn if self.of(one) == self.of(self.directed)]

    def position(self) -> int:
        with self.backend.reading() as session:
            found = sync_documents.by_id(session, [self.of(self.directed)])
        return next(iter(found.values())).pos


@pytest.fixture
def town(sqlite_backend: Backend) -> Town:
    return Town(open_bureau(sqlite_backend))


def send(bureau: Bureau, inspection_id: UUID) -> None:
    """Approved and dispatched by somebody above the units."""
    for step in (approve_scheme, dispatch):
        with bureau.backend.begin(bureau.approver) as work:
            step(work, inspection_id)


def closed(town: Town, **finding: Any) -> Visit:
    """The drawn visit to the enterprise where the directed check is still to come, closed."""
    return _go(Visit(town.bureau, town.shared()[0]), True, **finding)


def test_each_of_two_units_sees_its_own_tasks_their_enterprises_and_nothing_else(
    town: Town,
) -> None:
    drawn = {f"task/{one}" for one in town.drawn} | {town.of(one) for one in town.drawn}
    directed = {f"task/{town.directed}", town.of(town.directed)}
    Visit(town.bureau, town.drawn[0]).start(0)
    items = {id for id in town.told(0) if id.startswith("item/")}

    assert town.kinds(0) == town.kinds(1) == drawn | items
    assert town.kinds(4) == town.kinds(2) == directed
    assert town.told(3) == {}
    assert {id.split("/")[1] for id in items} == {str(town.drawn[0])}
    public = {id for id in town.told(4) if id.startswith(("law/", "form/"))}
    assert public == {id for id in town.told(0) if id.startswith(("law/", "form/"))}
    assert {id for id in public if id.startswith("form/")} == {"form/small@1"}


def test_a_task_and_an_enterprise_say_exactly_what_an_inspector_needs(town: Town) -> None:
    closed(town)
    task, unit = town.task(town.directed), town.enterprise(town.directed)

    assert set(task) == TASK
    assert {frozenset(one) for one in task["team"]} == {frozenset(PERSON | {"role"})}
    assert set(unit) == ENTERPRISE
    assert [set(one) for one in unit["history"]] == [{"number", "checked_on", "source", "counts"}]
    assert [set(one) for one in unit["open_hazards"]] == [HAZARD]


def test_two_tasks_of_an_enterprise_share_one_document(town: Town) -> None:
    assert town.of(town.directed) in town.told(4)
    assert town.told(4)[town.of(town.directed)] == town.told(0)[town.of(town.directed)]


def test_closing_one_check_reaches_the_phones_of_another_that_was_sent_out_before(
    town: Town,
) -> None:
    before = town.enterprise(town.directed)
    visit = closed(town)
    after = town.told(4)[town.of(town.directed)]

    assert (before["history"], before["open_hazards"]) == ([], [])
    with town.backend.reading() as session:
        number = session.get_one(Inspection, visit.inspection).number
    assert after["history"] == [
        {"number": number, "checked_on": "2026-03-05", "source": "draw", "counts": True}
    ]
    hazard = after["open_hazards"][0]
    assert (hazard["inspection"], hazard["found_on"]) == (number, "2026-03-05")
    assert (hazard["state"], hazard["order_no"], hazard["deadline"]) == ("noted", "", "2026-03-20")


def test_an_open_hazard_carries_the_deadline_of_the_order_in_force(
    town: Town, clock: FixedClock
) -> None:
    visit = closed(town)
    issued = issue(visit)
    order = next(one for one in issued.documents if one.kind == "rectification_order")
    ordered = town.enterprise(town.directed)["open_hazards"]
    with town.backend.begin(ALL_ROLES) as work:
        void_document(work, order.id, "期限另定")
    voided = town.enterprise(town.directed)["open_hazards"]
    clock.forward(days=30)
    issue(visit, town.bureau.inspector(0), new_deadline=date(2026, 5, 8))
    renewed = town.enterprise(town.directed)["open_hazards"]

    said = [
        [(one["state"], one["order_no"], one["deadline"]) for one in hazards]
        for hazards in (ordered, voided, renewed)
    ]
    assert said == [
        [("ordered", order.doc_no, "2026-03-20")],
        [("noted", "", "2026-03-20")],
        [("ordered", "（苏·云）应急责改〔2026〕1-1号", "2026-05-08")],
    ]


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        ({"measure": "rectify_now"}, [""]),
        ({"corrected_on_site": True, "deadline": ""}, []),
    ],
)
def test_what_was_corrected_is_no_hazard_and_what_was_due_at_once_has_no_deadline(
    town: Town, finding: dict[str, Any], told: list[str]
) -> None:
    closed(town, **finding)

    assert [one["deadline"] for one in town.enterprise(town.directed)["open_hazards"]] == told


def test_a_closed_recheck_ends_the_hazards_that_it_found_rectified(town: Town) -> None:
    with town.backend.begin(ALL_ROLES) as work:
        for id in town.bureau.enterprises:  # one that may be checked more than once a year
            work.session.get_one(Enterprise, id).standardisation = Standardisation.NONE
    visit = closed(town)
    issue(visit)
    with town.backend.reading() as session:
        number = session.get_one(Inspection, visit.inspection).number
    again = direct(town.bureau, DirectedReason.DEADLINE, reference=number)
    send(town.bureau, again)
    during = [one["inspection"] for one in town.enterprise(again)["open_hazards"]]
    assert town.task(again)["scheme"]["follows"] == number
    second = Visit(town.bureau, again, visit.at)
    second.recheck(f"recheck/{visit.inspection}/1", "rectified")
    _go(second, True, text="仍未设置警示标志")

    after = town.enterprise(town.directed)["open_hazards"]
    assert during == [number]
    assert [(one["text"], one["state"]) for one in after] == [("仍未设置警示标志", "noted")]
    assert len(town.enterprise(town.directed)["history"]) == 2


def test_what_was_only_dispatched_or_was_ended_is_no_earlier_check(town: Town) -> None:
    with town.backend.begin(town.bureau.approver) as work:
        end_inspection(work, town.directed, EndReason.STOPPED)
    with town.backend.begin(ALL_ROLES) as work:
        show_enterprises(work)

    assert town.enterprise(town.drawn[0])["history"] == []
    assert town.enterprise(town.drawn[1])["history"] == []


def test_an_import_reaches_the_phones_that_see_the_enterprise_or_the_officer(
    town: Town, tmp_path: Path
) -> None:
    bureau = town.bureau
    rows = {"行业领域": "有限空间", "联系人": "李四"}
    first = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1, **rows), enterprise(2, **rows)])
    second = write_csv(
        tmp_path / "b.csv",
        [TITLES, *(enterprise(n, **rows, 地址="新港路9号") for n in (1, 2))],
    )
    with town.backend.begin(ALL_ROLES) as work:
        import_enterprises(work, first)
    sent = direct(bureau, uscc=code(1))
    send(bureau, sent)
    before = town.enterprise(sent)["address"]
    with town.backend.begin(ALL_ROLES) as work:
        import_enterprises(work, second)
        moved = officer(1, 执法证号="32079900000", 姓名="赵新名", 休假="", 回避="")
        import_officers(work, write_csv(tmp_path / "c.csv", [OFFICER_TITLES, moved]))

    assert (before, town.enterprise(sent)["address"]) == ("工业路1号", "新港路9号")
    assert [one["name"] for one in town.task(sent)["team"]] == ["赵新名", "钱检查"]
    with town.backend.reading() as session:
        unseen = session.query(Enterprise).filter_by(uscc=code(2)).one().id
        assert sync_documents.by_id(session, [f"enterprise/{unseen}"]) == {}


def test_what_did_not_change_takes_no_position(town: Town) -> None:
    before = town.position()
    with town.backend.begin(ALL_ROLES) as work:
        show_enterprises(work)

    assert town.position() == before


def test_an_enterprise_is_hidden_with_the_last_of_its_tasks(town: Town) -> None:
    shared, own = town.shared()[0], town.of(town.directed)
    bureau = town.bureau
    second = direct(bureau, uscc=USCC[0], lead=bureau.officers[0], members=(bureau.officers[2],))
    send(bureau, second)
    swap(bureau, shared, 0, 4)
    kept = own in town.told(0)
    swap(bureau, second, 0, 4)

    assert kept
    assert own not in town.told(0)
    assert own in town.told(4)
    assert own in town.told(1)


def swap(bureau: Bureau, inspection: UUID, leaving: int, joining: int) -> None:
    officers = bureau.officers[leaving], bureau.officers[joining]
    with bureau.backend.begin(bureau.author) as work:
        reassign(work, inspection, *officers, "illness")


def test_whose_entries_stand_in_a_record_is_named_to_its_team(town: Town) -> None:
    bureau, visit = town.bureau, Visit(town.bureau, town.drawn[0])
    visit.start(0, 1)
    swap(bureau, town.drawn[0], 1, 2)
    value = {"result": "pass", "reason": "", "note": ""}
    stranger = visit.phone(4).save(
        make_op("answer.set", "answer/small/A1", value), effect="quarantined"
    )
    left = [one["name"] for one in town.task(town.drawn[0])["others"]]
    with town.backend.begin(ALL_ROLES) as work:
        accept_entry(work, stranger[0].partition("#")[0], "核实无误")
    others = town.task(town.drawn[0])["others"]

    assert left == ["钱检查"]
    assert [(one["name"], one["unit"]) for one in others] == [
        ("钱检查", "一科"),
        ("周检查", "二科"),
    ]
    assert {frozenset(one) for one in others} == {frozenset(PERSON)}
    assert [one["name"] for one in town.task(town.drawn[0])["team"]] == ["赵检查", "孙检查"]


def test_a_closed_task_leaves_the_phones_after_a_month_and_nothing_is_deleted(
    town: Town, clock: FixedClock
) -> None:
    visit = closed(town)
    task = f"task/{visit.inspection}"
    with town.backend.begin(ALL_ROLES) as work:
        early = hide_closed_tasks(work)
    clock.forward(days=31)
    with town.backend.begin(ALL_ROLES) as work:
        late, again = hide_closed_tasks(work), hide_closed_tasks(work)

    assert (early, late, again) == (0, 1, 0)
    assert task not in town.told(0)
    assert town.of(visit.inspection) not in town.told(0)
    assert town.of(visit.inspection) in town.told(4)
    with town.backend.reading() as session:
        user = bureau_user(town.bureau, 0)
        assert f"inspection/{visit.inspection}" in scopes.left(session, user, 0)
        assert not sync_documents.by_id(session, [task])[task].deleted
    visit.phone(0).save(
        make_op("note.add", f"note/{'018f0000-0000-7000-8000-000000000001'}", {"text": "补"}),
        effect="quarantined",
    )


def bureau_user(bureau: Bureau, index: int) -> UUID:
    return bureau.accounts[bureau.officers[index]]


def test_of_two_changes_at_once_phones_are_told_both(backend: Backend) -> None:
    town = Town(open_bureau(backend))
    enterprise_id = UUID(town.of(town.directed).removeprefix("enterprise/"))
    written = threading.Barrier(2, timeout=30)

    def change(**values: str) -> None:
        with backend.begin(ALL_ROLES) as work:
            _wait(written, backend)
            row = work.session.get_one(Enterprise, enterprise_id, with_for_update=True)
            for name, value in values.items():
                setattr(row, name, value)
            show_enterprises(work, [enterprise_id])

    threads = [
        threading.Thread(target=change, kwargs=values)
        for values in ({"address": "甲路1号"}, {"legal_person": "乙某"})
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    told = town.enterprise(town.directed)
    assert (told["address"], told["legal_person"]) == ("甲路1号", "乙某")


def _wait(barrier: threading.Barrier, backend: Backend) -> None:
    if backend.engine.dialect.name == "postgresql":  # SQLite has one writer at a time
        barrier.wait()
