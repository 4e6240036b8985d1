"""What the enterprise of the story is charged with: violations, evidence, penalties."""

from pdf_templates.examples import story
from pdf_templates.parts.notified import Notified
from pdf_templates.parts.violations import Violation

LAW = "《中华人民共和国安全生产法》"
STANDARD = "《应急管理行政处罚裁量权基准》（应急〔2024〕90号）"
DUST = Violation(
    act=(
        "砂光车间 2# 干式除尘系统未设置锁气卸灰装置，除尘器进风管未按规定设置隔爆阀，"
        "安全设备的安装、使用不符合国家标准《粉尘防爆安全规程》（GB 15577-2018）"
    ),
    violated=f"{LAW}第三十六条第一款",
    basis=f"{LAW}第九十九条第二项",
    discretion=(
        f"该行为涉及1套除尘系统，未造成事故，已在责令期限内改正，参照{STANDARD}，按较轻情形裁量"
    ),
    penalty="",
    fine_fen=2_000_000,
)
TRAINING = Violation(
    act="涉粉作业人员12人中有5人未经粉尘防爆专项安全生产教育和培训即上岗作业",
    violated=f"{LAW}第二十八条第一款",
    basis=f"{LAW}第九十七条第三项",
    discretion=(
        f"未按规定教育和培训的人数为5人，已在责令期限内改正，参照{STANDARD}，按一般情形裁量"
    ),
    penalty="",
    fine_fen=3_000_000,
)
VIOLATIONS = (DUST, TRAINING)
TOTAL = 5_000_000
EVIDENCE = (
    f"现场检查记录1份，文号{story.doc_no('检记')}；现场照片4张",
    f"责令限期整改指令书1份，文号{story.doc_no('责改')}；"
    f"整改复查意见书1份，文号{story.doc_no('复查')}",
    f"对赵喆堃的询问笔录1份；勘验笔录1份，文号{story.doc_no('勘')}",
    f"抽样取证凭证1份，文号{story.doc_no('抽')}；{story.LABORATORY}出具的鉴定意见1份",
    "该公司新进人员登记表5张；从业人员花名册、安全生产教育和培训档案复印件各1份",
    "该公司除尘系统采购安装合同、2# 除尘系统运行维护记录复印件各1份",
    "该公司营业执照、法定代表人居民身份证复印件各1份",
)
NOTIFIED = Notified(story.UNIT, story.CAUSE, VIOLATIONS, EVIDENCE, TOTAL, story.DESK)
