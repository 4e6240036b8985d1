"""What the reference list asks of each document stands in its example, in words."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pdf_templates.catalogue import MODULES
from pdf_templates.examples import story

KINDS = Path(__file__).parent / "kinds"
UNIT, ZHAO, PAID_TO, WHERE = story.HENGMAO, story.ZHAO, story.ACCOUNT, story.DESK
PARTY = f"{UNIT.name} {UNIT.uscc} {UNIT.address} {UNIT.legal_person} {UNIT.position} {UNIT.phone}"
PERSON = f"{ZHAO.name} {ZHAO.gender} {ZHAO.age} {ZHAO.id_no} {ZHAO.address} {ZHAO.employer}"
ACCOUNT = f"{PAID_TO.payee} {PAID_TO.bank} {PAID_TO.number}"
DESK = f"{WHERE.address} {WHERE.postcode} {WHERE.contact} {WHERE.phone}"
SEAL = f"{story.AUTHORITY} 本文书一式两份：一份由应急管理部门备案，一份交"
CHARGES = (
    "存在下列行为： 以上事实主要证据如下： 《中华人民共和国安全生产法》第三十六条第一款的规定 "
    "依据《中华人民共和国安全生产法》第九十九条第二项的规定 本机关拟对你单位作出如下行政处罚"
)
REMEDIES = "60日内向 申请行政复议 云湾区人民法院提起行政诉讼 不停止执行"
SURCHARGE = "第七十二条第一款第一项 3% 不超过"
SIGNED = "（签名） 证号 苏07990012 苏07990031"

ASKED: Mapping[str, str] = {
    "case_filing_approval": (
        "案由 案件来源 时间 案件名称 当事人 电话 法定代表人 地址 邮编 案件基本情况 承办人意见 "
        "证号 法制审核意见 审核意见 审批意见"
    ),
    "inspection_scheme": (
        "被检查单位 地址 联系人 所属行业 检查时间 行政执法人员 检查内容 检查方式 审核意见 "
        "审批意见 审核人 审批人 备注 任务来源 依据 检查类别 年度 上限 专家 通知 抽取"
    ),
    "inspection_record": (
        "被检查单位 地址 法定代表人（负责人） 职务 联系电话 检查场所 检查时间 我们是 "
        "行政执法人员 证件号码为 "
        "这是我们的证件（出示证件）。现依法对你单位进行现场检查，请予以配合 检查情况 "
        "检查人员（签名） 现场负责人 仅限本次检查所发现的问题"
    ),
    "measures_decision": (
        "被检查单位 有下列违法违规行为和事故隐患 无法保证安全生产 依据 现作出如下现场处理决定 "
        "执法人员（签名） 证号 被检查单位负责人 印章 一式两份 复议 诉讼 60日 6个月"
    ),
    "rectification_order": (
        "被检查单位 你单位存在下列问题 重大 现责令你单位 "
        "整改完毕，达到有关法律法规规章和标准规定的要求 由此造成事故的，依法追究有关人员的责任 "
        "整改期间，你单位应当采取措施，确保安全生产 对安全生产违法行为，将依法予以行政处罚 "
        "执法人员（签名） 被检查单位负责人 印章 一式两份"
    ),
    "reinspection_opinion": (
        "被复查单位 作出了 的决定 对你单位整改情况进行复查，提出如下意见 已整改合格第 "
        "未整改合格第 被复查单位负责人 执法人员（签名） 印章"
    ),
    "coercion_approval": (
        "案件名称 当事人 案件基本情况 行政强制事项 理由 依据 种类 期限 承办人 证号 审核意见 "
        "审批意见"
    ),
    "seizure_decision": ("当事人 存在下列问题 依据 措施 期限 复议 诉讼 清单 印章"),
    "seizure_list": ("编号 名称 规格型号 单位 数量 备注 当事人 签名 执法人员 证号 一式二份"),
    "seizure_extension": ("延长 复议 诉讼 印章"),
    "seizure_disposal": ("处理决定 印章 复议"),
    "supply_cut_notice": ("停止供电 配合 印章 第七十条"),
    "supply_cut_decision": ("停止供电 第七十条 24小时 主要负责人 复议 诉讼 印章"),
    "supply_restore_notice": ("恢复 履行 印章"),
    "interview_notice": (
        "接受询问调查 来时请携带下列证件材料（见打√处） 身份证 营业执照 法定代表人身份证明 "
        "委托书 无法按时前来，请及时联系 地址 联系人 联系电话 印章 一式两份"
    ),
    "interview_record": (
        "询问时间 询问次数 询问地点 被询问人姓名 性别 年龄 身份证号 工作单位 职务（工种） 住址 "
        "电话 询问人 记录人 在场人 我们是 这是我们的证件（出示证件） 有如实回答 "
        "陈述、申辩和申请回避 听清楚了吗 是否申请我们回避 本页签名 更正 "
        "以上笔录我看过，与我说的一致"
    ),
    "scene_record": ("勘验时间 勘验场所 天气 勘验人 当事人 被邀请人 记录人 勘验情况 签名 联系"),
    "sampling_receipt": (
        "被抽样取证人 现场负责人 地址 电话 时间 地点 序号 证据物品名称 规格及批号 数量 签名 证号 "
        "印章 第五十六条 一式两份"
    ),
    "preservation_approval": (
        "案件名称 当事人及基本情况 案件基本情况 证据名称及数量 理由 依据 保存方式 承办人意见 "
        "承办机构意见 审核意见 审批意见"
    ),
    "preservation_notice": (
        "当事人 涉嫌 接受处理 签名 印章 依法作出处理决定 妥善保管义务，不得 核对 清单"
    ),
    "preservation_list": (
        "序号 证据名称 规格型号 产地 成色（品级） 单位 价格 数量 备注 上述物品经核无误 签名"
    ),
    "preservation_disposal_approval": (
        "案件名称 当事人及基本情况 案件基本情况 证据名称及数量 承办人意见 承办机构意见 审核意见 "
        "审批意见"
    ),
    "preservation_disposal": ("登记 先保通 处理决定 复议 诉讼 印章"),
    "appraisal_commission": ("物品名称 规格型号 数量 备注 鉴定要求 提交 联系人 联系电话 印章"),
    "investigation_report": (
        f"{PARTY} {SIGNED} 案由 承办机构 承办人 案情及违法事实 违反的规定 相关证据 自由裁量 "
        "处理建议 法制审核意见 审核意见 审批意见"
    ),
    "penalty_notice": (
        f"{PARTY} {DESK} {SEAL} {CHARGES} 第四十四条、第四十五条 你单位有权进行陈述和申辩 "
        "5个工作日内 逾期不提出的，视为放弃上述权利 不因陈述、申辩而给予更重的处罚"
    ),
    "statement_record": (
        "当事人 时间 地点 陈述申辩人 记录人 证件号码 出示证件 有权进行陈述和申辩 更正 核对意见 "
        "本页签名 共2页"
    ),
    "hearing_right_notice": (
        f"{PARTY} {DESK} {SEAL} {CHARGES} 第六十三条、第六十四条 要求举行听证的权利 5个工作日内 "
        "不承担"
    ),
    "hearing_session_notice": (
        f"{DESK} {SEAL} 听证会时间 听证会地点 公开举行 不公开举行 听证主持人 听证员 书记员 "
        "可以申请回避 注意事项 通知证人 1至2人代理 授权委托书 延期 视为放弃"
    ),
    "hearing_record": (
        f"{PARTY} 案件名称 主持听证机关 听证地点 听证时间 听证主持人 听证员 书记员 调查人员 证号 "
        "申请听证人 委托代理人 第三人 其他参与人 听证记录 核对意见 本页签名"
    ),
    "hearing_report": (
        "案件名称 听证主持人 听证员 书记员 听证会基本情况摘要 听证主持人意见 负责人审核意见"
    ),
    "handling_approval": (
        f"{PARTY} {SIGNED} 案件名称 当事人基本情况 违法事实及处罚依据 当事人的申辩意见 承办人意见 "
        "法制审核意见 分管领导审核意见 审批意见"
    ),
    "discussion_record": (
        "案件名称 讨论时间 讨论地点 主持人 汇报人 记录人 出席人员姓名及职务 讨论内容 讨论记录 "
        "结论性意见 出席人员签名"
    ),
    "spot_penalty_organisation": (
        f"{PARTY} {ACCOUNT} {SEAL} {SURCHARGE} {SIGNED} 被处罚单位 违法事实及证据 违反了 依据 "
        "第五十一条 出示执法证件 告知 当场缴纳 你单位应当自收到本决定书之日起15日内 "
        "当事人或者委托代理人 申请行政复议；对 拒签"
    ),
    "spot_penalty_person": (
        f"{ACCOUNT} {SEAL} {SURCHARGE} {SIGNED} 被处罚人 性别 年龄 居民身份证号 家庭住址 所在单位 "
        "职务 单位地址 当场缴纳 专用票据 申请行政复议；对"
    ),
    "penalty_decision_organisation": (
        f"{PARTY} {ACCOUNT} {SEAL} {REMEDIES} {SURCHARGE} 立案调查 经查明 以上事实有下列证据证明 "
        "予以采信 裁量 送达 听证笔录 集体讨论 违反了 决定对你单位作出如下行政处罚 15日内 "
        "不予计算 申请人民法院强制执行 7个工作日内 公开"
    ),
    "penalty_decision_person": (f"{PERSON} {ACCOUNT} {SEAL} {REMEDIES} {SURCHARGE}"),
    "payment_demand": (
        f"{ACCOUNT} {DESK} {SEAL} {SURCHARGE} 行政处罚决定（文号：（苏·云）应急罚〔2026〕1号） "
        "2026年5月8日 缴款期限 有权进行陈述和申辩"
    ),
    "surcharge_decision": (
        f"{PARTY} {ACCOUNT} {SEAL} {REMEDIES} {SURCHARGE} 罚款人民币伍万元整 自2026年9月11日起至 "
        "至2026年10月12日 共32日 加处罚款人民币壹万玖仟贰佰元整（¥19,200.00） 不予计算"
    ),
    "payment_deferral_approval": (
        f"{PARTY} 申请事项 延期缴纳 分期缴纳 申请理由 承办人意见 审核意见 审批意见"
    ),
    "payment_deferral_grant": (
        f"{ACCOUNT} {DESK} {SEAL} {SURCHARGE} 延期至 分期缴纳罚款，第1期 2026年6月10日前 "
        "人民币叁万元整 尚欠罚款 第六十六条第二款"
    ),
    "enforcement_demand": (
        f"{ACCOUNT} {DESK} {SEAL} 2026年5月8日 未履行 缴纳罚款 加处罚款 合计 立即履行其他决定内容 "
        "10个工作日 有权进行陈述和申辩 申请强制执行"
    ),
    "enforcement_application": (
        f"{PARTY} {DESK} {SEAL} 签发人（行政机关负责人签名） 被申请人 决定内容 附件材料 "
        "云湾区人民法院 应急罚〔2026〕1号 申请强制执行标的情况 第五十三条、第五十四条"
    ),
    "service_receipt": (
        "案件名称 受送达单位（个人） 送达文书名称 文号 收件人签名或者盖章 送达地点 送达日期 "
        "送达方式 送达人 印章 备注 民事诉讼法 代收 留置送达 到达 系统 确认书 录像"
    ),
    "transfer_approval": ("案由 当事人 地址 受移送机关 案情简介 移送理由 承办人 审核 审批"),
    "transfer_letter": ("进行调查，发现 移送 依据 材料"),
    "case_extension_approval": ("当事人 延期理由 承办人 审核 审批"),
    "case_closing_approval": (
        "当事人 处理结果 执行情况 承办人 法制审核意见 分管领导审核意见 审批意见"
    ),
    "case_cover": (
        "安全生产违法案件 案卷（首页） 案件名称 案由 处理结果 立案日期 结案日期 承办人 归档日期 "
        "归档号 保存期限"
    ),
    "case_contents": ("序号 文件名称及编号 日期 页号 备注"),
    "inspection_notice": ("依据 事项 时间 人员 证号 上限 核验 回避 拒绝 投诉 严禁"),
    "result_notice": ("检查 结果 印章"),
    "crime_transfer_letter": ("涉嫌犯罪 调查报告 涉案物品清单 回执 公安"),
    "legal_review_opinion": (
        f"{PARTY} 案由 案情摘要 作出决定的依据 建议作出的行政决定 法制审核意见 "
        "法制审核人员（签名） 审核结论 法律职业资格证书"
    ),
}
"""Fields and fixed wording of section 4 of the list, and who signs by section 3."""


NOT_LISTED = frozenset({"inspection_cover", "process_record", "daily_ledger"})
"""Of the electronic case file, which the list does not know."""


def test_every_kind_of_the_list_is_asked() -> None:
    listed = {kind for kind, place in MODULES.items() if not place.startswith("draw.")}

    assert set(ASKED) == listed - NOT_LISTED


@pytest.mark.parametrize("kind", ASKED)
def test_the_example_says_what_the_reference_asks_for(kind: str) -> None:
    said = re.sub(r"\s", "", (KINDS / f"{kind}.txt").read_text("utf-8"))

    assert [one for one in ASKED[kind].split() if one not in said] == []
