"""Who may be sent by a draw: joint checks, recent pairs, experts, loads, and what is said of it."""

import json
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.errors import BadInput
from inspect_server.store import planning
from inspect_server.store.drawing import draws
from inspect_server.store.drawing.replacements import standing_partners, standing_teams
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import (
    Draw,
    DrawLeaf,
    DrawOfficer,
    DrawPartnerTeam,
    DrawTeam,
)
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.drawing.afterwards.replace_drawn import (
    Wanted,
    complete_replacement,
    request_replacement,
)
from inspect_server.usecases.drawing.beforehand.departments import configured
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.tampering import unguard
from tests.usecases.draw_world import (
    APPROVER,
    SUPERVISOR,
    TO,
    World,
    add_leave,
    add_officer,
    build,
    visits_in,
)

FIRE = "区消防救援大队"


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def add_partner(world: World, count: int = 4) -> set[UUID]:
    with world.backend.begin(SUPERVISOR) as work:
        return {add_officer(work, 200 + n, unit=FIRE, specialties=[]) for n in range(count)}


def units(world: World, table: type[DrawTeam] | type[DrawPartnerTeam]) -> set[str]:
    with world.backend.reading() as session:
        sent = select(Officer.unit).join(table, table.officer_id == Officer.id)
        return set(session.scalars(sent))


def test_a_joint_check_sends_one_team_of_each_department_to_the_same_enterprises(
    world: World,
) -> None:
    add_partner(world)
    drawn = world.commit(partners=[f"消防={FIRE}"])
    result = world.reveal(drawn)
    certificate = json.loads(result.certificate)
    tasks = {row["task"] for row in certificate["teams"]}

    assert drawn.departments == ("应急", "消防")
    assert result.places == 4 * result.selected
    for dept in ("应急", "消防"):
        rows = [row for row in certificate["teams"] if row["dept"] == dept]
        assert {row["task"] for row in rows} == tasks
        assert sorted({row["role"] for row in rows}) == ["lead/0", "member/0"]
    assert units(world, DrawTeam) == {"执法大队"}
    assert units(world, DrawPartnerTeam) == {FIRE}
    report = world.verify(drawn.id)
    assert report.ok, report.wrong


def test_a_scheme_has_our_own_team_and_names_the_partners(sqlite_world: World) -> None:
    partner = add_partner(sqlite_world)
    drawn = sqlite_world.commit(partners=[f"消防={FIRE}"])
    sqlite_world.reveal(drawn)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, drawn.id)

    with sqlite_world.backend.reading() as session:
        numbers = {
            row.id: row.cert_no
            for row in session.scalars(select(Officer).where(Officer.id.in_(partner)))
        }
        for visit in session.scalars(select(Inspection)):
            assert len(visit.scheme["officers"]) == 2
            assert {one["unit"] for one in visit.scheme["officers"]} == {"执法大队"}
            assert visit.scheme["remark"].startswith("部门联合检查，消防：")
            assert sum(number in visit.scheme["remark"] for number in numbers.values()) == 2


def test_a_partners_officer_is_replaced_by_another_of_theirs(sqlite_world: World) -> None:
    add_partner(sqlite_world)
    drawn = sqlite_world.commit(partners=[f"消防={FIRE}"])
    sqlite_world.reveal(drawn)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        place = work.session.scalars(
            select(DrawPartnerTeam).where(DrawPartnerTeam.stage == "member/0")
        ).first()
        assert place is not None
        leaf = work.session.get_one(DrawLeaf, (drawn.id, place.task))
        code = work.session.get_one(Enterprise, leaf.enterprise_id).uscc
        wanted = Wanted(Reason.LEAVE, code, place.officer_id)
        asked = request_replacement(work, drawn.id, wanted, b"proof", APPROVER)
        task, out = place.task, place.officer_id
    value = sqlite_world.witness.value(asked.position).hex()
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        complete_replacement(work, drawn.id, value, sqlite_world.signer())
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, drawn.id)

    with sqlite_world.backend.reading() as session:
        team = dict(standing_partners(session, drawn.id)[task]["消防"])
        own = standing_teams(session, drawn.id)[task]
        assert out not in team.values()
        assert session.get_one(Officer, team["member/0"]).unit == FIRE
        assert {session.get_one(Officer, one).unit for _, one in own} == {"执法大队"}
    assert sqlite_world.verify(drawn.id).ok


