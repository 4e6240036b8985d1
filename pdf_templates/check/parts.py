"""What the documents of a check share: people, signatures, and how they stand on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.facts import fact
from pdf_templates.setting.blocks import left_aligned, paragraph
from pdf_templates.setting.lines import Span, break_lines, text_width
from pdf_templates.setting.page import (
    LEADING,
    SIDE,
    SIZE,
    TEXT_WIDTH,
    WIDTH,
    Mark,
    Rule,
    Strip,
    Strokes,
    Text,
)
from pdf_templates.wording import long_time

SMALL = 8.0
SIGN_WIDTH = 84.0
SIGN_HEIGHT = SIGN_WIDTH / 3
RUNNING_WIDTH = 51.0
SIGNED, RECEIVED = "签名时间", "签收时间"


@dataclass(frozen=True)
class Officer:
    """An inspector as documents name them."""

    name: str = fact("执法人员姓名", personal=True)
    cert_no: str = fact("执法证号", personal=True)
    unit: str = fact("所属单位")


@dataclass(frozen=True)
class Enterprise:
    """The inspected unit."""

    name: str = fact("被检查单位")
    uscc: str = fact("统一社会信用代码")
    address: str = fact("地址")
    legal_person: str = fact("法定代表人（负责人）", personal=True)
    position: str = fact("职务", personal=True)
    phone: str = fact("联系电话", personal=True)


@dataclass(frozen=True)
class Signature:
    """A handwritten signature from a phone, or the refusal to give one."""

    signer: str = fact("签名身份：officer、enterprise、witness")
    name: str = fact("签名人", personal=True)
    cert_no: str = fact("执法证号，非执法人员为空", personal=True)
    position: str = fact("签名人职务，未填为空", personal=True)
    signed_at: str = fact("签名时间（RFC 3339，当地时差）")
    strokes: tuple[tuple[tuple[int, int], ...], ...] = fact(
        "笔迹：0 至 1000 的坐标，框宽高比 3∶1", personal=True
    )
    refused: bool = fact("是否拒签")
    refusal_reason: str = fact("拒签理由", personal=True)
    stale: bool = fact("签名后内容是否有变动")
    unseen: tuple[str, ...] = fact("签名时未见的内容")
    phone_of: str = fact("在他人手机上签名时，该手机的登记人；在本人手机上为空", personal=True)


def of(signatures: Sequence[Signature], signer: str) -> list[Signature]:
    """Return the signatures given in one role."""
    return [s for s in signatures if s.signer == signer]


def signed_by(signatures: Sequence[Signature], officer: Officer) -> Signature | None:
    """Return an officer's own signature."""
    return next((s for s in signatures if s.cert_no == officer.cert_no and not s.refused), None)


def officer_rows(
    label: str, officers: Sequence[Officer], signatures: Sequence[Signature]
) -> list[Strip]:
    """Return signature places of the officers, two beside each other, with 证号 and time."""
    rows = []
    width = TEXT_WIDTH / 2 - SIZE
    for start in range(0, len(officers), 2):
        places = []
        for column, officer in enumerate(officers[start : start + 2]):
            given = signed_by(signatures, officer)
            below = (f"证号：{officer.cert_no}", _moment(given))
            places.append(_place(label, SIDE + column * TEXT_WIDTH / 2, width, given, below))
        rows.append(
            Strip(
                max(place.height for place in places),
                tuple(mark for place in places for mark in place.marks),
                keep=True,
            )
        )
    return rows


def party_rows(
    label: str, refusal: str, given: Sequence[Signature], when: str = SIGNED
) -> list[Strip]:
    """
    Return the signature places of one side; an empty line to sign by hand where nobody signed.

    Args:
        label: What stands before the line.
        refusal: Sentence about a refusal, with {reason}.
        given: Signatures and refusals of this side.
        when: What the moment of signing is called.
    """
    rows: list[Strip] = []
    places: list[Signature | None] = [*given] or [None]
    for signature in places:
        if signature is not None and signature.refused:
            text = refusal.format(reason=signature.refusal_reason.strip("。；，. ") or "未说明")
            at = f"（{long_time(signature.signed_at)}记录）"
            rows.extend(kept(paragraph([Span(text + at, field="拒签情况")])))
            continue
        who = ""
        if signature is not None:
            who = "　".join(part for part in (signature.name, signature.position) if part)
        below = (who, _moment(signature, when))
        rows.append(_place(label, SIDE, TEXT_WIDTH, signature, below))
    return rows


