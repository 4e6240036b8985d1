"""Who is in the pool of a draw and who is not, as the registry and the approved plan say."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.errors import EmptyPool, NothingToDraw
from inspect_server.domain.draw.hashes.tagged import jcs, nfc
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.plan import EnterpriseFacts, Part, Plan, merged_parts, published_labels
from inspect_server.store import planning
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.store.models.planning import PlanState

PPM = 1_000_000
STEP = 1_000
TEMPORARY, SNAPSHOT = "tmp", "snapshot-"
Advance = Callable[[int], None]


class PlanNotInForce(InspectError):
    """Odds come from an approved plan only."""

    code, kind = "draw.plan_not_in_force", "conflict"
    message = "所选年度计划尚未批准或已被替代，请先批准计划（plan approve）再抽取。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One enterprise of the registry, in the pool under its cell or out of it for a reason."""

    enterprise_id: UUID
    uscc: str
    name: str
    label: str
    included: bool


@dataclass(frozen=True)
class Survey:
    """The whole registry, divided."""

    cells: tuple[tuple[str, int], ...]  # published id and p in ppm, sorted by id
    merged: tuple[tuple[str, tuple[Part, ...]], ...]  # of each merged cell, what went into it
    entries: tuple[Entry, ...]

    @property
    def included(self) -> int:
        """How many are in the pool."""
        return sum(entry.included for entry in self.entries)


def plan_in_force(session: Session, plan_id: UUID, visit_from: date, visit_to: date) -> Plan:
    """
    Return the plan whose odds a draw for these days uses.

    Raises:
        NotFound: No such plan.
        PlanNotInForce: It is a draft or superseded.
        BadInput: The days are not in the plan's year, or the wrong way round.
    """
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise NotFound(what="检查计划")
    if row.state is not PlanState.APPROVED:
        raise PlanNotInForce
    if visit_to < visit_from:
        raise BadInput(field="检查时段", reason="结束日期早于开始日期")
    if (visit_from.year, visit_to.year) != (row.year, row.year):
        raise BadInput(field="检查时段", reason=f"不在计划年度 {row.year} 内，跨年的应分两次抽取")
    return Plan.from_json(row.body)


def survey(
    session: Session,
    plan: Plan,
    on: date,
    seen: Callable[[EnterpriseFacts, str], None] = lambda _facts, _name: None,
    unseen: Collection[UUID] = (),
) -> Survey:
    """
    Divide the registry by the plan's rules as of a day.

    Args:
        on: The first day of the visits: batches, rounds and recency are counted on it.
        seen: Told of every enterprise in order, e.g. to write the snapshot.
        unseen: Draws whose choice keeps nobody out, for whoever must not learn of it.

    Raises:
        EmptyPool: Everybody is excluded.
        NothingToDraw: Nobody has any odds.
    """
    names = draws.enterprise_names(session)
    placed: list[tuple[EnterpriseFacts, str, str, bool]] = []
    odds: dict[str, int] = {}
    sizes: Counter[str] = Counter()
    for facts in planning.enterprise_facts(session, on.year, unseen=unseen):
        name = names[facts.id]
        seen(facts, name)
        if reason := plan.exclusion_of(facts, on):
            placed.append((facts, name, reason, False))
            continue
        cell, p_ppm = plan.cell_of(facts, on)
        odds[cell] = p_ppm
        sizes[cell] += 1
        placed.append((facts, name, cell, True))
    if not sizes:
        raise EmptyPool(registered=len(placed))
    if not any(odds.values()):
        raise NothingToDraw
    label = published_labels(
        {cell: (p, sizes[cell]) for cell, p in odds.items()}, plan.rules.min_cell_leaves
    )
    return Survey(
        tuple(sorted({(label[cell], p) for cell, p in odds.items()})),
        tuple(merged_parts(label, sizes).items()),
        tuple(
            Entry(UUID(facts.id), facts.uscc, name, label[at] if inside else at, inside)
            for facts, name, at, inside in placed
        ),
    )


class Snapshot:
    """
    The registry as the commit saw it, one JCS line each, hashed while it is written.

    Private: it is kept for the auditor, under its hash. It holds what the odds depend on, and no
    contacts.
    """

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file, self._advance = file, advance
        self._hash = hashlib.sha256()
        self._count = 0

    def add(self, facts: EnterpriseFacts, name: str) -> None:
        """Write one enterprise."""
        line = jcs(_plain(facts, name)) + b"\n"
        self._file.write(line)
        self._hash.update(line)
        self._count += 1
        if self._count % STEP == 0:
            self._advance(STEP)

    def finish(self) -> str:
        """Return the hex SHA-256 of all lines."""
        self._file.flush()
        self._advance(self._count % STEP)
        return self._hash.hexdigest()


def snapshot_file(data_dir: Path) -> IO[bytes]:
    """Return an open temporary file on the disk of the blob store; call under `draws.lock_log`."""
    _drop(_left(data_dir))
    folder = data_dir / TEMPORARY
    folder.mkdir(parents=True, exist_ok=True)
    return NamedTemporaryFile("wb", dir=folder, prefix=SNAPSHOT, delete=False)


def drop_left_snapshots(session: Session, data_dir: Path) -> None:
    """Delete the private snapshots that commits left when their process was killed."""
    if _left(data_dir):
        draws.lock_log(session)  # no commit is under way: whatever lies there now is nobody's
        _drop(_left(data_dir))


def _left(data_dir: Path) -> list[Path]:
    return list((data_dir / TEMPORARY).glob(f"{SNAPSHOT}*"))


def _drop(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def facts_of(line: Mapping[str, Any]) -> EnterpriseFacts:
    """Return what a line of the snapshot says of its enterprise."""
    day = line["last_checked_on"]
    return EnterpriseFacts(
        id=line["uscc"],
        uscc=line["uscc"],
        division=line["division"] or None,
        sectors=tuple(line["sectors"]),
        risk=line["risk"],
        credit=line["credit"],
        standardisation=line["standardisation"],
        is_key=line["is_key"],
        status=line["status"],
        checks_this_year=line["checks_this_year"],
        last_checked_on=date.fromisoformat(day) if day else None,
        is_under_way=line["under_way"],
        recusal=line.get("recusal", ""),  # before migration 0016 no line said it
    )


def _plain(facts: EnterpriseFacts, name: str) -> dict[str, Any]:
    return {
        "uscc": nfc(facts.uscc),
        "name": nfc(name),
        "division": nfc(facts.division or ""),
        "sectors": list(facts.sectors),
        "risk": str(facts.risk),
        "credit": str(facts.credit),
        "standardisation": str(facts.standardisation),
        "is_key": facts.is_key,
        "status": str(facts.status),
        "checks_this_year": facts.checks_this_year,
        "last_checked_on": facts.last_checked_on.isoformat() if facts.last_checked_on else "",
        "under_way": facts.is_under_way,
        "recusal": nfc(facts.recusal),
    }
