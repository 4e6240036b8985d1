"""A draw of the story's district, as facts of its papers."""

import hashlib

from pdf_templates.draw.anchors import Anchor, AnchorNotice
from pdf_templates.draw.checklist import Checklist, Part
from pdf_templates.draw.commitment import Commitment, Source
from pdf_templates.draw.parts import Signer
from pdf_templates.draw.replacement_request import ReplacementRequest
from pdf_templates.draw.result import Chosen, Counted, Entered, Result, Sent

AUTHORITY = "云湾区应急管理局"
SIGNERS = (
    Signer("承办机构负责人", AUTHORITY),
    Signer("见证人", "云湾区司法局"),
    Signer("见证人", "云湾区纪委监委驻应急管理局纪检监察组"),
)


def digest(text: str) -> str:
    """Return some digest."""
    return hashlib.sha256(text.encode()).hexdigest()


COMMITMENT = Commitment(
    doc_no="2026-03",
    authority=AUTHORITY,
    made_at="2026-03-06T15:20:00+08:00",
    committed_at="2026-03-06T15:10:00+08:00",
    committed_by="周明远",
    year=2026,
    commit=digest("commit"),
    suite="sha256",
    included=1295,
    excluded=205,
    officers=26,
    cells=7,
    rules=(
        "每家入池企业属于且只属于一个抽取单元，同一单元内抽中概率相同，概率已由承诺固定。",
        "各单元抽中家数为其期望家数向下或向上取整，由种子算出的取整偏移决定。",
        "单元内各企业按种子算出的签号由小到大选取。",
        "每家抽中企业派主办1名、协办1名；执法证有效、不在休假、无回避情形的方可派出。",
        "主办、协办应具有企业所属行业的专业；确无人员的，依次放宽协办、主办的专业要求，并写入证书。",
    ),
    sources=(
        Source("本机关哈希链", "第 3 个值", "由本机关的链文件取出"),
        Source("见证方哈希链", "第 3 个值", "由云湾区司法局在自己的设备上取出并带到现场"),
        Source(
            "公开随机值",
            "福彩快乐8第2026056期（cwl.kl8/2026056）",
            "开奖后由两名工作人员对照公布结果分别录入，两次一致方可使用",
        ),
    ),
    deadline="2026-03-09",
    verifier="sjc_verify.py",
    verifier_sha256=digest("verifier"),
    signers=SIGNERS,
)


ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(number: int) -> str:
    """Return a 统一社会信用代码 of nobody, with the check characters of GB 11714 and GB 32100."""
    eight = f"MA1WXY{number:02d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    left = sum(w * ORGANISATION.index(c) for w, c in zip(weights, eight, strict=True)) % 11
    front = f"91320799{eight}{'0X987654321'[left]}"
    over = sum(pow(3, place, 31) * UNIT.index(c) for place, c in enumerate(front)) % 31
    return front + UNIT[-over % 31]


SUM = "各行业·4 个小单元合计"
FEW = (
    Counted("县级·金属冶炼·红·B级·未检查过", 1, 1, 62500, 1),
    Counted("县级·金属冶炼·红·C级·未检查过", 1, 3, 93750, 0),
    Counted("县级·涉氨制冷·红·B级·未检查过", 1, 2, 62500, 0),
    Counted("县级·涉氨制冷·黄·B级·近期检查过", 1, 3, 12500, 0),
)
"""Cells of few enterprises, which the witness's copy shows as one."""


def chosen(number: int, *, internal: bool) -> Chosen:
    """Return the nth selected enterprise."""
    named = ("陆文博", "苏07990012"), ("沈玥", "苏07990031")
    team = tuple(
        Sent(stage, digest(f"officer{number}{label}"), *(who if internal else ("", "")))
        for stage, label, who in (("主办", "lead/0", named[0]), ("协办", "member/0", named[1]))
    )
    cell = "县级·粉尘涉爆·红·B级·未检查过" if number % 2 else "县级·有限空间·黄·A级·近期检查过"
    if number == 5:
        cell = FEW[0].name if internal else SUM
    return Chosen(
        cell=cell,
        commitment=digest(f"enterprise{number}"),
        name=f"云湾区恒茂木业制品有限公司第{number}分厂" if internal else "",
        uscc=code(number) if internal else "",
        team=team,
    )


