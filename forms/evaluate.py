"""What answers mean: what is missing, what cannot stand, and what findings they suggest. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from forms.citing import by_law, join_citations
from forms.model import Basis, Form, Item, Major, Penalty, Result

Citation = TypeVar("Citation", Basis, Penalty)

# 现场处理措施: what an officer can order on the spot. `rectify_within` alone is not one of them.
ON_SITE_MEASURES = frozenset({"rectify_now", "suspend", "withdraw", "stop_use"})


class Fault(StrEnum):
    """Why an answer cannot stand as it is."""

    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_RESULT = "unknown_result"
    REASON_MISSING = "reason_missing"
    FINDING_MISSING = "finding_missing"
    PHOTO_MISSING = "photo_missing"
    MEASURE_MISSING = "measure_missing"
    LEVEL_TOO_LOW = "level_too_low"


MESSAGES: Mapping[Fault, str] = {
    Fault.UNKNOWN_ITEM: "检查表中没有该条目，请核对检查表版本。",
    Fault.UNKNOWN_RESULT: "结果应为符合、不符合、不适用或未检查，请重新填写。",
    Fault.REASON_MISSING: "未检查的条目应写明原因，请补填。",
    Fault.FINDING_MISSING: "不符合的条目应填写问题描述和部位，请补填。",
    Fault.PHOTO_MISSING: "不符合的条目应拍照取证，请补拍至少{photos}张。",
    Fault.MEASURE_MISSING: "重大事故隐患应采取现场处理措施，"
    "请选择立即排除、暂停作业、撤出人员或停止使用。",
    Fault.LEVEL_TOO_LOW: "该情形属于重大事故隐患判定标准所列情形，请将隐患级别改为重大。",
}


@dataclass(frozen=True)
class Found:
    """What matters here of a finding that an officer noted for an item."""

    level: str  # general | major
    measure: str  # rectify_now | rectify_within | suspend | withdraw | stop_use


@dataclass(frozen=True)
class Invalid:
    """One answer that cannot stand; `message` is Chinese and says the next step."""

    code: str
    fault: Fault
    message: str


@dataclass(frozen=True)
class Suggestion:
    """
    The finding that a failed item suggests; the officer decides.

    `to_confirm` are conditions that no answer decides: a major level stands only if they hold, and
    a general one becomes major if they do. `device_basis` is cited as well where the device is
    there but failed or void. `to_verify` are the citations in `basis` and `penalty_basis` that
    nobody has compared with the text yet: check them before issuing.
    """

    code: str
    wording: str
    level: str  # general | major
    to_confirm: tuple[str, ...]
    basis: str
    device_basis: str
    penalty_basis: str
    to_verify: tuple[str, ...]
    measure: str  # rectify_now | rectify_within; "" for a major one, which must be chosen
    deadline: int | str  # natural days, or the id of a dated law value
    correctable_on_site: bool


@dataclass(frozen=True)
class Progress:
    """How far the visit has come; the counts of the four results add up to `answered`."""

    total: int
    answered: int
    passed: int
    failed: int
    not_applicable: int
    not_checked: int


@dataclass(frozen=True)
class Evaluation:
    """Everything that follows from the answers of one checklist."""

    missing: tuple[str, ...]  # codes without an answer, in the order of the paper
    invalid: tuple[Invalid, ...]
    suggestions: tuple[Suggestion, ...]
    progress: Progress

    @property
    def is_complete(self) -> bool:
        """Whether every item is answered and every answer can stand."""
        return not self.missing and not self.invalid


def evaluate(
    form: Form,
    answers: Mapping[str, Mapping[str, object]],
    *,
    on: date,
    photos: Mapping[str, int],
    findings: Mapping[str, Sequence[Found]],
) -> Evaluation:
    """
    Return what the answers to one checklist mean.

    Args:
        form: The version that the inspection pins.
        answers: By item code, {"result", "reason", "note"} as phones send them; items that are not
            answered are left out.
        on: The day of the visit: only citations in force that day are printed.
        photos: By item code, how many live photos cite the answer or one of its findings.
        findings: By item code, the findings noted for the answer.
    """
    results = {code: _result(answer) for code, answer in answers.items()}
    failed = frozenset(code for code, result in results.items() if result is Result.FAIL)
    invalid = [_invalid(code, Fault.UNKNOWN_ITEM) for code in sorted(_unknown(form, answers))]
    suggestions: list[Suggestion] = []
    for item in form.items:
        if item.code not in answers:
            continue
        suggestion = suggest(form, item, failed, on) if item.code in failed else None
        faults = (
            _faults_of_answer(results[item.code], answers[item.code])
            if suggestion is None
            else _faults_of_failure(
                item, suggestion, photos.get(item.code, 0), findings.get(item.code, ())
            )
        )
        invalid += [_invalid(item.code, fault, item.photos_on_failure) for fault in faults]
        suggestions += [] if suggestion is None else [suggestion]
    return Evaluation(
        missing=tuple(item.code for item in form.items if item.code not in answers),
        invalid=tuple(invalid),
        suggestions=tuple(suggestions),
        progress=_progress(form, results),
    )


def suggest(form: Form, item: Item, failed: frozenset[str], on: date) -> Suggestion:
    """
    Return the finding that a failure of `item` suggests.

    Args:
        form: The checklist that the item stands in.
        item: An item that failed.
        failed: The codes of all items of this checklist that failed.
        on: The day of the visit.
    """
    is_major = item.major is Major.YES and failed.issuperset(item.major_needs)
    bases = _citable([basis for basis in item.basis if basis.law.in_force(on)])
    penalties = _citable([penalty for penalty in item.penalties if penalty.law.in_force(on)])
    clause = form.device_clause if item.device_clause else None
    ordinary = "rectify_now" if item.correctable_on_site else "rectify_within"
    return Suggestion(
        code=item.code,
        wording=item.finding,
        level="major" if is_major else "general",
        to_confirm=_to_confirm(form, item, failed),
        basis=join_citations(basis.printed for basis in bases),
        device_basis="" if clause is None else clause.printed,
        penalty_basis=join_citations(penalty.printed for penalty in penalties),
        to_verify=_unchecked(bases) + _unchecked(penalties),
        measure="" if is_major else ordinary,
        deadline=item.rectify,
        correctable_on_site=item.correctable_on_site,
    )


def _to_confirm(form: Form, item: Item, failed: frozenset[str]) -> tuple[str, ...]:
    """Return what the officer still has to judge for the level of a failure."""
    if item.major is Major.NO or not failed.issuperset(item.major_needs):
        return ()
    notes = [item.major_note] if item.major_note else []
    if item.device_clause and item.major is Major.POSSIBLE and form.device_clause is not None:
        notes.append(
            "判定标准所列情形中直接关系安全的监控、报警、防护设施失效或者无效的，"
            f"依据{form.device_clause.printed}判定为重大事故隐患。"
        )
    return tuple(notes)


def _citable(citations: list[Citation]) -> list[Citation]:
    """Return those that were checked; all of them only where none was."""
    return [citation for citation in citations if _checked(citation)] or list(citations)


def _unchecked(citations: Sequence[Basis] | Sequence[Penalty]) -> tuple[str, ...]:
    """Return what of citable citations nobody compared: all of them or none."""
    return by_law(citation.printed for citation in citations if not _checked(citation))


def _checked(citation: Basis | Penalty) -> bool:
    return citation.verified and citation.law.verified


def _result(answer: Mapping[str, object]) -> Result | None:
    try:
        return Result(str(answer.get("result", "")))
    except ValueError:
        return None


def _unknown(form: Form, answers: Mapping[str, object]) -> set[str]:
    return set(answers) - {item.code for item in form.items}


def _faults_of_answer(result: Result | None, answer: Mapping[str, object]) -> list[Fault]:
    if result is None:
        return [Fault.UNKNOWN_RESULT]
    if result is Result.NOT_CHECKED and not str(answer.get("reason") or "").strip():
        return [Fault.REASON_MISSING]
    return []


def _faults_of_failure(
    item: Item, suggestion: Suggestion, photos: int, findings: Sequence[Found]
) -> list[Fault]:
    faults = [] if findings else [Fault.FINDING_MISSING]
    if photos < item.photos_on_failure:
        faults.append(Fault.PHOTO_MISSING)
    lowered = bool(findings) and all(found.level != "major" for found in findings)
    must_be_major = suggestion.level == "major" and not suggestion.to_confirm
    if lowered and must_be_major:
        faults.append(Fault.LEVEL_TOO_LOW)
    major = [found for found in findings if found.level == "major"]
    is_major = bool(major) or (suggestion.level == "major" and (must_be_major or not findings))
    ordered = all(found.measure in ON_SITE_MEASURES for found in major or findings)
    if is_major and not (findings and ordered):
        faults.append(Fault.MEASURE_MISSING)
    return faults


def _invalid(code: str, fault: Fault, photos: int = 1) -> Invalid:
    return Invalid(code, fault, MESSAGES[fault].format(photos=photos))


def _progress(form: Form, results: Mapping[str, Result | None]) -> Progress:
    given = [results.get(item.code) for item in form.items]
    counts = {result: given.count(result) for result in Result}
    return Progress(
        total=len(given),
        answered=sum(counts.values()),
        passed=counts[Result.PASS],
        failed=counts[Result.FAIL],
        not_applicable=counts[Result.NOT_APPLICABLE],
        not_checked=counts[Result.NOT_CHECKED],
    )
