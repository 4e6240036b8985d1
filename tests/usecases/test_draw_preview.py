"""What a supervisor sees before a commit: odds, who is out and why, and what was merged."""

import json
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from inspect_server.domain.draw.errors import OpenCommitExists, TeamsInfeasible
from inspect_server.domain.enums import Credit, InspectionState, Standardisation
from inspect_server.domain.plan import Part, merged_name, merged_parts
from inspect_server.reads.plan import key_coverage, plan_page
from inspect_server.store import record
from inspect_server.store.drawing import draws
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.planning import DrawLeaf
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.drawing.beforehand.preview import (
    DrawPreview,
    preview_draw,
    preview_list,
)
from inspect_server.usecases.drawing.beforehand.staffing import wanted
from inspect_server.usecases.drawing.commit_draw import commit_draw
from inspect_server.usecases.drawing.refusals import noting_refused_commits
from inspect_server.usecases.work import Backend, Work
from tests.usecases.draw_world import (
    FROM,
    LOTTERY,
    SUPERVISOR,
    TO,
    World,
    add_enterprise,
    build,
    visits_in,
)


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def preview(
    world: World, first: date = FROM, last: date = TO, today: date = date(2026, 3, 2)
) -> DrawPreview:
    with world.backend.reading() as session:
        return preview_draw(session, world.plan_id, first, last, today=today)


def test_a_preview_says_that_a_commit_for_these_days_would_be_refused(world: World) -> None:
    free = preview(world)
    over = preview(world, today=date(2026, 3, 10))
    waiting = world.commit()
    open_here, open_elsewhere = preview(world), preview(world, **days(4))
    world.reveal(waiting)

    assert free.obstacles == ()
    assert free.batch == "2026 年第 3 批（2026-03-01 至 2026-03-31）"
    assert over.obstacles == ("开始日期 2026-03-09 已过，请改为今天或者以后的日期",)
    assert "（已承诺、待揭示），每批只能抽取一次" in open_here.obstacles[0]
    assert "重新承诺" in open_here.obstacles[0]  # each with the next step, as a commit says it
    assert open_elsewhere.obstacles == (str(OpenCommitExists(draw_no="2026-01")),)
    assert "已有抽取 2026-01（已揭示）" in preview(world).obstacles[0]
    assert preview(world, **days(4)).obstacles == ()


def days(month: int) -> dict[str, date]:
    chosen = visits_in(month)
    return {"first": chosen["visit_from"], "last": chosen["visit_to"]}


def test_every_figure_of_a_preview_has_its_list(world: World) -> None:
    world.reveal(world.commit())
    april = visits_in(4)
    found = preview(world, **days(4))
    with world.backend.reading() as session:
        out = preview_list(session, world.plan_id, *april.values())
        behind = {
            label: preview_list(session, world.plan_id, *april.values(), label)
            for label in [cell.cell for cell in found.cells] + [code for code, _ in found.excluded]
        }

    assert Counter(row.label for row in out) == dict(found.excluded)
    assert {row.text for row in out} == {"已注销或关闭", "已抽中或已派发，尚未办结"}
    assert [len(behind[cell.cell]) for cell in found.cells] == [
        cell.enterprises for cell in found.cells
    ]
    assert [len(behind[code]) for code, _ in found.excluded] == [n for _, n in found.excluded]
    assert sum(map(len, behind.values())) == found.registered


def test_a_merged_cell_shows_what_went_into_it(world: World) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        for number, credit in enumerate((Credit.UNKNOWN, Credit.UNKNOWN, Credit.A), start=900):
            add_enterprise(work, number, credit=credit, sectors=["dust_explosion"], is_key=False)
    merged = [cell for cell in preview(world).cells if cell.parts]

    assert merged
    for cell in merged:
        assert sum(part.enterprises for part in cell.parts) == cell.enterprises
        assert "其余各类" not in cell.name
    assert any("信用未评" in cell.name for cell in merged)


def other_check(work: Work, enterprise_id: UUID, source: str) -> None:
    work.session.add(
        Inspection(
            id=uuid4(),
            number=uuid4().hex,
            enterprise_id=enterprise_id,
            source=source,
            state=InspectionState.DISPATCHED,
            visit_from=date(2026, 12, 1),
            visit_to=date(2026, 12, 4),
            scheme={},
            form_set="",
            scheme_made_by="user:author",
        )
    )


