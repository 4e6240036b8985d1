"""From a closed record to the facts of the 现场检查记录; `order` does the same for the order."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms.citing import join_citations
from forms.model import COMPETENCE_NAMES, Competence
from inspect_server.domain import law
from inspect_server.domain.assignment import SOURCE_TOLD
from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.findings.rechecking import RECHECK_NAMES, Rechecked
from inspect_server.domain.inspection import (
    TO_RECORD,
    Answer,
    ClosedRecord,
    Finding,
    Participant,
    Settlement,
)
from inspect_server.domain.record import canonical
from inspect_server.domain.saying import PARTICIPANT_NAMES
from inspect_server.usecases.documents import people
from inspect_server.usecases.documents.people import Issuer
from pdf_templates.check.attendants import Attendant
from pdf_templates.check.inspection_record import (
    Checklist,
    Datum,
    InspectionRecord,
    Problem,
    Remark,
)
from pdf_templates.check.photo_sheet import Photo
from pdf_templates.parts.signing import Signature as Signed
from pdf_templates.wording import long_date

EXPERT = "expert"
UNSEEN_NAMES = {"photo": "照片", "note": "其他情况", "participant": "参加人员", "gap": "记录中断"}


@dataclass(frozen=True)
class Numbering:
    """文号 of the documents that are made together, and what each replaces ("" for nothing)."""

    record_no: str
    order_no: str
    record_replaces: str
    order_replaces: str


def to_decide(closed: ClosedRecord) -> tuple[int, ...]:
    """Return the findings, by number, whose measure binds only by a decision of its own."""
    return tuple(n for n, finding in enumerate(closed.findings, 1) if finding.needs_decision)


def record_facts(work: Issuer, closed: ClosedRecord, numbers: Numbering) -> InspectionRecord:
    """
    Return the facts of the 现场检查记录.

    Law: scheme.legal_basis, record.refusal_basis
    """
    visited_on = datetime.fromisoformat(closed.started_at).date()
    asked = {answer.item: answer for answer in closed.answers}
    cited = {finding.item for finding in closed.findings}
    return InspectionRecord(
        doc_no=numbers.record_no,
        replaces=numbers.record_replaces,
        authority=work.settings.authority,
        made_at=people.local(work, work.now.isoformat()),
        inspection_no=closed.number,
        source=SOURCE_TOLD.get(closed.source, closed.source),
        draw_no=closed.draw_no,
        legal_basis=join_citations(law.items("scheme.legal_basis", visited_on)),
        refusal_basis=law.text("record.refusal_basis", visited_on),
        enterprise=people.enterprise(closed),
        place=closed.place,
        started_at=people.local(work, closed.started_at),
        ended_at=people.local(work, closed.ended_at),
        officers=people.officers(closed),
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
        data=tuple(_datum(answer) for answer in closed.answers if answer.value and answer.question),
        unasked=_left_out(closed),
        attendants=tuple(_attendant(work, closed, person) for person in closed.participants),
        notes=(
            *map(_rechecked, closed.rechecked),
            *_failures_left_out(closed),
            *(note for note in closed.notes if note.strip()),
        ),
        gaps=tuple(_gap(work, gap) for gap in closed.gaps),
        photos=_photos(closed),
        signatures=_signatures(work, closed),
        record_sha256=hashlib.sha256(canonical(closed.to_json()).encode("utf-8")).hexdigest(),
    )


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
        given=results.count("given"),
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
        refer_to=COMPETENCE_NAMES[Competence(finding.refer_to)] if finding.is_referred else "",
        further_measures=finding.further_measures,
    )


def _datum(answer: Answer) -> Datum:
    """Return a value as it is printed, each row of a table on a line of its own."""
    question = "".join(answer.question.splitlines())
    lines = tuple(line for line in answer.value.splitlines() if line.strip())
    return Datum(answer.code, question, lines)


def _with_result(closed: ClosedRecord, result: str) -> tuple[Remark, ...]:
    return tuple(
        Remark(answer.code, answer.question, answer.reason or answer.note)
        for answer in closed.answers
        if answer.result == result
    )


def _left_out(closed: ClosedRecord) -> tuple[str, ...]:
    """Return the codes of what is not asked any more, without the failures."""
    failures = {one.code for one in closed.failures_unasked}
    return tuple(code for code in closed.unasked if code not in failures)


def _failures_left_out(closed: ClosedRecord) -> Iterator[str]:
    """Yield what is said of each failure that is not asked any more: nobody may overlook one."""
    names = {member.officer_id: member.name for member in closed.team}
    for one in closed.failures_unasked:
        who = "、".join(names.get(officer, "其他执法人员") for officer in one.answered_by)
        mark = "（重大事故隐患判定项）" if one.is_major else ""
        gone = "" if one.code in closed.unasked else "判断所依据的项"
        yield (
            f"检查项{one.code}“{one.question.rstrip('。；？?')}”{mark}曾由{who or '检查人员'}"
            f"填为{one.said}，后因其他项的填写有变，{gone}不再属于本次检查的内容，不列为问题，"
            f"理由：{closed.unasked_reason}"
        )


def _rechecked(one: Rechecked) -> str:
    """Return how a problem of an earlier check stands, under the order that demanded it."""
    problem = one.problem
    order = f"（{problem.order_no}）" if problem.order_no else ""
    until = f"，整改期限{long_date(problem.deadline)}" if problem.deadline else ""
    place = f"（{problem.place}）" if problem.place.strip() else ""
    note = f"，{one.note.rstrip('。；')}" if one.note.strip() else ""
    return (
        f"复查检查{problem.inspection}{order}第{problem.number}项“{problem.text.rstrip('。；')}”"
        f"{place}{until}：{RECHECK_NAMES[one.result]}{note}"
    )


def _settled(one: Settlement) -> Remark:
    """Return what each terminal had, what was chosen, and why."""
    said = "，".join(f"{who}的终端记录为“{what}”" for who, what in one.said)
    result = f"主办人员{one.settled_by}确认为“{one.chosen}”，理由：{one.reason}"
    return Remark(one.code, one.question, f"{said}；{result}" if said else result)


def _attendant(work: Issuer, closed: ClosedRecord, person: Participant) -> Attendant:
    """Return somebody who took part, with what they signed for themselves."""
    given, signed = people.signature_of(closed, person), None
    if given is not None:
        unseen = _unseen(closed, given.unseen)
        signed = people.signed(work, closed, given, stale=given.stale, unseen=unseen)
    return Attendant(
        role=PARTICIPANT_NAMES.get(person.kind, person.kind),
        name=person.name,
        unit=person.unit,
        position=person.position,
        phone=person.phone,
        is_expert=person.kind == EXPERT,
        signature=signed,
    )


def _gap(work: Issuer, gap: Mapping[str, str]) -> str:
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


def _signatures(work: Issuer, closed: ClosedRecord) -> tuple[Signed, ...]:
    """Return the last signature of each signer to the record, with what it missed."""
    return tuple(
        people.signed(work, closed, given, stale=given.stale, unseen=_unseen(closed, given.unseen))
        for given in people.last_signatures(closed, TO_RECORD)
    )


def _unseen(closed: ClosedRecord, items: tuple[str, ...]) -> tuple[str, ...]:
    problems = {finding.id: n for n, finding in enumerate(closed.findings, start=1)}
    codes = {answer.item: answer.code for answer in closed.answers}
    rechecked = {one.problem.item: one.problem for one in closed.rechecked}
    named = []
    for item in items:
        if item in problems:
            named.append(f"问题第{problems[item]}项")
        elif item in codes:
            named.append(f"检查项{codes[item]}")
        elif problem := rechecked.get(item):
            named.append(f"复查检查{problem.inspection}第{problem.number}项")
        else:
            named.append(UNSEEN_NAMES.get(item.partition("/")[0], "其他内容"))
    return tuple(dict.fromkeys(named))


def _clock(work: Issuer, moment: str) -> str:
    if not moment:
        return "时间不详"
    value = datetime.fromisoformat(people.local(work, moment))
    return f"{value.month}月{value.day}日{value.hour}时{value.minute:02d}分"


def plain(value: Any) -> dict[str, Any]:
    """Return facts as the JSON that is stored and hashed."""
    from pdf_templates.facts import to_json

    content: dict[str, Any] = to_json(value)
    return content


GIVEN_WITH_THE_NUMBER = frozenset({"doc_no", "replaces", "record_no", "made_at", "record_sha256"})
"""What a document has only once it is issued, or its record sealed; the rest is what it says."""


def said_sha256(content: Mapping[str, Any]) -> str:
    """
    Return the digest of what a document says: of its preview and as issued it is the same.

    SHA-256 of the canonical JSON of the facts without what comes with the 文号: numbers, the moment
    of issue, the digest of the sealed record. Signatures are among what is said.
    """
    from pdf_templates.facts import content_sha256

    said = {name: one for name, one in content.items() if name not in GIVEN_WITH_THE_NUMBER}
    return content_sha256(said)
