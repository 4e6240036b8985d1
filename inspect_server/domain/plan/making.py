"""From the registry, the officers and the dated rules to a plan, or to the reasons against it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from inspect_server.domain.calendar import Calendar
from inspect_server.domain.plan.capacity import Capacity, OfficerFacts, capacity_of
from inspect_server.domain.plan.cells import Cell, is_key_cell
from inspect_server.domain.plan.errors import PlanImpossible, PlanIsOver, Refusal
from inspect_server.domain.plan.facts import EnterpriseFacts
from inspect_server.domain.plan.model import Plan, at_cap, out_of_reach
from inspect_server.domain.plan.rules import PPM, TABLES, Rules
from inspect_server.domain.plan.words import SECTOR_NAMES, cell_name, exact_decimal

NAMED = 3
"""How many enterprises a refusal names; the rest is counted."""

IN_RATES_FILE = "在抽查率文件（plan make --rates 文件）中"
FEWER_ROUNDS = f"{IN_RATES_FILE}降低 plan.key_checks_per_year"
"""Where a bureau changes a rate: dated values of the law are never edited in place."""


@dataclass
class _Tally:
    enterprises: int = 0
    p_ppm: int = 0
    visits_ppm: int = 0
    smallest_cap: int = 0


@dataclass
class _Count:
    """What one pass over the registry adds up to; 150,000 enterprises are never held at once."""

    cells: dict[str, _Tally] = field(default_factory=dict)
    excluded: Counter[str] = field(default_factory=Counter)
    enterprises: int = 0
    key: int = 0
    key_visits: int = 0
    random_visits_ppm: int = 0
    key_over_cap: list[str] = field(default_factory=list)
    key_over_cap_count: int = 0


def make(
    year: int,
    made_on: date,
    enterprises: Iterable[EnterpriseFacts],
    officers: Iterable[OfficerFacts],
    calendar: Calendar,
    rules: Rules,
    division: str = "",
) -> Plan:
    """
    Return the plan of a year, for what is left of it when it is made within the year.

    `division` is the bureau's own: enterprises that lie elsewhere are not its to check; "" for all.
    The expected checks are an upper bound: an enterprise checked recently sits out some batches.

    Raises:
        PlanImpossible: No enterprise, no team, more checks than the officers can carry, a key
            round or a rate above the annual cap; every reason at once, with figures.
        PlanIsOver: The year is past.
        BadRates: An enterprise has a sector without a rate.

    Law: cap.annual_checks, team.min_officers
    """
    if made_on.year > year:
        raise PlanIsOver(year=year, on=made_on.isoformat())
    first = max(date(year, 1, 1), made_on)
    capacity = capacity_of(first, date(year, 12, 31), officers, calendar, rules)
    empty = Plan(year, first.isoformat(), rules, (), (), 0, 0, 0, 0, capacity, division)
    count = _count(empty, enterprises, first)
    plan = replace(
        empty,
        cells=tuple(
            Cell(id, tally.enterprises, tally.p_ppm, tally.visits_ppm, tally.smallest_cap)
            for id, tally in sorted(count.cells.items())
        ),
        excluded=tuple(sorted(count.excluded.items())),
        enterprises=count.enterprises,
        key_enterprises=count.key,
        key_visits=count.key_visits,
        random_visits=-(-count.random_visits_ppm // PPM),
    )
    if refusals := [*_refusals(plan, count)]:
        raise PlanImpossible(year, refusals)
    return plan


def _count(plan: Plan, enterprises: Iterable[EnterpriseFacts], first: date) -> _Count:
    count = _Count()
    batches_left = plan.rules.batches - plan.batch_of(first)
    for facts in enterprises:
        count.enterprises += 1
        cap = plan.rules.cap_of(facts)
        reason = out_of_reach(facts, plan.division)
        if reason is None and facts.checks_this_year >= cap:
            reason = _at_cap(plan, facts, first)
        if reason is not None:
            count.excluded[reason] += 1
            continue
        id, p_ppm = plan.cell_of(facts, first)
        visits_ppm = p_ppm * batches_left
        if facts.is_key:
            due = _rounds_due(plan, facts, first)
            visits_ppm = due * PPM
            count.key += 1
            count.key_visits += due
            _note_cap(count, facts, cap, due)
        else:
            count.random_visits_ppm += visits_ppm
        tally = count.cells.setdefault(id, _Tally(p_ppm=p_ppm, smallest_cap=cap))
        tally.enterprises += 1
        tally.visits_ppm += visits_ppm
        tally.smallest_cap = min(tally.smallest_cap, cap)
    return count


def _at_cap(plan: Plan, facts: EnterpriseFacts, first: date) -> str:
    done = facts.is_key and not _rounds_due(plan, facts, first)
    return "key_covered" if done else at_cap(facts)


def _rounds_due(plan: Plan, facts: EnterpriseFacts, first: date) -> int:
    per_round = plan.rules.batches // plan.rules.key_rounds
    left = plan.rules.key_rounds - plan.batch_of(first) // per_round
    return left - plan.is_covered(facts, first)


def _note_cap(count: _Count, facts: EnterpriseFacts, cap: int, due: int) -> None:
    if facts.checks_this_year + due <= cap:
        return
    count.key_over_cap_count += 1
    if len(count.key_over_cap) < NAMED:
        count.key_over_cap.append(f"{facts.uscc}（上限 {cap} 次）")


def _refusals(plan: Plan, count: _Count) -> Iterator[Refusal]:
    if not plan.cells:
        yield _nothing_to_check(count)
    if plan.capacity.officers < plan.rules.team_officers:
        yield _no_team(plan)
    elif plan.visits > plan.capacity.visits:
        yield _too_much(plan)
    if count.key_over_cap:
        yield Refusal(
            "plan.key_above_cap",
            f"重点企业全年需检查 {plan.rules.key_rounds} 轮，有 {count.key_over_cap_count} 家将超过"
            f"年度检查频次上限，如{'、'.join(count.key_over_cap)}；"
            f"请{FEWER_ROUNDS}，或调整重点企业名单。",
        )
    yield from _rates_too_high(plan)


def _nothing_to_check(count: _Count) -> Refusal:
    if not count.enterprises:
        return Refusal("plan.no_enterprises", "企业名录库为空，请先导入企业名录。")
    return Refusal(
        "plan.no_enterprises",
        f"名录库中 {count.enterprises} 家企业均已停产、关闭、达到年度检查频次上限或不在本机关辖区，"
        "请核对企业状态和行政区划。",
    )


def _no_team(plan: Plan) -> Refusal:
    have, need = plan.capacity.officers, plan.rules.team_officers
    count = f"只有 {have} 名" if have else "没有"
    return Refusal(
        "plan.no_team",
        f"{plan.capacity.first_day} 至 {plan.capacity.last_day} {count}持有效执法证的执法人员，"
        f"每次检查不得少于 {need} 名，请先导入执法人员名录或更新执法证有效期。",
    )


def _too_much(plan: Plan) -> Refusal:
    have: Capacity = plan.capacity
    return Refusal(
        "plan.above_capacity",
        f"需检查约 {plan.visits} 次（重点企业 {plan.key_visits} 次、"
        f"双随机 {plan.random_visits} 次），"
        f"{have.officers} 名执法人员 {have.working_days} 个工作日可完成 {have.visits} 次，"
        f"超出 {plan.visits - have.visits} 次；{_advice(plan)}",
    )


def _advice(plan: Plan) -> str:
    by_sector: Counter[str] = Counter()
    for cell in plan.cells:
        if not is_key_cell(cell.id):
            by_sector[cell.sector] += cell.visits_ppm
    if plan.random_visits == 0 or plan.key_visits > plan.capacity.visits:
        return f"仅重点企业已超出能力，请{FEWER_ROUNDS}，或缩减重点企业名单，或增加人员。"
    sector, visits_ppm = max(by_sector.items(), key=lambda pair: (pair[1], pair[0]))
    return (
        f"双随机中{SECTOR_NAMES[sector]}占 {visits_ppm // PPM} 次，"
        f"请{IN_RATES_FILE}降低 {TABLES['base_ppm']} 中 {sector} 的抽查率（现为百万分之"
        f"{plan.rules.base_ppm[sector]}），或增加执法人员。"
    )


def _rates_too_high(plan: Plan) -> Iterator[Refusal]:
    for cell in plan.cells:
        if is_key_cell(cell.id):
            continue
        if cell.p_ppm > PPM:
            yield Refusal(
                "plan.rate_above_one",
                f"“{cell_name(cell.id)}”的企业每批抽取概率为百万分之{cell.p_ppm}，超过 100%，"
                f"请{IN_RATES_FILE}降低 {TABLES['base_ppm']} 中 {cell.sector} 的抽查率或增加批次。",
            )
        elif cell.p_ppm * plan.rules.batches > cell.smallest_cap * PPM:
            yield Refusal(
                "plan.rate_above_cap",
                f"“{cell_name(cell.id)}”的企业全年期望检查 "
                f"{exact_decimal(cell.p_ppm * plan.rules.batches, 6)} 次，"
                f"超过其中企业的年度上限 {cell.smallest_cap} 次，"
                f"请{IN_RATES_FILE}降低 {TABLES['base_ppm']} 中 {cell.sector} 的抽查率或相应系数。",
            )
