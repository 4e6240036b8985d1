"""What keeps a record open: every check gives all of its reasons, so that all are said at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date

from forms import body
from forms.errors import FormNotFound
from forms.evaluate import Evaluation, Found, evaluate
from forms.model import Form
from inspect_server.domain import law
from inspect_server.domain.assignment import TeamNotAllowed
from inspect_server.domain.closing import (
    AnswersInvalid,
    AnswersMissing,
    ChecklistChanged,
    EntriesHeld,
    FailuresUnasked,
    FindingNotAllowed,
    PhotosNotArrived,
    RechecksMissing,
    RecordHasConflicts,
    RecordNotPrintable,
    SignatureMissing,
    SignaturesStale,
    TooManyPhotos,
    VisitNotStartedByTwo,
)
from inspect_server.domain.enums import FindingLevel, TeamRole
from inspect_server.domain.errors import InspectError
from inspect_server.domain.findings.grading import FREE, Grade, fault_of, fault_of_measures
from inspect_server.domain.findings.rechecking import EarlierProblem
from inspect_server.domain.findings.unasked import FailureUnasked, failed_in_words
from inspect_server.domain.inspection import TO_RECORD, ClosedRecord, Finding
from inspect_server.domain.saying import kind_of
from inspect_server.store import checklists, inspections, visit_records
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.visit_records import Members, VisitRecord
from inspect_server.usecases.documents import people
from inspect_server.usecases.documents.facts import Numbering, plain, record_facts
from inspect_server.usecases.documents.issue_document import ORDER, RECORD
from inspect_server.usecases.documents.order import order_facts, to_rectify
from inspect_server.usecases.inspecting import visit_evidence as evidence
from inspect_server.usecases.inspecting.unprintable import who_mends
from inspect_server.usecases.work import Work
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.facts import from_json
from pdf_templates.setting.faces import using

Blockers = Iterator[InspectError]
MOST_NAMED = 5
UNASKED = "对应的检查项按现有填写不在本次检查之列（条件不成立）"


def pinned_forms(work: Work, visit: Inspection) -> tuple[Form, ...]:
    """
    Return the checklists that the inspection pins.

    Raises:
        ChecklistChanged: One is not installed, or its text is another.
        PublishedUnreadable: A published checklist is not what the record says of it.
    """
    try:
        forms = checklists.published(work.session).of(visit.form_set)
    except FormNotFound:
        raise ChecklistChanged(ref=visit.form_set) from None
    pinned = {row.name: row.content_sha256 for row in inspections.forms(work.session, visit.id)}
    for form in forms:
        if pinned.get(form.name) != body.content_sha256(form):
            raise ChecklistChanged(ref=form.ref)
    return forms


def unsettled(
    work: Work, visit: Inspection, record: VisitRecord, forms: Sequence[Form]
) -> Blockers:
    """Entries that wait for others, and disagreements of the phones."""
    if waiting := visit_records.awaited(work.session, visit.id):
        yield EntriesHeld(count=waiting)
    if disputed := record.merged.conflicts:
        questions = evidence.questions(forms)
        shown = [questions.get(item, (kind_of(item),))[0] for item in disputed[:MOST_NAMED]]
        more = "等" if len(disputed) > MOST_NAMED else ""
        items = "、".join(dict.fromkeys(shown)) + more
        yield RecordHasConflicts(count=len(disputed), items=items, number=visit.number)


def arrivals(visit: Inspection, record: VisitRecord) -> Blockers:
    """Too few officers, each on the own phone. Law: team.min_officers"""
    needed = law.integer("team.min_officers", visit.visit_from)
    arrived = evidence.starts(record)
    present = min(len({head.user for head in arrived}), len({head.replica for head in arrived}))
    if present < needed:
        yield VisitNotStartedByTwo(needed=needed, count=present)


def certificates(team: Members, visited_on: date) -> Blockers:
    """A certificate that did not cover the day of the visit."""
    if not all(one.cert_valid_from <= visited_on <= one.cert_valid_to for _, one in team):
        yield TeamNotAllowed(reason="有检查人员的执法证在检查当日无效")


def contents(
    record: VisitRecord, forms: Sequence[Form], closed: ClosedRecord, visited_on: date
) -> list[InspectError]:
    """Return what the checklists miss or refuse, and the findings that cannot stand."""
    missing: list[str] = []
    invalid: list[tuple[str, str]] = []
    grades: dict[str, Grade] = {}
    asked: set[str] = set()
    for form in forms:
        given = evidence.values_of(record, form)
        found = evaluate(
            form,
            given,
            on=visited_on,
            photos=evidence.photo_counts(record, form),
            findings=_noted_for(form, closed.findings),
        )
        missing += found.missing
        invalid += [(fault.code, fault.message) for fault in found.invalid]
        invalid += [
            (code, f"第{row}行的照片尚未送达或者已经撤回，请完成同步，或者在该行重新拍照。")
            for code, row in evidence.attachments_missing(record, form, visited_on)
        ]
        grades |= _grades(form, found, given)
        asked |= {f"answer/{form.name}/{code}" for code in found.visible}
    blockers: list[InspectError] = []
    if missing:
        blockers.append(AnswersMissing(count=len(missing), first="、".join(missing[:5])))
    if invalid:
        code, reason = invalid[0]
        blockers.append(AnswersInvalid(count=len(invalid), code=code, reason=reason))
    return [*blockers, *_findings(closed.findings, grades, asked, visited_on)]


def signatures(closed: ClosedRecord, team: Members) -> Blockers:
    """
    Signatures that the record misses: of the team, and of the enterprise or its noted refusal.

    Those of an order may be given in ink. Nobody who took part has to sign for themselves: the law
    wants both sides' (安全生产法 第六十八条), and an expert may sign on paper.
    """
    given = [one for one in closed.signatures if one.document == TO_RECORD]
    signed = {(one.signer, one.officer_id) for one in given if one.strokes and not one.refused}
    for row, officer in team:
        if (row.role.value, str(officer.id)) not in signed:
            who = "主办人员签名" if row.role is TeamRole.LEAD else "协办人员签名"
            yield SignatureMissing(who=who)
    enterprise = [one for one in given if one.signer == "enterprise"]
    if not any(one.strokes or (one.refused and one.refusal_reason) for one in enterprise):
        yield SignatureMissing(who="被检查单位现场负责人签名")


def rechecks(closed: ClosedRecord, earlier: Sequence[EarlierProblem]) -> Blockers:
    """Problems of an earlier check of which this one says nothing: nobody may end them so."""
    said = {one.problem.item for one in closed.rechecked}
    if left := [one for one in earlier if one.item not in said]:
        named = [f"{one.inspection}第{one.number}项“{one.text}”" for one in left[:MOST_NAMED]]
        more = "等" if len(left) > MOST_NAMED else ""
        yield RechecksMissing(count=len(left), items="、".join(named) + more)


def failures_unasked(closed: ClosedRecord) -> Blockers:
    """Failures that other answers left out, unless whoever closes says why they may be."""
    if closed.failures_unasked and not closed.unasked_reason:
        told = [_told(one) for one in closed.failures_unasked]
        more = "等" if len(told) > MOST_NAMED else ""
        failed = failed_in_words(closed.failures_unasked)
        items = "；".join(told[:MOST_NAMED]) + more
        yield FailuresUnasked(count=len(told), failed=failed, items=items)


def _told(failure: FailureUnasked) -> str:
    """Return a failure as whoever answers for leaving it out should see it."""
    mark = "，为重大事故隐患判定项" if failure.is_major else ""
    return f"{failure.code}“{failure.question}”（{failure.said}{mark}）"


def stale(signers: Sequence[str], closed: ClosedRecord) -> Blockers:
    """Signatures from before the last change, unless whoever closes says why they must do."""
    if signers and not closed.stale_reason:
        yield SignaturesStale(who="、".join(signers))


def photos(work: Work, closed: ClosedRecord) -> Blockers:
    """Photos whose file is not there, and more of them than documents are made of."""
    if len(closed.photos) > (most := work.settings.most_photos):
        yield TooManyPhotos(count=len(closed.photos), most=most)
    cited = {photo.sha256 for photo in closed.photos}
    stored = visit_records.stored_blobs(work.session, cited)
    if absent := [sha256 for sha256 in cited if sha256 not in stored or not work.blobs.has(sha256)]:
        yield PhotosNotArrived(count=len(absent))


def printing(work: Work, closed: ClosedRecord, record: VisitRecord) -> Blockers:
    """
    Documents that could not be set from this record.

    They are set once without being drawn: a sealed record cannot be changed any more, so that a
    character without a glyph found later would leave the case without its documents for good.
    """
    makers: dict[str, Callable[[Work, ClosedRecord, Numbering], object]] = {
        RECORD: record_facts,
        ORDER: order_facts,
    }
    began = people.first_day(work, closed).isoformat()
    for kind in (RECORD, ORDER) if to_rectify(closed) else (RECORD,):
        form = catalogue.in_force(kind, began)
        number = form.doc_no(work.settings.authority_short, work.now.year, 1)
        facts = makers[kind](work, closed, Numbering(number, number, "", ""))
        try:
            with using(work.fonts):
                form.layout(from_json(form.facts, plain(facts)), form.photos(facts))
        except DocumentError as error:
            mend = who_mends(record, error.facts["char"]) if "char" in error.facts else ""
            yield RecordNotPrintable(title=form.title, reason=f"{error}{mend}")


def _noted_for(form: Form, noted: Sequence[Finding]) -> dict[str, list[Found]]:
    prefix = f"answer/{form.name}/"
    found: dict[str, list[Found]] = {}
    for finding in noted:
        if finding.item.startswith(prefix):
            code = finding.item.removeprefix(prefix)
            found.setdefault(code, []).append(Found(finding.level, finding.measure))
    return found


def _grades(
    form: Form, found: Evaluation, given: Mapping[str, Mapping[str, object]]
) -> dict[str, Grade]:
    return {
        f"answer/{form.name}/{one.code}": Grade(
            suggested=FindingLevel(one.level),
            is_certain=not one.to_confirm,
            note=str(given.get(one.code, {}).get("note") or ""),
            refer_to=one.refer_to,
        )
        for one in found.suggestions
    }


def _findings(
    findings: Sequence[Finding],
    grades: Mapping[str, Grade],
    asked: Set[str],
    visited_on: date,
) -> Blockers:
    for position, finding in enumerate(findings, 1):
        if finding.item and finding.item not in asked:
            yield FindingNotAllowed(position=position, reason=UNASKED)
        elif finding.item and finding.item not in grades:
            yield FindingNotAllowed(position=position, reason="对应的检查项没有填为“不符合”")
        elif fault := (
            fault_of_measures(finding, _together(visited_on))
            or fault_of(finding, grades.get(finding.item, FREE), visited_on)
        ):
            yield FindingNotAllowed(position=position, reason=fault)


def _together(visited_on: date) -> tuple[str, ...]:
    """Return what may be ordered together. Law: finding.measures_together"""
    try:
        return law.items("finding.measures_together", visited_on)
    except law.NoLawValue:
        return ()  # before the law that names them
