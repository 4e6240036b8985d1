"""What the reference list asks of each document stands in its example, in words."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pdf_templates.examples import story

KINDS = Path(__file__).parent / "kinds"
PARTY = (
    story.HENGMAO.name,
    story.HENGMAO.uscc,
    story.HENGMAO.address,
    story.HENGMAO.legal_person,
    story.HENGMAO.position,
    story.HENGMAO.phone,
)
PERSON = (
    story.ZHAO.name,
    story.ZHAO.gender,
    str(story.ZHAO.age),
    story.ZHAO.id_no,
    story.ZHAO.address,
    story.ZHAO.employer,
    story.ZHAO.phone,
)
ACCOUNT = (story.ACCOUNT.payee, story.ACCOUNT.bank, story.ACCOUNT.number)
DESK = (story.DESK.address, story.DESK.postcode, story.DESK.contact, story.DESK.phone)
SEAL = (story.AUTHORITY, "本文书一式两份：一份由应急管理部门备案，一份交")
CHARGES = (
    "存在下列行为：",
    "以上事实主要证据如下：",
    "《中华人民共和国安全生产法》第三十六条第一款的规定",
    "依据《中华人民共和国安全生产法》第九十九条第二项的规定",
    "本机关拟对你单位作出如下行政处罚",
)
REMEDIES = ("60日内向云湾区人民政府申请行政复议", "云湾区人民法院提起行政诉讼", "不停止执行")
SURCHARGE = ("第七十二条第一款第一项", "3%", "不超过")
SIGNED = ("（签名）", "证号", "苏07990012", "苏07990031")

ASKED: Mapping[str, tuple[str, ...]] = {
    "investigation_report": (
        *PARTY,
        *("案由", "承办机构", "承办人", "案情及违法事实", "违反的规定", "相关证据", "自由裁量"),
        *("处理建议", "法制审核意见", "审核意见", "审批意见", *SIGNED),
    ),
    "legal_review_opinion": (
        *PARTY,
        *("案由", "案情摘要", "作出决定的依据", "建议作出的行政决定", "法制审核意见"),
        *("法制审核人员（签名）", "审核结论", "法律职业资格证书"),
    ),
    "penalty_notice": (
        *(*PARTY, *CHARGES, *DESK, *SEAL),
        *("第四十四条、第四十五条", "你单位有权进行陈述和申辩", "5个工作日内"),
        *("逾期不提出的，视为放弃上述权利", "不因陈述、申辩而给予更重的处罚"),
    ),
    "statement_record": (
        *("当事人", "时间", "地点", "陈述申辩人", "记录人", "证件号码", "出示证件"),
        *("有权进行陈述和申辩", "更正", "核对意见", "本页签名", "共2页"),
    ),
    "hearing_right_notice": (
        *(*PARTY, *CHARGES, *DESK, *SEAL),
        *("第六十三条、第六十四条", "要求举行听证的权利", "5个工作日内", "不承担"),
    ),
    "hearing_session_notice": (
        *(*DESK, *SEAL),
        *("听证会时间", "听证会地点", "公开举行", "不公开举行", "听证主持人", "听证员", "书记员"),
        *("可以申请回避", "注意事项", "通知证人", "1至2人代理", "授权委托书", "延期", "视为放弃"),
    ),
    "hearing_record": (
        *PARTY,
        *("案件名称", "主持听证机关", "听证地点", "听证时间", "听证主持人", "听证员", "书记员"),
        *("调查人员", "证号", "申请听证人", "委托代理人", "第三人", "其他参与人", "听证记录"),
        *("核对意见", "本页签名"),
    ),
    "hearing_report": (
        *("案件名称", "听证主持人", "听证员", "书记员", "听证会基本情况摘要", "听证主持人意见"),
        *("负责人审核意见",),
    ),
    "handling_approval": (
        *PARTY,
        *("案件名称", "当事人基本情况", "违法事实及处罚依据", "当事人的申辩意见", "承办人意见"),
        *("法制审核意见", "分管领导审核意见", "审批意见", *SIGNED),
    ),
    "discussion_record": (
        *("案件名称", "讨论时间", "讨论地点", "主持人", "汇报人", "记录人", "出席人员姓名及职务"),
        *("讨论内容", "讨论记录", "结论性意见", "出席人员签名"),
    ),
    "spot_penalty_organisation": (
        *(*PARTY, *SIGNED, *ACCOUNT, *SURCHARGE, *SEAL),
        *("被处罚单位", "违法事实及证据", "违反了", "依据", "第五十一条", "出示执法证件", "告知"),
        *("当场缴纳", "你单位应当自收到本决定书之日起15日内", "当事人或者委托代理人"),
        *("申请行政复议；对", "拒签"),
    ),
    "spot_penalty_person": (
        *(*SIGNED, *ACCOUNT, *SURCHARGE, *SEAL),
        *("被处罚人", "性别", "年龄", "居民身份证号", "家庭住址", "所在单位", "职务", "单位地址"),
        *("当场缴纳", "专用票据", "申请行政复议；对"),
    ),
    "penalty_decision_organisation": (
        *(*PARTY, *ACCOUNT, *SURCHARGE, *REMEDIES, *SEAL),
        *("立案调查", "经查明", "以上事实有下列证据证明", "予以采信", "裁量", "送达", "听证笔录"),
        *("集体讨论", "违反了", "决定对你单位作出如下行政处罚", "15日内", "不予计算"),
        *("申请人民法院强制执行", "7个工作日内", "公开"),
    ),
    "penalty_decision_person": (*PERSON, *ACCOUNT, *SURCHARGE, *REMEDIES, *SEAL),
    "payment_demand": (
        *(*ACCOUNT, *SURCHARGE, *DESK, *SEAL),
        *("行政处罚决定（文号：（苏·云）应急罚〔2026〕1号）", "2026年5月8日", "缴款期限"),
        *("有权进行陈述和申辩",),
    ),
    "surcharge_decision": (
        *(*PARTY, *ACCOUNT, *SURCHARGE, *REMEDIES, *SEAL),
        *("罚款人民币伍万元整", "自2026年9月11日起至", "至2026年10月12日", "共32日"),
        *("加处罚款人民币壹万玖仟贰佰元整（¥19,200.00）", "不予计算"),
    ),
    "payment_deferral_approval": (
        *PARTY,
        *("申请事项", "延期缴纳", "分期缴纳", "申请理由", "承办人意见", "审核意见", "审批意见"),
    ),
    "payment_deferral_grant": (
        *(*ACCOUNT, *SURCHARGE, *DESK, *SEAL),
        *("延期至", "分期缴纳罚款，第1期", "2026年6月10日前", "人民币叁万元整", "尚欠罚款"),
        *("第六十六条第二款",),
    ),
    "enforcement_demand": (
        *(*ACCOUNT, *DESK, *SEAL),
        *("2026年5月8日", "未履行", "缴纳罚款", "加处罚款", "合计", "立即履行其他决定内容"),
        *("10个工作日", "有权进行陈述和申辩", "申请强制执行"),
    ),
    "enforcement_application": (
        *(*PARTY, *DESK, *SEAL),
        *("签发人（行政机关负责人签名）", "被申请人", "决定内容", "附件材料", "云湾区人民法院"),
        *("应急罚〔2026〕1号", "申请强制执行标的情况", "第五十三条、第五十四条"),
    ),
}
"""Fields and fixed wording of section 4 of the list, and who signs by section 3."""


@pytest.mark.parametrize("kind", ASKED)
def test_the_example_says_what_the_reference_asks_for(kind: str) -> None:
    said = re.sub(r"\s", "", (KINDS / f"{kind}.txt").read_text("utf-8"))

    assert [one for one in ASKED[kind] if re.sub(r"\s", "", one) not in said] == []
