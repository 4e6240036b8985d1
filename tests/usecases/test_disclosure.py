"""一公开: nothing before its day, everything on it, and what was corrected stays."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from inspect_server.domain.assignment import CapReached
from inspect_server.domain.disclosure import (
    RESULT_NAMES,
    Batch,
    BatchNotOver,
    Result,
    publication_due,
)
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.domain.draw.verify import Evidence, verify
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.inspection import EndReason, Event, StepNotAllowed, move
from inspect_server.gateways.calendar import published
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.store import publications, record
from inspect_server.store.models.disclosure import (
    NoticeKind,
    PublishedFile,
    PublishedNotice,
    PublishedResult,
)
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.planning import DrawLeaf
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.models.replacing import InspectionEnd
from inspect_server.store.publications import TaskRow
from inspect_server.usecases.disclosing.batches import (
    AlreadyPublished,
    preview_batch,
    publish_batch,
    publish_due,
)
from inspect_server.usecases.disclosing.owners import DrawOfAnotherUnit
from inspect_server.usecases.disclosing.results import (
    NoResultOfVoid,
    NoSchemeYet,
    NotAtCap,
    NothingCorrected,
    ResultThere,
    correct_result,
    state_result,
)
from inspect_server.usecases.drawing.afterwards.follow_cases import follow
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.drawing.verify_draw import NotRevealedYet
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.inspecting.schemes import check_below_cap
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.usecases.disclosed_world import FINDING, SUSPENDED, close, drawn, open_checks
from tests.usecases.draw_world import APPROVER, SUPERVISOR, World, build
from tests.usecases.test_replacement import agree, ask_void, replace_one, signed, tasks

pytestmark = pytest.mark.seldom_on_postgresql

JOBS = Actor.system("jobs")


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def notices(backend: Backend) -> dict[str, list[PublishedNotice]]:
    found: dict[str, list[PublishedNotice]] = {}
    with backend.reading() as session:
        for row in session.scalars(select(PublishedNotice)):
            found.setdefault(row.kind.value, []).append(row)
    return found


def results(backend: Backend) -> list[PublishedResult]:
    with backend.reading() as session:
        return list(session.scalars(select(PublishedResult)))


def noted(backend: Backend, kind: str) -> list[dict[str, Any]]:
    with backend.reading() as session:
        return [
            json.loads(leaf.content)["body"]
            for leaf in record.leaves(session, "disclosure")
            if leaf.type == f"disclosure.{kind}"
        ]


def due(world: World) -> Any:
    with world.backend.begin(JOBS) as work:
        return publish_due(work)


def publish(world: World, draw_id: UUID, **options: Any) -> Any:
    with world.backend.begin(SUPERVISOR) as work:
        return publish_batch(work, draw_id, **options)


def test_anchors_rules_and_the_digest_of_a_commit_are_public_at_once(world: World) -> None:
    made = world.commit()
    found = notices(world.backend)

    assert {row.body["anchor"] for row in found["anchor"]} == {
        world.authority.anchor_hex,
        world.witness.anchor_hex,
    }
    assert [row.subject for row in found["rules"]] == ["2026"]
    assert found["rules"][0].body["rules"]["base_ppm"]
    commit = found["commit"][0].body
    assert (commit["commit"], commit["included"]) == (made.commit, 52)
    # Cells and days would say who is in for a visit, and when.
    assert {"cells", "visits", "rules"} & set(commit) == set()
    assert "batch" not in found
    assert len(noted(world.backend, "published")) == 4


def test_nothing_of_a_batch_is_public_while_one_check_is_to_come(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    still = open_checks(sqlite_world.backend, draw_id)
    close(sqlite_world.backend, still[1:])

    with pytest.raises(BatchNotOver, match="1 家"):
        publish(sqlite_world, draw_id)
    assert "batch" not in notices(sqlite_world.backend)
    assert results(sqlite_world.backend) == []


def test_a_published_batch_is_all_that_a_stranger_needs_to_verify_the_draw(world: World) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id))
    made = publish(world, draw_id)

    with world.backend.reading() as session:
        files = {
            row.name: world.backend.blobs.read(row.sha256)
            for row in session.scalars(select(PublishedFile))
        }
    keys = json.loads(files["keys.json"])
    report = verify(
        Evidence(
            certificate=json.loads(files["certificate.json"]),
            pool=lines(files["pool.txt"]),
            excluded=lines(files["excluded.txt"]),
            eligibility=lines(files["eligibility.txt"]),
            openings=json.loads(files["openings.json"]),
            keys={kid: bytes.fromhex(key) for kid, key in keys.items()},
            check_signature=ed25519_holds,
        )
    )
    assert report.ok, report.wrong
    assert len(json.loads(files["openings.json"])) == made.results > 0
    assert (made.revision, made.due_on, made.late) == (1, date(2026, 4, 16), False)
    assert noted(world.backend, "published")[-1]["files"].keys() == files.keys()


def lines(content: bytes) -> list[str]:
    return content.decode("ascii").split("\n")[:-1]


def test_results_name_enterprises_and_no_person(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    still = open_checks(sqlite_world.backend, draw_id)
    close(sqlite_world.backend, still[:1], findings=(FINDING,))
    close(sqlite_world.backend, still[1:2], findings=(FINDING, SUSPENDED))
    close(sqlite_world.backend, still[2:])
    publish(sqlite_world, draw_id)

    said = results(sqlite_world.backend)
    assert [row.result for row in said].count(Result.ORDERED) == 1
    assert [row.result for row in said].count(Result.PENDING) == 1
    assert [row.result for row in said].count(Result.CLEAR) == len(still) - 2
    assert all(row.items == ["粉尘涉爆检查表"] and row.number for row in said)
    with sqlite_world.backend.reading() as session:
        people = [*session.scalars(select(Officer.name)), *session.scalars(select(Officer.cert_no))]
        public = "".join(
            sqlite_world.backend.blobs.read(row.sha256).decode("utf-8", "replace")
            for row in session.scalars(select(PublishedFile))
        )
    public += json.dumps([[row.name, row.team, row.reason] for row in said], ensure_ascii=False)
    assert not [name for name in (*people, "王某") if name in public]
    assert all(len(row.team) == 2 for row in said)


def test_the_job_publishes_on_the_last_day_and_not_a_day_before(
    sqlite_world: World, clock: FixedClock
) -> None:
    draw_id = drawn(sqlite_world)
    close(sqlite_world.backend, open_checks(sqlite_world.backend, draw_id))
    clock.moment = datetime(2026, 4, 15, 15, 59, tzinfo=UTC)
    early = due(sqlite_world)
    clock.moment = datetime(2026, 4, 15, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    then = due(sqlite_world)
    again = due(sqlite_world)

    assert (early.batches, then.batches, again.batches) == ((), ("2026-01",), ())
    assert noted(sqlite_world.backend, "published")[-1]["late"] is False


def test_twenty_working_days_are_counted_from_the_first_result() -> None:
    whole = Batch([date(2026, 3, 18), date(2026, 3, 10)], 0, date(2026, 3, 2))
    found = publication_due(whole, published())
    empty = publication_due(Batch([], 0, date(2026, 3, 2)), published())

    assert found is not None
    assert empty is not None
    assert whole.over_on == date(2026, 3, 18)
    # 6 April is the day off for 清明 in 2026.
    assert found.last_day == date(2026, 4, 8)
    assert found.law == "disclosure.draw_result_working_days@2019-01-27"
    assert empty.last_day == date(2026, 3, 30)
    assert publication_due(Batch([date(2026, 3, 18)], 1, date(2026, 3, 2)), published()) is None


def test_results_that_are_due_come_out_even_while_another_check_is_open(
    sqlite_world: World, clock: FixedClock
) -> None:
    draw_id = drawn(sqlite_world)
    still = open_checks(sqlite_world.backend, draw_id)
    close(sqlite_world.backend, still[1:])
    clock.moment = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
    found = due(sqlite_world)
    close(sqlite_world.backend, still[:1], at=clock.now())
    made = publish(sqlite_world, draw_id)

    assert (found.batches, found.waiting, found.results) == ((), ("2026-01",), len(still) - 1)
    assert made.results == 1
    assert len(results(sqlite_world.backend)) == len(still)


def test_what_is_public_is_corrected_by_a_new_row_and_the_earlier_one_stays(world: World) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id))
    publish(world, draw_id)
    first = results(world.backend)[0]
    with world.backend.begin(SUPERVISOR) as work:
        made = correct_result(work, draw_id, first.uscc, Result.ORDERED, "复核发现遗漏一项问题")

    with world.backend.reading() as session:
        every = publications.results(session, "2026-01", every=True)
        shown = publications.results(session, "2026-01")
    of_one = [row for row in every if row.uscc == first.uscc]
    assert made.revision == 2
    assert [(row.result, row.reason) for row in of_one] == [
        (Result.CLEAR, ""),
        (Result.ORDERED, "复核发现遗漏一项问题"),
    ]
    assert [row.result for row in shown if row.uscc == first.uscc] == [Result.ORDERED]
    leaf = noted(world.backend, "corrected")[0]
    assert (leaf["result"], leaf["was"]) == ("ordered", "clear")
    assert "复核" not in json.dumps(leaf, ensure_ascii=False)
    with world.backend.begin(SUPERVISOR) as work, pytest.raises(NothingCorrected):
        correct_result(work, draw_id, first.uscc, Result.ORDERED, "再改")
    with world.backend.begin(SUPERVISOR) as work, pytest.raises(BadInput, match="不能为空"):
        correct_result(work, draw_id, first.uscc, Result.CLEAR, " ")


@pytest.mark.parametrize("table", ["published_notice", "published_result", "published_file"])
def test_the_database_itself_refuses_to_change_what_is_public(world: World, table: str) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id))
    publish(world, draw_id)

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {COLUMN[table]} = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), world.backend.begin(JOBS) as work:
            work.session.execute(text(statement))


COLUMN = {"published_notice": "subject", "published_result": "name", "published_file": "sha256"}


def test_the_same_batch_is_published_once(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    close(sqlite_world.backend, open_checks(sqlite_world.backend, draw_id))
    publish(sqlite_world, draw_id)

    with pytest.raises(AlreadyPublished):
        publish(sqlite_world, draw_id)
    assert len(notices(sqlite_world.backend)["batch"]) == 1


def test_a_check_that_cannot_be_made_gets_its_result_from_a_supervisor_and_ends(
    sqlite_world: World,
) -> None:
    draw_id = drawn(sqlite_world)
    still = open_checks(sqlite_world.backend, draw_id)
    close(sqlite_world.backend, still[1:])
    task, other = unlike(sqlite_world, draw_id)
    uscc = task.identity["uscc"]
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        state_result(work, draw_id, uscc, Result.UNREACHABLE, "两次上门，登记地址无此单位")
    publish(sqlite_world, draw_id)

    said = next(row for row in results(sqlite_world.backend) if row.uscc == uscc)
    assert (said.result, said.reason) == (Result.UNREACHABLE, "两次上门，登记地址无此单位")
    with sqlite_world.backend.reading() as session:
        ended = session.get_one(InspectionEnd, still[0])
        assert session.get_one(Inspection, still[0]).state is InspectionState.ENDED
    assert ended.reason == EndReason.UNREACHABLE
    with pytest.raises(StepNotAllowed):  # no record can contradict what is public
        move(InspectionState.ENDED, Event.CLOSE_RECORD)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        with pytest.raises(ResultThere):
            state_result(work, draw_id, uscc, Result.UNREACHABLE, "再登记")
        with pytest.raises(ResultThere):
            state_result(work, draw_id, other.identity["uscc"], Result.UNREACHABLE, "有记录")
        with pytest.raises(BadInput, match="只能登记"):
            state_result(work, draw_id, uscc, Result.CLEAR, "没有问题")
        with pytest.raises(NotFound):
            state_result(work, draw_id, "9132" + "0" * 14, Result.UNREACHABLE, "不在其中")


def unlike(world: World, draw_id: UUID) -> tuple[TaskRow, TaskRow]:
    """A task of a draw whose record is open, and one whose record is closed."""
    with world.backend.reading() as session:
        tasks = publications.tasks(session, draw_id)
    return (
        next(one for one in tasks if not one.closed_record),
        next(one for one in tasks if one.closed_record),
    )


def test_no_result_is_stated_while_a_record_may_still_come(sqlite_world: World) -> None:
    draw = sqlite_world.commit()
    sqlite_world.reveal(draw)
    with sqlite_world.backend.reading() as session:
        uscc = publications.tasks(session, draw.id)[0].identity["uscc"]
    with sqlite_world.backend.begin(SUPERVISOR) as work, pytest.raises(NoSchemeYet):
        state_result(work, draw.id, uscc, Result.UNREACHABLE, "未编制方案")
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, draw.id)
    begun = check_of(sqlite_world, draw.id, uscc)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.get_one(Inspection, begun).state = InspectionState.UNDER_WAY
    begun_visit = pytest.raises(StepNotAllowed, match="办结检查记录")
    with sqlite_world.backend.begin(SUPERVISOR) as work, begun_visit:
        state_result(work, draw.id, uscc, Result.UNCOOPERATIVE, "拒绝检查")
    elsewhere = Actor("user:li", frozenset({Role.SUPERVISOR}), unit="二科")
    with sqlite_world.backend.begin(elsewhere) as work, pytest.raises(DrawOfAnotherUnit):
        state_result(work, draw.id, uscc, Result.UNREACHABLE, "不是本科室的任务")


def test_a_check_that_the_annual_cap_holds_back_gets_its_result_and_no_other_does(
    sqlite_world: World,
) -> None:
    draw_id = drawn(sqlite_world)
    held_back, *rest = open_checks(sqlite_world.backend, draw_id)
    with sqlite_world.backend.reading() as session:
        chosen = {one.visit_id: one for one in publications.tasks(session, draw_id)}
    uscc = chosen[held_back].identity["uscc"]
    room = pytest.raises(NotAtCap, match="照常派发")
    with sqlite_world.backend.begin(SUPERVISOR) as work, room:
        state_result(work, draw_id, uscc, Result.CAPPED, "说是达到上限")
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        for day in range(1, 13):
            work.session.add(
                EnterpriseCheck(
                    id=uuid4(),
                    enterprise_id=chosen[held_back].enterprise_id,
                    checked_on=date(2026, 1, day),
                    source="recheck",
                    counts=True,
                )
            )
    with sqlite_world.backend.begin(APPROVER) as work, pytest.raises(CapReached) as refused:
        check_below_cap(work, work.session.get_one(Inspection, held_back))
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        state_result(work, draw_id, uscc, Result.CAPPED, "抽取之后另有十二次复查")
    close(sqlite_world.backend, rest)
    publish(sqlite_world, draw_id)
    with sqlite_world.backend.begin(SUPERVISOR) as work, pytest.raises(BadInput, match="办理程序"):
        correct_result(
            work, draw_id, chosen[rest[0]].identity["uscc"], Result.CAPPED, "改成没有检查"
        )

    said = str(refused.value)
    assert f"（{uscc}） 2026 年已有 12 次检查计入频次" in said
    assert "2026-01-12 整改复查" in said
    assert RESULT_NAMES[Result.CAPPED] in said
    with sqlite_world.backend.reading() as session:
        assert session.get_one(InspectionEnd, held_back).reason == EndReason.CAPPED
    assert {row.uscc: row.result for row in results(sqlite_world.backend)}[uscc] is Result.CAPPED


def test_who_was_let_in_nowhere_is_not_published_as_without_problems(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    found_nothing, found_one, *rest = open_checks(sqlite_world.backend, draw_id)
    close(sqlite_world.backend, [found_nothing, *rest])
    close(sqlite_world.backend, [found_one], findings=(FINDING,))
    with sqlite_world.backend.reading() as session:
        uscc = {one.visit_id: one.identity["uscc"] for one in publications.tasks(session, draw_id)}
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        state_result(work, draw_id, uscc[found_nothing], Result.UNCOOPERATIVE, "到场后拒绝检查")
        with pytest.raises(ResultThere):
            state_result(work, draw_id, uscc[found_one], Result.UNCOOPERATIVE, "拒绝检查")
    publish(sqlite_world, draw_id)
    with sqlite_world.backend.begin(SUPERVISOR) as work, pytest.raises(ResultThere):
        state_result(work, draw_id, uscc[rest[0]], Result.UNCOOPERATIVE, "公示之后")

    said = {row.uscc: row for row in results(sqlite_world.backend)}
    assert said[uscc[found_nothing]].result is Result.UNCOOPERATIVE
    assert said[uscc[found_nothing]].reason == "到场后拒绝检查"
    assert said[uscc[found_nothing]].items == ["粉尘涉爆检查表"]
    assert said[uscc[found_one]].result is Result.ORDERED


def test_a_void_draw_states_no_results(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    asked = ask_void(sqlite_world, draw_id, VoidReason.POOL_WRONG)
    agree(sqlite_world, draw_id, signature_hex=signed(sqlite_world, asked))
    with sqlite_world.backend.reading() as session:
        uscc = publications.tasks(session, draw_id)[0].identity["uscc"]

    with sqlite_world.backend.begin(SUPERVISOR) as work, pytest.raises(NoResultOfVoid):
        state_result(work, draw_id, uscc, Result.UNREACHABLE, "无此单位")


def test_only_a_supervisor_publishes_and_only_a_revealed_draw(sqlite_world: World) -> None:
    made = sqlite_world.commit()
    with sqlite_world.backend.begin(SUPERVISOR) as work, pytest.raises(NotRevealedYet):
        publish_batch(work, made.id)
    sqlite_world.reveal(made)

    for act in (publish_batch, preview_batch):
        with sqlite_world.backend.begin(APPROVER) as work, pytest.raises(Forbidden):
            act(work, made.id)


def test_a_preview_says_what_publishing_then_does(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        before = preview_batch(work, draw_id)
    close(sqlite_world.backend, open_checks(sqlite_world.backend, draw_id))
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        seen = preview_batch(work, draw_id)
    made = publish(sqlite_world, draw_id)

    assert (before.may_publish, before.open_checks) == (False, before.selected)
    assert seen.may_publish
    assert seen.due is not None
    assert (len(seen.results), seen.due.last_day) == (made.results, made.due_on)
    assert [name for name, _ in seen.files] == list(made.files)


def test_an_upgraded_database_publishes_what_ought_to_be_public(sqlite_world: World) -> None:
    sqlite_world.commit()
    with sqlite_world.backend.begin(JOBS) as work:
        for table in ("published_notice",):
            for name in ("no_update", "no_delete"):
                work.session.execute(text(f"DROP TRIGGER {table}_{name}"))
        work.session.execute(text("DELETE FROM published_notice"))
    found, again = due(sqlite_world), due(sqlite_world)

    assert (found.notices, again.notices) == (4, 0)
    assert set(notices(sqlite_world.backend)) == {"anchor", "rules", "commit"}


def test_openings_are_those_of_the_selected_only(sqlite_world: World) -> None:
    draw_id = drawn(sqlite_world)
    close(sqlite_world.backend, open_checks(sqlite_world.backend, draw_id))
    publish(sqlite_world, draw_id)

    with sqlite_world.backend.reading() as session:
        chosen = set(session.scalars(select(DrawLeaf.commitment).where(DrawLeaf.selected)))
        file = session.scalars(
            select(PublishedFile).where(PublishedFile.name == "openings.json")
        ).one()
        kind = session.get_one(PublishedNotice, file.notice_id).kind
    opened = json.loads(sqlite_world.backend.blobs.read(file.sha256))
    assert kind is NoticeKind.BATCH
    assert set(opened) == chosen


def test_who_came_in_for_a_replaced_enterprise_belongs_to_the_batch(world: World) -> None:
    draw = world.commit()
    world.reveal(draw)
    with world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, draw.id)
    still = open_checks(world.backend, draw.id)
    went_out, came_in = replaced_by_another(world, draw)
    close(world.backend, [one for one in still if one != check_of(world, draw.id, went_out)])

    with pytest.raises(BatchNotOver, match="1 家"):
        publish(world, draw.id)
    with world.backend.begin(SUPERVISOR) as work:
        with pytest.raises(ResultThere):
            state_result(work, draw.id, went_out, Result.UNREACHABLE, "已迁走")
        state_result(work, draw.id, came_in, Result.UNCOOPERATIVE, "拒绝检查")
        seen = preview_batch(work, draw.id)
    made = publish(world, draw.id)

    assert (seen.selected, seen.open_checks, seen.over_on) == (
        len(still),
        0,
        max(row.settled_on for row in seen.results),
    )
    assert made.results == len(still) + 1
    said = {row.uscc: row for row in results(world.backend)}
    assert (said[went_out].result, said[went_out].team) == (Result.REPLACED, [])
    assert (said[came_in].result, said[came_in].reason) == (Result.UNCOOPERATIVE, "拒绝检查")
    assert len(said[came_in].team) == 2
    assert said[came_in].number


def replaced_by_another(world: World, draw: CommittedDraw) -> tuple[str, str]:
    """Replace one enterprise and bring the checks in line; return who went out and who came in."""
    before = tasks(world, draw)
    went_out = min(before)
    replace_one(world, draw, Reason.MOVED, went_out)
    follow(world.backend, SUPERVISOR, draw.id)
    (came_in,) = set(tasks(world, draw)) - set(before)
    return went_out, came_in


def check_of(world: World, draw_id: UUID, uscc: str) -> UUID:
    with world.backend.reading() as session:
        found = session.scalars(
            select(Inspection.id)
            .join(Enterprise, Enterprise.id == Inspection.enterprise_id)
            .where(Inspection.draw_id == draw_id, Enterprise.uscc == uscc)
        )
        return found.one()