def receipt_rows(party: str) -> list[Strip]:
    """Return the lines on which one side signs by hand that it received the document, and when."""
    label, day = f"{party}（签名）：", f"{RECEIVED}：　　　　年　　月　　日　　时"
    left, right = SIDE + text_width(label, SIZE), WIDTH - SIDE - text_width(day, SIZE)
    signs = Strip(
        SIGN_HEIGHT + 7,
        (
            left_aligned(label, SIZE, SIGN_HEIGHT - 2, "body"),
            Rule(left, SIGN_HEIGHT + 1, right - SIZE / 2, SIGN_HEIGHT + 1, 0.5),
            left_aligned(day, SIZE, SIGN_HEIGHT - 2, "body", right),
        ),
        keep=True,
    )
    remark = [Span("拒签、代收等情况："), Span("", line=True, fill=True, field="备注")]
    return [signs, *kept(paragraph(remark, first=0))]


def small_print(text: str, field: str) -> list[Strip]:
    """Return a remark below signatures in small type."""
    lines = break_lines([Span(text, "song", field=field)], SMALL, TEXT_WIDTH)
    return [Strip(11, (Text(SIDE, 8, SMALL, line),), keep=True) for line in lines]


def kept(strips: Sequence[Strip]) -> list[Strip]:
    """Return the strips so that no page break falls within or after them."""
    return [Strip(strip.height, strip.marks, True) for strip in strips]


def _moment(given: Signature | None, when: str = SIGNED) -> str:
    return f"{when}：{long_time(given.signed_at)}" if given else ""


def _place(
    label: str, x: float, width: float, given: Signature | None, below: tuple[str, ...]
) -> Strip:
    """Return one place to sign, with lines of small type below that wrap within `width`."""
    text = label + "："
    left = x + text_width(text, SIZE)
    marks: list[Mark] = [
        left_aligned(text, SIZE, SIGN_HEIGHT - 2, "body", x),
        Rule(left, SIGN_HEIGHT + 1, left + SIGN_WIDTH + 10, SIGN_HEIGHT + 1, 0.5),
    ]
    if given is not None:
        marks.append(Strokes(left + 5, 0, SIGN_WIDTH, given.strokes))
    y = SIGN_HEIGHT + 12
    for said in filter(None, below):
        for line in break_lines([Span(said, "song", field=label)], SMALL, width, justify=False):
            marks.append(Text(x, y, SMALL, line))
            y += 11
    return Strip(max(y - 11, SIGN_HEIGHT + 12) + 7, tuple(marks), keep=True)


def notes_on(signatures: Sequence[Signature]) -> list[Strip]:
    """Return what must be said openly: what a signer had not seen, or what changed later."""
    rows = on_other_phones(signatures)
    for given in signatures:
        if given.unseen:
            text = f"注：{given.name}签名时未见：{'、'.join(given.unseen)}。"
            rows.extend(kept(paragraph([Span(text, field="签名时未见")], first=0)))
        if given.stale:
            text = f"注：{given.name}签名后内容有变动，变动经过见电子案卷。"
            rows.extend(kept(paragraph([Span(text, field="签名后变动")], first=0)))
    return rows


def on_other_phones(signatures: Sequence[Signature]) -> list[Strip]:
    """Return which officers signed on another officer's phone: its key stands for the strokes."""
    rows: list[Strip] = []
    for given in signatures:
        if given.phone_of:
            text = f"注：{given.name}的签名在{given.phone_of}的手机上签署。"
            rows.extend(kept(paragraph([Span(text, field="签名所用手机")], first=0)))
    return rows


def running_line(officers: Sequence[Officer], signatures: Sequence[Signature], party: str) -> Strip:
    """Return the line to sign at the foot of every page before the last."""
    marks: list[Mark] = []
    x = _running_label("检查人员（签名）：", SIDE, marks)
    for officer in officers[:2]:
        given = signed_by(signatures, officer)
        if given is not None:
            marks.append(Strokes(x, 6, RUNNING_WIDTH, given.strokes))
        x += RUNNING_WIDTH + 4
    x = _running_label(f"{party}（签名）：", x + 6, marks)
    sides = of(signatures, "enterprise")
    given = next((s for s in sides if not s.refused), None)
    if given is not None:
        marks.append(Strokes(x, 6, RUNNING_WIDTH, given.strokes))
    elif sides:
        marks.append(left_aligned("（拒签）", 9, 20, "body", x))
    return Strip(LEADING + 9, tuple(marks))


def _running_label(text: str, x: float, marks: list[Mark]) -> float:
    marks.append(left_aligned(text, 9, 20, "body", x))
    return x + text_width(text, 9)
