"""What the documents of the case say in the story, from filing to the decision."""

from pdf_templates.examples import story
from pdf_templates.parts.opinions import Said
from pdf_templates.penalty.case_filing_approval import CaseFilingApproval

SITUATION = (
    "2026年3月2日，本机关执法人员陆文博、沈玥依据年度安全生产监督检查计划，对该公司开展"
    "“双随机、一公开”监督检查，发现：一、砂光车间 2# 干式除尘系统未设置锁气卸灰装置，灰斗内积灰"
    "约 0.4 m，除尘器进风管未按规定设置隔爆阀；二、涉粉作业人员12人中有5人未经粉尘防爆专项安全生产"
    "教育和培训即上岗作业。以上情况有现场检查记录、现场照片和该公司教育培训档案为证。"
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
}
