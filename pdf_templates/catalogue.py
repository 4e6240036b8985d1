"""All templates, and rendering one by kind."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from pdf_templates.errors import (
    BadFacts,
    MissingGlyph,
    NotOnReceipt,
    UnknownKind,
    UnprintableFacts,
)
from pdf_templates.facts import canonical_json
from pdf_templates.file.document import Attachment, Meta
from pdf_templates.file.drawing import write
from pdf_templates.reading import Reading, hidden, read
from pdf_templates.setting.lines import one_rendering
from pdf_templates.setting.measured import unprintable
from pdf_templates.setting.page import Page
from pdf_templates.template import Layout, Pictures, Template, moment

MODULES: Mapping[str, str] = {
    "case_filing_approval": "penalty.case_filing_approval",
    "inspection_scheme": "check.inspection_scheme",
    "inspection_record": "check.inspection_record",
    "measures_decision": "check.measures_decision",
    "rectification_order": "check.rectification_order",
    "reinspection_opinion": "check.reinspection_opinion",
    "coercion_approval": "coercion.coercion_approval",
    "seizure_decision": "coercion.seizure_decision",
    "seizure_list": "coercion.seizure_list",
    "seizure_extension": "coercion.seizure_extension",
    "seizure_disposal": "coercion.seizure_disposal",
    "supply_cut_notice": "coercion.supply_cut_notice",
    "supply_cut_decision": "coercion.supply_cut_decision",
    "supply_restore_notice": "coercion.supply_restore_notice",
    "interview_notice": "evidence.interview_notice",
    "interview_record": "evidence.interview_record",
    "scene_record": "evidence.scene_record",
    "sampling_receipt": "evidence.sampling_receipt",
    "preservation_approval": "evidence.preservation_approval",
    "preservation_notice": "evidence.preservation_notice",
    "preservation_list": "evidence.preservation_list",
    "preservation_disposal_approval": "evidence.preservation_disposal_approval",
    "preservation_disposal": "evidence.preservation_disposal",
    "appraisal_commission": "evidence.appraisal_commission",
    "investigation_report": "penalty.investigation_report",
    "penalty_notice": "penalty.penalty_notice",
    "statement_record": "penalty.statement_record",
    "hearing_right_notice": "hearing.hearing_right_notice",
    "hearing_session_notice": "hearing.hearing_session_notice",
    "hearing_record": "hearing.hearing_record",
    "hearing_report": "hearing.hearing_report",
    "handling_approval": "penalty.handling_approval",
    "discussion_record": "penalty.discussion_record",
    "spot_penalty_organisation": "decision.spot_penalty_organisation",
    "spot_penalty_person": "decision.spot_penalty_person",
    "penalty_decision_organisation": "decision.penalty_decision_organisation",
    "penalty_decision_person": "decision.penalty_decision_person",
    "payment_demand": "execution.payment_demand",
    "surcharge_decision": "execution.surcharge_decision",
    "payment_deferral_approval": "execution.payment_deferral_approval",
    "payment_deferral_grant": "execution.payment_deferral_grant",
    "service_receipt": "closing.service_receipt",
    "enforcement_demand": "execution.enforcement_demand",
    "enforcement_application": "execution.enforcement_application",
    "transfer_approval": "closing.transfer_approval",
    "transfer_letter": "closing.transfer_letter",
    "case_extension_approval": "closing.case_extension_approval",
    "case_closing_approval": "closing.case_closing_approval",
    "case_cover": "closing.case_cover",
    "case_contents": "closing.case_contents",
    "inspection_notice": "check.inspection_notice",
    "result_notice": "check.result_notice",
    "crime_transfer_letter": "closing.crime_transfer_letter",
    "legal_review_opinion": "penalty.legal_review_opinion",
    "inspection_cover": "case_file.inspection_cover",
    "process_record": "case_file.process_record",
    "daily_ledger": "case_file.daily_ledger",
    "draw_commitment": "draw.commitment",
    "draw_result": "draw.result",
    "draw_anchors": "draw.anchors",
    "draw_checklist": "draw.checklist",
    "draw_replacement_request": "draw.replacement_request",
}
"""Where each kind is written, in the order of the reference list; read on first use."""

FOR_WHOM: Mapping[str, str] = {"_organisation": "（单位）", "_person": "（个人）"}


@cache
def versions(kind: str) -> tuple[Template, ...]:
    """
    Return all versions of a kind, the newest first.

    A module's TEMPLATE is the newest; EARLIER holds those that cases began with.

    Raises:
        UnknownKind: No such kind.
    """
    place = MODULES.get(kind)
    if place is None:
        raise UnknownKind(kind=kind, version="（最新）")
    module = import_module(f"pdf_templates.{place}")
    newest: Template = module.TEMPLATE
    return newest, *getattr(module, "EARLIER", ())


def template(kind: str, version: str | None = None) -> Template:
    """
    Return the template of a kind, the newest where no version is named.

    Raises:
        UnknownKind: No such kind, or this program has no such version.
    """
    for found in versions(kind):
        if version in (None, found.version):
            return found
    raise UnknownKind(kind=kind, version=version)


def in_force(kind: str, day: str) -> Template:
    """
    Return the version with which a case that began on an ISO date is written, to its end.

    The newest that was in force by then; the first there is for a case that is older than all.

    Raises:
        UnknownKind: No such kind.
    """
    known = versions(kind)
    return next((one for one in known if one.effective_from <= day), known[-1])


def titled(kind: str, version: str) -> str:
    """Return the title of a version; the newest one's of a version that this program lacks."""
    made = versions(kind)
    return next((one.title for one in made if one.version == version), made[0].title)


