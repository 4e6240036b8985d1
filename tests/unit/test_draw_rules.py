"""Rules of the draw that must hold for every pool, every seed and every team."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.draw import eligibility, entropy, pool, seed, selection, staffing, teams
from inspect_server.domain.draw.eligibility import Eligibility, OfficerLine, TeamRules
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import BadCommit, BadEntropy, BadPool
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import suite

H = suite("sha256")
PPM = 1_000_000
seeds = st.binary(min_size=32, max_size=32)
odds = st.one_of(st.sampled_from([0, 1, PPM - 1, PPM]), st.integers(0, PPM))


def leaves_of(cell: str, size: int) -> list[bytes]:
    return [H(f"{cell}/{n}".encode()) for n in range(size)]


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[tuple[str, int]], dict[str, list[bytes]]]:
    cells = [(f"c{n}", draw(odds)) for n in range(draw(st.integers(1, 6)))]
    return cells, {cell: leaves_of(cell, draw(st.integers(0, 25))) for cell, _ in cells}


@settings(max_examples=60, deadline=None)
@given(seeds, pools())
def test_each_cell_gives_the_floor_or_the_ceiling_of_its_share(drawn, given_pool) -> None:
    cells, leaves = given_pool
    found = selection.select(H, drawn, cells, leaves)

    whole = 0
    for (cell, p), count in zip(cells, found.counts, strict=True):
        share = len(leaves[cell]) * p
        whole += share
        assert share // PPM <= count <= -(-share // PPM)
        chosen = [one.commitment for one in found.selected if one.cell == cell]
        assert len(set(chosen)) == len(chosen) == count
        assert set(chosen) <= set(leaves[cell])
    assert whole // PPM <= len(found.selected) <= -(-whole // PPM)


@settings(max_examples=40, deadline=None)
@given(seeds, pools(), st.randoms(use_true_random=False))
def test_the_order_of_the_leaves_does_not_matter(drawn, given_pool, rng) -> None:
    cells, leaves = given_pool
    mixed = {cell: rng.sample(part, len(part)) for cell, part in leaves.items()}

    assert selection.select(H, drawn, cells, mixed) == selection.select(H, drawn, cells, leaves)


def test_few_and_many_are_the_same_tickets() -> None:
    leaves = leaves_of("A", 400)
    drawn = H(b"seed")
    few = selection.select(H, drawn, [("A", 50_000)], {"A": leaves}).selected
    many = selection.select(H, drawn, [("A", 900_000)], {"A": leaves}).selected

    assert len(few) == 20
    assert many[:20] == few


def test_a_bound_that_keeps_too_few_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = {"A": leaves_of("A", 400)}
    chosen = selection.select(H, H(b"seed"), [("A", 50_000)], leaves)
    monkeypatch.setattr(selection, "_bound", lambda count, size: b"\x01" * 32)

    assert selection.select(H, H(b"seed"), [("A", 50_000)], leaves) == chosen


def test_every_offset_together_gives_exactly_the_published_odds() -> None:
    """Counted over all offsets, each cell gives size × p on average: no cell gains by rounding."""
    sizes, p_ppm = [7, 3, 11, 1], [300_000, 750_000, 50_000, 999_999]
    step = 1_000  # divides every share's denominator that matters below
    totals = [0] * len(sizes)
    for r in range(0, PPM, step):
        for cell, n in enumerate(selection.shares(sizes, p_ppm, r)):
            totals[cell] += n

    for size, p, total in zip(sizes, p_ppm, totals, strict=True):
        assert abs(total - size * p * (PPM // step) / PPM) <= 1


def test_uniform_passes_over_values_that_would_favour_small_remainders() -> None:
    m = 2**255 + 1  # nearly half of all values must be passed over
    numbers = [seed.uniform(H, H(bytes([n])), "t", m) for n in range(50)]

    assert all(0 <= number < m for number in numbers)
    firsts = [int.from_bytes(H(H(b"t") + H(bytes([n])) + bytes(4)), "big") for n in range(50)]
    assert any(first >= m for first in firsts)
    assert all(number == first for number, first in zip(numbers, firsts, strict=True) if first < m)
    with pytest.raises(ValueError, match="range"):
        seed.uniform(H, b"", "t", 0)


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
        (((officer(0), officer(1)), (), ()), "专业"),
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
    assert short.rule == "专业＋回避"


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


def test_eligibility_lines_read_back_as_written() -> None:
    one, other = officer(0, tags="b,a", load=3), officer(1, roles="")
    texts = eligibility.lines(
        [one, other], [(one.officer, "ab" * 32)], [(other.officer, one.officer)]
    )
    found = eligibility.parse(texts)

    assert texts == sorted(texts)
    assert {line.text() for line in found.officers} == {one.text(), other.text()}
    assert found.recusals == {(one.officer, "ab" * 32)}
    assert (one.officer, other.officer) in found.banned
    assert (other.officer, one.officer) in found.banned


@pytest.mark.parametrize(
    "texts",
    [
        ["X\t" + "ab" * 32],
        ["O\t" + "ab" * 32 + "\tmember,lead\t\t0"],
        ["O\t" + "ab" * 32 + "\tlead\t\t00"],
        ["O\t" + "ab" * 32 + "\tlead\t\t-1"],
        ["O\tAB" + "ab" * 31 + "\tlead\t\t0"],
        ["R\t" + "ab" * 32],
        ["B\t" + "cd" * 32 + "\t" + "ab" * 32],
        ["O\t" + "ab" * 32 + "\t\t\t1", "O\t" + "ab" * 32 + "\t\t\t2"],
        ["R\t" + "ab" * 32 + "\t" + "ab" * 32] * 2,
    ],
)
def test_a_line_with_two_spellings_is_refused(texts: list[str]) -> None:
    with pytest.raises(BadPool, match="资格清单"):
        eligibility.parse(texts)


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (["A " + "ab" * 32], 1),
        (["A\t" + "AB" * 32], 1),
        (["A\t" + "ab" * 31], 1),
        (["单元\t" + "ab" * 32], 1),
        (["B\t" + "ab" * 32, "A\t" + "cd" * 32], 2),
        (["A\t" + "ab" * 32, "A\t" + "ab" * 32], 2),
        (["A\t" + "ab" * 32, "B\t" + "ab" * 32], 2),
    ],
)
def test_a_pool_line_is_exact_sorted_and_unique(texts: list[str], line: int) -> None:
    with pytest.raises(BadPool, match=f"第 {line} 行"):
        pool.parse(texts, pool.POOL)


def test_a_chain_reveals_backwards_and_each_value_proves_its_place() -> None:
    secret = H(b"secret")
    values = list(chain.values(H, secret, 5))[::-1]

    for position in range(6):
        assert chain.value_at(H, secret, 5, position) == values[position]
    for position in range(1, 6):
        assert H(values[position]) == values[position - 1]
        source = Source(SourceKind.WITNESS, values[0].hex(), str(position))
        assert entropy.chain_proof(H, source, values[position]) == values[position - 1].hex()
        for other in {1, 2, 3, 4, 5} - {position}:
            assert entropy.chain_proof(H, source, values[other]) is None
    with pytest.raises(IndexError):
        chain.value_at(H, secret, 5, 6)


KL8 = "01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"


@pytest.mark.parametrize(
    ("name", "values", "good"),
    [
        ("cwl.kl8", KL8, True),
        ("cwl.kl8", KL8[:-2] + "81", False),
        ("cwl.kl8", KL8[:-3], False),
        ("cwl.kl8", "05,01" + KL8[5:], False),
        ("cwl.kl8", "1" + KL8[2:], False),
        ("cwl.ssq", "01,05,09,12,17,33+16", True),
        ("cwl.ssq", "01,05,09,12,17,33+17", False),
        ("cwl.ssq", "01,05,09,12,17,34+01", False),
        ("cwl.ssq", "01,05,09,12,17,33", False),
        ("sse.000001", "3456.78", True),
        ("sse.000001", "3456.7", False),
        ("other.source", "anything-1,2", True),
        ("other.source", "", False),
        ("other.source", "1，2", False),
        ("other.source", "a b", False),
        ("other.source", "a/b", False),
    ],
)
def test_a_public_value_has_one_spelling(name: str, values: str, good: bool) -> None:
    source = Source(SourceKind.PUBLIC, name, "2026001")
    text = f"{name}/2026001/{values}"
    if good:
        assert entropy.public_bytes(source, text) == text.encode()
        return

    with pytest.raises(BadEntropy, match="请核对"):
        entropy.public_bytes(source, text)


@pytest.mark.parametrize(
    "source",
    [
        Source(SourceKind.PUBLIC, "CWL", "1"),
        Source(SourceKind.PUBLIC, "cwl.kl8", "2026/1"),
        Source(SourceKind.PUBLIC, entropy.DICE, "1"),
        Source(SourceKind.DICE, "cwl.kl8", "1"),
        Source(SourceKind.WITNESS, "ab" * 31, "1"),
        Source(SourceKind.WITNESS, "ab" * 32, "0"),
        Source(SourceKind.AUTHORITY, "ab" * 32, "x"),
    ],
)
def test_a_source_that_could_be_read_two_ways_cannot_be_declared(source: Source) -> None:
    with pytest.raises(BadEntropy):
        source.check()


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
