"""What a look at a file comes to, in sentences, and the exit code that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from inspect_server.gateways.pdf_verifying.findings import (
    Certificate,
    Distrust,
    Findings,
    Later,
    Signature,
    Stamp,
    Unreadable,
)
from inspect_server.reads.case_files.paper import PaperMatch
from inspect_server.usecases.documents.signing.match_record import Bytes, RecordMatch


class Weight(IntEnum):
    """What one sentence means for the whole."""

    GOOD = 0
    OPEN = 3  # not shown to be wrong, and not proven
    VOID = 4
    BAD = 1


UNREADABLE = {
    Unreadable.TOO_LARGE: "文件过大（超过 256 MB），不予核验。",
    Unreadable.NOT_PDF: "不是 PDF 文件。如是案卷 ZIP，请先解压，按其中的 SHA256SUMS 核对，"
    "再逐个核验其中的 PDF。",
    Unreadable.CUT: "文件不完整：末尾缺失，可能未下载完或被截断。请重新取得文件。",
    Unreadable.ENCRYPTED: "文件已加密。本系统制作的文书从不加密，此文件不是原件。",
    Unreadable.DAMAGED: "PDF 结构已损坏，无法核验；如是本系统的文书，则已被改动。",
    Unreadable.TOO_DEEP: "PDF 结构嵌套过深，不是正常的文书，不予核验。",
    Unreadable.TOO_COSTLY: "核验所需的时间或内存超过限度，不是正常的文书，不予核验。",
}
DISTRUST = {
    Distrust.NO_ROOTS: "没有配置信任的根证书（配置项 signature_trust，或命令中写 --trust 根证书），"
    "不能判断证书是否可信",
    Distrust.UNKNOWN_ISSUER: "证书不是由所信任的机构签发的，不能证明签名人身份",
    Distrust.OUT_OF_DATE: "签名时证书或其上级证书不在有效期内",
    Distrust.USAGE: "证书的用途不含签名",
    Distrust.OTHER: "证书链不成立，可能是冒名的证书",
}
FUTURE = "但所称时间比现在还晚，不足为凭，证书按现在是否有效判断"
NOT_ON_RECORD = (
    "登记中没有这份文书：文号和文件哈希都查不到。"
    "（用 documents render 排印的文书不登记；要有登记，用 documents issue 制作。）"
)
SUMMARY = {
    Weight.GOOD: "结论：所核验的各项均成立。",
    Weight.OPEN: "结论：未发现改动，但有事项未能证实，见标“？”的各行。",
    Weight.VOID: "结论：文书属实，但已作废，不再有效。",
    Weight.BAD: "结论：不成立，见标“×”的各行；请勿采信，并与制作机关核实。",
}
UNMEASURED = "结论：文件没有签名，也未与登记比对，不能判断是否改动。"
MARKS = {Weight.GOOD: "√", Weight.OPEN: "？", Weight.VOID: "×", Weight.BAD: "×"}


@dataclass(frozen=True)
class Verdict:
    """One sentence."""

    text: str
    weight: Weight

    @staticmethod
    def good(text: str) -> "Verdict":
        """Return what holds."""
        return _marked(Weight.GOOD, text)

    @staticmethod
    def open(text: str) -> "Verdict":
        """Return what could not be proven."""
        return _marked(Weight.OPEN, text)

    @staticmethod
    def bad(text: str) -> "Verdict":
        """Return what is wrong."""
        return _marked(Weight.BAD, text)

    @staticmethod
    def exit_code(verdicts: Sequence["Verdict"]) -> int:
        """Return 1 where anything is wrong, else 4, 3 or 0."""
        return int(_worst(verdicts))

    @staticmethod
    def summary(verdicts: Sequence["Verdict"], *, has_measure: bool = True) -> str:
        """Return the last line; no measure: neither a signature nor the record to hold it to."""
        worst = _worst(verdicts)
        return UNMEASURED if worst is Weight.OPEN and not has_measure else SUMMARY[worst]


def _marked(weight: Weight, text: str) -> Verdict:
    return Verdict(f"{MARKS[weight]} {text}", weight)


def _worst(verdicts: Sequence[Verdict]) -> Weight:
    weights = {one.weight for one in verdicts}
    return next(
        one for one in (Weight.BAD, Weight.VOID, Weight.OPEN, Weight.GOOD) if one in weights
    )


def of_file(findings: Findings) -> list[Verdict]:
    """Return what holds of the file as a file."""
    shown = f"文件 {findings.length:,} 字节，SHA-256 {findings.sha256}。"
    if findings.unreadable:
        return [Verdict.bad(UNREADABLE[Unreadable(findings.unreadable)])]
    found = [_marked(Weight.GOOD, shown)]
    if findings.facts_damaged:
        found.append(Verdict.bad("所附内容数据不可读，已被改动。"))
    elif not findings.facts and not findings.case:
        found.append(
            Verdict.bad(
                "没有附带内容数据（facts.json 或 case.json）：不是本系统制作的文书，或已被删去。"
            )
        )
    elif findings.facts_changed:
        found.append(Verdict.bad("所附内容数据在后来的追加中被替换。"))
    if findings.altered:
        found.append(Verdict.bad("文件的后续追加不只是签名，还改动了页面或其他内容。"))
    found += [
        Verdict.bad(f"签名 {name} 曾在文件中，已被后来的追加删去。") for name in findings.stripped
    ]
    found += [
        Verdict.bad(f"签名域 {name} 是空的：签名已被删去。") for name in findings.empty_fields
    ]
    return found


def of_signatures(findings: Findings, zone: ZoneInfo) -> list[Verdict]:
    """Return what the signatures prove."""
    stamps = [one for one in findings.signatures if one.is_stamp]
    signed = [one for one in findings.signatures if not one.is_stamp]
    found = []
    if not signed:
        only = "，只有时间戳：它证明文件何时已存在，不证明是谁制作的" if stamps else ""
        found.append(Verdict.open(f"文件没有电子签名{only}。"))
    elif len(findings.signatures) > 1:
        more = f"、{len(stamps)} 个时间戳" if stamps else ""
        found.append(_marked(Weight.GOOD, f"文件有 {len(signed)} 个签名{more}，逐个说明如下。"))
    for kind in (signed, stamps):
        for number, signature in enumerate(kind, 1):
            found += _of_signature(number, signature, findings.length, zone)
    return found


def of_pictures(findings: Findings) -> list[Verdict]:
    """Return a warning where signatures have pictures: they may hide what the page says."""
    return [
        Verdict.open(f"签名域 {name} 在页面上有图形，可能遮住原文，请对照所附内容数据或登记。")
        for name in findings.drawn
    ]


def _of_signature(number: int, signature: Signature, length: int, zone: ZoneInfo) -> list[Verdict]:
    own = signature.certificate
    who = f"“{own.subject}”" if own else "（签名人不明）"
    at = _local(signature.claimed_at, zone)
    said = f"签名 {number}：{who}签署，自称时间 {at or '未写明'}"
    what, content = "签名", "所签内容"
    if signature.is_stamp:
        said = f"时间戳 {number}：由{who}签发，所载时间 {at or '未写明'}"
        what, content = "时间戳", "所盖内容"
    found = []
    if not signature.is_checked and own and not signature.intact:
        return [Verdict.bad(f"{said}：{what}之后，{content}被改动。")]
    if not signature.is_checked:
        found.append(_unchecked(said, own))
    elif not signature.intact:
        return [Verdict.bad(f"{said}：{what}之后，{content}被改动。")]
    elif not signature.valid:
        return [Verdict.bad(f"{said}：签名值不成立，不是该证书的密钥所签。")]
    elif signature.is_future:
        found.append(Verdict.open(f"{said}；{content}未被改动，{FUTURE}。"))
    else:
        found.append(Verdict.good(f"{said}；{content}未被改动。"))
    found.append(_extent(signature, what, length))
    if signature.is_checked and own:
        found.append(_trust(own, f"{what}证书", zone))
    if signature.stamp:
        found += _stamped(signature.stamp, zone)
    return found


def _stamped(stamp: Stamp, zone: ZoneInfo) -> list[Verdict]:
    if not stamp.holds:
        return [Verdict.bad("签名中的时间戳不成立，签名时间未得证实。")]
    at = _local(stamp.at, zone)
    authority = _trust(stamp.certificate, "时间戳证书", zone)
    if stamp.certificate.distrust:
        return [
            Verdict.open(f"签名带有 {at} 的时间戳，签发机构不受信任，不能证明时间。"),
            authority,
        ]
    return [Verdict.good(f"时间戳证明此签名在 {at} 前已存在。"), authority]


def _unchecked(said: str, own: Certificate | None) -> Verdict:
    if own is None:
        return Verdict.bad(f"{said}：签名格式不可读，已损坏或被改动。")
    return Verdict.open(
        f"{said}：本程序不能核验其签名算法（如 SM2），请用签章厂商的程序核验签名值。"
    )


def _extent(signature: Signature, what: str, length: int) -> Verdict:
    if not signature.whole:
        return Verdict.bad(f"此{what}没有覆盖它之前的全部字节，或签名区内夹有其他内容。")
    more = length - signature.length
    match signature.later:
        case Later.NOTHING:
            return Verdict.good(f"此{what}覆盖整个文件，第 1 至 {length:,} 字节，其后没有追加。")
        case Later.ADDED:
            return Verdict.good(
                f"此{what}覆盖第 1 至 {signature.length:,} 字节；其后追加的 {more:,} 字节"
                "只是另外的签名或表单域，未改动页面。"
            )
    return Verdict.bad(
        f"此{what}覆盖第 1 至 {signature.length:,} 字节；其后追加的 {more:,} 字节改动了文件。"
    )


def _trust(certificate: Certificate, what: str, zone: ZoneInfo) -> Verdict:
    shown = (
        f"{what}：{certificate.subject}，由“{certificate.issuer}”签发，"
        f"有效期 {_day(certificate.valid_from, zone)} 至 {_day(certificate.valid_to, zone)}"
    )
    if certificate.distrust:
        return Verdict.open(f"{shown}；{DISTRUST[Distrust(certificate.distrust)]}。")
    return Verdict.good(f"{shown}；由所信任的根证书可验证。")


def of_record(match: RecordMatch | None, chain_faults: int) -> list[Verdict]:
    """
    Return how the file agrees with the record.

    Args:
        match: None where the record knows no such document.
        chain_faults: How many faults the check of its case found.
    """
    if match is None:
        return [Verdict.bad(NOT_ON_RECORD)]
    found = [Verdict.good(f"登记：{match.title}，{match.doc_no}，检查 {match.inspection_no}。")]
    found.append(_bytes(match))
    if not match.is_record_whole:
        found.append(Verdict.bad("登记中存储的文书内容与登记的哈希不符：登记已被改动。"))
    if not match.is_content_same:
        found.append(Verdict.bad("所附内容数据与登记的内容不符。"))
    if match.is_noted and not chain_faults:
        found.append(Verdict.good("全过程记录中有相应的制作记录，该案卷核验通过。"))
    elif not match.is_noted:
        found.append(Verdict.bad("全过程记录中没有与登记一致的制作或签名记录。"))
    else:
        found.append(
            Verdict.bad(f"该案卷的全过程记录有 {chain_faults} 处不符，请运行 record verify。")
        )
    if match.voided_at is not None:
        found.append(_marked(Weight.VOID, "该文书已经作废，不再有效。"))
    return found


def of_paper(match: PaperMatch) -> list[Verdict]:
    """Return how a paper that is made of the record and not registered agrees with it."""
    return [
        Verdict.good(f"{match.title}：由登记编制，不编文号，以下与登记比对。"),
        *map(Verdict.good, match.agreed),
        *map(Verdict.bad, match.wrong),
        *map(Verdict.open, match.unproven),
        *(_marked(Weight.VOID, said) for said in match.lapsed),
    ]


def _bytes(match: RecordMatch) -> Verdict:
    same = "，内容与登记一致" if match.is_record_whole else ""
    match match.bytes:
        case Bytes.SIGNED:
            return Verdict.good(f"文件与登记的签名文件逐字节一致{same}。")
        case Bytes.ISSUED if match.is_signed:
            return Verdict.open(
                "文件与制作时的原文件逐字节一致，但不是签名文件：登记中另有签名文件。"
            )
        case Bytes.ISSUED:
            return Verdict.good(f"文件与制作时的原文件逐字节一致{same}；登记中没有签名文件。")
        case Bytes.ADDED:
            return Verdict.bad("文件以制作时的原文件开头，但其后追加的内容不是登记的签名。")
        case Bytes.RECEIPT:
            return Verdict.good(
                f"文件是 {match.doc_no} 的热敏纸版，与按登记内容重新排印的逐字节一致{same}。"
            )
        case Bytes.OTHER if match.is_content_same:
            return Verdict.bad(
                "所附内容数据与登记一致，但文件与登记的不同，重新排印也得不到同样的文件："
                "页面可能已被改动，或是以其他字体、其他版本重新生成的（如热敏纸版）。"
            )
    return Verdict.bad("文件的字节与登记的文件不同，已被改动，或是重新生成的。")


def _local(moment: str, zone: ZoneInfo) -> str:
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _day(moment: str, zone: ZoneInfo) -> str:
    return _local(moment, zone)[:10]
