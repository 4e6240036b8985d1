"""How severe a finding is, and whether it may stand as it was noted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.inspection import ON_SITE, Finding
from inspect_server.domain.saying import measure_name


@dataclass(frozen=True)
class Grade:
    """What the checklist says about a failed item: how severe it is, and whose matter."""

    suggested: FindingLevel
    is_certain: bool  # no condition is left that only the officer can judge
    note: str  # what the officer wrote beside the answer
    refer_to: str = ""  # whose matter it is, "" for the bureau's own


FREE = Grade(FindingLevel.GENERAL, is_certain=False, note="", refer_to="other")
"""The grade of a finding outside every checklist: the officer's own, who may refer it."""


def fault_of(finding: Finding, grade: Grade, visited_on: date) -> str:
    """
    Return why a finding cannot stand, in Chinese, or "" when it can.

    Args:
        finding: As noted on the phone.
        grade: What the checklist says about its item.
        visited_on: The local day of the visit.

    A ★ item (判定标准 of 重大事故隐患) is never lowered silently: not at all when its answers
    decide alone, and only with a written reason when the officer judged a condition. What is major,
    by a checklist or not, is met by a measure on site. What was not corrected on the spot needs a
    deadline, and none lies before the visit. What others enforce (`grade.refer_to`) is referred to
    them, and judged, dated and penalised by nobody here.

    Source: 安全生产法 第六十五条、第六十九条; 应急管理部令第10号.
    """
    if not finding.text.strip() or not finding.place.strip():
        return "缺少问题描述或部位"
    if not finding.basis.strip():
        return "缺少依据条款"
    if finding.is_referred or (grade.refer_to and grade is not FREE):
        return _fault_of_referral(finding, grade)
    if finding.level == FindingLevel.GENERAL and grade.suggested is FindingLevel.MAJOR:
        if grade.is_certain:
            return "属于重大事故隐患判定标准所列情形，不得降为一般隐患"
        if not grade.note.strip():
            return "由重大降为一般隐患而没有在该条目的说明中写明理由"
    if finding.level == FindingLevel.MAJOR and not ON_SITE.issuperset(finding.measures):
        return "属于重大事故隐患而没有现场处理措施，请选择立即排除、暂停作业、撤出人员或停止使用"
    if finding.corrected_on_site:
        return ""
    if not finding.deadline:
        return "未当场改正而没有整改期限"
    if date.fromisoformat(finding.deadline) < visited_on:
        return "整改期限早于检查日"
    return ""


def fault_of_measures(finding: Finding, together: Collection[str]) -> str:
    """
    Return why the measures of a finding do not go together, in Chinese, or "" when they do.

    One alone is never judged here: `fault_of` says whether it may stand.

    Args:
        finding: As noted on the phone.
        together: The measures that may be ordered together about a 重大事故隐患; whatever is not
            among them is ordered alone.

    Law: finding.measures_together
    """
    if not finding.further_measures:
        return ""
    if finding.level != FindingLevel.MAJOR:
        return "一般隐患只能选择一项处理措施"
    alone = [one for one in finding.measures if one not in together]
    return f"{measure_name(alone[0], finding.level)}不能与其他处理措施并用" if alone else ""


def _fault_of_referral(finding: Finding, grade: Grade) -> str:
    if not finding.is_referred:
        return "不属于应急管理部门查处，处理措施应改为线索移送"
    if not grade.refer_to:
        return "属于应急管理部门查处，不能作线索移送，请另选处理措施"
    if finding.level == FindingLevel.MAJOR:
        return "移送的线索由接收部门认定，隐患级别请改为一般"
    if finding.penalty_basis.strip():
        return "移送的线索不由本机关处罚，请删去处罚依据"
    return "移送的线索不由本机关限期整改，请删去整改期限" if finding.deadline else ""