def result(*, internal: bool, count: int = 5, remarks: tuple[str, ...] = ()) -> Result:
    """Return the facts of a result."""
    return Result(
        doc_no="2026-03",
        authority=AUTHORITY,
        made_at="2026-03-08T22:10:00+08:00",
        internal=internal,
        visit_from="2026-03-09",
        visit_to="2026-03-20",
        committed_at="2026-03-06T15:10:00+08:00",
        revealed_at="2026-03-08T22:05:00+08:00",
        revealed_by="周明远",
        deadline="2026-03-09",
        late=False,
        commit=digest("commit"),
        entered=(
            Entered("本机关哈希链 第 3 个值", digest("own"), "本机关链文件"),
            Entered("见证方哈希链 第 3 个值", digest("witness"), "云湾区司法局"),
            Entered(
                "公开随机值 cwl.kl8 第 2026056 期",
                "cwl.kl8/2026056/01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79",
                "李思、王武各录一次",
            ),
        ),
        seed=digest("seed"),
        r=304817,
        counted=(
            Counted("县级·粉尘涉爆·红·B级·未检查过", 1, 41, 62500, 2),
            Counted("县级·有限空间·黄·A级·近期检查过", 1, 130, 12500, 2),
            Counted("无行业标签各类，概率 0.0000%", 1, 1115, 0, 0),
            *(FEW if internal else (Counted(SUM, 4, 9, None, 1),)),
        ),
        chosen=tuple(chosen(number, internal=internal) for number in range(1, count + 1)),
        remarks=remarks,
        certificate_sha256=digest("certificate"),
        signers=SIGNERS,
    )


ANCHORS = AnchorNotice(
    doc_no="2026年度",
    authority=AUTHORITY,
    made_at="2026-01-05T09:30:00+08:00",
    anchors=(
        Anchor(
            "本机关哈希链", AUTHORITY, "sha256", 60, digest("a0"), "2026-01-05T09:00:00+08:00", ""
        ),
        Anchor(
            "见证方哈希链",
            "云湾区司法局",
            "sha256",
            60,
            digest("w0"),
            "2026-01-05T09:10:00+08:00",
            digest("key"),
        ),
    ),
    verifier="sjc_verify.py",
    verifier_sha256=digest("verifier"),
    witness_tool="witness_chain.py",
    witness_tool_sha256=digest("tool"),
    signers=(SIGNERS[0],),
)
CHECKLIST = Checklist(
    doc_no="2026-03",
    authority=AUTHORITY,
    made_at="2026-03-06T15:20:00+08:00",
    parts=(
        Part(
            "一、承诺之后",
            (
                "当众宣读承诺值（四位一组，共十六组），承办机构负责人、见证人在抽取承诺书上签名。",
                "承诺书复印件交见证人带走。",
            ),
        ),
        Part(
            "二、揭示之前（最迟2026年3月9日）",
            (
                "承办机构负责人：本人账号，抽取承诺书原件。",
                "本机关哈希链第 3 个值：链文件保管人到场（文件加密的，带口令）。",
                "见证方哈希链第 3 个值：云湾区司法局凭承诺书上的承诺值取出后带到现场。",
                "福彩快乐8第2026056期：已经公布，期号与承诺书一致。",
                "两名录入人员：各自的账号、密码，各看各的公布结果。",
            ),
        ),
    ),
    signers=(SIGNERS[0],),
)
REQUEST = ReplacementRequest(
    doc_no="2026-03",
    authority=AUTHORITY,
    made_at="2026-03-10T09:20:00+08:00",
    k=1,
    reason="人员因故不能参加检查",
    requested_at="2026-03-10T09:10:00+08:00",
    requested_by="周明远",
    approved_by="李思",
    leaf=digest("leaf"),
    commit=digest("commit"),
    task=digest("enterprise1"),
    place="协办",
    out=digest("officer1member/0"),
    evidence_sha256=digest("evidence"),
    holder="云湾区司法局",
    anchor=digest("w0"),
    position=4,
    command="inspect-server draw chain next（或者 python witness_chain.py next）"
    " --file 秘密文件 --position 4 --for 申请记录",
    signers=(
        Signer("申请人", AUTHORITY),
        Signer("批准人", AUTHORITY),
        Signer("见证方", "云湾区司法局"),
    ),
)
EXAMPLES = {
    "draw_commitment": COMMITMENT,
    "draw_result": result(internal=False),
    "draw_result_internal": result(internal=True, remarks=("第1次替补：协办人员因病替补。",)),
    "draw_anchors": ANCHORS,
    "draw_checklist": CHECKLIST,
    "draw_replacement_request": REQUEST,
}