def label(kind: str) -> str:
    """Return the title of a kind; of the two that share one, with whom it is for."""
    title = template(kind).title
    return next((title + whom for end, whom in FOR_WHOM.items() if kind.endswith(end)), title)


def kinds_named(said: str) -> list[str]:
    """
    Return the kinds that somebody means by a code, by a title or by a 文种代字.

    Several where a title or 代字 is shared, none where nothing is called so. Brackets may be of
    half width, and 应急 may stand before a 代字.
    """
    if said in MODULES:
        return [said]
    name = said.strip().replace("(", "（").replace(")", "）")
    return [
        kind
        for kind in MODULES
        if name in {label(kind), template(kind).title, *_marked(template(kind).mark)}
    ]


def _marked(mark: str) -> tuple[str, ...]:
    return (mark, f"应急{mark}") if mark else ()


class _Templates(Mapping[str, Template]):
    """The newest template of each kind, read as they are asked for."""

    def __getitem__(self, kind: str) -> Template:
        if kind not in MODULES:
            raise KeyError(kind)
        return versions(kind)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


TEMPLATES: Mapping[str, Template] = _Templates()


def checked(form: Template, facts: object) -> Any:
    """
    Return plain JSON that somebody wrote as the facts of a kind.

    Raises:
        BadFacts: Names every field that is missing, unknown, wrong or at odds with others, and
            every character without a glyph or that nobody sees, at once.
    """
    reading = read(form.facts, facts)
    reading.problems += hidden(reading)
    return _sound(reading)


def _sound(reading: Reading) -> Any:
    if reading.problems:
        raise BadFacts(
            [
                *reading.problems,
                *(f"{place}没有可用字形" for place in _unprintable(reading.texts)),
            ]
        )
    return reading.made


@one_rendering()
def render(
    kind: str,
    facts: Mapping[str, Any],
    pictures: Pictures | None = None,
    *,
    version: str | None = None,
    watermark: str = "",
) -> bytes:
    """
    Return the PDF of one document; the same facts and pictures give the same bytes.

    Args:
        kind: Such as inspection_record.
        facts: Plain JSON of the kind's facts.
        pictures: JPEG files from `photos.prepare` by the hash of the original photo. A photo that
            is not among them is listed with its data and a note in place of the picture.
        version: The template version that the case began with; the newest where None.
        watermark: 草稿, 样张 or 作废 behind every page.

    Raises:
        UnknownKind, BadFacts, MissingGlyph, FieldTooNarrow, BlockTooTall: see errors.py.
    """
    form = template(kind, version)
    reading = read(form.facts, facts)
    known = _sound(reading)
    shown = pictures or {}
    pages = _laid_out(form.layout, reading, shown.keys())
    return write(pages, _meta(form, known), shown, watermark, [_embedded(facts)])


@one_rendering()
def render_receipt(
    kind: str, facts: Mapping[str, Any], *, version: str | None = None, watermark: str = ""
) -> bytes:
    """
    Return the PDF of one document on 80 mm paper, for the portable printers of those who visit.

    It says what `render` sets, without the photo sheets, and bears a QR code of its content.

    Raises:
        NotOnReceipt: The kind is not left on site.
        UnknownKind, BadFacts, MissingGlyph, FieldTooNarrow, BlockTooTall: see errors.py.
    """
    form = template(kind, version)
    if form.receipt is None:
        raise NotOnReceipt(title=form.title)
    reading = read(form.facts, facts)
    known = _sound(reading)
    pages = _laid_out(form.receipt, reading, ())
    return write(pages, _meta(form, known), {}, watermark, [_embedded(facts)])


def _laid_out(layout: Layout, reading: Reading, available: Collection[str]) -> list[Page]:
    """Return the pages; a character that no face has is named with every field that has one."""
    try:
        return layout(reading.made, available)
    except MissingGlyph as error:
        places = list(_unprintable(reading.texts, error.facts["char"]))
        raise UnprintableFacts(error, places) if places else error from None


def _unprintable(texts: Iterable[tuple[str, str]], char: str = "") -> Iterator[str]:
    """Yield the places of characters that no face has, or not the face of their line, as told."""
    for place, text in texts:
        for one in dict.fromkeys([*unprintable(text), *(char if char in text else "")]):
            yield f"{place} 中的“{one}”（U+{ord(one):04X}）"


def _meta(form: Template, known: Any) -> Meta:
    title = f"{form.title} {known.doc_no}".rstrip()
    return Meta(_on_one_line(title), _on_one_line(known.authority), form.title, moment(known))


def _on_one_line(text: str) -> str:
    return "".join(" " if char < " " else char for char in text)


def _embedded(facts: Mapping[str, Any]) -> Attachment:
    """Return the facts as they stand inside the file: what its content hash is the hash of."""
    return Attachment("facts.json", "application/json", "文书内容数据", canonical_json(facts))
