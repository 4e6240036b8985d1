"""
Who may be sent where: the committed lines, and the matrix that follows from them.

    O TAB hex(officer) TAB roles TAB tags TAB load     an officer, salted like an enterprise
    R TAB hex(officer) TAB hex(c)                      a recusal (回避)
    B TAB hex(officer) TAB hex(officer)                two who may not be in one team

Roles, tags and load already hold the dated facts: an officer whose 执法证 does not cover the visit
days, or who is on leave in them, has no role. Tags are specialties. The sector that a task needs is
the second part of its cell's id (domain.plan), so anybody can derive the matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from inspect_server.domain.draw.errors import BadCommit, BadPool
from inspect_server.domain.draw.hashes.merkle import root
from inspect_server.domain.draw.hashes.tagged import Hash, jcs, tagged
from inspect_server.domain.draw.pool import fault_of_name, is_hash, is_label
from inspect_server.domain.draw.teams import Problem, Stage

ELIGIBILITY = "资格清单"
NO_SECTOR = frozenset({"none", "any"})
PAIR = "pair"
SPECIALTY = "specialty/"
MOST_STAGES = 12
"""Places in a team, and roles that need a specialty: each costs a verifier its time."""


@dataclass(frozen=True)
class OfficerLine:
    """One O line."""

    officer: str
    roles: tuple[str, ...]
    tags: tuple[str, ...]
    load: int

    def text(self) -> str:
        """Return the line as committed."""
        roles, tags = ",".join(sorted(self.roles)), ",".join(sorted(self.tags))
        return f"O\t{self.officer}\t{roles}\t{tags}\t{self.load}"


@dataclass(frozen=True)
class Eligibility:
    """All lines of one draw, read."""

    officers: tuple[OfficerLine, ...]
    recusals: frozenset[tuple[str, str]]  # officer, enterprise
    banned: frozenset[tuple[str, str]]  # both orders


@dataclass(frozen=True)
class TeamRules:
    """One department's rules, as they stand in the commit body."""

    dept: str
    stages: tuple[Stage, ...]
    specialty: tuple[str, ...]  # roles that need the sector of the task among their tags
    relaxations: tuple[str, ...]  # specialty/<role> or pair, in the order in which they give way

    def to_json(self) -> dict[str, object]:
        """Return the object that stands in the commit body."""
        return {
            "dept": self.dept,
            "stages": [[stage.label, stage.role] for stage in self.stages],
            "specialty": list(self.specialty),
            "relaxations": list(self.relaxations),
        }

    @staticmethod
    def from_json(data: Mapping[str, object]) -> "TeamRules":
        """
        Read one department's rules.

        Raises:
            BadCommit: They are not as `to_json` writes them.
        """
        try:
            if set(data) != {"dept", "stages", "specialty", "relaxations"}:
                raise ValueError
            rules = TeamRules(
                _text(data["dept"]),
                tuple(Stage(label, role) for label, role in _pairs(data["stages"])),
                _texts(data["specialty"]),
                _texts(data["relaxations"]),
            )
        except (TypeError, ValueError):
            raise BadCommit(reason="组队规则不可读") from None
        if "/" in rules.dept:  # a place is written dept/label
            raise BadCommit(reason=f"部门名称“{rules.dept}”中不能有斜杠")
        labels = [stage.label for stage in rules.stages]
        for named in (rules.dept, *labels):
            if fault := fault_of_name(named):
                raise BadCommit(reason=f"部门或者岗位的名称“{named}”{fault}")
        if max(len(rules.stages), len(rules.specialty)) > MOST_STAGES:
            raise BadCommit(reason=f"部门“{rules.dept}”的岗位超过 {MOST_STAGES} 个")
        known = {PAIR} | {SPECIALTY + role for role in rules.specialty}
        if not rules.stages or not set(rules.relaxations) <= known:
            raise BadCommit(reason="组队规则没有阶段，或放宽项未知")
        for listed in (labels, rules.specialty, rules.relaxations):
            if len(set(listed)) != len(listed):
                raise BadCommit(reason="组队规则中有一项写了两次")
        return rules


def officer_commitment(h: Hash, salt: bytes, record: Mapping[str, str]) -> bytes:
    """Return an officer's salted commitment, made as an enterprise's is."""
    return tagged(h, "sjc/id/1", salt + jcs(dict(record)))


def lines(
    officers: Iterable[OfficerLine],
    recusals: Iterable[tuple[str, str]],
    banned: Iterable[tuple[str, str]],
) -> list[str]:
    """Return all eligibility lines, sorted bytewise; a banned pair is written once, lower first."""
    made = {line.text() for line in officers}
    made |= {f"R\t{officer}\t{c}" for officer, c in recusals}
    made |= {"B\t{}\t{}".format(*sorted(pair)) for pair in banned}
    return sorted(made)


