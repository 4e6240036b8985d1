"""What the documents of evidence say in the story: all taken on 5 March, three days after."""

from pdf_templates.evidence.appraisal_commission import AppraisalCommission, Specimen
from pdf_templates.evidence.interview_notice import InterviewNotice
from pdf_templates.evidence.interview_record import Exchange, InterviewRecord
from pdf_templates.evidence.preservation_approval import PreservationApproval
from pdf_templates.evidence.preservation_disposal import PreservationDisposal
from pdf_templates.evidence.preservation_disposal_approval import PreservationDisposalApproval
from pdf_templates.evidence.preservation_list import PreservationList, Preserved
from pdf_templates.evidence.preservation_notice import PreservationNotice
from pdf_templates.evidence.sampling_receipt import Sample, SamplingReceipt
from pdf_templates.evidence.scene_record import PartyAtScene, SceneRecord
from pdf_templates.examples import story
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee, Attendee
from pdf_templates.parts.records import Correction

HENGMAO = Addressee(story.HENGMAO.name, is_unit=True)
ASKING = Attendee("陆文博", "云湾区应急管理局工贸行业安全监管科四级主任科员")
WRITING = Attendee("沈玥", "云湾区应急管理局工贸行业安全监管科一级科员")
INTERVIEW_PLACE = "云湾区行政中心2号楼502室（询问室）"

EXCHANGES = (
    Exchange(
        "请介绍你的基本情况和在公司负责的工作。",
        "我叫赵喆堃，是云湾区恒茂木业制品有限公司的法定代表人、总经理，公司的生产经营和安全生产"
        "工作由我全面负责。公司有从业人员46人，主要生产木质家具。",
    ),
    Exchange(
        "2026年3月2日，我们在你公司砂光车间检查时，2# 干式除尘系统的灰斗下没有锁气卸灰装置，"
        "灰斗内积灰约 0.4 m，进风管上没有隔爆阀。情况是否属实？",
        "属实。当天我在现场，检查记录由车间主任周大勇签的字，记录的内容我都看过。",
    ),
    Exchange(
        "这套除尘系统是什么时候安装、由谁安装的？为什么没有设置锁气卸灰装置和隔爆阀？",
        "2024年6月安装的，安装单位是设备供应商。当时为了节省费用，合同里减掉了星型卸灰阀和隔爆阀，"
        "只在灰斗下面接了一段软管和集尘袋。安装以后没有请人按照粉尘防爆的标准验收。",
    ),
    Exchange(
        "你是否知道《粉尘防爆安全规程》（GB 15577-2018）对除尘系统的要求？",
        "以前不太清楚。2025年11月安全管理人员钱敏提出过要加装，我考虑年底订单多，想放到春节以后再改，"
        "就拖了下来。",
    ),
    Exchange(
        "你公司涉粉作业人员有多少人？是否都经过粉尘防爆专项安全生产教育和培训？",
        "砂光车间涉粉作业的一共12人。其中7人2025年参加过培训，另外5人是2026年1月以后新招的，"
        "只做了进厂登记，没有进行粉尘防爆专项培训就上岗了。",
    ),
    Exchange(
        "这5人的培训档案在哪里？",
        "没有建立。公司的培训档案放在安全环保部，由钱敏保管，可以提供给你们。",
    ),
    Exchange(
        "检查以后你公司采取了什么措施？",
        "3月2日收到文书以后，砂光车间就停止使用 2# 除尘系统了；已经联系厂家定制星型卸灰阀和隔爆阀，"
        "预计3月下旬安装。5名新工人已经调离砂光岗位，培训合格以后再安排上岗。",
    ),
    Exchange(
        "以上情况你有没有需要补充或者陈述、申辩的？", "没有。我们愿意尽快整改，希望从轻处理。"
    ),
)
SITUATION = (
    "2026年3月2日，本机关执法人员在该公司检查时发现，砂光车间 2# 干式除尘系统未设置锁气卸灰装置、"
    "进风管未设置隔爆阀，12名涉粉作业人员中有5人未经粉尘防爆专项培训上岗。2026年3月3日立案调查。"
)
LIST_NO = "第1号"
PRESERVED_AT = "恒茂公司安全环保部档案柜（加贴本机关封条）"
ARTICLE_56 = "《中华人民共和国行政处罚法》第五十六条"
PRESERVED = (
    Preserved("2025年度安全生产教育和培训档案", "A4，共86页", "", "完整", "册", "", "1", ""),
    Preserved(
        "新进人员登记表（2026年1月至2月）", "A4", "", "有涂改", "张", "", "5", "涉粉作业人员"
    ),
    Preserved("除尘系统采购安装合同", "HT-2024-061", "", "完整", "份", "", "1", "含附图2张"),
    Preserved("2# 除尘系统运行维护记录", "A4，共31页", "", "完整", "册", "", "1", "缺2月"),
)
EVIDENCE = (
    "2025年度安全生产教育和培训档案1册、新进人员登记表5张、除尘系统采购安装合同1份、"
    "2# 除尘系统运行维护记录1册"
)

