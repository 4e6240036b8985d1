"""What the documents of the hearing say in the story."""

from dataclasses import replace

from pdf_templates.examples import charges, story
from pdf_templates.hearing.hearing_record import HearingRecord, Stage
from pdf_templates.hearing.hearing_report import HearingReport
from pdf_templates.hearing.hearing_right_notice import HearingRightNotice
from pdf_templates.hearing.hearing_session_notice import HearingSessionNotice
from pdf_templates.hearing.panel import Panel
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee, Attendee
from pdf_templates.parts.records import Correction, Utterance

PANEL = Panel(
    story.COUNSEL,
    (Attendee("秦岚", "政策法规科副科长"), Attendee("韩立新", "应急指挥中心副主任")),
    Attendee("卢菲", "政策法规科科员"),
)
AGENT = Attendee("周翀", "江苏海州湾律师事务所律师")
PLACE = "云湾区应急管理局一楼听证室"
PRESIDING, PARTY_SAID, AGENT_SAID = "主持人", "申请听证人赵喆堃", "代理人周翀"
STAGES = (
    Stage(
        "核对身份，宣布案由和纪律",
        (
            Utterance(
                PRESIDING,
                "现在核对听证参加人身份。申请听证人由法定代表人赵喆堃参加，委托代理人周翀，调查人员陆文博、"
                "沈玥，身份和委托手续核对无误。本次听证由我主持，秦岚、韩立新担任听证员，卢菲担任书记员。"
                "你方是否申请回避？",
            ),
            Utterance(PARTY_SAID, "不申请回避。"),
            Utterance(
                PRESIDING,
                f"现在宣布案由：{story.CAUSE}。听证参加人享有陈述、申辩、质证的权利，应当遵守听证纪律。"
                "听证全程录音录像。",
            ),
        ),
    ),
    Stage(
        "调查人员提出事实、证据和处罚建议",
        (
            Utterance(
                "调查人员陆文博",
                "2026年3月2日检查发现，砂光车间 2# 干式除尘系统未设置锁气卸灰装置，"
                "进风管未按规定设置隔爆阀；"
                "涉粉作业人员12人中有5人未经粉尘防爆专项教育和培训。证据有现场检查记录、照片、询问笔录、"
                "勘验笔录、鉴定意见、培训档案和采购合同等共7组。",
            ),
            Utterance(
                "调查人员沈玥",
                f"第1项违反{charges.DUST.violated}，依据{charges.DUST.basis}，建议罚款2万元；"
                f"第2项违反{charges.TRAINING.violated}，依据{charges.TRAINING.basis}，建议罚款3万元；"
                "合并罚款5万元。",
            ),
        ),
    ),
    Stage(
        "申辩和质证",
        (
            Utterance(
                AGENT_SAID,
                "对现场检查记录、照片、鉴定意见的真实性没有异议。对第1项，企业采购时不了解国家标准，没有主观故意；"
                "对第2项，5名人员在检查后即调离岗位，3月9日已经补训，请求从轻处罚。提交改造合同、验收单和"
                "补训签到表、试卷。",
            ),
            Utterance(
                "调查人员陆文博",
                "改造合同、补训材料的真实性没有异议。安全设备符合国家标准是企业的法定责任，"
                "不了解标准不是免责的理由；调离岗位和补训都在检查以后。",
            ),
        ),
    ),
    Stage(
        "辩论和最后陈述",
        (
            Utterance(AGENT_SAID, "整改及时、没有发生事故，应当作为从轻情节充分考虑。"),
            Utterance(
                "调查人员沈玥",
                "上述情节已在裁量时考虑：两项分别按较轻和一般情形裁量，均远低于罚款上限。",
            ),
            Utterance(
                PARTY_SAID, "我们接受教训，以后一定把培训做在上岗前面，请领导考虑企业的困难。"
            ),
            Utterance(PRESIDING, "听证结束。请各方核对笔录，确认无误后逐页签名。"),
        ),
    ),
)

EXAMPLES = {
    "hearing_right_notice": HearingRightNotice(
        doc_no=story.doc_no("听告"),
        authority=story.AUTHORITY,
        made_at=story.at("04-10", "09:40:00"),
        notified=charges.NOTIFIED,
        request_days=5,
        hearing_basis="《中华人民共和国行政处罚法》第六十三条、第六十四条",
        copies_note=story.COPIES.format(recipient="拟处罚当事人"),
    ),
    "hearing_session_notice": HearingSessionNotice(
        doc_no=story.doc_no("听通"),
        authority=story.AUTHORITY,
        made_at=story.at("04-16", "10:00:00"),
        applicant=Addressee(story.HENGMAO.name, True),
        cause=story.CAUSE,
        requested_at=story.at("04-14", "10:15:00"),
        held_at=story.at("04-28", "09:00:00"),
        place=PLACE,
        is_public=True,
        closed_reason="",
        panel=PANEL,
        basis="《中华人民共和国行政处罚法》第六十三条、第六十四条",
        most_agents=2,
        desk=replace(story.DESK, contact=PANEL.clerk.name),
        copies_note=story.COPIES.format(recipient="申请听证人"),
    ),
    "hearing_record": HearingRecord(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("04-28", "11:20:00"),
        case_name=story.CASE_NAME,
        started_at=story.at("04-28", "09:00:00"),
        ended_at=story.at("04-28", "11:05:00"),
        place=PLACE,
        is_public=True,
        panel=PANEL,
        investigators=story.OFFICERS,
        applicant=story.UNIT,
        agents=(AGENT,),
        third_parties=(),
        others=(),
        stages=STAGES,
        corrections=(Correction("第2页“已经补训”处", "3月8日", "3月9日"),),
        read_back="by_themselves",
        refusal="",
    ),
    "hearing_report": HearingReport(
        doc_no=story.doc_no("听报"),
        authority=story.AUTHORITY,
        made_at=story.at("04-30", "16:00:00"),
        case_name=story.CASE_NAME,
        held_at=story.at("04-28", "09:00:00"),
        place=PLACE,
        is_public=True,
        panel=PANEL,
        investigators=story.OFFICERS,
        applicant=story.UNIT,
        agents=(AGENT,),
        summary=(
            "听证会于2026年4月28日公开举行，听证参加人全部到场，没有申请回避。调查人员出示现场检查记录、"
            "照片、询问笔录、勘验笔录、鉴定意见和培训档案，建议对两项违法行为分别罚款2万元、3万元，"
            "合并罚款5万元。申请听证人对事实和证据没有异议，以不了解标准、已补训、整改积极为由请求从轻，"
            "提交改造合同、验收单和补训材料；调查人员认为上述情节已在裁量时考虑。双方进行了质证和辩论，"
            "申请听证人作了最后陈述。"
        ),
        recommendation=Said(
            "本案事实清楚，证据确实充分，适用法律正确，程序合法。申请听证人提出的整改情节已在裁量时考虑，"
            "建议维持拟处罚意见：合并罚款人民币伍万元整（¥50,000.00）。",
            (),
            "2026-04-30",
        ),
        approval=Said("同意。", (), "2026-04-30"),
    ),
}