def lines_root(h: Hash, texts: Iterable[str]) -> str:
    """Return the hex Merkle root over eligibility lines."""
    return root(h, (text.encode("ascii") for text in texts)).hex()


def parse(texts: Sequence[str]) -> Eligibility:
    """
    Read eligibility lines strictly.

    Raises:
        BadPool: Names the first line that is not as SJC-DRAW/1 writes it.
    """
    officers: list[OfficerLine] = []
    recusals: set[tuple[str, str]] = set()
    banned: set[tuple[str, str]] = set()
    before = ""
    for number, text in enumerate(texts, start=1):
        if text <= before:
            raise BadPool(what=ELIGIBILITY, line=number, reason="行未按字节顺序排列或有重复")
        before = text
        match text.split("\t"):
            case ["O", officer, roles, tags, load] if is_hash(officer) and _is_count(load):
                line = OfficerLine(officer, _words(roles), _words(tags), int(load))
                if line.text() != text:
                    raise BadPool(what=ELIGIBILITY, line=number, reason="角色或标签未排序或有重复")
                officers.append(line)
            case ["R", officer, c] if is_hash(officer) and is_hash(c):
                recusals.add((officer, c))
            case ["B", one, other] if is_hash(one) and is_hash(other) and one < other:
                banned |= {(one, other), (other, one)}
            case _:
                raise BadPool(what=ELIGIBILITY, line=number, reason="不是 O、R、B 中任何一种写法")
    if len({line.officer for line in officers}) != len(officers):
        raise BadPool(what=ELIGIBILITY, line=len(texts), reason="同一执法人员出现两次")
    return Eligibility(tuple(officers), frozenset(recusals), frozenset(banned))


def sector_of(cell: str) -> str:
    """Return the sector that a cell's id names, "" when it names none."""
    parts = cell.split(".")
    return parts[1] if len(parts) > 1 and parts[1] not in NO_SECTOR else ""


def problem_of(
    rules: TeamRules,
    tasks: Sequence[tuple[str, bytes]],
    eligibility: Eligibility,
    relaxed: Sequence[int] = (),
) -> Problem:
    """
    Derive the matrix.

    Args:
        tasks: (cell, c) of each selected enterprise.
        relaxed: Per task, how many of the declared relaxations apply; none when empty.
    """
    officers = eligibility.officers
    index = {line.officer: place for place, line in enumerate(officers)}
    recused: dict[str, int] = {}
    for officer, c in eligibility.recusals:
        if officer in index:
            recused[c] = recused.get(c, 0) | 1 << index[officer]
    banned = [0] * len(officers)
    for one, other in eligibility.banned:
        if one in index and other in index:
            banned[index[one]] |= 1 << index[other]
    levels = list(relaxed) or [0] * len(tasks)
    given_up = [frozenset(rules.relaxations[:level]) for level in levels]

    @cache
    def fit(role: str, sector: str, gone: frozenset[str]) -> int:
        return _mask(officers, role, sector, _needs(rules, role, gone))

    eligible = {
        role: tuple(
            fit(role, sector_of(cell), gone) & ~recused.get(c.hex(), 0)
            for (cell, c), gone in zip(tasks, given_up, strict=True)
        )
        for role in {stage.role for stage in rules.stages}
    }
    return Problem(
        dept=rules.dept,
        tasks=tuple(c for _, c in tasks),
        stages=rules.stages,
        officers=tuple(bytes.fromhex(line.officer) for line in officers),
        loads=tuple(line.load for line in officers),
        eligible=eligible,
        banned=tuple(banned),
        pairs_free=frozenset(n for n, gone in enumerate(given_up) if PAIR in gone),
    )


def _needs(rules: TeamRules, role: str, given_up: frozenset[str]) -> bool:
    return role in rules.specialty and SPECIALTY + role not in given_up


def _mask(officers: Sequence[OfficerLine], role: str, sector: str, specialty: bool) -> int:
    return sum(
        1 << place
        for place, line in enumerate(officers)
        if role in line.roles and (not specialty or not sector or sector in line.tags)
    )


def _words(text: str) -> tuple[str, ...]:
    words = tuple(text.split(",")) if text else ()
    return words if all(is_label(word) for word in words) and len(set(words)) == len(words) else ()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text and len(text) < 10


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(_text(part) for part in value)


def _pairs(value: object) -> list[tuple[str, str]]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return [(label, role) for label, role in map(_texts, value)]
