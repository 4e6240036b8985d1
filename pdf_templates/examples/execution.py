"""What the documents of paying and of the court say in the story."""

from pdf_templates.examples import story
from pdf_templates.examples.decision import PAYMENT, SURCHARGE
from pdf_templates.execution.enforcement_application import EnforcementApplication, Material
from pdf_templates.execution.enforcement_demand import EnforcementDemand
from pdf_templates.execution.fined import Fined, Owed
from pdf_templates.execution.instalments import Instalment
from pdf_templates.execution.payment_deferral_approval import PaymentDeferralApproval
from pdf_templates.execution.payment_deferral_grant import PaymentDeferralGrant
from pdf_templates.execution.payment_demand import PaymentDemand
from pdf_templates.execution.surcharge_decision import SurchargeDecision
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee

HENGMAO = Addressee(story.HENGMAO.name, is_unit=True)
COPIES = story.COPIES.format(recipient="当事人")
DECISION = Fined("2026-05-08", story.doc_no("罚"), 5_000_000, "")
DEFERRED = Fined(
    "2026-05-08",
    story.doc_no("罚"),
    5_000_000,
    "经本机关批准分两期缴纳，第1期罚款3万元已于2026年6月10日缴纳，第2期罚款2万元应于2026年9月10日前缴纳",
)
FIRST, SECOND = Instalment(1, "2026-06-10", 3_000_000), Instalment(2, "2026-09-10", 2_000_000)
OWED = Owed(2_000_000, 2_000_000, 4_000_000)
DEFERRAL_BASIS = "《中华人民共和国行政处罚法》第六十六条第二款"
COURT_BASIS = "《中华人民共和国行政强制法》第五十三条、第五十四条"

EXAMPLES = {
    "payment_demand": PaymentDemand(
        doc_no=story.doc_no("催"),
        authority=story.AUTHORITY,
        made_at=story.at("09-15", "10:00:00"),
        addressee=HENGMAO,
        fined=DEFERRED,
        due_on="2026-09-10",
        unpaid_fen=2_000_000,
        account=story.ACCOUNT,
        pay_by="2026-09-30",
        surcharge=SURCHARGE,
        surcharge_from="2026-09-11",
        basis="《中华人民共和国行政强制法》第三十五条、第三十六条",
        desk=story.DESK,
        copies_note=COPIES,
    ),
    "surcharge_decision": SurchargeDecision(
        doc_no=story.doc_no("加罚"),
        authority=story.AUTHORITY,
        made_at=story.at("10-12", "10:00:00"),
        party=story.UNIT,
        fined=DEFERRED,
        due_on="2026-09-10",
        unpaid_fen=2_000_000,
        demand_no=story.doc_no("催"),
        demanded_on="2026-09-15",
        statement="催告的履行期限届满后，你单位仍未缴纳，也未提出陈述、申辩，没有正当理由",
        surcharge=SURCHARGE,
        limit_basis="《中华人民共和国行政强制法》第四十五条",
        counted_from="2026-09-11",
        counted_until="2026-10-12",
        paused_days=0,
        days=32,
        surcharge_fen=1_920_000,
        account=story.ACCOUNT,
        payment_days=PAYMENT.days,
        remedies=story.REMEDIES,
        enforcement_basis=COURT_BASIS,
        copies_note=COPIES,
    ),
    "payment_deferral_approval": PaymentDeferralApproval(
        doc_no=story.doc_no("缴审"),
        authority=story.AUTHORITY,
        made_at=story.at("05-19", "14:00:00"),
        case_name=story.CASE_NAME,
        party=story.UNIT,
        fined=DECISION,
        due_on="2026-05-25",
        applied_on="2026-05-18",
        mode="instalments",
        reason=(
            "该公司称除尘系统改造已支出11万元，二季度订单减少，一次缴纳5万元有困难，申请分两期缴纳。"
            "附银行对账单、财务报表复印件。"
        ),
        proposed=(FIRST, SECOND),
        basis=DEFERRAL_BASIS,
        handlers=Said(
            "经核实，该公司确有经济困难，建议同意分两期缴纳。", story.OFFICERS, "2026-05-19"
        ),
        review=Said("同意，报请审批。", (), "2026-05-19"),
        approval=Said("同意。", (), "2026-05-20"),
    ),
    "payment_deferral_grant": PaymentDeferralGrant(
        doc_no=story.doc_no("缴批"),
        authority=story.AUTHORITY,
        made_at=story.at("05-20", "09:30:00"),
        addressee=HENGMAO,
        applied_on="2026-05-18",
        fined=DECISION,
        mode="instalments",
        granted=FIRST,
        left_fen=2_000_000,
        basis=DEFERRAL_BASIS,
        account=story.ACCOUNT,
        surcharge=SURCHARGE,
        desk=story.DESK,
        copies_note=story.COPIES.format(recipient="申请人"),
    ),
    "enforcement_demand": EnforcementDemand(
        doc_no=story.doc_no("执行催告"),
        authority=story.AUTHORITY,
        made_at=story.at("11-11", "09:30:00"),
        addressee=HENGMAO,
        fined=DECISION,
        served_on="2026-05-09",
        undone="第2期罚款2万元未缴纳，加处罚款2万元（已达到未缴纳罚款的数额）未缴纳",
        basis="《中华人民共和国行政强制法》第五十四条",
        demand_days=10,
        owed=OWED,
        account=story.ACCOUNT,
        other="",
        court=story.REMEDIES.court,
        desk=story.DESK,
        copies_note=COPIES,
    ),
    "enforcement_application": EnforcementApplication(
        doc_no=story.doc_no("强执"),
        authority=story.AUTHORITY,
        made_at=story.at("11-27", "09:30:00"),
        authority_address="云湾区行政中心2号楼",
        head=story.HEAD,
        court=story.REMEDIES.court,
        respondent=story.UNIT,
        fined=DECISION,
        decision="对两项违法行为合并罚款人民币伍万元整（¥50,000.00）",
        served_on="2026-05-09",
        contest_ended_on="2026-11-09",
        performed=(
            "经批准分两期缴纳，分期缴纳期限于2026年9月10日届满，被申请人已缴纳罚款3万元，未缴纳罚款2万元。"
            f"申请人于2026年10月12日作出加处罚款决定（文号：{story.doc_no('加罚')}），至今加处罚款累计"
            "2万元，已达到未缴纳罚款的数额"
        ),
        demand_no=story.doc_no("执行催告"),
        demanded_on="2026-11-11",
        response="催告书送达已满10个工作日，被申请人未提出陈述、申辩，仍未履行",
        basis=COURT_BASIS,
        owed=OWED,
        requests=(),
        assets=(
            "被申请人正常经营，在江苏云湾农村商业银行营业部开立基本存款账户，厂房系租赁，"
            "名下有砂光机4台、叉车2辆"
        ),
        materials=(
            Material(
                "行政决定书及作出决定的事实、理由和依据（行政处罚决定书、加处罚款决定书及案卷）", 1
            ),
            Material("当事人的意见及行政机关催告情况（陈述申辩笔录、两次催告书及送达回执）", 1),
            Material("申请强制执行标的情况", 1),
            Material("申请人法定代表人身份证明、授权委托书", 1),
        ),
        desk=story.DESK,
        copies_note=story.COPIES.format(recipient="人民法院"),
    ),
}
