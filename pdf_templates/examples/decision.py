"""What the decisions on penalties say in the story, and two small ones decided on the spot."""

from dataclasses import replace

from pdf_templates.decision.penalty_decision_organisation import PenaltyDecisionOrganisation
from pdf_templates.decision.penalty_decision_person import PenaltyDecisionPerson
from pdf_templates.decision.spot_penalty_organisation import SpotPenaltyOrganisation
from pdf_templates.decision.spot_penalty_person import SpotPenaltyPerson
from pdf_templates.examples import charges, story
from pdf_templates.parts.payment import Payment, Surcharge
from pdf_templates.parts.people import Person
from pdf_templates.parts.violations import Evidence, Violation

SURCHARGE = Surcharge(30, "《中华人民共和国行政处罚法》第七十二条第一款第一项")
PAYMENT = Payment(story.ACCOUNT, 15, SURCHARGE)
SPOT_BASIS = "《中华人民共和国行政处罚法》第五十一条"
WORKER = Person(
    name="王旻瑄",
    gender="男",
    age=31,
    id_no="320799199411020037",
    address="江苏省云湾区盐河镇河口村3组12号",
    employer=story.HENGMAO.name,
    position="砂光机操作工",
    employer_address=story.HENGMAO.address,
    phone="0518-86000000",
    postcode="222065",
)
MISSING_SIGN = Violation(
    act=("污水收集池（有限空间）入口属于有较大危险因素的场所，未设置明显的安全警示标志"),
    violated=f"{charges.LAW}第三十五条",
    basis=f"{charges.LAW}第九十九条第一项",
    discretion="",
    penalty="",
    fine_fen=200_000,
)
# A city's regulation, as fictional as the city: the text of 应急管理部令第18号 was not to be had.
BLOWING = Violation(
    act="在砂光车间4号工位使用压缩空气吹扫积尘，且未佩戴防尘口罩，违反岗位安全操作规程",
    violated="《云湾市安全生产条例》第三十一条第二款",
    basis="《云湾市安全生产条例》第五十八条第一款",
    discretion="",
    penalty="警告",
    fine_fen=5_000,
)
EVIDENCE = (
    Evidence(
        f"现场检查记录1份（文号：{story.doc_no('检记')}）、现场照片4张",
        "2026年3月2日除尘系统未设置锁气卸灰装置、隔爆阀，灰斗积灰约0.4 m 的事实",
    ),
    Evidence("对赵喆堃的询问笔录1份", "除尘系统的采购、使用经过和5名人员上岗的经过"),
    Evidence(f"勘验笔录1份（文号：{story.doc_no('勘')}）", "除尘系统的型号、数量和安装位置"),
    Evidence(
        f"{story.LABORATORY}出具的鉴定意见1份、抽样取证凭证1份（文号：{story.doc_no('抽')}）",
        "现场木粉尘属于可燃性粉尘",
    ),
    Evidence(
        "新进人员登记表5张，从业人员花名册、安全生产教育和培训档案复印件各1份",
        "5名涉粉作业人员未经专项培训",
    ),
    Evidence(
        "除尘系统采购安装合同、2# 除尘系统运行维护记录复印件各1份",
        "除尘系统由该公司采购安装，使用中未增设锁气卸灰装置、隔爆阀",
    ),
    Evidence(
        f"整改复查意见书1份（文号：{story.doc_no('复查')}）", "两项违法行为均已在责令期限内改正"
    ),
)
_ORGANISATION = PenaltyDecisionOrganisation(
    doc_no=story.doc_no("罚"),
    authority=story.AUTHORITY,
    made_at=story.at("05-08", "09:00:00"),
    cause=story.CAUSE,
    process=(
        "2026年3月2日，本机关执法人员陆文博（执法证号：苏07990012）、沈玥（执法证号：苏07990031）"
        "在“双随机、一公开”监督检查中发现你单位涉嫌安全生产违法行为，3月3日立案调查，先后进行了"
        "询问、勘验、抽样取证和鉴定，4月8日调查终结"
    ),
    violations=charges.VIOLATIONS,
    evidence=EVIDENCE,
    evidence_note=(
        "上述证据均由执法人员依照法定程序收集，来源合法，经听证质证，能够相互印证，"
        "足以证明违法事实，本机关予以采信"
    ),
    notice_no=story.doc_no("罚告"),
    hearing_notice_no=story.doc_no("听告"),
    notified_on="2026-04-10",
    statement=(
        "4月14日，你单位提出陈述、申辩：采购时不了解国家标准，已投入11万元改造；5名人员已于3月9日补训；"
        "请求从轻处罚。经复核，不了解标准不免除你单位的法定责任，补训在立案以后，"
        "整改情况已在裁量时考虑，对另行从轻的请求不予采纳"
    ),
    hearing=(
        "应你单位要求，本机关于4月28日公开举行听证。听证认为，本案事实清楚，证据充分，适用法律正确，"
        "程序合法，拟处罚意见适当。本决定根据听证笔录作出"
    ),
    deliberation="本案已经法制审核，并于5月6日由本机关负责人集体讨论决定",
    correction=(
        "两项违法行为均已在责令期限内改正。你单位应当健全粉尘防爆专项教育和培训制度，"
        "未经教育和培训合格的从业人员不得上岗作业"
    ),
    total_fine_fen=charges.TOTAL,
    payment=PAYMENT,
    performance="",
    remedies=replace(
        story.REMEDIES,
        served_online=True,
        online_channel="云湾区人民政府网站行政复议申请专栏",
    ),
    enforcement_basis="《中华人民共和国行政强制法》第五十三条、第五十四条",
    disclosure_basis="《中华人民共和国安全生产法》第七十八条第二款",
    disclosure_days=7,
    disclosure_site="云湾区人民政府网站行政执法信息公示专栏",
    copies_note=story.COPIES.format(recipient="被处罚单位"),
    party=story.HENGMAO,
)
_DUTY = Violation(
    act=(
        "你作为云湾区恒茂木业制品有限公司主要负责人，未组织制定并实施本单位粉尘防爆专项安全生产教育和"
        "培训计划，致使5名涉粉作业人员未经专项培训即上岗作业"
    ),
    violated=f"{charges.LAW}第二十一条第三项",
    basis=f"{charges.LAW}第九十四条第一款",
    discretion=f"未造成事故，已补训，参照{charges.STANDARD}，按较轻情形裁量",
    penalty="",
    fine_fen=2_000_000,
)

