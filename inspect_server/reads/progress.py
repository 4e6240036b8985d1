"""How a visit under way stands: checklists, findings, who came and signed, the team's phones."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from forms.errors import FormError
from forms.evaluation.filling import Filling
from forms.model import ATTACHMENTS, Form
from inspect_server.domain.enums import TeamRole
from inspect_server.domain.inspection import REFER, SIGNER_NAMES, TO_ORDER, TO_RECORD
from inspect_server.domain.saying.arriving import arrived_at
from inspect_server.reads.people import names_of
from inspect_server.reads.phones.clocks import is_ahead, minutes_ahead
from inspect_server.store import checklists, visit_records
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.journal import BlobLink, JournalEntry, Receipt, Replica
from inspect_server.store.models.registry import Officer
from sync.merge import Head, MergedRecord


@dataclass(frozen=True)
class ChecklistProgress:
    """How far one checklist is."""

    title: str
    version: int
    total: int  # items that somebody has to answer, by the answers so far
    answered: int  # of these with a value, disagreements included
    failed: int
    by: tuple[tuple[str, int], ...]  # account's name, items answered


@dataclass(frozen=True)
class NotedFinding:
    """One problem as noted so far."""

    level: str  # general | major; "" where it is to be referred
    text: str
    place: str
    by: str  # the account's name


@dataclass(frozen=True)
class Step:
    """An arrival, an end of the visit, or a signature."""

    kind: str  # start | complete, or who signed: lead …; order_lead … on the order
    name: str  # who; of the enterprise as they signed, of a participant as noted: 专家孙建国
    at: str  # the phone's wall time, RFC 3339
    remark: str  # "" | refused | stale
    typed: str = ""  # the name on the phone, where it is not the officer's registered one
    phone_of: str = ""  # the account whose phone it was signed on, where it is not the officer's


@dataclass(frozen=True)
class TeamPhone:
    """What one phone of a team member has delivered; without a phone `replica` is empty."""

    officer: str
    role: TeamRole
    replica: str
    label: str
    last_contact_at: datetime | None
    entries: int  # of this inspection
    unreceipted: int  # entries, of all tasks, that no receipt covers yet
    held: int  # entries of this inspection that wait for an earlier one
    missing_files: int  # that its entries cite and that have not arrived
    ahead_minutes: int  # of its clock, at most; 0 unless far ahead in an entry of this inspection


@dataclass(frozen=True)
class VisitProgress:
    """Everything that has arrived of one visit, and what has not."""

    checklists: tuple[ChecklistProgress, ...]
    findings: tuple[NotedFinding, ...]
    steps: tuple[Step, ...]  # in the order of time
    stale: tuple[str, ...]  # who signed before the last change and must sign again: 主办人员张三
    phones: tuple[TeamPhone, ...]  # the lead's first


def progress(session: Session, inspection_id: UUID) -> VisitProgress:
    """Return how far a visit is; check `may_see` first."""
    merged = visit_records.load(session, inspection_id).merged
    team = visit_records.team(session, inspection_id)
    heads = [head for item in merged.items.values() for head in item.heads]
    labels = names_of(session, {f"user:{head.user}" for head in heads})
    names = {label.removeprefix("user:"): name for label, name in labels.items()}
    day = _day(session, merged, inspection_id)
    return VisitProgress(
        checklists=tuple(
            _checklist(merged, form, names, day) for form in _forms(session, inspection_id)
        ),
        findings=tuple(
            NotedFinding(
                "" if value["measure"] == REFER else value["level"],
                value["text"],
                value["place"],
                names[item.heads[0].user],
            )
            for item in merged.of_kind("finding/")
            if (value := item.value) is not None
        ),
        steps=_steps(
            merged,
            names,
            {str(officer.id): officer.name for _, officer in team},
            visit_records.officers_of_users(session, names),
        ),
        stale=visit_records.stale_signers(merged, team),
        phones=_phones(session, inspection_id),
    )


def _forms(session: Session, inspection_id: UUID) -> tuple[Form, ...]:
    form_set = session.scalar(select(Inspection.form_set).where(Inspection.id == inspection_id))
    try:
        return checklists.published(session).of(form_set or "")
    except FormError:
        return ()


def _day(session: Session, merged: MergedRecord, inspection_id: UUID) -> str:
    """Return the day of the visit, of its first arrival; before it the first that it may be."""
    heads = [head for item in merged.of_kind("visit/start/") for head in item.heads]
    if arrived := [head for head in heads if head.plain() is not None]:
        return min(map(arrived_at, arrived)).isoformat()[:10]
    begins = session.scalar(select(Inspection.visit_from).where(Inspection.id == inspection_id))
    return "" if begins is None else begins.isoformat()


def _checklist(
    merged: MergedRecord, form: Form, names: dict[str, str], day: str
) -> ChecklistProgress:
    prefix = f"answer/{form.name}/"
    filling = Filling(form, day)
    live: dict[str, list[Head]] = {}
    for item in merged.of_kind(prefix):
        code = item.id.removeprefix(prefix)
        if heads := [head for head in item.heads if head.plain() is not None]:
            live[code] = heads
        if item.value is not None:
            filling.answer(code, item.value)
    for code, heads in _pictured(merged, form).items():
        filling.attach(code, len(heads))
        live.setdefault(code, heads)
    state = filling.state()
    asked = _asked(form, frozenset(state.visible))
    answered = {code: heads for code, heads in live.items() if code in asked}
    by = Counter(
        names[user] for heads in answered.values() for user in {head.user for head in heads}
    )
    return ChecklistProgress(
        title=form.title,
        version=form.version,
        total=len(asked),
        answered=len(answered),
        failed=sum(
            code in state.failed or any(head.plain().get("result") == "fail" for head in heads)
            for code, heads in answered.items()
        ),
        by=tuple(sorted(by.items())),
    )


def _asked(form: Form, visible: frozenset[str]) -> frozenset[str]:
    """Return the codes of the items that somebody has to answer now."""
    return frozenset(item.code for item in form.items if item.code in visible and item.is_asked)


def _pictured(merged: MergedRecord, form: Form) -> dict[str, list[Head]]:
    """Return by code the photos and recordings that are an answer by themselves."""
    codes = {
        f"answer/{form.name}/{item.code}": item.code
        for item in form.items
        if item.kind in ATTACHMENTS
    }
    found: dict[str, list[Head]] = {}
    for item in merged.of_kind("photo/") if codes else ():
        value = item.value
        if value is not None and value["answer_item"] in codes:
            found.setdefault(codes[value["answer_item"]], []).extend(item.heads)
    return found


def _steps(
    merged: MergedRecord,
    names: dict[str, str],
    officers: dict[str, str],
    accounts: dict[str, str],
) -> tuple[Step, ...]:
    found = [
        Step("complete", names[head.user], head.wall, "")
        for item in merged.of_kind("visit/complete/")
        for head in item.heads
    ]
    found += [
        Step("start", names[head.user], arrived_at(head).isoformat(), "")
        for item in merged.of_kind("visit/start/")
        for head in item.heads
        if head.plain() is not None
    ]
    people = visit_records.participants(merged)
    for one in merged.signatures:
        step = _signature(one.head, one.stale, officers | people)
        elsewhere = one.head.plain()["officer_id"] not in {"", accounts.get(one.head.user, "")}
        found.append(replace(step, phone_of=names[one.head.user]) if elsewhere else step)
    return tuple(sorted(found, key=lambda step: datetime.fromisoformat(step.at)))


def _signature(head: Head, is_stale: bool, names: dict[str, str]) -> Step:
    """Return a signature as a step; `names` are those of officers and of who takes part, by id."""
    value: dict[str, Any] = head.plain()
    remark = "refused" if value["refused"] else "stale" if is_stale else ""
    if person := value.get("participant", ""):
        gone = f"{SIGNER_NAMES[value['signer']]}{value['name']}"
        return Step(value["signer"], names.get(person, gone), head.wall, remark)
    name = names.get(value["officer_id"], value["name"])
    typed = "" if value["name"] == name else value["name"]
    on_order = value.get("document", TO_RECORD) == TO_ORDER
    kind = f"order_{value['signer']}" if on_order else value["signer"]
    return Step(kind, name, head.wall, remark, typed)


def _phones(session: Session, inspection_id: UUID) -> tuple[TeamPhone, ...]:
    rows = session.execute(
        select(Officer.id, Officer.name, InspectionMember.role, Replica)
        .select_from(InspectionMember)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .outerjoin(User, User.officer_id == Officer.id)
        .outerjoin(Replica, and_(Replica.user_id == User.id, Replica.revoked_at.is_(None)))
        .where(InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_(None))
        .order_by(InspectionMember.role, Officer.cert_no, Replica.enrolled_at)
    ).all()
    ids = [phone.id for _, _, _, phone in rows if phone is not None]
    mine = JournalEntry.assignment == inspection_id
    entries = _counts(session, _entries(ids).where(mine))
    held = _counts(session, _entries(ids).where(mine, JournalEntry.effect == "held"))
    receipted = _counts(
        session,
        select(Receipt.replica_id, func.max(Receipt.upto_seq))
        .where(Receipt.replica_id.in_(ids))
        .group_by(Receipt.replica_id),
    )
    missing = _counts(
        session,
        select(BlobLink.replica_id, func.count(BlobLink.sha256.distinct()))
        .where(
            BlobLink.assignment == inspection_id, ~exists().where(Blob.sha256 == BlobLink.sha256)
        )
        .group_by(BlobLink.replica_id),
    )
    ahead = _ahead(session, ids, inspection_id)
    used = {officer for officer, _, _, phone in rows if phone is not None and phone.id in entries}
    return tuple(
        TeamPhone(name, role, "", "", None, 0, 0, 0, 0, 0)
        if phone is None
        else TeamPhone(
            officer=name,
            role=role,
            replica=phone.id,
            label=phone.label,
            last_contact_at=phone.last_contact_at,
            entries=entries.get(phone.id, 0),
            unreceipted=phone.upto_seq - receipted.get(phone.id, 0),
            held=held.get(phone.id, 0),
            missing_files=missing.get(phone.id, 0),
            ahead_minutes=ahead.get(phone.id, 0),
        )
        for officer, name, role, phone in rows
        if phone is None or phone.id in entries or officer not in used  # a spare phone is no news
    )


def _entries(replicas: list[str]) -> Select[str, int]:
    return (
        select(JournalEntry.replica_id, func.count())
        .where(JournalEntry.replica_id.in_(replicas))
        .group_by(JournalEntry.replica_id)
    )


def _ahead(session: Session, replicas: list[str], inspection_id: UUID) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in session.scalars(
        select(JournalEntry).where(
            JournalEntry.assignment == inspection_id,
            JournalEntry.replica_id.in_(replicas),
            is_ahead(),
        )
    ):
        found[entry.replica_id] = max(minutes_ahead(entry), found.get(entry.replica_id, 0))
    return found


def _counts(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}
