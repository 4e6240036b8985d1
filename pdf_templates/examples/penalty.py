"""What the documents of the case say in the story, from filing to the decision."""

from pdf_templates.examples import charges, story
from pdf_templates.parts.opinions import Said
from pdf_templates.penalty.case_filing_approval import CaseFilingApproval
from pdf_templates.penalty.investigation_report import InvestigationReport
from pdf_templates.penalty.legal_review_opinion import LegalReviewOpinion, Reviewed
from pdf_templates.penalty.penalty_notice import PenaltyNotice

SITUATION = (
    "2026年3月2日，本机关执法人员陆文博、沈玥依据年度安全生产监督检查计划，对该公司开展"
    "“双随机、一公开”监督检查，发现：一、砂光车间 2# 干式除尘系统未设置锁气卸灰装置，灰斗内积灰"
    "约 0.4 m，除尘器进风管未按规定设置隔爆阀；二、涉粉作业人员12人中有5人未经粉尘防爆专项安全生产"
    "教育和培训即上岗作业。以上情况有现场检查记录、现场照片和该公司教育培训档案为证。"
)

FINDINGS = (
    "一、砂光车间 2# 干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m，除尘器进风管未按规定设置"
    "隔爆阀，安全设备的安装、使用不符合国家标准《粉尘防爆安全规程》（GB 15577-2018）；"
    "二、涉粉作业人员12人中有5人未经粉尘防爆专项安全生产教育和培训即上岗作业。"
    "2026年4月2日复查，第一项已整改合格。"
)

EXAMPLES = {
    "case_filing_approval": CaseFilingApproval(
        doc_no=story.doc_no("立"),
        authority=story.AUTHORITY,
        made_at=story.at("03-03", "10:00:00"),
        cause=story.CAUSE,
        case_source="双随机监督检查",
        learned_on="2026-03-02",
        case_name=story.CASE_NAME,
        party=story.UNIT,
        situation=SITUATION,
        handlers=Said(
            "该公司涉嫌违反《中华人民共和国安全生产法》第三十六条第一款、第二十八条第一款，"
            "依法应当给予行政处罚，且属本机关管辖，建议立案调查，由陆文博、沈玥承办。",
            story.OFFICERS,
            "2026-03-03",
        ),
        legal_review=Said("符合立案条件，同意立案。", (), "2026-03-03"),
        review=Said("拟同意立案，报请审批。", (), "2026-03-03"),
        approval=Said("", (), ""),
    ),
    "investigation_report": InvestigationReport(
        doc_no=story.doc_no("终报"),
        authority=story.AUTHORITY,
        made_at=story.at("04-08", "16:00:00"),
        cause=story.CAUSE,
        filed_on="2026-03-03",
        closed_on="2026-04-08",
        section="工贸行业安全监管科",
        handlers=story.OFFICERS,
        party=story.UNIT,
        findings=f"经查，该公司存在下列违法事实：{FINDINGS}",
        violated=f"第一项违反{charges.DUST.violated}，第二项违反{charges.TRAINING.violated}。",
        evidence=tuple(f"{one}。" for one in charges.EVIDENCE),
        discretion=(
            f"第一项：{charges.DUST.discretion}。第二项：{charges.TRAINING.discretion}。"
            "该公司无从重、减轻处罚情节。"
        ),
        basis=f"{charges.DUST.basis}、第九十七条第三项",
        proposal="罚款人民币伍万元整（¥50,000.00），其中第一项罚款2万元、第二项罚款3万元",
        handlers_say=Said(
            "本案事实清楚，证据确实充分，调查已终结，报请审核。", story.OFFICERS, "2026-04-08"
        ),
        legal_review=Said(f"同意，详见法制审核意见书，文号{story.doc_no('法审')}。", (), "2026-04-09"),
        review=Said("同意承办人意见。", (), "2026-04-09"),
        approval=Said("", (), ""),
    ),
    "legal_review_opinion": LegalReviewOpinion(
        doc_no=story.doc_no("法审"),
        authority=story.AUTHORITY,
        made_at=story.at("04-09", "15:20:00"),
        cause=story.CAUSE,
        section="工贸行业安全监管科",
        submitted_on="2026-04-08",
        party=story.UNIT,
        summary=f"经查，该公司存在下列违法事实：{FINDINGS}",
        basis=(
            f"违反条款：{charges.DUST.violated}、第二十八条第一款；"
            f"处罚依据：{charges.DUST.basis}、第九十七条第三项。"
        ),
        proposal="罚款人民币伍万元整（¥50,000.00）。",
        reviewed=(
            Reviewed("执法主体合法，执法人员具备资格", True, "两名执法人员持有效执法证"),
            Reviewed("事实清楚", True, ""),
            Reviewed("证据合法充分", True, "证据6组，来源合法，能够相互印证"),
            Reviewed("适用法律、裁量基准准确", True, "分别裁量，未超出裁量幅度"),
            Reviewed("执法程序合法", True, "立案、亮证、询问、勘验均符合规定"),
            Reviewed("未超越本机关权限", True, ""),
            Reviewed("文书完备、规范", True, ""),
            Reviewed("不涉嫌犯罪，无需移送", True, ""),
        ),
        conclusion="agree",
        opinion=Said(
            "同意承办机构的处理建议。拟罚款数额达到听证标准，应当告知当事人有要求听证的权利；"
            "经听证的，依听证笔录作出决定，决定前再送法制审核。",
            (),
            "2026-04-09",
        ),
        qualification_no="A20183207990125",
    ),
    "penalty_notice": PenaltyNotice(
        doc_no=story.doc_no("罚告"),
        authority=story.AUTHORITY,
        made_at=story.at("04-10", "09:30:00"),
        notified=charges.NOTIFIED,
        statement_days=5,
        statement_basis="《中华人民共和国行政处罚法》第四十四条、第四十五条",
        copies_note=story.COPIES.format(recipient="拟处罚当事人"),
    ),
}