def test_officers_of_a_configured_partner_are_not_ours_to_send(sqlite_world: World) -> None:
    partner = add_partner(sqlite_world)
    settings = replace(sqlite_world.backend.settings, partner_departments=f"消防={FIRE}")
    sqlite_world.backend = replace(sqlite_world.backend, settings=settings)
    alone = sqlite_world.commit()
    sqlite_world.reveal(alone)
    joint = sqlite_world.commit(partners=["消防"], **visits_in(4))

    with sqlite_world.backend.reading() as session:
        lines = {
            row.draw_id: row.lines
            for row in session.execute(
                select(DrawOfficer.draw_id, func.count().label("lines"))
                .where(DrawOfficer.officer_id.in_(partner))
                .group_by(DrawOfficer.draw_id)
            )
        }
        ours = planning.officer_facts(session, [FIRE])
    assert lines == {joint.id: len(partner)}
    assert not partner & {UUID(one.id) for one in ours}  # nor do they carry our plan
    assert joint.departments == ("应急", "消防")


@pytest.mark.parametrize(
    ("partners", "said"),
    [
        (["消防"], "系统配置中没有列出"),
        (["消防="], "应写作"),
        ([f"应急={FIRE}"], "同名"),
        ([f"消防={FIRE}", f"公安={FIRE}"], "两个部门"),
        (["消防=没有的单位"], "没有在册"),
        ([f"消/防={FIRE}"], "不能有 /"),
    ],
)
def test_a_partner_that_cannot_take_part_is_named(
    sqlite_world: World, partners: list[str], said: str
) -> None:
    add_partner(sqlite_world)

    with pytest.raises(BadInput, match=said):
        sqlite_world.commit(partners=partners)


