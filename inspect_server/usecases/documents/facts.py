"""From a closed record to the facts of its documents: the only place that knows both."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inspect_server.domain import law
from inspect_server.domain.assignment import SOURCE_NAMES
from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.inspection import Answer, ClosedRecord, Finding, Settlement, Signature
from inspect_server.domain.record import canonical
from inspect_server.usecases.work import Work
from pdf_templates.check.inspection_record import (
    Attendant,
    Checklist,
    InspectionRecord,
    Problem,
    Remark,
)
from pdf_templates.check.parts import Enterprise, Officer
from pdf_templates.check.parts import Signature as Signed
from pdf_templates.check.photo_sheet import Photo
from pdf_templates.check.rectification_order import Demand, RectificationOrder

ROLE_NAMES = {
    "responsible": "企业负责人",
    "safety": "安全管理人员",
    "operator": "作业人员",
    "expert": "专家",
    "witness": "见证人",
}
UNSEEN_NAMES = {"photo": "照片", "note": "其他情况", "participant": "参加人员", "gap": "记录中断"}
SIGNERS = {"lead": "officer", "member": "officer"}
RECIPIENT = "被检查单位"
AT_ONCE = "rectify_now"
"""责令立即改正: a day until when would contradict it."""


@dataclass(frozen=True)
class Numbering:
    """文号 of the documents that are made together, and what each replaces ("" for nothing)."""

    record_no: str
    order_no: str
    record_replaces: str
    order_replaces: str


def to_rectify(closed: ClosedRecord) -> list[Finding]:
    """Return the findings that an order must demand: those not corrected on site."""
    return [finding for finding in closed.findings if not finding.corrected_on_site]


def to_decide(closed: ClosedRecord) -> tuple[int, ...]:
    """Return the findings, by number, whose measure binds only by a decision of its own."""
    return tuple(n for n, finding in enumerate(closed.findings, 1) if finding.needs_decision)


def record_facts(work: Work, closed: ClosedRecord, numbers: Numbering) -> InspectionRecord:
    """Return the facts of the 现场检查记录."""
    asked = {answer.item: answer for answer in closed.answers}
    cited = {finding.item for finding in closed.findings}
    return InspectionRecord(
        doc_no=numbers.record_no,
        replaces=numbers.record_replaces,
        authority=work.settings.authority,
        made_at=_local(work, work.now.isoformat()),
        inspection_no=closed.number,
        source=SOURCE_NAMES.get(closed.source, closed.source),
        draw_no=closed.draw_no,
        enterprise=_enterprise(closed),
        place=closed.place,
        started_at=_local(work, closed.started_at),
        ended_at=_local(work, closed.ended_at),
        officers=_officers(closed),
        checklists=tuple(_checklist(closed, form) for form in closed.forms),
        problems=tuple(
            _problem(closed, finding, asked, number)
            for number, finding in enumerate(closed.findings, start=1)
        ),
        other_failures=tuple(
            Remark(answer.code, answer.question, answer.note)
            for answer in closed.answers
            if answer.result == "fail" and answer.item not in cited
        ),
        unchecked=_with_result(closed, "not_checked"),
        not_applicable=_with_result(closed, "not_applicable"),
        settled=tuple(_settled(one) for one in closed.settlements),
        attendants=tuple(
            Attendant(ROLE_NAMES.get(p.kind, p.kind), p.name, p.position, p.phone)
            for p in closed.participants
        ),
        notes=tuple(note for note in closed.notes if note.strip()),
        gaps=tuple(_gap(work, gap) for gap in closed.gaps),
        photos=_photos(closed),
        signatures=_signatures(work, closed),
        record_sha256=hashlib.sha256(canonical(closed.to_json()).encode("utf-8")).hexdigest(),
    )


def order_facts(work: Work, closed: ClosedRecord, numbers: Numbering) -> RectificationOrder:
    """
    Return the facts of the 责令限期整改指令书.

    It carries no signature of the check: the order was not there to be read when they were given.

    Law: remedy.reconsideration_days, remedy.litigation_months, document.copies_note
    """
    made_at = _local(work, work.now.isoformat())
    today = datetime.fromisoformat(made_at).date()
    return RectificationOrder(
        doc_no=numbers.order_no,
        replaces=numbers.order_replaces,
        record_no=numbers.record_no,
        authority=work.settings.authority,
        made_at=made_at,
        enterprise=_enterprise(closed),
        inspected_on=_local(work, closed.started_at)[:10],
        demands=tuple(
            Demand(
                number,
                finding.level == FindingLevel.MAJOR,
                finding.text,
                finding.place,
                finding.basis,
                "" if finding.measure == AT_ONCE else finding.deadline,
            )
            for number, finding in enumerate(to_rectify(closed), start=1)
        ),
        government=work.settings.government,
        court=work.settings.court,
        reconsideration_days=law.integer("remedy.reconsideration_days", today),
        litigation_months=law.integer("remedy.litigation_months", today),
        copies_note=law.text("document.copies_note", today).format(recipient=RECIPIENT),
        officers=_officers(closed),
    )


def _enterprise(closed: ClosedRecord) -> Enterprise:
    known = closed.enterprise
    return Enterprise(
        name=known.get("name", ""),
        uscc=known.get("uscc", ""),
        address=known.get("address", ""),
        legal_person=known.get("legal_person", ""),
        position=known.get("position", "") or _position_on_site(closed),
        phone=known.get("phone", ""),
    )


def _position_on_site(closed: ClosedRecord) -> str:
    """Return what the 法定代表人 is there, where the registry is silent and they were met."""
    name = closed.enterprise.get("legal_person", "")
    met = (p for p in closed.participants if p.kind == "responsible" and name and p.name == name)
    return next((person.position for person in met if person.position), "")


def _officers(closed: ClosedRecord) -> tuple[Officer, ...]:
    team = sorted(closed.team, key=lambda member: member.role != "lead")
    return tuple(Officer(member.name, member.cert_no, member.unit) for member in team)


def _checklist(closed: ClosedRecord, form: Mapping[str, str]) -> Checklist:
    prefix = f"answer/{form['name']}/"
    results = [answer.result for answer in closed.answers if answer.item.startswith(prefix)]
    return Checklist(
        title=form["title"],
        version=form["version"],
        content_sha256=form["content_sha256"],
        passed=results.count("pass"),
        failed=results.count("fail"),
        not_applicable=results.count("not_applicable"),
        not_checked=results.count("not_checked"),
    )


def _problem(
    closed: ClosedRecord, finding: Finding, asked: Mapping[str, Answer], number: int
) -> Problem:
    answer = asked.get(finding.item)
    return Problem(
        number=number,
        item=answer.code if answer else "",
        major=finding.level == FindingLevel.MAJOR,
        text=finding.text,
        place=finding.place,
        basis=finding.basis,
        measure=finding.measure,
        deadline=finding.deadline,
        corrected_on_site=finding.corrected_on_site,
        photos=tuple(
            position
            for position, photo in enumerate(closed.photos, start=1)
            if photo.finding_id == finding.id
        ),
    )


def _with_result(closed: ClosedRecord, result: str) -> tuple[Remark, ...]:
    return tuple(
        Remark(answer.code, answer.question, answer.reason or answer.note)
        for answer in closed.answers
        if answer.result == result
    )


def _settled(one: Settlement) -> Remark:
    """Return what each terminal had, what was chosen, and why."""
    said = "，".join(f"{who}的终端记录为“{what}”" for who, what in one.said)
    result = f"主办人员{one.settled_by}确认为“{one.chosen}”，理由：{one.reason}"
    return Remark(one.code, one.question, f"{said}；{result}" if said else result)


def _gap(work: Work, gap: Mapping[str, str]) -> str:
    from_, to = (_clock(work, gap.get(key, "")) for key in ("from", "to"))
    return f"{from_}至{to}，{gap.get('reason', '')}"


def _photos(closed: ClosedRecord) -> tuple[Photo, ...]:
    problems = {finding.id: n for n, finding in enumerate(closed.findings, start=1)}
    return tuple(
        Photo(
            number=number,
            sha256=photo.sha256,
            caption=photo.caption,
            problem=f"问题{problems[photo.finding_id]}" if photo.finding_id in problems else "",
            taken_at=photo.taken_at,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
            datum=photo.datum,
            device=photo.device,
        )
        for number, photo in enumerate(closed.photos, start=1)
    )


def _signatures(work: Work, closed: ClosedRecord) -> tuple[Signed, ...]:
    """Return the last signature of each signer: an earlier one was made before later content."""
    last: dict[tuple[str, str], Signature] = {}
    for given in closed.signatures:
        last[given.signer, given.officer_id or given.name] = given
    certs = {member.officer_id: member.cert_no for member in closed.team}
    positions = {person.name: person.position for person in closed.participants}
    return tuple(
        Signed(
            signer=SIGNERS.get(given.signer, given.signer),
            name=given.name,
            cert_no=certs.get(given.officer_id, ""),
            position="" if given.officer_id else positions.get(given.name, ""),
            signed_at=_local(work, given.signed_at),
            strokes=given.strokes,
            refused=given.refused,
            refusal_reason=given.refusal_reason,
            stale=given.stale,
            unseen=_unseen(closed, given.unseen),
        )
        for given in last.values()
    )


def _unseen(closed: ClosedRecord, items: tuple[str, ...]) -> tuple[str, ...]:
    problems = {finding.id: n for n, finding in enumerate(closed.findings, start=1)}
    codes = {answer.item: answer.code for answer in closed.answers}
    named = []
    for item in items:
        if item in problems:
            named.append(f"问题第{problems[item]}项")
        elif item in codes:
            named.append(f"检查项{codes[item]}")
        else:
            named.append(UNSEEN_NAMES.get(item.partition("/")[0], "其他内容"))
    return tuple(dict.fromkeys(named))


def _local(work: Work, moment: str) -> str:
    value = datetime.fromisoformat(moment)
    known = value if value.tzinfo else value.replace(tzinfo=work.settings.zone)
    return known.astimezone(work.settings.zone).isoformat(timespec="seconds")


def _clock(work: Work, moment: str) -> str:
    if not moment:
        return "时间不详"
    value = datetime.fromisoformat(_local(work, moment))
    return f"{value.month}月{value.day}日{value.hour}时{value.minute:02d}分"


def plain(value: Any) -> dict[str, Any]:
    """Return facts as the JSON that is stored and hashed."""
    from pdf_templates.facts import to_json

    content: dict[str, Any] = to_json(value)
    return content
