"""
The supervisor's and auditor's check: does the pool that was drawn from follow from the registry?

The public verifier proves that a result follows from what was committed. Whether what was committed
was true only somebody who may see the registry can say: from the snapshot kept at the commit every
enterprise is placed again by the rules of the plan, and the snapshot is compared with the history
of the registry. Beside it stands what `draw verify` says of the stored draw: a pool that is true is
of no use when the result beside it was changed since.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.checks.report import Check, Verdict
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.hashes.tagged import jcs, nfc
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import require
from inspect_server.domain.plan import (
    EXCLUSIONS,
    Plan,
    cell_name,
    published_labels,
)
from inspect_server.store.drawing.registry_then import Then, placed, registry_before
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.usecases.disclosing.identities import unseen_draws
from inspect_server.usecases.drawing.auditing.check_draws import checks_of
from inspect_server.usecases.drawing.pool import facts_of
from inspect_server.usecases.work import Actor, Backend, BlobStore

STEP = 500
Advance = Callable[[int], None]
FIELD_NAMES: Mapping[str, str] = {
    "name": "名称",
    "division": "行政区划",
    "sectors": "行业标签",
    "risk": "风险等级",
    "credit": "信用等级",
    "standardisation": "标准化等级",
    "is_key": "重点企业",
    "status": "经营状态",
    "recusal": "本机关回避",
    "checks_this_year": "本年度检查次数",
    "last_checked_on": "上次检查日期",
    "under_way": "已抽中未办结",
}
KEYS = frozenset({"uscc", *FIELD_NAMES})
ELSEWHERE = "含公示结果和其余登记，另运行 inspect-server record verify 核验"
"""Where the cases of the record are checked: all of them, not those of one draw."""
WITHHELD = (
    "有抽取尚未公示，企业名单只对可以查看其抽中企业的人员（组织该抽取的机构负责人、审计人员）显示"
)
AUDITS = (Role.SUPERVISOR, Role.AUDITOR)


@dataclass(frozen=True)
class Difference:
    """One enterprise that is not as it should be."""

    uscc: str
    what: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.uscc} {self.what}：为“{self.found}”，应为“{self.wanted}”"


@dataclass(frozen=True)
class Audit:
    """All checks, and every difference behind those that failed."""

    draw_no: str
    enterprises: int
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.wrong

    @property
    def wrong(self) -> list[Check]:
        """The checks that failed."""
        return [check for check in self.checks if check.verdict is Verdict.WRONG]


@dataclass
class _Found:
    snapshot: list[Difference] = field(default_factory=list)
    places: list[Difference] = field(default_factory=list)
    history: list[Difference] = field(default_factory=list)
    unknown: int = 0


def audit_draw(
    backend: Backend,
    session: Session,
    actor: Actor,
    draw_id: UUID,
    advance: Advance = lambda _: None,
) -> Audit:
    """
    Place every enterprise of the kept snapshot again and compare it with list and history.

    The stored draw is verified as well: certificate, tables, files and draw log. A difference may
    tell who was under way, so while a draw is not public the enterprises are named only to whoever
    may know all that are drawn, and that is noted.

    Args:
        advance: Called with how many enterprises were checked since the last call.

    Raises:
        Forbidden: The actor is neither supervisor nor auditor.
        NotFound: No such draw, or its plan or snapshot is gone.
        BlobDamaged: The snapshot is not the one that was committed to.
    """
    require(actor.roles, *AUDITS, action="对照名录核查抽取")
    draw = session.get(Draw, draw_id)
    if draw is None:
        raise NotFound(what="该次抽取")
    plan_row = session.get_one(PlanRow, draw.plan_id)
    plan, body = Plan.from_json(plan_row.body), checked_body(json.loads(draw.commit_body)).data
    snapshot = _snapshot(backend.blobs, body["snapshot_sha256"])
    leaves = _leaves(session, draw_id)
    found = _Found()
    cells = _places(plan, draw.visit_from, snapshot, leaves, found, advance)
    then = registry_before(session, draw)
    _history(snapshot, then, found, advance)
    totals = Counter(included for _, included, _ in leaves.values())
    checks = [
        *checks_of(backend, session, draw_id),
        Check("快照中的企业", Verdict.RIGHT, f"{len(snapshot)} 家"),
        _same("规则与承诺", list(plan.rules.refs) == list(body["rules"]["law"]), "规则版本不符"),
        _same("各单元概率", cells == [list(cell) for cell in body["cells"]], "单元或概率不符"),
        _same(
            "家数",
            {"included": totals[True], "excluded": totals[False]} == dict(body["counts"])
            and len(snapshot) == len(leaves),
            "快照、清单和承诺的家数不符",
        ),
        _counted("快照与清单逐家对应", found.snapshot),
        _counted("单元和排除原因", found.places),
        _counted("快照与当日名录", found.history),
    ]
    if found.unknown:
        said = f"{found.unknown} 项在承诺之后改过日期或经替补，历史中无从对照"
        checks.append(Check("检查次数和在办情况", Verdict.UNCHECKED, said))
    checks.append(Check("全过程记录的各案卷", Verdict.UNCHECKED, ELSEWHERE))
    differences = (*found.snapshot, *found.places, *found.history)
    if differences and unseen_draws(backend, actor, "audit"):
        checks.append(Check("不符的企业", Verdict.UNCHECKED, WITHHELD))
        differences = ()
    return Audit(draw.draw_no, len(snapshot), tuple(checks), differences)


def _snapshot(blobs: BlobStore, sha256: str) -> dict[str, dict[str, Any]]:
    """Read the snapshot, re-hashed, by code."""
    before = {"recusal": ""}  # of a snapshot from before it was noted
    lines = [before | json.loads(line) for line in blobs.read(sha256).splitlines()]
    return {line["uscc"]: line for line in lines}


def _leaves(session: Session, draw_id: UUID) -> dict[str, tuple[str, bool, str]]:
    """Return (label, included, name) of every leaf, by code."""
    found = {}
    for label, included, record in placed(session, draw_id):
        identity = json.loads(record)
        found[identity["uscc"]] = (label, included, identity["name"])
    return found


def _places(
    plan: Plan,
    on: date,
    snapshot: Mapping[str, Mapping[str, Any]],
    leaves: Mapping[str, tuple[str, bool, str]],
    found: _Found,
    advance: Advance,
) -> list[list[Any]]:
    """Place everybody again; return the cells as the commit should list them."""
    places: dict[str, tuple[str, bool]] = {}
    odds: dict[str, int] = {}
    sizes: Counter[str] = Counter()
    for number, (uscc, line) in enumerate(snapshot.items(), start=1):
        if set(line) != KEYS:
            found.snapshot.append(Difference(uscc, "快照字段", "不全或多余", "、".join(KEYS)))
            continue
        facts = facts_of(line)
        reason = plan.exclusion_of(facts, on)
        if reason is None:
            cell, odds_here = plan.cell_of(facts, on)
            odds[cell] = odds_here
            sizes[cell] += 1
        places[uscc] = (cell, True) if reason is None else (reason, False)
        if number % STEP == 0:
            advance(STEP)
    advance(len(snapshot) % STEP)
    labels = published_labels(
        {cell: (p, sizes[cell]) for cell, p in odds.items()}, plan.rules.min_cell_leaves
    )
    for uscc, (at, included) in places.items():
        leaf = leaves.get(uscc)
        if leaf is None:
            found.snapshot.append(Difference(uscc, "抽取清单", "没有", "应在清单中"))
            continue
        wanted = labels[at] if included else at
        if leaf[:2] != (wanted, included):
            said = Difference(uscc, "位置", _said(*leaf[:2]), _said(wanted, included))
            found.places.append(said)
        if leaf[2] != snapshot[uscc]["name"]:
            found.snapshot.append(Difference(uscc, "清单中的名称", leaf[2], snapshot[uscc]["name"]))
    for uscc in leaves.keys() - snapshot.keys():
        found.snapshot.append(Difference(uscc, "名录快照", "没有", "应在快照中"))
    return [list(one) for one in sorted({(labels[cell], p) for cell, p in odds.items()})]


def _history(
    snapshot: Mapping[str, Mapping[str, Any]],
    then: Mapping[str, Then],
    found: _Found,
    advance: Advance,
) -> None:
    for number, (uscc, line) in enumerate(snapshot.items(), start=1):
        past = then.get(uscc)
        if past is None:
            found.history.append(Difference(uscc, "当日名录", "没有", "快照中有"))
        else:
            _compare(uscc, line, past, found)
        if number % STEP == 0:
            advance(STEP)
    advance(len(snapshot) % STEP)
    for uscc in then.keys() - snapshot.keys():
        found.history.append(Difference(uscc, "名录快照", "没有", "当日名录中有"))


def _compare(uscc: str, line: Mapping[str, Any], past: Then, found: _Found) -> None:
    for name, value in past.facts.items():
        if jcs({"": line.get(name)}) == jcs({"": _plain(value)}):
            continue
        if name in past.unknown:
            found.unknown += 1
            continue
        found.history.append(
            Difference(
                uscc, FIELD_NAMES[name], _word(line.get(name)), f"{_word(value)}（当日名录）"
            )
        )


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return list(value)
    return nfc(str(value or ""))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value)) or "无"
    return str(value) if value not in (None, "") else "无"


def _said(label: str, included: bool) -> str:
    return cell_name(label) if included else f"不列入：{EXCLUSIONS.get(label, label)}"


def _same(what: str, holds: bool, wrong: str) -> Check:
    return Check(what, Verdict.RIGHT if holds else Verdict.WRONG, "" if holds else wrong)


def _counted(what: str, differences: list[Difference]) -> Check:
    return _same(what, not differences, f"{len(differences)} 处不符")