def test_a_partner_without_a_lead_is_refused(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        for number in (201, 203):
            add_officer(work, number, unit=FIRE)

    with pytest.raises(errors.NoLead):
        sqlite_world.commit(partners=[f"消防={FIRE}"])


def test_a_changed_row_of_a_partners_team_is_found(sqlite_world: World) -> None:
    add_partner(sqlite_world)
    drawn = sqlite_world.commit(partners=[f"消防={FIRE}"])
    sqlite_world.reveal(drawn)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_partner_team")
        row = work.session.scalars(select(DrawPartnerTeam)).first()
        assert row is not None
        taken = select(DrawPartnerTeam.officer_id).where(DrawPartnerTeam.task == row.task)
        row.officer_id = (
            work.session.scalars(
                select(Officer.id).where(Officer.unit == FIRE, Officer.id.not_in(taken))
            ).first()
            or row.officer_id
        )

    assert not sqlite_world.verify(drawn.id).ok


def test_departments_of_the_configuration_are_read_as_people_type_them() -> None:
    found = configured("消防＝区消防救援大队；市监=区市监局，稽查大队;")

    assert [one.name for one in found] == ["消防", "市监"]
    assert found[1].units == {"区市监局", "稽查大队"}


def banned(world: World, draw_id: UUID) -> set[frozenset[UUID]]:
    with world.backend.reading() as session:
        hidden = {
            row.commitment: row.officer_id
            for row in session.scalars(select(DrawOfficer).where(DrawOfficer.draw_id == draw_id))
        }
        lines = session.get_one(Draw, draw_id).eligibility.split("\n")
    pairs = (line.split("\t")[1:] for line in lines if line.startswith("B\t"))
    return {frozenset((hidden[one], hidden[other])) for one, other in pairs}


def teams(world: World, draw_id: UUID) -> set[frozenset[UUID]]:
    with world.backend.reading() as session:
        by_task: dict[str, set[UUID]] = {}
        for row in session.scalars(select(DrawTeam).where(DrawTeam.draw_id == draw_id)):
            by_task.setdefault(row.task, set()).add(row.officer_id)
    return {frozenset(pair) for team in by_task.values() for pair in combinations(team, 2)}


def test_who_went_together_in_the_last_draw_is_kept_apart_in_the_next(world: World) -> None:
    first = world.commit()
    world.reveal(first)
    second = world.commit(**visits_in(4))
    world.reveal(second)
    third = world.commit(**visits_in(5))

    assert banned(world, first.id) == set()
    assert banned(world, second.id) == teams(world, first.id)
    assert banned(world, third.id) == teams(world, second.id)
    with world.backend.reading() as session:
        body = checked_body(json.loads(session.get_one(Draw, second.id).commit_body))
    assert body.team_rules[0]["relaxations"][0] == "pair"
    assert body.data["rules"]["pairs"] == {"recent_draws": 1}
    assert world.verify(second.id).ok


def test_recent_pairs_give_way_before_a_small_bureau_cannot_draw(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path, enterprises=20, officers=2)
    world.reveal(world.commit())
    second = world.commit(**visits_in(4))
    relaxed = json.loads(world.reveal(second).certificate)["teams"]

    assert {tuple(row["relaxed"]) for row in relaxed} == {("pair",)}
    assert world.verify(second.id).ok


def test_pairs_named_for_a_draw_never_give_way(sqlite_backend: Backend, tmp_path: Path) -> None:
    world = build(sqlite_backend, tmp_path, enterprises=20, officers=2)
    with world.backend.reading() as session:
        one, other = session.scalars(select(Officer.id))

    with pytest.raises(errors.TeamsInfeasible, match="人员组合限制"):
        world.commit(banned_pairs=[(one, other)])


def test_experts_are_drawn_and_only_assist(sqlite_world: World) -> None:
    drawn = sqlite_world.commit(experts=1)
    result = sqlite_world.reveal(drawn)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, drawn.id)

    assert result.places == 3 * result.selected
    assert sqlite_world.verify(drawn.id).ok
    with sqlite_world.backend.reading() as session:
        for visit in session.scalars(select(Inspection)):
            assert len(visit.scheme["officers"]) == 2
            helper = visit.scheme["helpers"][0]
            assert helper["field"] == "粉尘涉爆"
            assert helper["name"] not in {one["name"] for one in visit.scheme["officers"]}


def test_a_commit_that_would_fail_from_most_seeds_is_refused_before_it_is_published(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path, enterprises=20, officers=3)
    with world.backend.reading() as session:
        lead, member, other = session.scalars(select(Officer.id).order_by(Officer.cert_no))

    # Every task has a team of its own, led by the other; half of them go to the one nobody joins.
    with pytest.raises(errors.RehearsalFailed, match="人员组合限制") as refused:
        world.commit(banned_pairs=[(lead, member), (lead, other)])
    assert "承诺没有发布" in str(refused.value)
    with world.backend.reading() as session:
        assert session.scalar(select(func.count()).select_from(Draw)) == 0


def test_a_commit_says_who_may_be_sent_and_what_keeps_the_others_away(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        add_officer(work, 100, cert_valid_to=date(2026, 3, 19))
        add_officer(work, 102, cert_valid_from=date(2026, 3, 10))
        add_leave(work, add_officer(work, 104), TO, TO)
    drawn = sqlite_world.commit()

    assert (drawn.officers, drawn.available) == (11, 8)
    assert drawn.absent == (("休假", 1), ("执法证不能覆盖检查时段", 2))


def test_a_scheme_that_is_not_sent_yet_is_load_already(sqlite_world: World) -> None:
    first = sqlite_world.commit()
    result = sqlite_world.reveal(first)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, first.id)

    with sqlite_world.backend.reading() as session:
        loads = [one.load for one in draws.officers(session)]
    assert sum(loads) == result.places
