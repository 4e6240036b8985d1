"""Saving one batch of read rows: what is new, what changed and what stayed the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID, uuid4

from inspect_server.domain.registry import enterprises, officers
from inspect_server.store import bulk, registry
from inspect_server.store.models.registry import (
    Enterprise,
    EnterpriseChange,
    Officer,
    OfficerChange,
    OfficerLeave,
    OfficerRecusal,
)
from inspect_server.usecases.work import Work

Values = dict[str, Any]


@dataclass
class Tally:
    """Rows counted so far: `read` is the sum of the next four; `asides` are none of the list."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    asides: int = 0
    repeated: int = 0  # of those rejected


class Batches(Protocol):
    """Where rows of one registry go."""

    def save(self, rows: Sequence[Values], tally: Tally) -> None:
        """Write (or in a dry run only count) rows whose keys are distinct in the whole file."""


@dataclass
class EnterpriseBatches:
    """Enterprises by 统一社会信用代码."""

    work: Work
    import_id: UUID
    dry_run: bool
    first: bool = field(init=False)  # nothing is stored yet, so nothing needs to be looked up

    def __post_init__(self) -> None:
        registry.widen_cache(self.work.session)
        self.first = registry.is_empty(self.work.session, Enterprise)

    def save(self, rows: Sequence[Values], tally: Tally) -> None:
        """Insert new enterprises; update changed ones and keep what they were."""
        if not rows:
            return
        session = self.work.session
        partial = [name for name in enterprises.INFERRED if any(name in row for row in rows)]
        fields = dict.fromkeys((*rows[0], *partial))
        known: dict[str, Values] = {}
        if not self.first:
            known = registry.stored(
                session, Enterprise, "uscc", [row["uscc"] for row in rows], fields
            )
        _complete(rows, partial, known)
        stamp = {"updated_at": self.work.now, "last_import_id": self.import_id}
        birth = {**enterprises.DEFAULTS, **stamp, "created_at": self.work.now}
        unnamed = {name: value for name, value in birth.items() if name not in fields}
        new, changed, history = [], [], []
        for row in rows:
            old = known.get(row["uscc"])
            if old is None:
                row["id"] = uuid4()
                new.append(row)
                continue
            if not (changes := differences(old, row)):
                tally.unchanged += 1
                continue
            changed.append({"id": old["id"], **row, **stamp})
            history.append(
                _change(self.work, self.import_id, {"enterprise_id": old["id"]}, changes)
            )
        tally.created += len(new)
        tally.updated += len(changed)
        if self.dry_run:
            return
        bulk.add(session, Enterprise, new, unnamed)
        registry.change(session, Enterprise, changed)
        bulk.add(session, EnterpriseChange, history)


def _complete(rows: Sequence[Values], inferred: Sequence[str], known: dict[str, Values]) -> None:
    """Give every row the fields found from names: what a name leaves open stays as it is stored."""
    for name in inferred:
        for row in rows:
            if name not in row:
                row[name] = known.get(row["uscc"], {}).get(name)


@dataclass
class OfficerBatches:
    """Officers by 执法证号, with their leave and recusals."""

    work: Work
    import_id: UUID
    dry_run: bool
    expired: int = 0

    def save(self, rows: Sequence[Values], tally: Tally) -> None:
        """Insert new officers; update changed ones and keep what they were."""
        if not rows:
            return
        session = self.work.session
        today = self.work.now.astimezone(self.work.settings.zone).date()
        self.expired += sum(row["cert_valid_to"] < today for row in rows)
        known = registry.stored(
            session, Officer, "cert_no", [row["cert_no"] for row in rows], _own(rows[0])
        )
        ids = [old["id"] for old in known.values()]
        leaves, recusals = registry.absences(session, ids), registry.recusals(session, ids)
        for row in rows:
            old = known.get(row["cert_no"])
            if old is None:
                tally.created += 1
                self._create(row)
                continue
            was = {**old, "leaves": leaves[old["id"]], "recusals": recusals[old["id"]]}
            if not (changes := differences(was, _listed(row))):
                tally.unchanged += 1
                continue
            tally.updated += 1
            self._update(old["id"], row, changes)

    def _create(self, row: Values) -> None:
        if self.dry_run:
            return
        officer = {
            **officers.DEFAULTS,
            "unit": self.work.settings.authority,
            **_own(row),
            **self._stamp(),
            "created_at": self.work.now,
            "id": uuid4(),
        }
        bulk.add(self.work.session, Officer, [officer])
        self._put_lists(officer["id"], row)

    def _update(self, officer: UUID, row: Values, changes: dict[str, list[Any]]) -> None:
        if self.dry_run:
            return
        session = self.work.session
        registry.change(session, Officer, [{"id": officer, **_own(row), **self._stamp()}])
        self._put_lists(officer, {name: row[name] for name in _LISTS if name in changes})
        made = _change(self.work, self.import_id, {"officer_id": officer}, changes)
        bulk.add(session, OfficerChange, [made])

    def _put_lists(self, officer: UUID, row: Mapping[str, Any]) -> None:
        session, own = self.work.session, {"officer_id": officer}
        if "leaves" in row:
            days = [
                {"id": uuid4(), **own, "first_day": first, "last_day": last, "reason": reason}
                for first, last, reason in row["leaves"]
            ]
            registry.replace_of_officer(session, OfficerLeave, officer, days)
        if "recusals" in row:
            whom = [
                {"id": uuid4(), **own, "uscc": uscc, "reason": reason}
                for uscc, reason in row["recusals"]
            ]
            registry.replace_of_officer(session, OfficerRecusal, officer, whom)

    def _stamp(self) -> Values:
        return {"updated_at": self.work.now, "last_import_id": self.import_id}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [old, new]} as JSON values for the fields of `new` that differ."""
    return {
        name: [_json(old[name]), _json(value)] for name, value in new.items() if old[name] != value
    }


_LISTS = ("leaves", "recusals")


def _own(row: Values) -> Values:
    return {name: value for name, value in row.items() if name not in _LISTS}


def _listed(row: Values) -> Values:
    """Return the row with its lists as the store returns them."""
    return {
        name: [[_json(part) for part in entry] for entry in value] if name in _LISTS else value
        for name, value in row.items()
    }


def _change(
    work: Work, import_id: UUID, whose: dict[str, UUID], changes: dict[str, list[Any]]
) -> Values:
    about = {"import_id": import_id, "changed_at": work.now, "changes": changes}
    return {"id": uuid4(), **whose, **about}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
