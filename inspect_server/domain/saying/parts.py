"""What each kind of value says, field by field: a test holds that none is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from inspect_server.domain.findings.rechecking import RECHECK_NAMES
from inspect_server.domain.inspection import SIGNER_NAMES
from inspect_server.domain.saying.arriving import gate_in_words
from inspect_server.domain.saying.given import (
    LENGTH,
    digest,
    given_in_words,
    strokes_of,
    where,
)
from inspect_server.domain.saying.names import (
    LEVEL_NAMES,
    PARTICIPANT_NAMES,
    RESULT_NAMES,
    measures_named,
)

CHINA = "+08:00"
"""The one zone of the country: where a moment is told in it, nothing is said of the zone."""


class Shown(Enum):
    """When a part of a value is said."""

    ALWAYS = auto()
    WHOLE = auto()  # unless something stands beside that says the same in this
    APART = auto()  # only where it is what the sides differ in: digests, devices, telephone numbers


@dataclass(frozen=True)
class Part:
    """What one field says, or several that belong together; "" where they say nothing."""

    fields: tuple[str, ...]
    say: Callable[..., str] = str
    label: str = ""
    shown: Shown = Shown.WHOLE

    def of(self, value: Mapping[str, Any]) -> str:
        """Return what the value says in this, with its label."""
        said = self.say(*(value.get(field, "") for field in self.fields))
        return f"{self.label}：{said}" if said and self.label else said

    def differs(self, value: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Whether two values are not the same in this."""
        return any(value.get(field) != other.get(field) for field in self.fields)


@dataclass(frozen=True)
class Words:
    """How a kind of value is said: what comes first, and what follows in brackets."""

    head: Part
    parts: tuple[Part, ...] = ()


def _moment(text: str) -> str:
    return text.removesuffix(CHINA).replace("T", " ")


def _file(sha256: str, size: int, mime: str) -> str:
    return f"{mime}，{size} 字节，哈希 {sha256[:LENGTH]}"


def _code(item: str) -> str:
    """Return the code of a checklist's item: people know it by nothing else."""
    return item.rpartition("/")[2]


def _team(team: Sequence[Mapping[str, str]]) -> str:
    return "、".join(f"{ROLES[member['role']]} {member['user']}" for member in team)


ROLES = {"lead": "主办", "member": "协办"}
WHERE = Part(("latitude", "longitude", "datum", "accuracy_m"), where, "位置")
ITEM = Part(("answer_item",), _code, "检查项")
WHY = Part(("reason",), label="原因")
RULING = (Part(("reason",), shown=Shown.ALWAYS),)

SAVED: Mapping[str, Words] = {
    "answer/": Words(
        Part(("result",), lambda result: RESULT_NAMES[result]),
        (Part(("given",), given_in_words), WHY, Part(("note",))),
    ),
    "finding/": Words(
        Part(("level",), lambda level: LEVEL_NAMES[level]),
        (
            Part(("text",), shown=Shown.ALWAYS),
            ITEM,
            Part(("place",), label="部位"),
            Part(("basis",), label="依据"),
            Part(("penalty_basis",), label="处罚依据"),
            Part(("measure", "further_measures", "level"), measures_named, "处理措施"),
            Part(("deadline",), label="整改期限"),
            Part(("corrected_on_site",), lambda done: "已当场改正" if done else ""),
        ),
    ),
    "photo/": Words(
        Part(("caption",), lambda caption: caption or "无文字说明"),
        (
            ITEM,
            Part(("finding",), lambda item: item[-8:], "所属问题编号"),
            Part(("taken_wall",), _moment, "拍摄时间"),
            WHERE,
            Part(("device",), label="拍摄设备", shown=Shown.APART),
            Part(("sha256", "size", "mime"), _file, "文件", Shown.APART),
        ),
    ),
    "participant/": Words(
        Part(("name",)),
        (
            Part(("kind",), lambda kind: PARTICIPANT_NAMES[kind]),
            Part(("unit",), label="单位"),
            Part(("position",), label="职务"),
            Part(("phone",), label="电话", shown=Shown.APART),
        ),
    ),
    "signature/": Words(
        Part(("signer", "name"), lambda signer, name: SIGNER_NAMES[signer] + name),
        (
            Part(("document",), lambda to: "责令限期整改指令书" if to == "order" else ""),
            Part(("refused",), lambda refused: "拒签" if refused else ""),
            Part(("refusal_reason",), label="拒签原因"),
            Part(("strokes",), strokes_of, "笔迹", Shown.APART),
            Part(("view",), lambda view: view[:LENGTH], "签名时所见内容摘要", Shown.APART),
            Part(("officer_id",), label="执法人员编号", shown=Shown.APART),
            Part(("participant",), lambda item: item[-8:], "参加人员编号", Shown.APART),
        ),
    ),
    "note/": Words(Part(("text",))),
    "gap/": Words(Part(("from", "to"), lambda *at: "至".join(map(_moment, at))), (WHY,)),
    "recheck/": Words(Part(("result",), lambda result: RECHECK_NAMES[result]), (Part(("note",)),)),
    "visit/start/": Words(
        Part((), lambda: "到达现场"),
        (
            Part(("place",), lambda place: place or "未注明地点", shown=Shown.ALWAYS),
            Part(("badge_shown",), lambda done: "已出示证件" if done else "未出示证件"),
            Part(("rights_told",), lambda done: "已告知权利" if done else "未告知权利"),
            Part(("recording",), label="录音录像"),
            WHERE,
            Part(("gate",), gate_in_words, "扫码入企"),
            Part(("arrived_at",), _moment, "首次登记到场"),
        ),
    ),
    "visit/complete/": Words(Part((), lambda: "结束检查")),
}
"""The values of items, by how the item's id begins."""

DONE: Mapping[str, Words] = {
    "task.assign": Words(
        Part((), lambda: "派发任务"),
        (Part(("form",), label="检查表"), Part(("team",), _team, "检查人员")),
    ),
    "task.reassign": Words(
        Part((), lambda: "改派任务"),
        (Part(("form",), label="检查表"), Part(("team",), _team, "检查人员")),
    ),
    "task.close": Words(Part((), lambda: "办结检查记录")),
    "task.reopen": Words(Part((), lambda: "撤销办结"), RULING),
    "replica.enrol": Words(Part((), lambda: "登记手机"), (Part(("user",), label="账号"),)),
    "replica.lost": Words(
        Part(("upto_seq",), lambda seq: f"第 {seq} 条及此前的记录有缺失"),
        (
            Part(("head_hash",), lambda hash: hash[:LENGTH], "末条哈希", Shown.APART),
            Part(
                ("receipt", "signature", "kid"),
                lambda *receipt: digest(receipt),
                "回执摘要",
                Shown.APART,
            ),
        ),
    ),
    "replica.revoke": Words(Part((), lambda: "停用手机"), RULING),
    "inbox.accept": Words(Part((), lambda: "采用待处理记录"), RULING),
    "inbox.decline": Words(Part((), lambda: "不采用待处理记录"), RULING),
}
"""What the server alone does, by the operation's type."""
