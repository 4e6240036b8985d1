"""The rules and sources of a draw in words, as they are read aloud before it."""

from collections.abc import Mapping, Sequence

from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.draw.ceremony.lateness import roll_until
from inspect_server.domain.draw.eligibility import TeamRules
from inspect_server.domain.draw.entropy import (
    CHAINS,
    KIND_NAMES,
    PUBLISHED,
    Source,
    SourceKind,
)

STAGE_NAMES = {"lead": "主办", "member": "协办", "expert": "专家"}
CHOOSING = (
    "每家入池企业属于且只属于一个抽取单元，同一单元内各企业抽中概率相同，概率已由承诺固定。",
    "各单元抽中家数为其期望家数向下或者向上取整，由种子算出的取整偏移决定。",
    "单元内各企业按种子算出的签号由小到大选取，签号人人可以重算。",
)
PAIR = "pair"
BRINGS: Mapping[SourceKind, str] = {
    SourceKind.AUTHORITY: "由本机关从链文件取出",
    SourceKind.WITNESS: "由持有单位凭承诺书在自己的设备上取出，带到揭示现场",
    SourceKind.PUBLIC: "承诺之后产生；由两名工作人员对照公布结果分别录入，两次一致方可使用",
    SourceKind.DICE: "承诺之后、公开随机值产生之前，在见证人面前当场掷出，只掷一次；"
    "由两名工作人员分别录入，两次一致方可使用",
}


def rules_in_words(teams: Sequence[TeamRules]) -> tuple[str, ...]:
    """Return what decides who is selected and who is sent, rule by rule."""
    return (*CHOOSING, *(sentence for rules in teams for sentence in _team(rules)))


def stage_name(label: str) -> str:
    """Return what people call a stage such as member/1."""
    return STAGE_NAMES.get(label.partition("/")[0], label)


def place_name(dept: str, label: str, *, joint: bool) -> str:
    """Return what people call a place of a team: in a joint check with its department."""
    return f"{dept} {stage_name(label)}" if joint else stage_name(label)


def source_title(source: Source) -> str:
    """Return the kind of a source, of a publication its name."""
    is_public = source.kind is SourceKind.PUBLIC
    return PUBLISHED[source.name].title if is_public else KIND_NAMES[source.kind]


def source_value(source: Source) -> str:
    """Return which value of a source the commit names."""
    if source.kind in CHAINS:
        return f"第 {source.issue} 个值"
    if source.kind is SourceKind.DICE:
        return f"场次 {source.issue}"
    return f"第 {source.issue} 期（{source.name}/{source.issue}）"


def source_brings(source: Source, sources: Sequence[Source], deadline: str) -> str:
    """Return how a source's value comes into the room, of dice also until when."""
    if source.kind is not SourceKind.DICE:
        return BRINGS[source.kind]
    return f"{BRINGS[source.kind]}；须在 {told(roll_until(sources, deadline))}（北京时间）之前录入"


def count_available(eligibility: str) -> int:
    """Return how many officers may go: the O lines whose roles are not empty."""
    lines = (line.split("\t") for line in eligibility.split("\n") if line.startswith("O\t"))
    return sum(1 for parts in lines if parts[2])


def _team(rules: TeamRules) -> list[str]:
    counted: dict[str, int] = {}
    for stage in rules.stages:
        name = stage_name(stage.label)
        counted[name] = counted.get(name, 0) + 1
    people = "、".join(f"{name}{count}名" for name, count in counted.items())
    said = [
        f"{rules.dept}：每家抽中企业派{people}；执法证在检查时段内有效、不在休假、无回避情形的方可派出，"
        "各人任务数尽量均衡。"
    ]
    if rules.specialty:
        roles = "、".join(stage_name(role) for role in rules.specialty)
        said.append(f"{rules.dept}：{roles}应具有企业所属行业的专业{_relaxed(rules.relaxations)}。")
    return said


def _relaxed(relaxations: Sequence[str]) -> str:
    if not relaxations:
        return "，不放宽"
    steps = [
        "近期同组限制" if one == PAIR else f"{stage_name(one.partition('/')[2])}的专业要求"
        for one in relaxations
    ]
    return f"；确无人员的，依次放宽{'、'.join(steps)}，并写入抽取证书"
