"""Rules of the teams that must hold for every seed, and what is said when there are none."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.draw import staffing, teams
from inspect_server.domain.draw.eligibility import Eligibility, OfficerLine, TeamRules
from inspect_server.domain.draw.errors import BadCommit
from inspect_server.domain.draw.hashes.tagged import suite

H = suite("sha256")
seeds = st.binary(min_size=32, max_size=32)


@st.composite
def problems(draw: st.DrawFn) -> teams.Problem:
    count, size = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    masks = st.integers(0, 2**size - 1)
    banned = [0] * size
    for one, other in draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)))):
        if one != other:
            banned[one] |= 1 << other
            banned[other] |= 1 << one
    return teams.Problem(
        dept="应急",
        tasks=tuple(H(bytes([n])) for n in range(count)),
        stages=(teams.Stage("lead/0", "lead"), teams.Stage("member/0", "member")),
        officers=tuple(H(bytes([100 + n])) for n in range(size)),
        loads=tuple(draw(st.integers(0, 3)) for _ in range(size)),
        eligible={role: tuple(draw(masks) for _ in range(count)) for role in ("lead", "member")},
        banned=tuple(banned),
    )


@settings(max_examples=120, deadline=None)
@given(seeds, problems())
def test_a_team_holds_nobody_twice_nobody_ineligible_and_no_banned_pair(drawn, asked) -> None:
    found = teams.draw_teams(H, drawn, asked)
    if found is None:
        return
    taken = Counter(officer for team in found.teams for officer in team)

    for task, team in enumerate(found.teams):
        assert len(set(team)) == len(asked.stages)
        for stage, officer in zip(asked.stages, team, strict=True):
            assert asked.eligible[stage.role][task] >> officer & 1
        assert not any(asked.banned[one] >> other & 1 for one, other in itertools.pairwise(team))
    assert list(found.load) == [n + taken[o] for o, n in enumerate(asked.loads)]


@settings(max_examples=120, deadline=None)
@given(seeds, problems())
def test_a_task_starves_exactly_when_it_has_no_team_at_all(drawn, asked) -> None:
    def has_team(task: int) -> bool:
        return any(
            one != other
            and asked.eligible["lead"][task] >> one & 1
            and asked.eligible["member"][task] >> other & 1
            and not asked.banned[one] >> other & 1
            for one in range(len(asked.officers))
            for other in range(len(asked.officers))
        )

    starved = [task for task in range(len(asked.tasks)) if not has_team(task)]

    assert teams.starving(asked) == starved
    if starved:
        assert teams.draw_teams(H, drawn, asked) is None


@settings(max_examples=80, deadline=None)
@given(seeds, problems())
def test_one_stage_spreads_the_load_as_evenly_as_any_assignment_can(drawn, asked) -> None:
    """Sorted loads, highest first, are the least possible: compared with every assignment."""
    one_stage = teams.Problem(
        asked.dept,
        asked.tasks,
        asked.stages[:1],
        asked.officers,
        asked.loads,
        asked.eligible,
        asked.banned,
    )
    found = teams.draw_teams(H, drawn, one_stage)
    every = list(itertools.product(*(teams.bits(mask) for mask in one_stage.eligible["lead"])))

    assert (found is None) == (not every)
    if found is not None:
        assert spread(found.load) == min(spread(loads(one_stage, chosen)) for chosen in every)


def loads(asked: teams.Problem, chosen: Sequence[int]) -> list[int]:
    taken = Counter(chosen)
    return [n + taken[officer] for officer, n in enumerate(asked.loads)]


def spread(found: Sequence[int]) -> list[int]:
    return sorted(found, reverse=True)


RULES = TeamRules(
    "应急",
    (teams.Stage("lead/0", "lead"), teams.Stage("member/0", "member")),
    ("lead", "member"),
    ("specialty/member",),
)


def officer(n: int, roles: str = "lead,member", tags: str = "", load: int = 0) -> OfficerLine:
    return OfficerLine(
        H(bytes([n])).hex(), tuple(roles.split(",")), tuple(filter(None, tags.split(","))), load
    )


def test_a_relaxation_applies_only_to_the_task_that_needs_it() -> None:
    lines = Eligibility(
        (officer(0, tags="dust"), officer(1, tags="ammonia"), officer(2, tags="ammonia")),
        frozenset(),
        frozenset(),
    )
    tasks = [("county.dust.red.B.never", H(b"d")), ("county.ammonia.red.B.never", H(b"a"))]
    places = staffing.staff(H, H(b"s"), RULES, tasks, lines)

    assert places is not None
    assert {(p.task, p.relaxed) for p in places} == {
        (H(b"d"), ("specialty/member",)),
        (H(b"a"), ()),
    }


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (((officer(0, tags="dust"), officer(1)), ((0, b"t"),), ()), "回避"),
        (((officer(0, tags="dust"), officer(1)), (), ((0, 1),)), "人员组合限制"),
        (((officer(0, tags="dust"),), (), ()), "可派出人数"),
    ],
)
def test_a_shortage_names_the_rule_that_starves_the_task(lines, rule) -> None:
    officers, recused, banned = lines
    name = {n: H(bytes([n])).hex() for n in range(2)}
    asked = Eligibility(
        officers,
        frozenset((name[n], H(c).hex()) for n, c in recused),
        frozenset(
            pair
            for one, other in banned
            for pair in ((name[one], name[other]), (name[other], name[one]))
        ),
    )
    tasks = [("county.dust.red.B.never", H(b"t"))]
    short = staffing.shortage(RULES, tasks, asked)

    assert short is not None
    assert (short.tasks, short.rule) == (((H(b"t"), rule),), rule)
    assert staffing.staff(H, H(b"s"), RULES, tasks, asked) is None


def test_a_shortage_names_leave_when_those_on_leave_would_do() -> None:
    here = Eligibility((officer(0, tags="dust"), officer(1, roles="")), frozenset(), frozenset())
    away = [staffing.Absence(officer(1), "休假")]
    short = staffing.shortage(RULES, [("county.dust.red.B.never", H(b"t"))], here, away)

    assert short is not None
    assert short.rule == "休假"


def test_a_shortage_names_two_rules_when_neither_alone_would_do() -> None:
    lines = (officer(0, tags="dust"), officer(1, tags="ammonia"))
    task = H(b"t")
    asked = Eligibility(lines, frozenset({(officer(1).officer, task.hex())}), frozenset())
    strict = TeamRules(RULES.dept, RULES.stages, RULES.specialty, ())
    short = staffing.shortage(strict, [("county.dust.red.B.never", task)], asked)

    assert short is not None
    assert short.rule == "专业＋回避，dust专业的主办、协办人员不够"


LEAD_ONLY = ("specialty/member",)


@pytest.mark.parametrize(
    ("tags", "relaxations", "said"),
    [
        (("", ""), LEAD_ONLY, "粉尘涉爆专业的主办，有限空间专业的主办人员不够"),
        (("confined_space", ""), LEAD_ONLY, "粉尘涉爆专业的主办人员不够"),
        (("confined_space", "confined_space"), (), "粉尘涉爆专业的主办、协办人员不够"),
        (
            ("dust_explosion,confined_space", "confined_space"),
            (),
            "粉尘涉爆专业的主办、协办人员不够",
        ),
    ],
)
def test_a_shortage_of_specialists_says_of_which_sector_and_in_which_role(
    tags: tuple[str, str], relaxations: tuple[str, ...], said: str
) -> None:
    rules = TeamRules(RULES.dept, RULES.stages, RULES.specialty, relaxations)
    lines = tuple(officer(n, tags=one) for n, one in enumerate(tags))
    tasks = [
        ("county.dust_explosion.red.B.never", H(b"d")),
        ("county.confined_space.red.B.never", H(b"c")),
    ]
    short = staffing.shortage(rules, tasks, Eligibility(lines, frozenset(), frozenset()))

    assert short is not None
    assert short.rule == f"专业，{said}"
    assert {rule for _, rule in short.tasks} == {"专业"}


@pytest.mark.parametrize(("recused", "rule"), [(True, "回避"), (False, "可派出人数")])
def test_a_place_that_an_earlier_one_always_takes_is_explained(recused: bool, rule: str) -> None:
    """The least loaded leads, and is the only one who could have been the second."""
    task = H(b"t")
    lines = [officer(0), officer(1, roles="lead", load=5)]
    if recused:
        lines.append(officer(2, roles="member"))
    asked = Eligibility(tuple(lines), frozenset({(officer(2).officer, task.hex())}), frozenset())
    tasks = [("county.none.red.B.never", task)]
    short = staffing.failure(H, H(b"s"), RULES, tasks, asked)

    assert staffing.shortage(RULES, tasks, asked) is None
    assert staffing.staff(H, H(b"s"), RULES, tasks, asked) is None
    assert short.tasks == ((task, rule),)


@settings(max_examples=150, deadline=None)
@given(seeds, problems())
def test_the_tasks_named_fail_in_every_attempt_and_none_is_named_idly(drawn, asked) -> None:
    failed = [
        set(one.tasks) for one in teams._attempts(H, drawn, asked) if isinstance(one, teams.Dry)
    ]
    named = {task for task, _ in teams.bottleneck(H, drawn, asked)}

    assert all(named & tasks for tasks in failed)
    assert all(any(task in tasks for tasks in failed) for task in named)


def test_a_carried_load_of_any_size_takes_no_longer() -> None:
    asked = teams.Problem(
        dept="应急",
        tasks=(H(b"t"), H(b"u")),
        stages=(teams.Stage("lead/0", "lead"),),
        officers=tuple(H(bytes([n])) for n in range(3)),
        loads=(0, 10**9, 10**9 + 1),
        eligible={"lead": (0b110, 0b110)},
        banned=(0,) * 3,
    )
    found = teams.draw_teams(H, H(b"s"), asked)

    assert found is not None
    assert found.load == (0, 10**9 + 1, 10**9 + 2) or found.load == (0, 10**9 + 2, 10**9 + 1)


def test_a_place_without_anybody_is_seen_without_trying_every_team() -> None:
    size = 40
    everybody = (1 << size) - 1
    stages = tuple(teams.Stage(f"{role}/0", role) for role in "abcdefgh")
    asked = teams.Problem(
        dept="应急",
        tasks=(H(b"t"),),
        stages=stages,
        officers=tuple(H(bytes([n])) for n in range(size)),
        loads=(0,) * size,
        eligible={role: (everybody if role < "g" else 1,) for role in "abcdefgh"},
        banned=(0,) * size,
    )

    assert teams.starving(asked) == [0]


def test_unknown_relaxations_cannot_be_declared() -> None:
    with pytest.raises(BadCommit):
        TeamRules.from_json({**RULES.to_json(), "relaxations": ["recusal"]})


def test_large_dense_problems_stay_fast() -> None:
    """A quadratic search would need minutes here; the time limit of the suite catches it."""
    rng = random.Random(7)
    size = 60
    asked = teams.Problem(
        dept="应急",
        tasks=tuple(rng.randbytes(32) for _ in range(600)),
        stages=RULES.stages,
        officers=tuple(rng.randbytes(32) for _ in range(size)),
        loads=tuple(rng.randrange(4) for _ in range(size)),
        eligible=dict.fromkeys(("lead", "member"), ((1 << size) - 1,) * 600),
        banned=(0,) * size,
    )
    found = teams.draw_teams(H, H(b"s"), asked)

    assert found is not None
    assert max(found.load) - min(found.load) <= 1