EXAMPLES = {
    "spot_penalty_organisation": SpotPenaltyOrganisation(
        doc_no=story.doc_no("罚当"),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "14:40:00"),
        happened_at=story.at("03-02", "10:35:00"),
        place="云湾区滨海工业园振兴路18号厂区东南角",
        violation=MISSING_SIGN,
        evidence=(
            f"现场检查记录（文号：{story.doc_no('检记')}）",
            "现场照片1张",
            "当事人的陈述",
        ),
        spot_basis=SPOT_BASIS,
        statement="当事人没有异议，未陈述、申辩",
        correction="责令于2026年3月27日前设置明显的安全警示标志",
        paid="bank",
        cash_reason="",
        fine_limit_fen=300_000,
        cash_limit_fen=10_000,
        payment=PAYMENT,
        remedies=story.REMEDIES,
        litigation_days=15,
        copies_note=story.COPIES.format(recipient="被处罚单位"),
        officers=story.OFFICERS,
        signatures=(),
        party=story.HENGMAO,
    ),
    "spot_penalty_person": SpotPenaltyPerson(
        doc_no=story.doc_no("罚当", 2),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "15:05:00"),
        happened_at=story.at("03-02", "10:12:00"),
        place="砂光车间4号工位",
        violation=BLOWING,
        evidence=("现场照片2张", "当事人的陈述"),
        spot_basis=SPOT_BASIS,
        statement="当事人陈述系图省事，没有申辩",
        correction="该行为已当场改正",
        paid="cash",
        cash_reason="",
        fine_limit_fen=20_000,
        cash_limit_fen=10_000,
        payment=PAYMENT,
        remedies=story.REMEDIES,
        litigation_days=15,
        copies_note=story.COPIES.format(recipient="被处罚个人"),
        officers=story.OFFICERS,
        signatures=(),
        party=WORKER,
    ),
    "penalty_decision_organisation": _ORGANISATION,
    "penalty_decision_person": PenaltyDecisionPerson(
        doc_no=story.doc_no("罚", 2),
        authority=story.AUTHORITY,
        made_at=story.at("05-08", "09:30:00"),
        cause="涉嫌未履行安全生产管理职责",
        process=(
            "2026年3月2日，本机关执法人员陆文博（执法证号：苏07990012）、沈玥（执法证号：苏07990031）"
            "对云湾区恒茂木业制品有限公司进行监督检查，发现你作为主要负责人涉嫌未履行安全生产管理职责，"
            "3月3日立案调查，4月8日调查终结"
        ),
        violations=(_DUTY,),
        evidence=(
            EVIDENCE[1],
            EVIDENCE[4],
            Evidence(
                "该公司2026年度安全生产教育和培训计划复印件1份",
                "计划未列粉尘防爆专项教育和培训内容",
            ),
            Evidence("该公司安全生产责任制、任命文件复印件各1份", "你系该公司主要负责人"),
        ),
        evidence_note=(
            "上述证据均由执法人员依照法定程序收集，来源合法，能够相互印证，足以证明违法事实"
        ),
        notice_no=story.doc_no("罚告", 2),
        hearing_notice_no=story.doc_no("听告", 2),
        notified_on="2026-04-10",
        statement="你于4月14日书面表示不陈述、不申辩",
        hearing="你在法定期限内未要求举行听证",
        deliberation="本案已经法制审核，并于5月6日由本机关负责人集体讨论决定",
        correction="责令你于2026年6月8日前将粉尘防爆专项内容列入本单位教育和培训计划并组织实施",
        total_fine_fen=2_000_000,
        payment=PAYMENT,
        performance="",
        remedies=story.REMEDIES,
        enforcement_basis=_ORGANISATION.enforcement_basis,
        disclosure_basis=_ORGANISATION.disclosure_basis,
        disclosure_days=7,
        disclosure_site=_ORGANISATION.disclosure_site,
        copies_note=story.COPIES.format(recipient="被处罚个人"),
        party=replace(story.ZHAO, position="总经理"),
    ),
}
