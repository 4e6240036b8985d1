"""The plan's rules: odds, rounds, caps, capacity, and every reason to refuse."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain import law
from inspect_server.domain.draw.eligibility import sector_of
from inspect_server.domain.enums import Credit, Risk, Sector, Standardisation
from inspect_server.domain.plan import (
    EXCLUSIONS,
    BadRates,
    EnterpriseFacts,
    OfficerFacts,
    Plan,
    PlanImpossible,
    PlanIsOver,
    Rules,
    capacity_of,
    cell_name,
    in_display,
    make,
    published_labels,
)
from inspect_server.domain.plan.cells import cell_id, key_cell_id
from inspect_server.domain.plan.words import DIMENSIONS
from inspect_server.domain.record import canonical
from inspect_server.gateways.calendar import published

JANUARY = date(2026, 1, 1)
RULES = Rules.read(law.book(), JANUARY)
ONE = EnterpriseFacts(
    id="1",
    uscc="91320700000000001X",
    division="320799",
    sectors=["dust_explosion"],
    risk="red",
    credit="B",
    standardisation="none",
    is_key=False,
    status="operating",
)
KEY = replace(ONE, is_key=True)
PAIR = [OfficerFacts(str(n), date(2024, 1, 1), date(2028, 1, 1), True) for n in range(2)]


def plan(
    enterprises: Iterable[EnterpriseFacts] = (ONE,),
    officers: Iterable[OfficerFacts] = PAIR,
    rules: Rules = RULES,
    made_on: date = JANUARY,
) -> Plan:
    return make(2026, made_on, enterprises, officers, published(), rules)


def refused(**given: object) -> dict[str, str]:
    with pytest.raises(PlanImpossible) as caught:
        plan(**given)  # type: ignore[arg-type]
    return {refusal.code: refusal.text for refusal in caught.value.refusals}


def test_odds_are_the_published_product_shared_among_the_batches() -> None:
    # 100,000 ppm a year × 2.0 red × 1.0 credit B × 1.3 never checked ÷ 12 batches, rounded up
    assert plan().cell_of(ONE, JANUARY) == ("county.dust_explosion.red.B.never", 21_667)


def test_better_credit_lowers_the_odds_and_worse_credit_raises_them() -> None:
    odds = [plan().cell_of(replace(ONE, credit=grade), JANUARY)[1] for grade in "ABCD"]

    assert odds == sorted(set(odds))


def test_of_several_sectors_the_highest_rate_decides_whatever_their_order() -> None:
    both = ["confined_space", "dust_explosion"]

    assert RULES.sector_of(both) == RULES.sector_of(both[::-1]) == "dust_explosion"
    assert RULES.sector_of([]) == "none"


def test_of_equal_rates_the_one_declared_first_decides() -> None:
    assert RULES.sector_of(["metal_smelting", "hazardous_chemicals"]) == "hazardous_chemicals"


def test_a_sector_without_a_rate_is_named() -> None:
    with pytest.raises(BadRates, match="fireworks"):
        RULES.sector_of(["fireworks"])


@pytest.mark.parametrize(
    ("division", "level"),
    [
        ("320000", "province"),
        ("320700", "city"),
        ("320799", "county"),
        ("320799101", "county"),
        (None, "unlocated"),
        ("32", "unlocated"),
    ],
)
def test_the_level_is_that_of_the_division_code(division: str | None, level: str) -> None:
    id, _ = plan().cell_of(replace(ONE, division=division), JANUARY)

    assert id.split(".")[0] == level


@pytest.mark.parametrize(
    ("checked", "recency"),
    [(None, "never"), (date(2026, 3, 2), "recent"), (date(2026, 3, 1), "earlier")],
)
def test_a_year_ago_is_still_recent_and_a_day_more_is_not(
    checked: date | None, recency: str
) -> None:
    assert RULES.recency_of(checked, date(2027, 3, 2)) == recency


def test_a_key_enterprise_is_certain_in_the_last_batch_of_its_round() -> None:
    yearly = plan([KEY])
    twice = plan([KEY], rules=replace(RULES, key_rounds=2))

    assert yearly.cell_of(KEY, JANUARY) == ("county.dust_explosion.any.any.key", 83_334)
    assert yearly.key_p_ppm(date(2026, 11, 30)) == 500_000
    assert yearly.key_p_ppm(date(2026, 12, 1)) == 1_000_000
    assert twice.key_p_ppm(date(2026, 6, 30)) == 1_000_000
    assert twice.key_p_ppm(date(2026, 7, 1)) == 166_667


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, 2, 3, 4, 6, 12]), st.data())
def test_drawing_every_batch_covers_every_key_enterprise_in_every_round(
    batches: int, data: st.DataObject
) -> None:
    rounds = data.draw(st.sampled_from([n for n in range(1, batches + 1) if batches % n == 0]))
    found = plan(rules=replace(RULES, batches=batches, key_rounds=rounds))
    missed = dict.fromkeys({found.round_start(date(2026, month, 15)) for month in range(1, 13)}, 1)
    for batch in range(batches):
        day = date(2026, batch * 12 // batches + 1, 15)
        left = Fraction(1_000_000 - found.key_p_ppm(day), 1_000_000)
        missed[found.round_start(day)] = missed[found.round_start(day)] * left

    assert len(missed) == rounds
    assert set(missed.values()) == {0}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (ONE, None),
        (replace(ONE, status="closed"), "closed"),
        (replace(ONE, status="stopped"), "stopped"),
        (replace(ONE, recusal="本机关下属单位"), "recused"),
        (replace(KEY, recusal="本机关下属单位", is_under_way=True), "recused"),
        (replace(ONE, is_under_way=True), "under_way"),
        (replace(ONE, checks_this_year=6, last_checked_on=JANUARY), "cap_reached"),
        (replace(ONE, checks_this_year=5, last_checked_on=date(2026, 3, 4)), "checked_recently"),
        (replace(ONE, checks_this_year=5, last_checked_on=date(2026, 3, 3)), None),
        (replace(KEY, last_checked_on=date(2026, 1, 1)), "key_covered"),
        (replace(KEY, checks_this_year=6, last_checked_on=JANUARY), "key_covered"),
        (replace(KEY, checks_this_year=6), "key_at_cap"),
        (replace(KEY, checks_this_year=6, is_under_way=True), "under_way"),
        (replace(KEY, last_checked_on=date(2025, 12, 31)), None),
    ],
)
def test_who_stays_out_of_a_pool_and_why(facts: EnterpriseFacts, reason: str | None) -> None:
    assert plan().exclusion_of(facts, date(2026, 6, 1)) == reason
    assert reason is None or reason in EXCLUSIONS


def test_the_cap_follows_hazard_and_standardisation() -> None:
    chemical = replace(ONE, sectors=["hazardous_chemicals", "confined_space"])
    grades = list(Standardisation)

    assert [RULES.cap_of(replace(chemical, standardisation=g)) for g in grades] == [2, 4, 8, 12]
    assert [RULES.cap_of(replace(ONE, standardisation=g)) for g in grades] == [1, 2, 4, 6]


def test_a_plan_survives_its_json_and_the_json_has_one_canonical_form() -> None:
    made = plan([ONE, KEY, replace(ONE, status="closed")])
    text = json.dumps(made.to_json())

    assert Plan.from_json(json.loads(text)) == made
    assert list(Plan.from_json(json.loads(text)).rules.base_ppm) == list(RULES.base_ppm)
    assert canonical(made.to_json()) == canonical(json.loads(text))


def test_demand_counts_rounds_for_key_enterprises_and_expectation_for_the_rest() -> None:
    made = plan([KEY, KEY, *[ONE] * 10], rules=replace(RULES, key_rounds=2))

    assert (made.key_enterprises, made.key_visits) == (2, 4)
    assert made.random_visits == 3  # 10 × 12 × 21,667 ppm = 2.6
    assert [cell.enterprises for cell in made.cells] == [2, 10]


def test_a_plan_made_within_the_year_is_for_what_is_left_of_it() -> None:
    covered = replace(KEY, last_checked_on=date(2026, 2, 1), checks_this_year=1)
    made = plan([KEY, covered, ONE], made_on=date(2026, 10, 1))

    assert made.first_day == "2026-10-01"
    assert made.key_visits == 1
    assert made.cells[-1].visits_ppm == 3 * 21_667
    assert made.capacity.working_days == published().working_days(
        date(2026, 10, 1), date(2026, 12, 31)
    )


def test_capacity_is_officer_days_less_leave_times_share_over_team_and_visit() -> None:
    capacity = plan().capacity

    assert capacity.working_days == 248
    assert capacity.officer_days == 2 * (248 - 15)
    assert capacity.visits == 466 * 600 // 1000 // 2


def test_validity_and_longer_leave_shorten_what_an_officer_can_do() -> None:
    officers = [
        OfficerFacts("1", date(2026, 12, 30), date(2030, 1, 1), True),  # two working days
        OfficerFacts("2", date(2020, 1, 1), date(2025, 12, 31), True),
        OfficerFacts("3", date(2020, 1, 1), date(2030, 1, 1), False),
        OfficerFacts(
            "4", date(2020, 1, 1), date(2030, 1, 1), True, [(JANUARY, date(2026, 12, 29))]
        ),
    ]
    capacity = capacity_of(JANUARY, date(2026, 12, 31), officers, published(), RULES)

    assert capacity.officers == 2
    assert capacity.officer_days == 2  # the flat allowance eats officer 1's days; 4 is there twice


def test_a_year_without_published_holidays_can_be_planned_and_says_so() -> None:
    made = make(2027, JANUARY, [ONE], PAIR, published(), RULES)

    assert made.capacity.is_estimated
    assert made.batch_of(date(2026, 12, 1)) == 0


def test_an_empty_registry_is_refused() -> None:
    assert "名录库为空" in refused(enterprises=())["plan.no_enterprises"]


def test_a_registry_of_closed_enterprises_is_refused_with_their_number() -> None:
    assert "1 家" in refused(enterprises=[replace(ONE, status="closed")])["plan.no_enterprises"]


def test_no_officer_and_one_officer_are_refused() -> None:
    assert "没有持有效执法证" in refused(officers=())["plan.no_team"]
    assert "只有 1 名" in refused(officers=PAIR[:1])["plan.no_team"]


def test_more_checks_than_capacity_are_refused_with_figures_and_the_rate_to_lower() -> None:
    others = [replace(ONE, sectors=[])] * 100
    text = refused(enterprises=[ONE] * 1_000 + others)["plan.above_capacity"]

    assert "可完成 139 次" in text
    assert "超出 125 次" in text  # 264 expected
    assert "双随机中粉尘涉爆占" in text
    assert "rate.base_ppm_by_sector 中 dust_explosion" in text  # the line to change in the file
    assert "100000" in text


def test_key_enterprises_alone_above_capacity_point_to_the_rounds() -> None:
    text = refused(enterprises=[KEY] * 140)["plan.above_capacity"]

    assert "在抽查率文件（plan make --rates 文件）中降低 plan.key_checks_per_year" in text


def test_a_key_enterprise_at_its_cap_is_told_from_one_whose_round_is_done() -> None:
    uncovered = replace(KEY, checks_this_year=6)
    covered = replace(uncovered, last_checked_on=JANUARY)
    made = plan([KEY, uncovered, covered, replace(ONE, checks_this_year=6)])

    assert made.excluded == (("cap_reached", 1), ("key_at_cap", 1), ("key_covered", 1))
    assert made.key_visits == 1


def test_key_rounds_above_an_enterprises_cap_are_refused_by_its_code() -> None:
    best = replace(KEY, standardisation="1")
    text = refused(enterprises=[best, KEY], rules=replace(RULES, key_rounds=2))

    assert "有 1 家" in text["plan.key_above_cap"]
    assert "91320700000000001X（上限 1 次）" in text["plan.key_above_cap"]


def test_a_rate_above_the_cap_of_someone_in_the_cell_is_refused() -> None:
    many = replace(RULES, base_ppm={**RULES.base_ppm, "dust_explosion": 500_000})
    text = refused(enterprises=[ONE, replace(ONE, standardisation="1")], rules=many)

    assert (
        "“县级·粉尘涉爆·红·B级·未检查过”的企业全年期望检查 1.300008 次"
        in text["plan.rate_above_cap"]
    )
    assert "上限 1 次" in text["plan.rate_above_cap"]
    assert plan([ONE], rules=many).cells[0].smallest_cap == 6


def test_odds_above_certainty_are_refused() -> None:
    rare = replace(RULES, batches=1, base_ppm={**RULES.base_ppm, "dust_explosion": 900_000})

    assert "超过 100%" in refused(rules=rare)["plan.rate_above_one"]


def test_all_reasons_are_given_at_once() -> None:
    assert set(refused(enterprises=(), officers=())) == {"plan.no_enterprises", "plan.no_team"}


def test_a_past_year_is_neither_planned_nor_drawn() -> None:
    with pytest.raises(PlanIsOver, match="2026"):
        plan(made_on=date(2027, 1, 1))
    with pytest.raises(PlanIsOver, match="2027-01-01"):
        plan().batches_left(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"batches": 5}, "plan.batches"),
        ({"key_rounds": 5}, "plan.key_checks_per_year"),
        ({"key_rounds": 0}, "plan.key_checks_per_year"),
        ({"share_permille": 0}, "capacity.share_permille"),
        ({"half_days_per_visit": 0}, "capacity.half_days_per_visit"),
        ({"leave_working_days": -1}, "capacity.leave_working_days"),
        ({"base_ppm": {"none": 1}}, "rate.base_ppm_by_sector"),
        ({"credit_permille": {**RULES.credit_permille, "A": 0}}, "rate.credit_permille"),
        ({"caps_other": {"1": 1}}, "cap.annual_checks"),
    ],
)
def test_rates_that_do_not_fit_are_refused_by_name(change: dict[str, int], named: str) -> None:
    with pytest.raises(BadRates) as caught:
        replace(RULES, **change).check()  # type: ignore[arg-type]

    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("county.confined_space.orange.B.never", "县级·有限空间·橙·B级·未检查过"),
        ("city.none.unknown.unknown.earlier", "市级·无行业标签·风险未定·信用未评·以前检查过"),
        ("unlocated.dust_explosion.any.any.key", "区划不明·粉尘涉爆·重点企业"),
        ("county.none.blue.A.any.p10", "县级·无行业标签·蓝·A级，概率 0.0010%"),
        ("any.ammonia_refrigeration.any.any.any.p11267", "液氨制冷各类，概率 1.1267%"),
        ("any.dust_explosion.any.any.key.p83334", "粉尘涉爆·重点企业，概率 8.3334%"),
        ("any.any.any.any.any.p99", "其余各类，概率 0.0099%"),
        ("A", "A"),
        ("a.b.c.d.e", "a.b.c.d.e"),
    ],
)
def test_a_cell_is_read_in_chinese_and_a_foreign_one_as_it_is(label: str, name: str) -> None:
    assert cell_name(label) == name


IDS = st.builds(
    "{}.{}.{}.{}.{}".format,
    st.sampled_from(["county", "city"]),
    st.sampled_from([*Sector, "none"]),
    st.sampled_from(list(Risk)),
    st.sampled_from(list(Credit)),
    st.sampled_from(["never", "earlier", "recent"]),
)
KEY_IDS = st.builds(
    key_cell_id, st.sampled_from(["county", "city"]), st.sampled_from([*Sector, "none"])
)
CELLS = st.dictionaries(
    IDS | KEY_IDS, st.tuples(st.sampled_from([1_000, 2_000, 3_000]), st.integers(1, 9)), max_size=30
)


@settings(max_examples=100, deadline=None)
@given(CELLS)
def test_no_two_labels_of_a_pool_read_alike(cells: dict[str, tuple[int, int]]) -> None:
    labels = set(published_labels(cells, 5).values())

    assert len({cell_name(label) for label in labels}) == len(labels)


def test_whole_names_and_key_enterprises_are_shown_first_in_the_order_given() -> None:
    declared = [
        "any.dust_explosion.any.any.any.p9",
        "any.dust_explosion.any.any.key.p500",
        "any.none.any.any.any.p7",
        "county.none.blue.A.never",
    ]

    assert in_display(declared, str) == (declared[1], declared[3], declared[0], declared[2])


def test_every_published_label_has_a_chinese_name_of_its_own() -> None:
    ids = [cell_id(*parts) for parts in product(*DIMENSIONS)]
    names = {cell_name(id) for id in ids}

    assert len(names) == len(ids)
    assert [name for name in names if "." in name or "_" in name] == []


@settings(max_examples=100, deadline=None)
@given(CELLS)
def test_a_label_has_one_sector_and_one_p_and_is_small_only_if_nobody_else_has_them(
    cells: dict[str, tuple[int, int]],
) -> None:
    labels = published_labels(cells, 5)
    kinds: dict[str, set[tuple[str, int]]] = {}
    sizes: Counter[str] = Counter()
    of_kind: Counter[tuple[str, int]] = Counter()
    for id, (p, leaves) in cells.items():
        kind = (sector_of(id), p)
        assert sector_of(labels[id]) == kind[0]
        kinds.setdefault(labels[id], set()).add(kind)
        sizes[labels[id]] += leaves
        of_kind[kind] += leaves

    assert set(labels) == set(cells)
    assert all(len(found) == 1 for found in kinds.values())
    assert all(label.isascii() and len(label) <= 120 for label in sizes)
    for label, size in sizes.items():
        (kind,) = kinds[label]
        assert size >= 5 or size == of_kind[kind]


def test_small_cells_of_equal_odds_merge_and_the_others_keep_their_own() -> None:
    labels = published_labels(
        {
            "county.none.blue.A.never": (10, 3),
            "county.none.blue.A.recent": (10, 4),
            "county.none.red.D.never": (99, 2),
            "county.none.red.C.never": (50, 9),
            "county.dust_explosion.any.any.key": (500, 5),
        },
        5,
    )

    assert labels == {
        "county.none.blue.A.never": "county.none.blue.A.any.p10",
        "county.none.blue.A.recent": "county.none.blue.A.any.p10",
        "county.none.red.D.never": "any.none.any.any.any.p99",
        "county.none.red.C.never": "county.none.red.C.never",
        "county.dust_explosion.any.any.key": "county.dust_explosion.any.any.key",
    }


def test_small_key_cells_of_one_sector_merge_with_each_other_before_anything_else() -> None:
    rest = "any.dust_explosion.any.any.key.p500"
    labels = published_labels(
        {
            "county.dust_explosion.any.any.key": (500, 1),
            "city.dust_explosion.any.any.key": (500, 4),
            "county.none.any.any.key": (500, 2),
            "county.confined_space.any.any.key": (500, 6),
            "county.dust_explosion.blue.A.never": (500, 9),
        },
        5,
    )

    assert labels == {
        "county.dust_explosion.any.any.key": rest,
        "city.dust_explosion.any.any.key": rest,
        "county.none.any.any.key": "any.none.any.any.key.p500",
        "county.confined_space.any.any.key": "county.confined_space.any.any.key",
        "county.dust_explosion.blue.A.never": "county.dust_explosion.blue.A.never",
    }


def test_a_key_enterprise_alone_hides_among_its_sector_or_under_the_coarsest_label() -> None:
    alone = {"county.dust_explosion.any.any.key": (500, 1)}
    others = {"county.dust_explosion.blue.A.never": (500, 9)}
    elsewhere = {"county.none.blue.A.never": (500, 9)}
    label = "any.dust_explosion.any.any.key.p500"

    assert set(published_labels(alone, 5).values()) == {label}
    assert published_labels({**alone, **elsewhere}, 5).keys() == {**alone, **elsewhere}.keys()
    assert label in published_labels({**alone, **elsewhere}, 5).values()
    assert set(published_labels({**alone, **others}, 5).values()) == {
        "any.dust_explosion.any.any.any.p500"
    }


def test_the_label_of_the_smallest_cell_still_says_which_specialty_its_team_needs() -> None:
    cells = {
        "county.ammonia_refrigeration.red.D.never": (11_267, 1),
        "county.dust_explosion.red.D.never": (11_267, 1),
        "county.none.blue.A.never": (11_267, 9),
    }

    assert {sector_of(label) for label in published_labels(cells, 5).values()} == {
        "ammonia_refrigeration",
        "dust_explosion",
        "",
    }


def test_every_refusal_and_every_exclusion_is_explained_in_the_docs() -> None:
    root = Path(__file__).parents[2]
    written = (root / "docs" / "plan.md").read_text("utf-8")
    source = (root / "inspect_server" / "domain" / "plan" / "making.py").read_text("utf-8")
    codes = re.findall(r'Refusal\(\s*"(plan\.[a-z_]+)"', source)

    assert len(set(codes)) == 6
    assert [code for code in [*codes, *EXCLUSIONS] if f"`{code}`" not in written] == []


@pytest.mark.parametrize(
    ("home", "kept"),
    [
        ("320799", ["320799", "320799001", "320700", None]),
        ("320700", ["320799", "320799001", "320706", "320700", None]),
        ("", ["320799", "320799001", "320706", "320700", None]),
    ],
)
def test_enterprises_outside_the_bureaus_division_are_in_neither_plan_nor_pool(
    home: str, kept: list[str | None]
) -> None:
    places = ["320799", "320799001", "320706", "320700", None]
    all_of_them = [replace(ONE, division=place) for place in places]

    made = make(2026, JANUARY, all_of_them, PAIR, published(), RULES, home)
    again = Plan.from_json(made.to_json())

    inside = [one.division for one in all_of_them if again.exclusion_of(one, JANUARY) is None]
    assert inside == kept
    assert dict(made.excluded).get("elsewhere", 0) == len(places) - len(kept)


def test_a_plan_kept_before_it_had_a_division_excludes_nobody_for_where_they_are() -> None:
    kept = plan().to_json()
    del kept["division"]

    assert Plan.from_json(kept).exclusion_of(replace(ONE, division="440103"), JANUARY) is None
