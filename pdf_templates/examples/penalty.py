"""What the documents of the case say in the story, from filing to the decision."""

from pdf_templates.examples import charges, story
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Attendee
from pdf_templates.parts.records import Correction, Utterance
from pdf_templates.penalty.case_filing_approval import CaseFilingApproval
from pdf_templates.penalty.discussion_record import DiscussionRecord
from pdf_templates.penalty.handling_approval import HandlingApproval
from pdf_templates.penalty.investigation_report import InvestigationReport
from pdf_templates.penalty.legal_review_opinion import LegalReviewOpinion, Reviewed
from pdf_templates.penalty.penalty_notice import PenaltyNotice
from pdf_templates.penalty.statement_record import StatementRecord

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
    "2026年4月2日复查，两项均已整改合格。"
)
STATEMENT = (
    "当事人于2026年4月14日陈述申辩，称采购时不了解国家标准、已投入11万元改造，5名人员已调离岗位并补训，"
    "请求从轻处罚，并要求听证；4月28日举行听证。经复核：不了解标准不免除企业的法定责任，"
    "补训在立案之后；整改情况已在裁量时考虑，不再另行从轻。"
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
        approval=Said("同意立案。", (), "2026-03-03"),
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
        legal_review=Said(
            f"同意，详见法制审核意见书，文号{story.doc_no('法审')}。", (), "2026-04-09"
        ),
        review=Said("同意承办人意见。", (), "2026-04-09"),
        approval=Said("同意。", (), "2026-04-09"),
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
    "statement_record": StatementRecord(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("04-14", "10:20:00"),
        cause=story.CAUSE,
        party=story.UNIT,
        started_at=story.at("04-14", "09:30:00"),
        ended_at=story.at("04-14", "10:15:00"),
        place="云湾区应急管理局506室",
        speaker=story.ZHAO,
        capacity="法定代表人",
        recorder=Attendee("方琪", "工贸行业安全监管科科员"),
        officers=story.OFFICERS,
        notice_no=story.doc_no("罚告"),
        received_on="2026-04-10",
        basis="《中华人民共和国行政处罚法》第四十五条",
        utterances=(
            Utterance(
                "赵喆堃",
                "对第1项，2024年采购除尘系统时我们不了解国家标准，为了省钱减掉了卸灰阀和隔爆阀。"
                "收到指令书后，我们停用了这套系统，花了11万元改造，4月2日复查合格。",
            ),
            Utterance(
                "赵喆堃",
                "对第2项，这5个人是今年1月以后新招的，还没有轮到专项培训就上了岗。检查以后我们把他们"
                "调离了砂光岗位，3月9日补训，考试都合格了。",
            ),
            Utterance(
                "赵喆堃", "我们认错，但希望考虑整改积极、没有发生事故，从轻处罚。我们也要求听证。"
            ),
            Utterance(
                "陆文博",
                "你单位提出的事实、理由和证据，本机关将进行复核。听证要求和听证申请书已经收到，本机关将依法组织听证。",
            ),
        ),
        materials=(
            "除尘系统改造合同及验收单复印件2份，共7页",
            "2026年3月9日粉尘防爆专项培训签到表、试卷复印件1份，共14页",
        ),
        corrections=(Correction("第1页“花了”处", "10万元", "11万元"),),
        read_back="by_themselves",
        refusal="",
    ),
    "handling_approval": HandlingApproval(
        doc_no=story.doc_no("处呈"),
        authority=story.AUTHORITY,
        made_at=story.at("05-07", "09:10:00"),
        case_name=story.CASE_NAME,
        party=story.UNIT,
        grounds=(
            f"{FINDINGS}上述行为分别违反{charges.DUST.violated}、第二十八条第一款，"
            f"依据{charges.DUST.basis}、第九十七条第三项，应当给予行政处罚。"
        ),
        statement=STATEMENT,
        handlers=Said(
            "建议对第一项罚款2万元，对第二项罚款3万元，合并罚款人民币伍万元整（¥50,000.00）。"
            "以上意见经2026年5月6日集体讨论通过。",
            story.OFFICERS,
            "2026-05-07",
        ),
        legal_review=Said(
            "本案听证后、集体讨论前已再次审核，事实、证据、依据和裁量没有变化，同意承办人意见。",
            (),
            "2026-05-07",
        ),
        review=Said("同意，报请局长审批。", (), "2026-05-07"),
        approval=Said("同意。", (), "2026-05-07"),
    ),
    "discussion_record": DiscussionRecord(
        doc_no=story.doc_no("罚集"),
        authority=story.AUTHORITY,
        made_at=story.at("05-06", "11:10:00"),
        case_name=story.CASE_NAME,
        started_at=story.at("05-06", "09:30:00"),
        ended_at=story.at("05-06", "11:05:00"),
        place="云湾区应急管理局三楼会议室",
        chair=story.HEAD,
        reporter=Attendee("陆文博", "工贸行业安全监管科"),
        recorder=Attendee("方琪", "工贸行业安全监管科"),
        members=(
            story.HEAD,
            story.DEPUTY,
            Attendee("罗建平", "副局长"),
            Attendee("许晴", "派驻纪检监察组组长"),
        ),
        observers=(story.COUNSEL, story.SECTION_HEAD),
        subject=(
            f"{story.CASE_NAME}的违法事实、证据、听证情况，以及拟合并罚款5万元的处罚种类、"
            "幅度是否适当"
        ),
        discussion=(
            Utterance(
                "陆文博",
                f"汇报案件调查、告知、陈述申辩和听证情况：{FINDINGS}4月28日举行听证，"
                "听证报告认为事实清楚、证据充分，建议维持拟处罚意见。",
            ),
            Utterance("顾明远", "听证后已再次审核：程序合法，适用法律正确，裁量在法定幅度以内。"),
            Utterance(
                "罗建平",
                "当事人称已补训。补训在立案以后，不影响违法事实的认定，能否作为从轻情节？",
            ),
            Utterance(
                "陆文博",
                "裁量时已经考虑：第二项最高可以罚10万元，拟罚3万元；第一项最高可以罚5万元，拟罚2万元。",
            ),
            Utterance("宋清", "同意承办机构意见。同类案件要一把尺子量到底。"),
            Utterance("许晴", "程序完备，没有意见。"),
            Utterance(
                "严振海", "同意。处罚以后要跟踪整改指令书第2项，并在全区木业企业中通报典型情况。"
            ),
        ),
        conclusion=(
            "出席人员一致同意：对第一项罚款2万元，对第二项罚款3万元，合并罚款人民币伍万元整"
            "（¥50,000.00）；按规定程序审批后制作行政处罚决定书"
        ),
    ),
}