EXAMPLES = {
    "interview_notice": InterviewNotice(
        doc_no=story.doc_no("询"),
        authority=story.AUTHORITY,
        made_at=story.at("03-04", "10:30:00"),
        addressee=HENGMAO,
        matter="你单位涉嫌粉尘防爆安全设备不符合国家标准、未按规定进行安全生产教育和培训一案调查需要",
        basis="《中华人民共和国行政处罚法》第五十五条第二款",
        interview_at=story.at("03-05", "09:00:00"),
        place=INTERVIEW_PLACE,
        brings_identity_card=True,
        brings_licence=True,
        brings_authority=True,
        brings_other="2# 干式除尘系统的采购合同、设计和验收资料，"
        "2025年以来的安全生产教育和培训档案",
        desk=story.DESK,
        copies_note=story.COPIES.format(recipient="被询问人"),
    ),
    "interview_record": InterviewRecord(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "10:50:00"),
        started_at=story.at("03-05", "09:05:00"),
        ended_at=story.at("03-05", "10:42:00"),
        which=1,
        place=INTERVIEW_PLACE,
        interviewed=story.ZHAO,
        interviewers=(ASKING,),
        recorder=WRITING,
        present=(),
        officers=story.OFFICERS,
        matter="云湾区恒茂木业制品有限公司涉嫌粉尘防爆安全设备不符合国家标准、"
        "未按规定进行安全生产教育和培训",
        understood="听清楚了",
        recusal="不申请回避",
        exchanges=EXCHANGES,
        corrections=(Correction("第2页“涉粉作业的一共”处", "11人", "12人"),),
        read_back="by_themselves",
        refusal="",
        signatures=(),
    ),
    "scene_record": SceneRecord(
        doc_no=story.doc_no("勘"),
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "15:25:00"),
        started_at=story.at("03-05", "14:00:00"),
        ended_at=story.at("03-05", "15:18:00"),
        place="云湾区恒茂木业制品有限公司砂光车间及车间北侧 2# 除尘器区域",
        weather="晴，东南风3级，气温11℃",
        surveyors=(ASKING, WRITING),
        parties=(
            PartyAtScene("周大勇", "云湾区恒茂木业制品有限公司砂光车间主任", "0518-86000016"),
            PartyAtScene("钱敏", "云湾区恒茂木业制品有限公司安全环保部主管", "0518-86000012"),
        ),
        invited=(Attendee("孙建国", "省安全生产科学研究院高级工程师"),),
        recorder=WRITING,
        officers=story.OFFICERS,
        findings=(
            "砂光车间为单层钢结构厂房，东西长 48 m、南北宽 24 m，内设宽带砂光机4台，编号1号至4号，"
            "均由 2# 干式除尘系统集中吸尘；勘验时车间停产，设备断电并已加贴本机关封条",
            "2# 除尘器位于车间北墙外 1.5 m 处，为袋式除尘器，铭牌型号 DMC-120，处理风量 9600 m³/h，"
            "2024年6月出厂；箱体东侧设泄爆口一处，朝向厂区围墙",
            "除尘器灰斗共2个，灰斗下口以长 0.6 m 的软管接集尘袋，未安装星型卸灰阀等锁气卸灰装置；"
            "东侧灰斗内积灰厚度 0.41 m，西侧 0.38 m（钢直尺测量，各测3点取平均值）",
            "除尘器进风总管直径 500 mm，自车间北墙穿出至除尘器入口长 7.2 m，全段未见隔爆阀及其"
            "安装法兰",
            "4号砂光机与北墙之间地面积尘厚度 2 mm 至 5 mm，墙上插座未见防尘措施",
            "为测量积灰厚度和抽样取证，14时15分由执法人员启封灰斗检修门，15时10分重新加贴封条，"
            "周大勇、钱敏全程在场",
        ),
        refusal="",
        signatures=(),
        photos=(),
    ),
    "sampling_receipt": SamplingReceipt(
        doc_no=story.doc_no("抽"),
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "15:10:00"),
        sampled=story.HENGMAO.name,
        manager="周大勇",
        address=story.HENGMAO.address,
        phone="0518-86000016",
        postcode="222065",
        started_at=story.at("03-05", "14:40:00"),
        ended_at=story.at("03-05", "15:05:00"),
        place="砂光车间北侧 2# 除尘器灰斗、4号砂光机操作位",
        basis=ARTICLE_56,
        samples=(
            Sample("砂光木粉尘（2# 除尘器东侧灰斗）", "HM-0305-1，每袋 500 g", "2袋"),
            Sample("砂光木粉尘（4号砂光机北侧地面）", "HM-0305-2，每袋 500 g", "2袋"),
        ),
        copies_note=story.COPIES.format(recipient="被取证人（单位）"),
        officers=story.OFFICERS,
        signatures=(),
    ),
    "preservation_approval": PreservationApproval(
        doc_no=story.doc_no("先保审"),
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "11:20:00"),
        case_name=story.CASE_NAME,
        party=story.UNIT,
        situation=SITUATION,
        evidence=EVIDENCE,
        reason="询问中该公司承认新进人员培训档案未建立，执法人员查看档案时发现部分登记表有涂改，"
        "相关档案由该公司自行保管，可能灭失或者以后难以取得。依据《中华人民共和国行政处罚法》"
        "第五十六条，提请先行登记保存。",
        where="in_place",
        place=PRESERVED_AT,
        handlers=Said("建议对上述证据先行登记保存。", story.OFFICERS, "2026-03-05"),
        section=Said("同意承办人意见。", (), "2026-03-05"),
        review=Said("拟同意，报请审批。", (), "2026-03-05"),
        approval=Said("同意。", (), "2026-03-05"),
    ),
    "preservation_notice": PreservationNotice(
        doc_no=story.doc_no("先保通"),
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "15:40:00"),
        addressee=HENGMAO,
        conduct="未按规定对从业人员进行安全生产教育和培训，安全设备的安装、使用不符合国家标准",
        basis=ARTICLE_56,
        list_no=LIST_NO,
        where="in_place",
        kept_at=PRESERVED_AT,
        decision_working_days=7,
        appear_at=story.at("03-13", "09:30:00"),
        appear_place=story.DESK.address,
        copies_note=story.COPIES.format(recipient="被取证人（单位）"),
    ),
    "preservation_list": PreservationList(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("03-05", "15:40:00"),
        list_no=LIST_NO,
        notice_no=story.doc_no("先保通"),
        notified=story.HENGMAO.name,
        items=PRESERVED,
        copies_note=story.COPIES.format(recipient="被取证人（单位）"),
        officers=story.OFFICERS,
        signatures=(),
    ),
    "preservation_disposal_approval": PreservationDisposalApproval(
        doc_no=story.doc_no("先保处审"),
        authority=story.AUTHORITY,
        made_at=story.at("03-12", "16:00:00"),
        case_name=story.CASE_NAME,
        party=story.UNIT,
        situation=SITUATION,
        registered_on="2026-03-05",
        notice_no=story.doc_no("先保通"),
        evidence=EVIDENCE,
        reason="上述证据已于2026年3月11日由执法人员会同该公司安全环保部主管钱敏逐页复制、核对，"
        "复制件由该公司注明“与原件核对一致”并盖章。依据《中华人民共和国行政处罚法》第五十六条，"
        "应当在七日内作出处理决定，提请审批。",
        handlers=Said(
            "建议：一、新进人员登记表5张作为本案书证收存；二、其余证据留存复制件，解除登记保存。",
            story.OFFICERS,
            "2026-03-12",
        ),
        section=Said("同意承办人意见。", (), "2026-03-12"),
        review=Said("拟同意，报请审批。", (), "2026-03-13"),
        approval=Said("同意。", (), "2026-03-13"),
    ),
    "preservation_disposal": PreservationDisposal(
        doc_no=story.doc_no("先保处"),
        authority=story.AUTHORITY,
        made_at=story.at("03-13", "10:00:00"),
        addressee=HENGMAO,
        registered_on="2026-03-05",
        evidence=EVIDENCE,
        notice_no=story.doc_no("先保通"),
        basis=ARTICLE_56,
        decisions=(
            "新进人员登记表5张作为本案书证由本机关收存，复制件交你单位留存",
            "2025年度安全生产教育和培训档案1册、除尘系统采购安装合同1份、2# 除尘系统运行维护记录1册"
            "已复制取证，解除先行登记保存，封条由本机关执法人员当场启封",
        ),
        remedies=story.REMEDIES,
        copies_note=story.COPIES.format(recipient="当事人"),
    ),
    "appraisal_commission": AppraisalCommission(
        doc_no=story.doc_no("鉴"),
        authority=story.AUTHORITY,
        made_at=story.at("03-06", "09:20:00"),
        institution=story.LABORATORY,
        case_name=story.CASE_NAME,
        specimens=(
            Specimen(
                "砂光木粉尘（除尘器灰斗）", "HM-0305-1，每袋 500 g", "1袋", "封样完好，备份样1袋"
            ),
            Specimen(
                "砂光木粉尘（车间地面）", "HM-0305-2，每袋 500 g", "1袋", "封样完好，备份样1袋"
            ),
        ),
        demands=(
            "样品是否属于可燃性粉尘，并测定其粒径分布和含水率",
            "测定样品的粉尘层最低着火温度、爆炸下限和最大爆炸压力",
        ),
        due_on="2026-03-27",
        contact="沈玥",
        phone=story.DESK.phone,
        copies_note=story.COPIES.format(recipient="受托单位"),
    ),
}
