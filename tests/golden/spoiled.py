"""Facts that contradict themselves: what breaks each constraint, and the field to correct."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pdf_templates.examples import example
from pdf_templates.facts import to_json
from tests.golden.unusual import UNUSUAL

BEFORE = "2026-03-01"


@dataclass(frozen=True)
class Broken:
    """
    A contradiction in the facts of a kind.

    Attributes:
        kind: Of the document.
        changed: What makes it, by path.
        told: The field that is to be corrected: its path and its Chinese name.
        said: Some of what is said there.
    """

    kind: str
    changed: Mapping[str, Any]
    told: str
    said: str

    def facts(self) -> dict[str, Any]:
        """Return the example of the kind with this contradiction."""
        plain: dict[str, Any] = to_json(example(self.kind))
        for path, value in self.changed.items():
            plain = put(plain, path, value)
        return plain


def put(plain: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return facts with another value at a path such as `served[1].remark`."""
    changed = deepcopy(plain)
    *outer, last = steps(path)
    at: Any = changed
    for step in outer:
        at = at[step]
    at[last] = value
    return changed


def steps(path: str) -> list[str | int]:
    """Return the keys and indexes that lead to a path."""
    parts = path.replace("]", "").replace("[", ".#").split(".")
    return [int(one[1:]) - 1 if one.startswith("#") else one for one in parts]


def drawn() -> Any:
    """Return the signatures of an interview that was signed on a phone."""
    return to_json(UNUSUAL["interview_record"][2])["signatures"]


def officers_signed() -> Any:
    """Return the signatures of a visit: both officers', then the party's."""
    return to_json(example("inspection_record").signatures)


def refused() -> Any:
    """Return them as refusals."""
    return [{**one, "refused": True} for one in drawn()[:1]]


def _served(method: str) -> int:
    return next(n for n, one in enumerate(SERVED, 1) if one.method == method)


def _signed_interview() -> dict[str, Any]:
    facts: Any = UNUSUAL["interview_record"][2]
    return {"interviewed": to_json(facts.interviewed), "signatures": drawn(), "refusal": "不同意"}


SERVED = example("service_receipt").served
DIRECT, LEFT, ELECTRONIC = map(_served, ("direct", "left", "electronic"))
ARRIVAL = to_json(SERVED[ELECTRONIC - 1].arrival)
PRESIDING = example("hearing_record").panel.presiding.name
INVESTIGATOR = example("hearing_record").investigators[1].name
SHOWING_OFFICERS = (
    *("measures_decision", "reinspection_opinion", "seizure_decision", "seizure_list"),
    *("preservation_list", "sampling_receipt"),
)
SPOT = "spot_penalty_organisation"
DECISION = "penalty_decision_organisation"
FIRST = example("case_contents").listed[0]

