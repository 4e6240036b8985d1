"""What the documents of the check say in the story."""

from pdf_templates.check.reinspection_opinion import Outcome, ReinspectionOpinion
from pdf_templates.examples import story, visit

EXAMPLES = {
    "inspection_record": visit.RECORD,
    "rectification_order": visit.ORDER,
    "reinspection_opinion": ReinspectionOpinion(
        doc_no=story.doc_no("复查"),
        authority=story.AUTHORITY,
        made_at=story.at("04-02", "16:20:00"),
        unit=story.HENGMAO.name,
        decided_on="2026-03-02",
        decision="责令限期整改",
        decision_no=story.doc_no("责改"),
        reinspected_on="2026-04-02",
        outcomes=(
            Outcome(
                1,
                True,
                "砂光车间 2# 干式除尘系统已加装星型卸灰阀作为锁气卸灰装置，灰斗无积灰，"
                "进风管隔爆阀已按设计文件安装并经验收",
            ),
            Outcome(
                3,
                False,
                "污水收集池入口已设置安全警示标志并加盖上锁，但有限空间管理台账仍未载明该池的"
                "位置、危险因素和防控措施",
            ),
        ),
        further="请你单位于2026年4月10日前完成第3项整改并书面报告；逾期不整改的，本机关将依法处理",
        copies_note=story.COPIES.format(recipient="被复查单位"),
        officers=story.OFFICERS,
        signatures=(),
    ),
}
