"""What the codes in the phones' entries are called."""

from collections.abc import Iterable, Mapping

from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.inspection import AT_ONCE

RESULT_NAMES: Mapping[str, str] = {
    "pass": "符合",
    "fail": "不符合",
    "not_applicable": "不适用",
    "not_checked": "未检查",
    "given": "已填写",
}
LEVEL_NAMES: Mapping[str, str] = {"general": "一般隐患", "major": "重大事故隐患"}
MEASURE_NAMES: Mapping[str, str] = {
    "rectify_now": "责令立即改正",
    "rectify_within": "责令限期整改",
    "suspend": "责令暂时停产停业",
    "withdraw": "责令撤出作业人员",
    "stop_use": "责令停止使用",
    "refer": "线索移送",
}
REMOVE_AT_ONCE = "责令立即排除"
"""
What "rectify_now" is called of a 重大事故隐患 (安全生产法 第六十五条第一款第三项).

Any other problem is a violation that is put right at once (第二项): 责令立即改正.
"""
PARTICIPANT_NAMES: Mapping[str, str] = {
    "in_charge": "主要负责人",
    "responsible": "现场负责人",
    "safety": "安全管理人员",
    "operator": "岗位操作员工",
    "expert": "专家",
    "witness": "见证人",
}
KIND_NAMES: Mapping[str, str] = {
    "answer": "检查项",
    "finding": "问题隐患",
    "photo": "照片",
    "participant": "参加人员",
    "note": "其他情况",
    "gap": "记录中断",
    "recheck": "复查事项",
    "visit": "到达现场",
    "signature": "签名",
    "replica": "手机",
}
SET_ASIDE_NAMES: Mapping[str, str] = {
    "not_assigned": "任务未分配给该人员",
    "reassigned": "人员已调离该任务",
    "closed": "记录已办结",
    "revoked": "手机已停用",
    "wrong_user": "手机不是该账号登记的",
    "not_lead": "不是主办人员",
    "unknown_form": "检查表版本不符",
    "schema": "内容不符合格式",
    "unverified": "签名未通过核验",
    "declined": "该手机此前的记录缺失，已决定不采用",
    "fork": "手机数据被复制，同一序号有两份记录，均已采用",
    "gap": "该手机此前的记录缺失",
    "held": "等待该手机前面的记录",
}
"""Why an entry is shown to a supervisor: the journal's reason, or its effect where that says it."""
RULED: Mapping[bool, str] = {True: "已决定采用", False: "已标记为不采用"}
"""What a supervisor's last word on such an entry was."""


def measure_name(measure: str, level: str) -> str:
    """Return what a measure is called about a finding of this level."""
    is_major = level == FindingLevel.MAJOR
    return REMOVE_AT_ONCE if is_major and measure == AT_ONCE else MEASURE_NAMES[measure]


def measures_named(measure: str, further: Iterable[str], level: str) -> str:
    """Return what everything is called that is ordered about one finding, in its order."""
    return "、".join(measure_name(one, level) for one in (measure, *further))
