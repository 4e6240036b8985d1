"""What answers mean: what is missing, what cannot stand, and what findings they suggest. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forms.evaluation.filling import GIVEN, Filling
from forms.evaluation.given import Wrong, says_nothing
from forms.evaluation.suggesting import REFER, Suggestion, suggest
from forms.model import ATTACHMENTS, COMPETENCE_NAMES, Form, Item, Kind, Result

CHECK_RESULTS = frozenset(result.value for result in Result)
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
    NOT_REFERRED = "not_referred"
    VALUE_MISSING = "value_missing"
    WRONG_VALUE = "wrong_value"


MESSAGES: Mapping[Fault, str] = {
    Fault.UNKNOWN_ITEM: "检查表中没有该条目，请核对检查表版本。",
    Fault.UNKNOWN_RESULT: "结果应为符合、不符合、不适用或未检查，请重新填写。",
    Fault.REASON_MISSING: "未检查的条目应写明原因，请补填。",
    Fault.FINDING_MISSING: "不符合的条目应填写问题描述和部位，请补填。",
    Fault.PHOTO_MISSING: "不符合的条目应拍照取证，请补拍至少{photos}张。",
    Fault.MEASURE_MISSING: "重大事故隐患应采取现场处理措施，"
    "请选择立即排除、暂停作业、撤出人员或停止使用。",
    Fault.LEVEL_TOO_LOW: "该情形属于重大事故隐患判定标准所列情形，请将隐患级别改为重大。",
    Fault.NOT_REFERRED: "该问题不属于应急管理部门查处，请改为线索移送（{authority}）。",
    Fault.VALUE_MISSING: "应填写数值、选项或者文字，请重新填写。",
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
class Progress:
    """How far the visit has come; the counts behind `answered` add up to it."""

    total: int
    answered: int
    passed: int
    failed: int
    not_applicable: int
    not_checked: int
    given: int  # values: numbers, choices, texts


@dataclass(frozen=True)
class Evaluation:
    """Everything that follows from the answers of one checklist."""

    visible: tuple[str, ...]  # codes of the items that are there, in the order of the paper
    calculated: Mapping[str, str]  # values that nobody answers, by code
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
        answers: By item code, {"result", "reason", "note"} as phones send them, and "given" where
            an item asks for a value; items that are not answered are left out.
        on: The day of the visit: only citations in force that day are printed.
        photos: By item code, how many live photos cite the answer or one of its findings.
        findings: By item code, the findings noted for the answer.
    """
    filling = Filling(form, on.isoformat())
    for code, answer in answers.items():
        filling.answer(code, answer)
    for code, count in photos.items():
        filling.attach(code, count)
    state = filling.state()
    visible = frozenset(state.visible)
    items = [item for item in form.items if item.code in visible]
    failed = frozenset(state.failed)
    unknown = sorted(set(answers) - {item.code for item in form.items})
    invalid = [_invalid(code, Fault.UNKNOWN_ITEM) for code in unknown]
    suggestions: list[Suggestion] = []
    for item in items:
        if item.code in answers:
            faults = _faults_of_answer(item, answers[item.code])
            invalid += [_invalid(item.code, fault) for fault in faults]
        invalid += [_wrong(one) for one in state.wrong if one.code == item.code]
        if item.code in failed:
            suggestion = suggest(form, item, failed, on)
            faults = _faults_of_failure(
                item, suggestion, photos.get(item.code, 0), findings.get(item.code, ())
            )
            invalid += [_invalid(item.code, fault, item) for fault in faults]
            suggestions.append(suggestion)
    return Evaluation(
        visible=state.visible,
        calculated=state.calculated,
        missing=state.missing,
        invalid=tuple(invalid),
        suggestions=tuple(suggestions),
        progress=_progress(items, answers, photos),
    )


def _faults_of_answer(item: Item, answer: Mapping[str, object]) -> list[Fault]:
    result = str(answer.get("result"))
    if item.kind is Kind.CHECK:
        known = result in CHECK_RESULTS
    else:
        known = result in (GIVEN, Result.NOT_APPLICABLE.value, Result.NOT_CHECKED.value)
    if not known:
        return [Fault.UNKNOWN_RESULT if item.kind is Kind.CHECK else Fault.VALUE_MISSING]
    if result == Result.NOT_CHECKED.value and not str(answer.get("reason") or "").strip():
        return [Fault.REASON_MISSING]
    return []


def _faults_of_failure(
    item: Item, suggestion: Suggestion, photos: int, findings: Sequence[Found]
) -> list[Fault]:
    faults = [] if findings else [Fault.FINDING_MISSING]
    if suggestion.refer_to and any(found.measure != REFER for found in findings):
        faults.append(Fault.NOT_REFERRED)
    if photos < item.photos_on_failure:
        faults.append(Fault.PHOTO_MISSING)
    lowered = bool(findings) and all(found.level != "major" for found in findings)
    must_be_major = suggestion.level == "major" and not suggestion.to_confirm
    if lowered and must_be_major:
        faults.append(Fault.LEVEL_TOO_LOW)
    major = [found for found in findings if found.level == "major"]
    is_major = bool(major) or (suggestion.level == "major" and (must_be_major or not findings))
    ordered = all(found.measure in ON_SITE_MEASURES for found in major or findings)
    if is_major and not suggestion.refer_to and not (findings and ordered):
        faults.append(Fault.MEASURE_MISSING)
    return faults


def _invalid(code: str, fault: Fault, item: Item | None = None) -> Invalid:
    facts = (
        {}
        if item is None
        else {
            "photos": item.photos_on_failure,
            "authority": COMPETENCE_NAMES[item.competence],
        }
    )
    return Invalid(code, fault, MESSAGES[fault].format(**facts))


def _wrong(one: Wrong) -> Invalid:
    place = f"第{one.row}行" if one.row else ""
    return Invalid(one.code, Fault.WRONG_VALUE, f"{place}{one.reason}，请改正。")


def _progress(
    items: Sequence[Item],
    answers: Mapping[str, Mapping[str, object]],
    photos: Mapping[str, int],
) -> Progress:
    """Count the items that somebody answers; what was taken for one that asks for it is a value."""
    asked = [item for item in items if item.is_asked]
    given = [_result(item, answers, photos) for item in asked]
    counts = {result: given.count(result.value) for result in Result}
    return Progress(
        total=len(given),
        answered=sum(counts.values()) + given.count(GIVEN),
        passed=counts[Result.PASS],
        failed=counts[Result.FAIL],
        not_applicable=counts[Result.NOT_APPLICABLE],
        not_checked=counts[Result.NOT_CHECKED],
        given=given.count(GIVEN),
    )


def _result(
    item: Item, answers: Mapping[str, Mapping[str, object]], photos: Mapping[str, int]
) -> str:
    if item.kind in ATTACHMENTS and photos.get(item.code):
        return GIVEN
    answer = answers.get(item.code, {})
    result = str(answer.get("result", ""))
    is_none = item.kind is Kind.CHECK or says_nothing(answer.get(GIVEN))
    return "" if result == GIVEN and is_none else result
