"""The commit: everything that must be fixed before anybody can know the seed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from inspect_server.domain.draw.eligibility import TeamRules
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import BadCommit
from inspect_server.domain.draw.hashes.tagged import Hash, jcs, suite, tagged
from inspect_server.domain.draw.pool import (
    fault_of_name,
    fault_of_number,
    is_hash,
    is_label,
    is_name,
)
from inspect_server.domain.draw.publications.issues import CHINA
from inspect_server.domain.draw.seed import PPM
from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan.batches import Batch

COMPUTE = "compute"
MOST_DEPARTMENTS = 12
MOST_SOURCES = 8
"""Of a commit; and of chains that one certificate names. An honest draw has four sources."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RULES = frozenset({"plan", "law", "batch", "visits", "pairs", "teams"})
_COMPUTE_KEYS = frozenset({"v", "suite", "draw_no", "pool_root", "cells"})
_KEYS = _COMPUTE_KEYS | {
    "authority",
    "rules",
    "excluded_root",
    "counts",
    "eligibility_root",
    "snapshot_sha256",
    "sources",
    "deadline",
    "prev_leaf",
}


@dataclass(frozen=True)
class CommitBody:
    """The checked body; `data` is the object that is hashed."""

    data: Mapping[str, Any]

    @property
    def hash(self) -> Hash:
        """H of the body's suite."""
        return suite(self.data["suite"])

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Cell ids and odds in the declared order."""
        return [(cell, p) for cell, p in self.data["cells"]]

    @property
    def sources(self) -> list[Source]:
        """The declared sources in their order; none for `draw compute`."""
        return [Source.from_json(source) for source in self.data.get("sources", [])]

    @property
    def is_compute(self) -> bool:
        """Whether this is a computation without a database, which proves no ceremony."""
        return bool(self.data["draw_no"] == COMPUTE)

    @property
    def team_rules(self) -> list[Mapping[str, Any]]:
        """One object per department: dept, stages, specialty, relaxations."""
        rules = self.data.get("rules", {})
        return list(rules.get("teams", []))

    @property
    def batch(self) -> Batch | None:
        """The months for which this draw stands; None for `draw compute`."""
        return None if self.is_compute else Batch.from_json(self.data["rules"]["batch"])

    def digest(self) -> bytes:
        """Return the commit."""
        return commit_of(self.hash, self.data)


def commit_of(h: Hash, body: Mapping[str, Any]) -> bytes:
    """Return TH("sjc/commit/1", JCS(body))."""
    return tagged(h, "sjc/commit/1", jcs(dict(body)))


def compute_body(suite_name: str, pool_root: str, cells: Sequence[tuple[str, int]]) -> CommitBody:
    """Return the short body of `draw compute`, which has no registry behind it."""
    return checked_body(
        {
            "v": 1,
            "suite": suite_name,
            "draw_no": COMPUTE,
            "pool_root": pool_root,
            "cells": [[cell, p] for cell, p in cells],
        }
    )


def checked_body(data: Mapping[str, Any]) -> CommitBody:
    """
    Read a commit body strictly: the exact keys, and every value of its form.

    Raises:
        BadCommit: Says what is wrong.
        BadSuite: Unknown suite.
    """
    if not isinstance(data, Mapping):
        raise BadCommit(reason="不是 JSON 对象")
    if data.get("v") != 1 or isinstance(data.get("v"), bool):
        raise BadCommit(reason="版本号 v 应为 1")
    expected = _COMPUTE_KEYS if data.get("draw_no") == COMPUTE else _KEYS
    if set(data) != expected:
        odd = sorted(set(data) ^ expected)
        raise BadCommit(reason=f"字段不全或多余：{'、'.join(map(str, odd))}")
    suite(data["suite"] if isinstance(data["suite"], str) else "?")
    _check_cells(data["cells"])
    _check_hashes(data)
    if expected is _KEYS:
        _check_ceremony(data)
    try:
        jcs(dict(data))
    except (ValueError, TypeError, RecursionError):
        raise BadCommit(reason="其中有空值，或者不是 NFC 的文本，不能写成规范 JSON") from None
    return CommitBody(data)


def _check_cells(cells: Any) -> None:
    if not isinstance(cells, list) or not cells:
        raise BadCommit(reason="没有声明抽取单元")
    ids: set[str] = set()
    for cell in cells:
        if not (isinstance(cell, list | tuple) and len(cell) == 2):
            raise BadCommit(reason="抽取单元应为 [编号, 概率]")
        name, p = cell
        if not (isinstance(name, str) and is_label(name)) or name in ids:
            raise BadCommit(reason=f"单元编号 {name} 不可用或重复")
        if not isinstance(p, int) or isinstance(p, bool) or not 0 <= p <= PPM:
            raise BadCommit(reason=f"单元 {name} 的概率应为 0 到 1000000（百万分之一）")
        ids.add(name)


def _check_hashes(data: Mapping[str, Any]) -> None:
    for key in ("pool_root", "excluded_root", "eligibility_root", "snapshot_sha256", "prev_leaf"):
        if key in data and not is_hash(data[key]):
            raise BadCommit(reason=f"{key} 应为 64 位小写十六进制")


def _check_ceremony(data: Mapping[str, Any]) -> None:
    counts, rules, sources = data["counts"], data["rules"], data["sources"]
    if not isinstance(counts, Mapping) or set(counts) != {"included", "excluded"}:
        raise BadCommit(reason="counts 应有 included 和 excluded")
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in counts.values()):
        raise BadCommit(reason="counts 应为非负整数")
    for key, what, fault_of in (
        ("draw_no", "抽取编号", fault_of_number),
        ("authority", "机关名称", fault_of_name),
    ):
        if fault := fault_of(data[key]) if isinstance(data[key], str) else "应为文本":
            raise BadCommit(reason=f"{what}（{key}）{fault}")
    deadline = _day(data["deadline"])
    if deadline is None:
        raise BadCommit(reason="deadline 应为 YYYY-MM-DD")
    batch, last = _check_rules(rules)
    year_before = date(batch.year - 1, 1, 1)
    if not year_before <= deadline <= last:
        raise BadCommit(reason="最迟揭示日 deadline 不应早于批次的上一年度，也不应晚于检查末日")
    if not isinstance(sources, list) or not sources:
        raise BadCommit(reason="没有声明随机源")
    if len(sources) > MOST_SOURCES:
        raise BadCommit(reason=f"随机源超过 {MOST_SOURCES} 个")
    try:
        declared = [Source.from_json(source) for source in sources]
    except InspectError as error:
        raise BadCommit(reason=f"随机源声明不可用（{error}）") from None
    except (TypeError, AttributeError):
        raise BadCommit(reason="随机源声明不可读") from None
    order = [list(SourceKind).index(source.kind) for source in declared]
    if order != sorted(order):
        raise BadCommit(reason="随机源应按本机关链、见证链、公开值、掷骰的顺序声明")
    if len({(s.kind, s.name, s.issue) for s in declared}) != len(declared):
        raise BadCommit(reason="同一随机源声明了两次")
    for source in declared:
        first = source.earliest()
        if first is not None and not year_before <= first.astimezone(CHINA).date() <= deadline:
            raise BadCommit(reason=f"{source.label()} 不可能在批次的上一年度至最迟揭示日之间产生")


def _check_rules(rules: Any) -> tuple[Batch, date]:
    """Return the batch and the last day of the visits."""
    if not isinstance(rules, Mapping) or set(rules) != _RULES:
        raise BadCommit(reason=f"rules 应有且只有 {'、'.join(sorted(_RULES))}")
    if not isinstance(rules["teams"], list) or not rules["teams"]:
        raise BadCommit(reason="rules 应写明 teams，至少一个部门")
    try:
        batch = Batch.from_json(rules["batch"])
    except ValueError:
        raise BadCommit(reason="rules 应写明批次 batch：年份、第几批、全年分几批") from None
    law, pairs = rules["law"], rules["pairs"]
    if not is_name(rules["plan"]) or not isinstance(law, list) or not all(map(is_name, law)):
        raise BadCommit(reason="rules 应写明计划 plan 和依据 law")
    if not isinstance(pairs, Mapping) or set(pairs) != {"recent_draws"}:
        raise BadCommit(reason="rules 的 pairs 应写明 recent_draws")
    if type(pairs["recent_draws"]) is not int or pairs["recent_draws"] < 0:
        raise BadCommit(reason="rules 的 pairs 应写明 recent_draws")
    visits = rules["visits"]
    days = [_day(one) for one in visits] if isinstance(visits, list) and len(visits) == 2 else []
    first, last = days or (None, None)
    if first is None or last is None or not batch.first_day <= first <= min(last, batch.last_day):
        raise BadCommit(reason="rules 的 visits 应为检查的首日和末日，首日在批次之内")
    if len(rules["teams"]) > MOST_DEPARTMENTS:
        raise BadCommit(reason=f"rules 的 teams 不应超过 {MOST_DEPARTMENTS} 个部门")
    departments = [TeamRules.from_json(part).dept for part in rules["teams"]]
    if len(set(departments)) != len(departments):
        raise BadCommit(reason="同一部门的组队规则写了两次")
    return batch, last


def _day(text: Any) -> date | None:
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