def test_the_last_batch_takes_a_key_enterprise_whatever_else_is_open_about_it(
    world: World,
) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        keys = [add_enterprise(work, 900 + n, is_key=True) for n in range(3)]
        for id, source in zip(keys, ("complaint", "assigned", "recheck"), strict=True):
            other_check(work, id, source)
    world.reveal(world.commit(**visits_in(12)))

    with world.backend.reading() as session:
        chosen = session.scalars(
            select(DrawLeaf.enterprise_id).where(
                DrawLeaf.selected, DrawLeaf.enterprise_id.in_(keys)
            )
        )
        assert set(chosen) == set(keys)


def test_a_key_enterprise_whose_cap_a_recheck_used_up_is_named_before_the_commit(
    world: World,
) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        best = {"is_key": True, "standardisation": Standardisation.FIRST}
        id = add_enterprise(work, 900, **best)
        add_enterprise(work, 901, **best)
        work.session.add(
            EnterpriseCheck(
                id=uuid4(),
                enterprise_id=id,
                checked_on=date(2026, 1, 5),
                source="recheck",
                counts=True,
            )
        )
    found = preview(world)
    with world.backend.reading() as session:
        page = plan_page(session, world.plan_id)
        assert page is not None
        coverage = key_coverage(session, page.plan, date(2026, 3, 2))

    said = "重点企业本轮未检查，已达年度检查频次上限"
    assert [(one.name, one.text) for one in found.uncovered] == [("企业900", said)]
    assert [(one.name, one.reason) for one in coverage.uncovered] == [("企业900", said)]
    assert (coverage.covered, coverage.under_way, coverage.due) == (0, 0, 7)
    assert coverage.enterprises == 8


def test_the_name_of_a_merged_cell_says_what_is_not_told_apart() -> None:
    parts = (
        Part("county.dust_explosion.red.A.never", 2),
        Part("county.confined_space.red.B.never", 3),
    )
    many = [Part(f"county.none.red.{grade}.never", 1) for grade in ("A", "B", "C", "D")]

    assert merged_name("any.any.any.any.any.p10", parts) == (
        "县级·粉尘涉爆/有限空间·红·A级/B级·未检查过（合并 2 个单元：行业、信用不分）"
    )
    assert merged_name("any.dust_explosion.any.any.any.p11267", parts[:1]) == (
        "县级·粉尘涉爆·红·A级·未检查过（公布为“粉尘涉爆各类，概率 1.1267%”）"
    )
    assert "信用 4 种" in merged_name("x", many)
    assert merged_name("county.none.red.A.never", ()) == "县级·无行业标签·红·A级·未检查过"
    assert merged_parts({"b": "m", "a": "m", "c": "c"}, {"a": 1, "b": 2, "c": 3}) == {
        "m": (Part("a", 1), Part("b", 2))
    }


def test_a_preview_names_what_keeps_some_enterprise_from_getting_a_team(world: World) -> None:
    with world.backend.reading() as session:
        ids = session.scalars(select(Officer.id).order_by(Officer.cert_no)).all()
        never = wanted("", banned_pairs=list(combinations(ids, 2)))
        refused = preview_draw(session, world.plan_id, FROM, TO, teams=never).obstacles
        free = preview_draw(session, world.plan_id, FROM, TO, teams=wanted("")).obstacles

    assert "人员组合限制" in refused[0]
    assert free == ()


def test_a_refused_commit_is_noted_with_its_days_and_a_preview_is_not(world: World) -> None:
    def log() -> list[str]:
        with world.backend.reading() as session:
            return [leaf.content.decode() for leaf in record.leaves(session, draws.CASE)]

    before = log()
    preview(world)
    unchanged = log()
    with world.backend.reading() as session:
        ids = session.scalars(select(Officer.id)).all()
    never = wanted("", banned_pairs=list(combinations(ids, 2)))
    with pytest.raises(TeamsInfeasible):
        noting_refused_commits(
            world.backend,
            SUPERVISOR,
            (FROM, TO),
            lambda work: commit_draw(work, world.plan_id, FROM, TO, [LOTTERY], teams=never),
        )

    assert unchanged == before
    assert len(log()) == len(before) + 1
    noted = json.loads(log()[-1])
    assert noted["type"] == "draw.refused"
    assert noted["body"] == {
        "code": "draw.teams_infeasible",
        "visit_from": "2026-03-09",
        "visit_to": "2026-03-20",
    }
