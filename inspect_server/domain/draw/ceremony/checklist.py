"""现场工作清单 of one draw: what is to be done, brought and said, with this draw's own figures."""

from collections.abc import Mapping, Sequence
from datetime import date

from inspect_server.domain.draw.ceremony.dice import dice_among, told
from inspect_server.domain.draw.ceremony.lateness import roll_until
from inspect_server.domain.draw.ceremony.words import source_title, source_value
from inspect_server.domain.draw.entropy import CHAINS, Source, SourceKind

Section = tuple[str, tuple[str, ...]]

AFTER_COMMIT = (
    "当众宣读承诺值（四位一组，共十六组），承办机构负责人、见证人在抽取承诺书上签名。",
    "承诺书复印件交见证人带走；见证方以后凭其上的承诺值取值（--for 承诺值），没有承诺书的不取值。",
)
ON_SITE = (
    "现场电脑只连本机关服务器；投影全屏，最后一排能看清承诺值。",
    "见证人手持承诺书，与投影逐组核对承诺值。",
    "宣读各单元概率和等待的随机值。",
    "见证方录入（或者念出、由承办机构负责人录入）自己的值。",
    "第一名录入人独立录入；第二名录入人背对屏幕等候，再独立录入。",
    "见证人确认无异议，承办机构负责人按“揭示”。",
    "结果逐屏宣读：录入的值、种子、取整偏移、各单元家数、抽中企业承诺值和检查组、证书哈希。",
    "印制抽取结果表见证联，与投影核对后签名，见证人留一份。",
    "内部留存联由承办机构负责人另行印制入卷，不得带出，不得拍照。",
)
DICE = (
    "骰子十枚以上，当众查验，见证人可以试掷；在投影页面“现场掷骰”一屏办理。",
    "当众掷出，排成一行，谁也不再移动；只掷这一次，不满意也不重掷。",
    "第一名录入人从左到右独立录入；第二名录入人背对屏幕等候，再独立录入。",
    "投影显示登记的点数，见证人逐枚核对。",
    "没有按时录入的，本次承诺不能揭示：以“承诺的随机值无法取得”申请作废，重新承诺。",
)
IF_NOT = (
    "提示“没有揭示”：用同样的值再次揭示；两次录入不一致的，两人各自重录。",
    "停电、断网、没有答复：恢复后重新载入页面，已揭示的直接显示结果，未揭示的重新录入同样的值。",
    "公开随机值停止发行或者改期：不得改用其他期、其他来源，作废后重新承诺。",
    "作废：须另一人批准、见证方电子签名；无公钥或经批准不用的，书面签署。",
    "对结果有意见：不重抽；只有列明的事由可以替补。",
)
TYPISTS = "两名录入人员：各自的账号、密码（启用动态口令的带手机），各看各的公布结果。"
SUPERVISOR = "承办机构负责人：本人账号，抽取承诺书原件。"


def checklist(
    sources: Sequence[Source], holders: Mapping[SourceKind, str], deadline: str
) -> tuple[Section, ...]:
    """
    Return the sections of a draw's checklist.

    Args:
        holders: Who keeps each chain.
        deadline: The last day for the reveal, ISO.
    """
    brought = [one for one in sources if one.kind is not SourceKind.DICE]
    day = date.fromisoformat(deadline)
    parts = [
        ("承诺之后", AFTER_COMMIT),
        (
            f"揭示之前（最迟{day.year}年{day.month}月{day.day}日）",
            (SUPERVISOR, *(_brings(one, holders) for one in brought), TYPISTS),
        ),
        ("揭示", ON_SITE),
        ("出现意外", IF_NOT),
    ]
    if dice_among(sources):
        until = told(roll_until(sources, deadline))
        parts.insert(1, (f"现场掷骰（{until}（北京时间）之前录入）", DICE))
    return tuple(
        (f"{n}、{title}", items) for n, (title, items) in zip("一二三四五", parts, strict=False)
    )


def _brings(source: Source, holders: Mapping[SourceKind, str]) -> str:
    what = f"{source_title(source)}{source_value(source)}"
    if source.kind is SourceKind.AUTHORITY:
        return f"{what}：链文件保管人到场（文件加密的，带口令）。"
    if source.kind in CHAINS:
        holder = holders.get(source.kind, "持有单位")
        return f"{what}：{holder}凭承诺书上的承诺值取出后带到现场，其余的值不取。"
    return f"{what}：已经公布，期号与承诺书一致。"
