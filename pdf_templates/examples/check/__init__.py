"""What the documents of the check say in the story."""

from pdf_templates.check.frequency import Frequency
from pdf_templates.check.inspection_notice import InspectionNotice
from pdf_templates.check.inspection_scheme import InspectionScheme
from pdf_templates.check.measures_decision import MeasuresDecision
from pdf_templates.check.reinspection_opinion import Decided, Outcome, ReinspectionOpinion
from pdf_templates.check.result_notice import ResultNotice
from pdf_templates.examples import story
from pdf_templates.examples.check import visit
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Attendee

SUN = Attendee("孙建国", "省安全生产科学研究院高级工程师")
FREQUENCY = Frequency(before=0, cap=4, counted=True)
BASIS = (
    "《中华人民共和国安全生产法》第六十二条第二款",
    "《中华人民共和国安全生产法》第六十五条第一款",
)
COPIES = story.COPIES.format(recipient="被检查单位")

EXAMPLES = {
    "inspection_scheme": InspectionScheme(
        doc_no=story.doc_no("检查"),
        authority=story.AUTHORITY,
        made_at=story.at("02-25", "09:40:00"),
        unit=story.HENGMAO.name,
        address=story.HENGMAO.address,
        contact="钱敏",
        phone="0518-86000012",
        industry="木质家具制造（2110）；粉尘涉爆、有限空间",
        visit_from="2026-03-02",
        visit_to="2026-03-02",
        source="年度监督检查计划，双随机、一公开抽查2026年第1批",
        draw_no="2026-第1批",
        category="routine",
        frequency=FREQUENCY,
        announced=False,
        officers=story.OFFICERS,
        helpers=(SUN,),
        basis=BASIS,
        contents=(
            "粉尘涉爆企业安全检查表（第1版）所列27项：粉尘防爆安全管理、建筑物与总平面布置、除尘系统、"
            "电气与防雷、清灰和作业安全",
            "有限空间作业安全检查表（第1版）所列20项：辨识与台账、警示标志、作业审批、检测通风、应急救援",
            "安全生产教育和培训档案，主要负责人和安全生产管理人员履职情况",
        ),
        methods=("查阅资料", "现场查看", "询问有关人员"),
        review=Said("方案可行，拟同意，报请审批。", (), "2026-02-25"),
        approval=Said("同意按本方案检查。", (), "2026-02-25"),
        remark="",
    ),
    "inspection_record": visit.RECORD,
    "measures_decision": MeasuresDecision(
        doc_no=story.doc_no("现决"),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "14:20:00"),
        unit=story.HENGMAO.name,
        uscc=story.HENGMAO.uscc,
        inspected_on="2026-03-02",
        record_no=visit.RECORD.doc_no,
        findings=(
            "砂光车间 2# 干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m，除尘器进风管未按规定"
            "设置隔爆阀，属于重大事故隐患",
            "砂光车间现场有11名作业人员正在除尘系统服务范围内作业，现场使用压缩空气吹扫积尘",
        ),
        basis="《中华人民共和国安全生产法》第六十五条第一款第三项",
        measures=(
            "立即从砂光车间撤出全部作业人员",
            "砂光车间自本决定书送达之时起暂时停产，停止使用 2# 干式除尘系统及与其相连的砂光机，"
            "直至重大事故隐患排除并经审查同意",
        ),
        is_major=True,
        remedies=story.REMEDIES,
        copies_note=COPIES,
        officers=story.OFFICERS,
        signatures=(),
    ),
    "rectification_order": visit.ORDER,
    "reinspection_opinion": ReinspectionOpinion(
        doc_no=story.doc_no("复查"),
        authority=story.AUTHORITY,
        made_at=story.at("04-02", "16:20:00"),
        unit=story.HENGMAO.name,
        decisions=(
            Decided(
                "2026-03-02",
                "责令限期整改",
                story.doc_no("责改"),
                (
                    Outcome(
                        1,
                        True,
                        "砂光车间 2# 干式除尘系统已加装星型卸灰阀作为锁气卸灰装置，灰斗无积灰，"
                        "进风管隔爆阀已按设计文件安装并经验收，重大事故隐患已排除",
                    ),
                    Outcome(
                        2,
                        False,
                        "污水收集池入口已设置安全警示标志，但盖板仍未上锁，未落实防止未经审批进入的措施",
                    ),
                    Outcome(
                        3,
                        True,
                        "5名涉粉作业人员已于2026年3月9日接受粉尘防爆专项安全生产教育和培训并考核合格，"
                        "培训档案已建立",
                    ),
                ),
            ),
            Decided(
                "2026-03-02",
                "现场处理措施",
                story.doc_no("现决"),
                (
                    Outcome(1, True, "作业人员已于2026年3月2日全部撤出"),
                    Outcome(
                        2,
                        True,
                        "砂光车间已暂时停产、停止使用有关设备；重大事故隐患排除后，经审查同意砂光车间"
                        "恢复生产，2# 干式除尘系统待解除查封后恢复使用",
                    ),
                ),
            ),
        ),
        reinspected_on="2026-04-02",
        further="请你单位于2026年4月10日前完成责令限期整改第2项的整改并书面报告；逾期不整改的，本机关将依法处理",
        copies_note=story.COPIES.format(recipient="被复查单位"),
        officers=story.OFFICERS,
        signatures=(),
    ),
    "inspection_notice": InspectionNotice(
        doc_no=story.doc_no("检通"),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "09:00:00"),
        unit=story.HENGMAO.name,
        uscc=story.HENGMAO.uscc,
        address=story.HENGMAO.address,
        basis=BASIS,
        source="双随机抽查（2026年第1批）",
        category="routine",
        matters=("粉尘防爆安全", "有限空间作业安全", "安全生产教育和培训"),
        visit_from="2026-03-02",
        visit_to="2026-03-02",
        officers=story.OFFICERS,
        helpers=(SUN,),
        frequency=FREQUENCY,
        materials=(
            "除尘系统资料",
            "有限空间管理台账",
            "培训档案",
        ),
        discipline=story.DISCIPLINE,
        complaint_phone="0518-85550110",
        desk=story.DESK,
        copies_note=COPIES,
        signatures=(),
    ),
    "result_notice": ResultNotice(
        doc_no=story.doc_no("检告"),
        authority=story.AUTHORITY,
        made_at=story.at("03-03", "09:30:00"),
        unit=story.HENGMAO.name,
        uscc=story.HENGMAO.uscc,
        inspected_from="2026-03-02",
        inspected_to="2026-03-02",
        record_no=visit.RECORD.doc_no,
        checked=(
            "粉尘涉爆企业安全检查表共27项：符合21项，不符合3项，不适用2项，未检查1项",
            "有限空间作业安全检查表共20项：符合19项，不符合1项",
        ),
        problems=(
            "砂光车间 2# 干式除尘系统未设置锁气卸灰装置、隔爆阀（重大事故隐患）",
            "砂光车间4号工位1人未佩戴防尘口罩，使用压缩空气清扫（一般隐患，已当场改正）",
            "污水收集池（有限空间）入口未设置安全警示标志，未上锁（一般隐患）",
            "涉粉作业人员12人中有5人未经专项安全生产教育和培训上岗（一般隐患）",
        ),
        follow_ups=(
            "已作出现场处理措施决定书、责令限期整改指令书和查封扣押决定书，请按照要求整改，本机关将于"
            "期满后复查",
            "污水收集池未设置安全警示标志和4号工位违规清扫的行为，已当场作出行政处罚决定；其他涉嫌"
            "安全生产违法的行为，本机关将依法立案调查，另行告知",
        ),
        disclosure_days=20,
        desk=story.DESK,
        copies_note=COPIES,
        signatures=(),
    ),
}
