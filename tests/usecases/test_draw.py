"""A draw on real databases: committed once, revealed once, recomputable, and never half done."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.enums import EnterpriseStatus, Role
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.plan import Batch
from inspect_server.store import record
from inspect_server.store.models.identity import User
from inspect_server.store.models.planning import (
    ChainValue,
    Draw,
    DrawLeaf,
    DrawOfficer,
    DrawState,
    DrawTeam,
    HashChain,
)
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.drawing import reveal_draw as draw_reveal
from inspect_server.usecases.drawing.beforehand.batches import BatchDrawnAlready
from inspect_server.usecases.drawing.beforehand.preview import preview_draw
from inspect_server.usecases.drawing.ceremony.double_entry import DoubleEntry
from inspect_server.usecases.drawing.chains import publish_anchor
from inspect_server.usecases.drawing.pool import PlanNotInForce
from inspect_server.usecases.drawing.verify_draw import NotRevealedYet
from inspect_server.usecases.make_plan import approve_plan, make_plan
from inspect_server.usecases.work import Actor, Backend
from tests.tampering import unguard
from tests.usecases.draw_world import (
    APPROVER,
    DICE,
    FROM,
    KL8,
    LOTTERY,
    RATES,
    SUPERVISOR,
    TO,
    TYPISTS,
    World,
    add_enterprise,
    add_leave,
    add_officer,
    add_recusal,
    both,
    build,
    visits_in,
)


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def log(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.backend.reading() as session:
        return [
            (leaf.type, json.loads(leaf.content)["body"]) for leaf in record.leaves(session, "draw")
        ]


def count(world: World, model: type) -> int:
    with world.backend.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_draw_is_committed_revealed_and_verified(world: World) -> None:
    drawn = world.commit()
    result = world.reveal(drawn)
    report = world.verify(drawn.id)

    assert (drawn.included, drawn.excluded, drawn.officers) == (52, 8, 8)
    assert drawn.draw_no == "2026-01"
    assert result.selected > 0
    assert result.places == 2 * result.selected
    assert report.ok, report.wrong
    assert report.level == 2
    assert [type for type, _ in log(world)][2:] == ["draw.committed", "draw.revealed"]
    with world.backend.reading() as session:
        chosen = set(session.scalars(select(DrawLeaf.commitment).where(DrawLeaf.selected)))
        teams = session.scalars(select(DrawTeam)).all()
    assert {row.task for row in teams} == chosen
    assert {row.stage for row in teams} == {"lead/0", "member/0"}
    for task in chosen:
        assert len({row.officer_id for row in teams if row.task == task}) == 2


def test_a_preview_says_what_a_commit_then_holds(world: World) -> None:
    with world.backend.reading() as session:
        preview = preview_draw(session, world.plan_id, FROM, TO)
    before = count(world, Draw)
    drawn = world.commit()

    assert before == 0
    assert preview.registered == 60
    assert (preview.included, dict(preview.excluded)) == (drawn.included, {"closed": 8})
    assert tuple((cell.cell, cell.p_ppm) for cell in preview.cells) == drawn.cells
    assert preview.expected_ppm == sum(cell.enterprises * cell.p_ppm for cell in preview.cells)


def test_the_size_of_the_draw_is_the_rounded_expectation(sqlite_world: World) -> None:
    with sqlite_world.backend.reading() as session:
        expected = preview_draw(session, sqlite_world.plan_id, FROM, TO).expected_ppm
    result = sqlite_world.reveal(sqlite_world.commit())

    assert expected // 1_000_000 <= result.selected <= -(-expected // 1_000_000)


def test_a_second_reveal_is_refused_and_its_refusal_is_noted(world: World) -> None:
    drawn = world.commit()
    first = world.reveal(drawn)

    with pytest.raises(errors.AlreadyRevealed, match="只能抽取一次"):
        world.reveal(drawn)
    with world.backend.reading() as session:
        stored = session.get(Draw, drawn.id)
        assert stored is not None
        assert stored.certificate == first.certificate
    assert log(world)[-1] == (
        "draw.refused",
        {"draw": str(drawn.id), "code": "draw.already_revealed"},
    )
    assert world.verify(drawn.id).ok


def test_an_interrupted_reveal_leaves_nothing_and_resumes_to_the_same_result(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = world.commit()
    noted = draw_reveal.note

    def power_cut(*args: Any) -> str:
        noted(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(draw_reveal, "note", power_cut)
        with pytest.raises(KeyboardInterrupt):
            world.reveal(drawn)
    halves = count(world, ChainValue), count(world, DrawTeam), len(log(world))
    result = world.reveal(drawn)

    assert halves == (0, 0, 3)
    assert world.verify(drawn.id).ok
    certificate = json.loads(result.certificate)
    assert certificate["log_head"] == certificate_head_before(world)


def certificate_head_before(world: World) -> str:
    with world.backend.reading() as session:
        return [leaf.leaf for leaf in record.leaves(session, "draw")][-2]


def test_one_commit_is_open_at_a_time(world: World) -> None:
    drawn = world.commit()

    with pytest.raises(errors.OpenCommitExists, match="2026-01"):
        world.commit()
    world.reveal(drawn)
    second = world.commit(**visits_in(4))
    assert second.draw_no == "2026-02"
    assert [source.issue for source in second.sources[:2]] == ["2", "2"]


def test_a_batch_is_drawn_once(world: World) -> None:
    first = world.commit()
    world.reveal(first)

    for days in (visits_in(3), {"visit_from": TO, "visit_to": date(2026, 4, 8)}):
        with pytest.raises(BatchDrawnAlready, match="2026-01（已揭示）") as refused:
            world.commit(**days, draw_no="改号再抽")
    assert "2026 年第 3 批（2026-03-01 至 2026-03-31）" in str(refused.value)
    assert count(world, Draw) == 1
    assert world.commit(**visits_in(4)).draw_no == "2026-02"


def test_the_commit_names_its_batch_so_that_two_of_one_batch_are_seen(sqlite_world: World) -> None:
    drawn = sqlite_world.commit()

    with sqlite_world.backend.reading() as session:
        body = json.loads(session.get_one(Draw, drawn.id).commit_body)
    assert body["rules"]["batch"] == {"year": 2026, "number": 3, "of": 12}
    assert Batch.from_json(body["rules"]["batch"]).last_day == date(2026, 3, 31)


def test_a_plan_made_anew_within_the_year_gives_no_second_draw_of_the_same_months(
    sqlite_world: World,
) -> None:
    sqlite_world.reveal(sqlite_world.commit())
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        six = RATES.replace("value = 12", "value = 6").replace("= 2000000", "= 1000000")
        made = make_plan(work, 2026, six)
    with sqlite_world.backend.begin(APPROVER) as work:
        approve_plan(work, made.id)

    for days in (visits_in(3), visits_in(4)):  # the new second batch is March and April
        with pytest.raises(BatchDrawnAlready, match="2026-01"):
            sqlite_world.commit(plan_id=made.id, **days)
    assert sqlite_world.commit(plan_id=made.id, **visits_in(5)).draw_no == "2026-02"


def test_of_two_commits_at_once_for_one_batch_exactly_one_stands(world: World) -> None:
    world.reveal(world.commit(**visits_in(4)))
    start = Barrier(2)

    def attempt() -> str:
        start.wait()
        try:
            drawn = world.commit()
            world.reveal(drawn)
        except (errors.OpenCommitExists, BatchDrawnAlready):
            return "refused"
        return drawn.draw_no

    with ThreadPoolExecutor(2) as pool:
        found = [job.result() for job in [pool.submit(attempt) for _ in range(2)]]

    assert sorted(found) == ["2026-02", "refused"]
    assert count(world, Draw) == 2


def test_a_later_draw_leaves_out_who_was_drawn_and_loads_who_was_sent(
    sqlite_world: World,
) -> None:
    first = sqlite_world.reveal(sqlite_world.commit())
    second = sqlite_world.commit(**visits_in(4))

    with sqlite_world.backend.reading() as session:
        codes = list(
            session.scalars(
                select(DrawLeaf.label).where(DrawLeaf.draw_id == second.id, ~DrawLeaf.included)
            )
        )
        stored = session.get(Draw, second.id)
        assert stored is not None
    loads = [int(line.split("\t")[4]) for line in stored.eligibility.split("\n") if line[0] == "O"]
    assert codes.count("under_way") == first.selected
    assert sum(loads) == first.places


def test_public_values_are_kept_only_when_two_people_typed_the_same(sqlite_world: World) -> None:
    drawn = sqlite_world.commit()
    other = KL8.replace("79", "80")

    with pytest.raises(errors.EntriesDiffer):
        sqlite_world.reveal(drawn, entries=[both(KL8, other)])
    with pytest.raises(errors.SamePerson):
        sqlite_world.reveal(drawn, entries=[DoubleEntry(KL8, TYPISTS[0], KL8, TYPISTS[0])])
    with pytest.raises(errors.BadEntropy, match="20 个"):
        sqlite_world.reveal(drawn, entries=[both("cwl.kl8/2026051/01,02")])
    with pytest.raises(errors.SourcesChanged):
        sqlite_world.reveal(drawn, entries=[both(KL8.replace("2026051", "2026052"))])
    with pytest.raises(errors.SourcesChanged):
        sqlite_world.reveal(drawn, entries=[])
    with pytest.raises(errors.SourcesChanged):
        sqlite_world.reveal(drawn, entries=[both(KL8), both(other)])
    assert count(sqlite_world, ChainValue) == 0
    assert all(
        KL8 not in json.dumps(body) and other not in json.dumps(body)
        for _, body in log(sqlite_world)
    )
    assert [type for type, _ in log(sqlite_world)].count("draw.refused") == 6


@pytest.mark.parametrize("roles", [[], [Role.SYSTEM_ADMIN], [Role.AUDIT_ADMIN], [Role.AUDITOR]])
def test_nobody_types_a_public_value_without_a_role_in_the_bureaus_cases(
    sqlite_world: World, roles: list[Role]
) -> None:
    drawn = sqlite_world.commit()
    stranger = Actor("user:stranger", frozenset(roles))

    with pytest.raises(errors.TypistMayNot, match="第二名录入人的账号没有办案角色"):
        sqlite_world.reveal(drawn, entries=[DoubleEntry(KL8, TYPISTS[0], KL8, stranger)])
    assert count(sqlite_world, ChainValue) == 0
    assert log(sqlite_world)[-1][0] == "draw.refused"


def test_a_chain_value_must_be_the_one_that_the_commit_names(sqlite_world: World) -> None:
    first = sqlite_world.commit()
    used = sqlite_world.chain_values(first)
    sqlite_world.reveal(first)
    second = sqlite_world.commit(**visits_in(4))

    with pytest.raises(errors.ChainValueUsed, match="第 1 次"):
        sqlite_world.reveal(second, authority=used[0])
    with pytest.raises(errors.BadChainValue, match="见证方"):
        sqlite_world.reveal(second, witness=sqlite_world.witness.value(5).hex())
    with pytest.raises(errors.BadChainValue):
        sqlite_world.reveal(second, authority="00" * 32)
    with pytest.raises(BadInput, match="十六进制"):
        sqlite_world.reveal(second, authority="不是十六进制")
    assert sqlite_world.reveal(second).selected >= 0


def test_a_chain_is_published_once_and_can_be_used_up(sqlite_world: World) -> None:
    def publish(anchor: str) -> None:
        with sqlite_world.backend.begin(SUPERVISOR) as work:
            publish_anchor(
                work, kind="authority", holder="本局", year=2026, anchor_hex=anchor, length=3
            )

    with pytest.raises(errors.ChainExists):
        publish("ab" * 32)
    for month in range(3, 3 + sqlite_world.authority.length):
        sqlite_world.reveal(sqlite_world.commit(**visits_in(month)))
    with pytest.raises(errors.ChainExhausted, match="4"):
        sqlite_world.commit(**visits_in(8))
    publish("ab" * 32)
    with pytest.raises(errors.ChainExists):
        publish("ab" * 32)


@pytest.mark.parametrize(
    "holder",
    [
        *("人员1", " 人员 1 ", "王见证", "wang-login"),
        *("区司法局人员1办公室", "区司法局（人员 1 工作室）", "王 见证公证处"),
        *("区司法局 wang-login 科", "区司法局（联系人：李某）", "赵钱孙", "<b>司法局</b>"),
        *("138 0000 0000 公证处", "区司法局０５１２-６６６６６６６６室"),
        *("３２０１０２１９９００１０１１２３４公证处", "١٣٨٠٠٠٠٠٠٠٠公证处"),
    ],
)
def test_the_published_holder_of_a_chain_is_a_unit_and_no_person(
    sqlite_world: World, holder: str
) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.add(
            User(
                id=uuid4(), login="wang-login", name="王见证", unit="区司法局", roles=[],
                password_hash="", failed_attempts=0, created_at=work.now,
            )
        )  # fmt: skip

    with (
        pytest.raises(BadInput, match="单位名称") as refused,
        sqlite_world.backend.begin(SUPERVISOR) as work,
    ):
        publish_anchor(
            work, kind="witness", holder=holder, year=2027, anchor_hex="cd" * 32, length=3
        )
    assert holder.strip() not in str(refused.value)


@pytest.mark.parametrize(
    "holder",
    [
        *("区纪委", "区司法局（公共法律服务中心）", "云湾区第2公证处", "派驻应急管理局纪检监察组"),
        *("区人大、区政协", "某某律师事务所", "区工商联"),
    ],
)
def test_any_unit_may_hold_a_chain(sqlite_world: World, holder: str) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        publish_anchor(
            work, kind="witness", holder=holder, year=2027, anchor_hex="cd" * 32, length=3
        )


def test_no_commit_without_both_chains_or_without_an_outside_value(
    sqlite_backend: Backend, tmp_path: Path, sqlite_world: World
) -> None:
    with pytest.raises(errors.BadCommit, match="至少一个公开随机值"):
        sqlite_world.commit(sources=[])
    with pytest.raises(errors.BadCommit, match="至少一个公开随机值"):
        sqlite_world.commit(sources=[Source(SourceKind.WITNESS, "ab" * 32, "1")])
    with pytest.raises(errors.BadEntropy):
        sqlite_world.commit(sources=[Source(SourceKind.PUBLIC, "彩票", "1")])
    with pytest.raises(errors.BadCommit, match="不能代替"):
        sqlite_world.commit(sources=[DICE])
    with pytest.raises(errors.BadCommit, match="只声明一次"):
        sqlite_world.commit(sources=[LOTTERY, DICE, replace(DICE, issue="2")])
    with pytest.raises(errors.BadCommit, match="两次"):
        sqlite_world.commit(sources=[LOTTERY, LOTTERY])
    assert count(sqlite_world, DrawLeaf) == 0


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("sse.000001", "2020-01-02"),
        ("sse.000001", "2026-02-27"),
        ("cwl.kl8", "2025301"),
        ("cwl.kl8", "2026001"),
        ("cwl.ssq", "2026010"),
    ],
)
def test_a_commit_takes_no_public_value_that_is_known_already(
    sqlite_world: World, name: str, issue: str
) -> None:
    """The clock stands at 2 March 2026."""
    with pytest.raises(errors.IssueKnown, match="改用承诺之后才产生的一期"):
        sqlite_world.commit(sources=[Source(SourceKind.PUBLIC, name, issue)])
    assert count(sqlite_world, DrawLeaf) == 0


@pytest.mark.parametrize("issue", ["nonsense", "2026-02-31", "2026-03-07"])
def test_a_commit_takes_no_issue_that_there_cannot_be(sqlite_world: World, issue: str) -> None:
    with pytest.raises(errors.BadEntropy, match="期号应为交易日"):
        sqlite_world.commit(sources=[Source(SourceKind.PUBLIC, "sse.000001", issue)])


def test_an_officer_is_sent_only_when_every_fact_allows_it(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        away = {
            "expired": add_officer(work, 100, cert_valid_to=date(2026, 3, 19)),
            "too new": add_officer(work, 102, cert_valid_from=date(2026, 3, 10)),
            "gone": add_officer(work, 104, active=False),
            "on leave": add_officer(work, 106),
        }
        add_leave(work, away["on leave"], TO, date(2026, 4, 1))
        back = add_officer(work, 108)
        add_leave(work, back, date(2026, 3, 1), date(2026, 3, 8))
    drawn = sqlite_world.commit()
    with sqlite_world.backend.reading() as session:
        roles = {
            row.officer_id: row.line.split("\t")[2]
            for row in session.scalars(select(DrawOfficer).where(DrawOfficer.draw_id == drawn.id))
        }
    sqlite_world.reveal(drawn)
    with sqlite_world.backend.reading() as session:
        sent = set(session.scalars(select(DrawTeam.officer_id)))

    assert roles[back] == "lead,member"
    assert away["gone"] not in roles
    assert [roles[away[name]] for name in ("expired", "too new", "on leave")] == ["", "", ""]
    assert not sent & set(away.values())


def test_a_recused_officer_never_visits_that_enterprise(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        officers = list(work.session.scalars(select(Officer.id).order_by(Officer.cert_no)))
        for enterprise in work.session.scalars(select(Enterprise)):
            for officer in officers[:4]:
                add_recusal(work, officer, enterprise.uscc)
    sqlite_world.reveal(sqlite_world.commit())

    with sqlite_world.backend.reading() as session:
        assert set(session.scalars(select(DrawTeam.officer_id))) <= set(officers[4:])
    assert count(sqlite_world, DrawTeam) > 0


def test_banned_pairs_are_kept_apart(sqlite_backend: Backend, tmp_path: Path) -> None:
    world = build(sqlite_backend, tmp_path, officers=4)
    with world.backend.reading() as session:
        ids = list(session.scalars(select(Officer.id).order_by(Officer.cert_no)))
    world.reveal(world.commit(banned_pairs=[(ids[0], ids[1]), (ids[2], ids[1])]))

    with world.backend.reading() as session:
        teams: dict[str, set[UUID]] = {}
        for row in session.scalars(select(DrawTeam)):
            teams.setdefault(row.task, set()).add(row.officer_id)
    assert teams
    assert not any({ids[0], ids[1]} <= team or {ids[2], ids[1]} <= team for team in teams.values())
    with pytest.raises(BadInput, match="不得同组"):
        world.commit(**visits_in(4), banned_pairs=[(ids[0], uuid4())])


def test_a_draw_that_could_starve_a_task_is_refused_and_names_the_rule(
    sqlite_world: World,
) -> None:
    starved = f"9132{88:014d}"
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        add_enterprise(work, 88)
        for officer in list(work.session.scalars(select(Officer.id)))[1:]:
            add_recusal(work, officer, starved)

    with pytest.raises(errors.TeamsInfeasible, match="回避") as refused:
        sqlite_world.commit()
    assert starved in str(refused.value)
    assert count(sqlite_world, Draw) == 0
    assert count(sqlite_world, DrawLeaf) == 0


def test_specialty_gives_way_only_where_it_is_declared(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.execute(update(Officer).values(specialties=["metal_smelting"]))

    with pytest.raises(errors.TeamsInfeasible, match="专业"):
        sqlite_world.commit(relaxations=())
    drawn = sqlite_world.commit()
    result = sqlite_world.reveal(drawn)
    relaxed = {tuple(row["relaxed"]) for row in json.loads(result.certificate)["teams"]}
    assert ("specialty/member", "specialty/lead") in relaxed
    assert relaxed <= {("specialty/member", "specialty/lead"), ()}
    assert result.relaxed > 0
    assert sqlite_world.verify(drawn.id).ok


def test_one_officer_is_too_few(sqlite_backend: Backend, tmp_path: Path) -> None:
    world = build(sqlite_backend, tmp_path)
    with world.backend.begin(SUPERVISOR) as work:
        keep = work.session.scalars(select(Officer.id)).first()
        work.session.execute(update(Officer).where(Officer.id != keep).values(active=False))

    with pytest.raises(errors.TooFewOfficers, match="只有 1 名"):
        world.commit()
    assert count(world, Draw) == 0


def test_a_bureau_without_a_lead_cannot_draw(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.execute(update(Officer).values(may_lead=False))

    with pytest.raises(errors.NoLead):
        sqlite_world.commit()


def test_an_empty_pool_is_refused(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.execute(update(Enterprise).values(status=EnterpriseStatus.CLOSED))

    before = log(sqlite_world)
    with pytest.raises(errors.EmptyPool, match="60"):
        sqlite_world.commit()
    assert [count(sqlite_world, model) for model in (Draw, DrawLeaf, DrawOfficer)] == [0, 0, 0]
    assert log(sqlite_world) == before
    with sqlite_world.backend.reading() as session, pytest.raises(errors.EmptyPool):
        preview_draw(session, sqlite_world.plan_id, FROM, TO)


def test_only_an_approved_plan_of_the_year_gives_odds(sqlite_world: World) -> None:
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        draft = make_plan(work, 2026)

    with pytest.raises(PlanNotInForce):
        sqlite_world.commit(plan_id=draft.id)
    with pytest.raises(NotFound):
        sqlite_world.commit(plan_id=uuid4())
    with pytest.raises(BadInput, match="早于"):
        sqlite_world.commit(visit_from=TO, visit_to=FROM)
    with pytest.raises(BadInput, match="2026"):
        sqlite_world.commit(visit_to=date(2027, 1, 8))
    for number in ("坏 号", "../x", "第" * 61):
        with pytest.raises(BadInput, match="抽取编号"):
            sqlite_world.commit(draw_no=number)
    with pytest.raises(BadInput, match="已过"):
        sqlite_world.commit(visit_from=date(2025, 3, 9))
    with pytest.raises(BadInput, match="已过"):
        sqlite_world.commit(deadline=date(2026, 3, 1))
    with pytest.raises(BadInput, match="晚于检查末日"):
        sqlite_world.commit(deadline=date(2099, 1, 1))


def test_only_a_supervisor_commits_reveals_and_publishes(sqlite_world: World) -> None:
    drawn = sqlite_world.commit()
    inspector = Actor("user:i", frozenset({Role.INSPECTOR}))
    with pytest.raises(Forbidden), sqlite_world.backend.begin(inspector) as work:
        draw_reveal.reveal_draw(work, drawn.id, "", "", [], sqlite_world.signer())
    with pytest.raises(Forbidden), sqlite_world.backend.begin(inspector) as work:
        publish_anchor(
            work, kind="witness", holder="区纪委", year=2027, anchor_hex="ab" * 32, length=1
        )

    with sqlite_world.backend.reading() as session:
        stored = session.get(Draw, drawn.id)
        assert stored is not None
        assert stored.state is DrawState.COMMITTED


def test_a_changed_pool_stops_the_reveal(world: World) -> None:
    drawn = world.commit()
    with world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_leaf")
        one = work.session.scalars(
            select(DrawLeaf).where(DrawLeaf.included, DrawLeaf.label.like("%none%"))
        ).first()
        assert one is not None
        one.included, one.label = False, "closed"

    with pytest.raises(errors.StoredDrawDamaged, match="抽取池"):
        world.reveal(drawn)


@pytest.mark.parametrize(
    "part", ["salt", "mark", "team", "certificate", "snapshot", "record", "anchor"]
)
def test_the_full_check_finds_what_was_changed_in_the_database(
    sqlite_world: World, part: str
) -> None:
    drawn = sqlite_world.commit()
    with pytest.raises(NotRevealedYet):
        sqlite_world.verify(drawn.id)
    sqlite_world.reveal(drawn)
    assert sqlite_world.verify(drawn.id).ok

    damage(sqlite_world, drawn.id, part)
    report = sqlite_world.verify(drawn.id)
    assert not report.ok
    assert report.level is None


def damage(world: World, draw_id: UUID, part: str) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw", "draw_leaf", "draw_team", "hash_chain", "record_leaf")
        leaf = work.session.scalars(select(DrawLeaf).where(DrawLeaf.selected)).first()
        team = work.session.scalars(select(DrawTeam).where(DrawTeam.stage == "lead/0")).first()
        stored = work.session.get(Draw, draw_id)
        assert leaf is not None
        assert team is not None
        assert stored is not None
        assert stored.certificate is not None
        if part == "salt":
            leaf.salt = bytes(32)
        elif part == "mark":
            leaf.selected = False
        elif part == "team":
            others = select(Officer.id).where(Officer.id != team.officer_id)
            team.officer_id = work.session.scalars(others.limit(1)).one()
        elif part == "certificate":
            certificate = json.loads(stored.certificate)
            stored.certificate = json.dumps(certificate, ensure_ascii=False)
        elif part == "anchor":
            chain = work.session.scalars(select(HashChain).limit(1)).one()
            chain.anchor_hex = "ab" * 32
        elif part == "snapshot":
            body = json.loads(stored.commit_body)
            world.backend.blobs.path(body["snapshot_sha256"]).write_bytes(b"{}")
        else:
            record.append(
                work.session,
                case="draw",
                type="draw.revealed",
                at=work.now,
                actor="x",
                body={"commit": stored.commit_hex, "certificate_sha256": "0"},
            )


def test_of_two_reveals_at_once_exactly_one_happens(world: World) -> None:
    drawn = world.commit()
    start = Barrier(2)

    def attempt() -> str:
        start.wait()
        try:
            return world.reveal(drawn).seed
        except errors.AlreadyRevealed as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        found = [job.result() for job in [pool.submit(attempt) for _ in range(2)]]

    assert found.count("draw.already_revealed") == 1
    assert world.verify(drawn.id).ok
    assert [type for type, _ in log(world)].count("draw.revealed") == 1


def test_of_two_commits_at_once_exactly_one_happens(world: World) -> None:
    start = Barrier(2)

    def attempt() -> str:
        start.wait()
        try:
            return world.commit().draw_no
        except errors.OpenCommitExists as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        found = [job.result() for job in [pool.submit(attempt) for _ in range(2)]]

    assert sorted(found) == ["2026-01", "draw.open_commit"]
    assert count(world, Draw) == 1


def test_a_refused_commit_leaves_no_file_and_no_row(sqlite_world: World) -> None:
    data_dir = sqlite_world.backend.settings.data_dir
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        work.session.execute(update(Officer).values(may_lead=False))
    with pytest.raises(errors.NoLead):
        sqlite_world.commit()

    assert list((data_dir / "tmp").iterdir()) == []
    assert count(sqlite_world, Draw) == 0


def test_the_next_commit_deletes_what_a_killed_one_left(world: World) -> None:
    left = world.backend.settings.data_dir / "tmp" / "snapshot-of-a-killed-commit"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"private")
    world.commit()

    assert list(left.parent.iterdir()) == []


def test_an_issue_of_a_lottery_serves_one_commit(world: World) -> None:
    first = world.commit()
    world.reveal(first)
    with pytest.raises(errors.IssueUsed) as refused:
        world.commit(**visits_in(4), sources=[first.sources[2]])
    second = world.commit(**visits_in(4))

    assert refused.value.facts["draw_no"] == first.draw_no
    assert second.sources[2] != first.sources[2]