BROKEN = (
    Broken(
        "coercion_approval",
        {"born": "1981年9月"},
        "born〔个人当事人的出生年月（如 1985年6月）〕",
        "单位的不写",
    ),
    Broken(
        "case_filing_approval",
        {"party": {"organisation": None, "person": None}},
        "party〔当事人〕",
        "只写一个",
    ),
    Broken(
        SPOT,
        {"violation.fine_fen": 0, "violation.penalty": "", "paid": ""},
        "violation.penalty〔罚款以外的处罚，如警告，没有为空〕",
        "应当写明处罚",
    ),
    Broken(
        SPOT,
        {"violation.fine_fen": 300_001},
        "violation.fine_fen〔罚款数额，没有为 0（分）〕",
        "3,000.00 元",
    ),
    Broken(SPOT, {"paid": ""}, "paid〔缴款方式", "在有罚款时写明"),
    Broken(SPOT, {"paid": "cash"}, "cash_reason〔超过限额当场收缴的", "事后难以执行"),
    Broken(
        "penalty_notice",
        {"notified.total_fine_fen": 1},
        "notified.total_fine_fen〔拟处罚款合计（分）〕",
        "5000000 分",
    ),
    Broken(DECISION, {"total_fine_fen": 1}, "total_fine_fen〔罚款合计（分）〕", "5000000 分"),
    Broken(
        DECISION,
        {"remedies.online_channel": ""},
        "remedies.online_channel〔提交行政复议申请书的互联网渠道，不以电子方式送达的可为空〕",
        "以电子方式送达的",
    ),
    Broken(DECISION, {"payment": None}, "payment〔缴纳罚款的账户", "在有罚款时写明"),
    *(
        Broken(kind, {"notified_on": "2026-12-01"}, f"notified_on〔{doc}（日期）〕", "以前")
        for kind, doc in ((DECISION, "告知书送达"), ("supply_restore_notice", "原通知作出"))
    ),
    *(
        Broken(
            kind,
            {
                "signatures": [
                    *officers_signed()[:1],
                    {**officers_signed()[1], "cert_no": "无此证号"},
                ]
            },
            "signatures[2].cert_no〔执法证号，非执法人员为空〕",
            "所列执法人员",
        )
        for kind in (*SHOWING_OFFICERS, SPOT)
    ),
    Broken(
        "reinspection_opinion",
        {"reinspected_on": BEFORE},
        "reinspected_on〔复查（日期）〕",
        "不能早于所复查的决定",
    ),
    Broken(
        "seizure_decision",
        {"period.last": "2026-04-01"},
        "period.days〔期限（日）〕",
        "起止日期共 31 日",
    ),
    Broken(
        "seizure_extension",
        {"period.last": BEFORE},
        "period.last〔止（日期）〕",
        "不能早于起始日期",
    ),
    Broken(
        "seizure_decision",
        {"appraisal": "2026年3月3日至2026年3月12日", "appraisal_basis": ""},
        "appraisal_basis〔检测、检验、技术鉴定期间不计入的依据〕",
        "应当同时写明",
    ),
    Broken(
        "seizure_decision",
        {"appraisal": "", "appraisal_basis": "《中华人民共和国行政强制法》第二十五条"},
        "appraisal〔需要检测、检验或者技术鉴定的",
        "应当同时写明",
    ),
    Broken(
        "supply_cut_decision",
        {"cut_from": "2026-04-24T09:59:59+08:00"},
        "cut_from〔停止供电（供应）的起始时间",
        "提前 24 小时",
    ),
    Broken(
        "hearing_record",
        {"panel.members[1].name": PRESIDING},
        "panel.members[1].name〔姓名〕",
        "两项职务",
    ),
    Broken(
        "hearing_record",
        {"panel.members[1].name": "卫青", "panel.members[2].name": "卫青"},
        "panel.members[2].name〔姓名〕",
        "两项职务",
    ),
    Broken(
        "hearing_record", {"panel.clerk.name": PRESIDING}, "panel.clerk.name〔姓名〕", "两项职务"
    ),
    *(
        Broken(kind, {f"panel.{seat}": INVESTIGATOR}, f"panel.{seat}〔姓名〕", "本案调查人员")
        for kind in ("hearing_record", "hearing_report")
        for seat in ("presiding.name", "members[2].name")
    ),
    *(
        Broken(
            "hearing_session_notice",
            {"is_public": is_public, "closed_reason": reason},
            "closed_reason〔不公开举行的原因，公开举行为空〕",
            "应当写明原因",
        )
        for is_public, reason in ((False, ""), (True, "涉及商业秘密"))
    ),
    Broken(
        "hearing_session_notice",
        {"held_at": "2026-04-16T09:00:00+08:00"},
        "held_at〔听证会时间",
        "在通知之后",
    ),
    Broken(
        "service_receipt",
        {f"served[{ELECTRONIC}].arrival": None},
        f"served[{ELECTRONIC}].arrival〔电子送达情况",
        "到达情况",
    ),
    Broken(
        "service_receipt",
        {f"served[{DIRECT}].arrival": ARRIVAL},
        f"served[{DIRECT}].arrival〔电子送达情况",
        "到达情况",
    ),
    Broken(
        "service_receipt",
        {f"served[{LEFT}].remark": ""},
        f"served[{LEFT}].remark〔代收人与受送达人的关系",
        "留置送达",
    ),
    Broken(
        "case_extension_approval",
        {"filed_on": "2026-07-22"},
        "due_on〔办案期限届满（日期）〕",
        "依次在后",
    ),
    Broken(
        "case_extension_approval",
        {"extended_to": example("case_extension_approval").due_on},
        "extended_to〔申请延长至（日期）〕",
        "依次在后",
    ),
    Broken(
        "case_contents",
        {"listed[1].first_page": FIRST.last_page + 1},
        "listed[1].last_page〔末页号〕",
        "末页号",
    ),
    Broken(
        "case_contents",
        {"listed[2].first_page": FIRST.last_page},
        "listed[2].first_page〔起始页号〕",
        "页号不重复",
    ),
    Broken(
        "scene_record",
        {"signatures": refused()},
        "signatures[1].refused〔是否拒签〕",
        "拒绝签名的",
    ),
    Broken(
        "interview_record",
        {"signatures": refused()},
        "signatures[1].refused〔是否拒签〕",
        "拒绝签名的",
    ),
    Broken(
        "interview_record",
        _signed_interview(),
        "refusal〔被询问人拒绝签名的理由，签名的为空〕",
        "既签名又拒绝签名",
    ),
    Broken(
        "rectification_order",
        {"demands[1].deadline": BEFORE},
        "demands[1].deadline〔整改期限，立即整改为空（日期）〕",
        "早于检查开始日期",
    ),
    Broken("result_notice", {"follow_ups": []}, "follow_ups〔后续处理", "应当写明后续处理"),
    Broken(
        "inspection_record",
        {"problems[1].measure": ""},
        "problems[1].measure〔处理措施",
        "须写明处理措施",
    ),
    Broken(
        "inspection_record",
        {"problems[2].measure": "refer"},
        "problems[2].refer_to〔移送部门",
        "须写明移送部门",
    ),
    Broken(
        "inspection_record",
        {"problems[2].refer_to": "消防救援机构"},
        "problems[2].refer_to〔移送部门",
        "不移送的，不写移送部门",
    ),
    Broken(
        "inspection_record",
        {"problems[3].measure": "refer", "problems[3].refer_to": "消防救援机构"},
        "problems[3].deadline〔整改期限",
        "移送的，不写整改期限",
    ),
    Broken(
        "inspection_record",
        {"problems[1].further_measures": ["suspend", "rectify_within"]},
        "problems[1].further_measures〔与处理措施并用",
        "不重复处理措施",
    ),
    Broken(
        "inspection_record",
        {
            "problems[1].measure": "refer",
            "problems[1].refer_to": "消防救援机构",
            "problems[1].deadline": "",
        },
        "problems[1].major〔是否重大事故隐患",
        "由接收部门认定",
    ),
    Broken(
        "payment_deferral_approval",
        {"mode": "deferral"},
        "proposed〔拟同意的各期缴款，延期的为一期〕",
        "延期缴纳的为一期",
    ),
    Broken(
        "payment_deferral_approval",
        {"fined.fine_fen": 4_999_999},
        "proposed〔拟同意的各期缴款，延期的为一期〕",
        "不能超过罚款数额",
    ),
    Broken(
        "payment_deferral_grant",
        {"granted.number": 0},
        "granted.number〔第几期（期）〕",
        "分期缴纳的",
    ),
    Broken(
        "payment_deferral_grant",
        {"left_fen": 2_000_001},
        "left_fen〔本期缴纳后尚欠的罚款（分）〕",
        "不能超过罚款数额",
    ),
    Broken(
        "enforcement_demand",
        {"owed.surcharge_fen": 2_000_001, "owed.total_fen": 4_000_001},
        "owed.surcharge_fen〔加处罚款（分）〕",
        "不能超过罚款的数额",
    ),
    Broken(
        "enforcement_demand", {"owed.total_fen": 1}, "owed.total_fen〔合计（分）〕", "4000000 分"
    ),
    Broken(
        "enforcement_demand",
        {"owed": None, "account": None},
        "owed〔应当缴纳的罚款和加处罚款，没有为 null〕",
        "应当写明缴纳的金额",
    ),
    Broken(
        "enforcement_demand",
        {"account": None},
        "account〔收款账户，不涉及缴款为 null〕",
        "须写明收款账户",
    ),
    Broken(
        "surcharge_decision",
        {"due_on": "2026-09-11"},
        "counted_from〔加处罚款起算（日期）〕",
        "届满之后起算",
    ),
    Broken(
        "surcharge_decision",
        {"counted_until": "2026-09-10"},
        "counted_until〔加处罚款计算截止（日期）〕",
        "不能早于起算",
    ),
    Broken("surcharge_decision", {"days": 31}, "days〔计算加处罚款的天数（日）〕", "应为 32 日"),
    Broken(
        "surcharge_decision",
        {"surcharge_fen": 1_920_001},
        "surcharge_fen〔加处罚款金额（分）〕",
        "应为 1920000 分",
    ),
    *(
        Broken(
            "payment_demand",
            {"unpaid_fen": unpaid},
            "unpaid_fen〔尚未缴纳的罚款（分）〕",
            "不超过罚款数额",
        )
        for unpaid in (0, 5_000_001)
    ),
    Broken("payment_demand", {"due_on": "2026-09-15"}, "made_at〔文书制作时间", "届满之后"),
    Broken(
        "payment_demand",
        {"pay_by": "2026-09-14"},
        "pay_by〔催告的履行期限届满（日期）〕",
        "催告之后",
    ),
    Broken(
        "enforcement_application",
        {"owed": None, "requests": []},
        "requests〔申请执行的其他事项，没有则为空列表〕",
        "写明申请执行的事项",
    ),
    Broken(
        "enforcement_application",
        {"contest_ended_on": "2026-11-27"},
        "made_at〔文书制作时间",
        "期限届满以前",
    ),
    Broken(
        "enforcement_application",
        {"demanded_on": "2026-11-27"},
        "made_at〔文书制作时间",
        "应当在催告以后",
    ),
)
