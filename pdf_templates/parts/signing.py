"""Signatures: given on a phone and drawn, refused and said so, or a line to sign in ink."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Beside, Constraint
from pdf_templates.fields import Form, choice, fact, moment, part, text
from pdf_templates.parts.people import Officer
from pdf_templates.setting.lines import Span, break_lines, text_width
from pdf_templates.setting.page import Mark, Rule, Strip, Strokes, Text
from pdf_templates.setting.stationery import Stationery, kept
from pdf_templates.wording import listed, long_time, unended

SIGN_WIDTH = 84.0
SIGN_HEIGHT = SIGN_WIDTH / 3
RUNNING_WIDTH = 51.0
RUNNING = 9.0
"""Type size of the line to sign at the foot of a page."""
SMALL_PITCH = 11.0
SIGNED, RECEIVED = "签名时间", "签收时间"
WITNESS_REFUSED = "见证人拒绝签名，理由：{reason}。"
NONE_DRAWN: Mapping[str, Sequence["Signature"]] = {}
SIGNERS = {"officer": "执法人员", "enterprise": "当事人一方", "witness": "见证人等其他在场人员"}
BOX = 1000
"""The width and the height of the box in which phones draw, in their units."""
TO_FILL_IN = "　　　　年　　月　　日"


def _is_within(strokes: Sequence[object]) -> bool:
    """Return whether all numbers, however they are nested, lie in the box."""
    return all(
        _is_within(one) if isinstance(one, list | tuple) else not _is_outside(one)
        for one in strokes
    )


def _is_outside(one: object) -> bool:
    return isinstance(one, int) and not 0 <= one <= BOX  # what is no number is told by its place


WITHIN = Form(f"各坐标应为 0 至 {BOX}", _is_within)


@dataclass(frozen=True)
class Signature:
    """A handwritten signature from a phone, or the refusal to give one."""

    signer: str = choice("签名身份", SIGNERS)
    name: str = text("签名人，拒签而未报姓名的为空", personal=True, optional=True)
    cert_no: str = text("执法证号，非执法人员为空", personal=True, optional=True)
    position: str = text("签名人职务，未填为空", personal=True, optional=True)
    signed_at: str = moment("签名时间")
    strokes: tuple[tuple[tuple[int, int], ...], ...] = fact(
        "笔迹：0 至 1000 的坐标，框宽高比 3∶1", personal=True, form=WITHIN
    )
    refused: bool = part("是否拒签")
    refusal_reason: str = text("拒签理由，未拒签为空", personal=True, optional=True)
    stale: bool = part("签名后内容是否有变动")
    unseen: tuple[str, ...] = part("签名时未见的内容")
    phone_of: str = text(
        "在他人手机上签名时，该手机的登记人；在本人手机上为空", personal=True, optional=True
    )


def _whose(cert_no: str, officers: Sequence[str], signer: str) -> str:
    if signer != "officer" or cert_no in officers:
        return ""
    return "执法人员的签名，应为文书所列执法人员的执法证号，否则该签名印不出来"


SIGNED_BY_OFFICERS = Constraint(
    "signatures[].cert_no", ("officers[].cert_no", Beside("signatures[].signer")), _whose
)
"""For documents that show the officers' signatures by their 执法证号."""


def not_drawn(officers: Sequence[Officer], signatures: Sequence[Signature]) -> list[str]:
    """Return the doubt about officers' signatures that are none of these officers'."""
    known = {one.cert_no for one in officers}
    strangers = [
        number
        for number, one in enumerate(signatures, 1)
        if one.signer == "officer" and one.cert_no not in known
    ]
    said = f"第{listed(strangers)}个签名的执法证号不是文书所列执法人员的，该签名没有印出"
    return [said] if strangers else []


def of(signatures: Sequence[Signature], signer: str) -> list[Signature]:
    """Return the signatures given in one role."""
    return [s for s in signatures if s.signer == signer]


def signed_by(signatures: Sequence[Signature], officer: Officer) -> Signature | None:
    """Return an officer's own signature."""
    return next((s for s in signatures if s.cert_no == officer.cert_no and not s.refused), None)


def given_by(signatures: Sequence[Signature], signer: str, name: str) -> list[Signature]:
    """Return what somebody signed in one role; nothing where they sign in ink."""
    return [one for one in of(signatures, signer) if one.name == name and not one.refused]


def officers_sign(
    on: Stationery, label: str, officers: Sequence[Officer], signatures: Sequence[Signature] = ()
) -> list[Strip]:
    """Return places where the officers sign, two beside each other, with 证号 and time."""
    places = []
    for officer in officers:
        given = signed_by(signatures, officer)
        places.append((label, given, (f"证号：{officer.cert_no}", _moment(given))))
    return _beside_each_other(on, places)


def people_sign(on: Stationery, *labels: str) -> list[Strip]:
    """Return lines to sign in ink, two beside each other; each label says in which capacity."""
    return _beside_each_other(on, [(label, None, ("",)) for label in labels])


def each_signs(
    on: Stationery, people: Sequence[tuple[str, str]], signatures: Sequence[Signature]
) -> list[Strip]:
    """Return places for officers to sign, by label and name, drawn where they did on a phone."""
    places = []
    for label, name in people:
        signed = next(iter(given_by(signatures, "officer", name)), None)
        places.append((label, signed, (name, _moment(signed)) if signed else ("",)))
    return _beside_each_other(on, places)


def others_sign(on: Stationery, people: Sequence[tuple[str, str, Signature | None]]) -> list[Strip]:
    """Return places for others who were there, two beside each other: label, who, what is drawn."""
    places = [(label, given, (who, _moment(given))) for label, who, given in people]
    return _beside_each_other(on, places)


def side_signs(on: Stationery, party: str, given: Sequence[Signature]) -> list[Strip]:
    """Return where somebody signs with the date: as drawn on a phone, or a line for ink."""
    return party_signs(on, f"{party}（签名）", "", given) if given else dated_lines(on, party)


def _beside_each_other(
    on: Stationery, places: Sequence[tuple[str, Signature | None, tuple[str, ...]]]
) -> list[Strip]:
    """Return places to sign in two columns, or below each other where the paper is narrow."""
    half, left = on.paper.text_width / 2, on.paper.left
    longest = max((text_width(f"{label}：", on.paper.size) for label, _, _ in places), default=0.0)
    if longest + SIGN_WIDTH + on.paper.size > half:
        whole = on.paper.text_width
        return [_place(on, label, left, whole, given, below) for label, given, below in places]
    rows = []
    for start in range(0, len(places), 2):
        row = [
            _place(on, label, left + column * half, half - on.paper.size, given, below)
            for column, (label, given, below) in enumerate(places[start : start + 2])
        ]
        height = max(place.height for place in row)
        rows.append(Strip(height, tuple(mark for place in row for mark in place.marks), keep=True))
    return rows


def party_signs(
    on: Stationery, label: str, refusal: str, given: Sequence[Signature], when: str = SIGNED
) -> list[Strip]:
    """
    Return the signature places of one side; an empty line to sign by hand where nobody signed.

    Args:
        on: What it is printed on.
        label: What stands before the line.
        refusal: Sentence about a refusal, with {reason}.
        given: Signatures and refusals of this side.
        when: What the moment of signing is called.
    """
    rows: list[Strip] = []
    places: list[Signature | None] = [*given] or [None]
    for signature in places:
        if signature is not None and signature.refused:
            said = refusal.format(reason=unended(signature.refusal_reason) or "未说明")
            at = f"（{long_time(signature.signed_at)}记录）"
            rows.extend(kept(on.said(said + at, "拒签情况")))
            continue
        who = ""
        if signature is not None:
            who = "　".join(part for part in (signature.name, signature.position) if part)
        below = (who, _moment(signature, when))
        rows.append(_place(on, label, on.paper.left, on.paper.text_width, signature, below))
    return rows


def receives(on: Stationery, party: str, document: str, given: Sequence[Signature]) -> list[Strip]:
    """
    Return how the party received a document, or refused to before a witness.

    Args:
        on: What it is printed on.
        party: Who receives it, such as 被检查单位负责人.
        document: What it is called there, such as 本指令书.
        given: Signatures from phones; of the party none means lines to sign in ink.
    """
    sides, witnesses = of(given, "enterprise"), of(given, "witness")
    refused = f"{party}拒绝签收{document}，理由：{{reason}}。"
    rows = (
        party_signs(on, f"{party}（签名）", refused, sides, RECEIVED)
        if sides
        else received(on, party)
    )
    if witnesses or any(one.refused for one in sides):
        rows += party_signs(on, "见证人（签名）", WITNESS_REFUSED, witnesses)
    return rows


def received(on: Stationery, party: str, to: str = "　　时") -> list[Strip]:
    """
    Return the lines on which one side signs by hand that it received the document, and when.

    Args:
        on: What it is printed on.
        party: Who receives it.
        to: What follows the day: the hour, or the minute where a term counts by the hour.
    """
    remark = [Span("拒签、代收等情况："), Span("", line=True, fill=True, field="备注")]
    day = f"{RECEIVED}：{TO_FILL_IN}{to}"
    return [*dated_lines(on, party, day), *kept(on.paragraph(remark, first=0))]


def dated_lines(on: Stationery, party: str, day: str = TO_FILL_IN) -> list[Strip]:
    """Return a line to sign in ink with the date beside it, below it on narrow paper."""
    paper, label = on.paper, f"{party}（签名）："
    left = paper.left + text_width(label, paper.size)
    day_at = paper.width - paper.right - text_width(day, paper.size)
    rule, base = SIGN_HEIGHT + 1, SIGN_HEIGHT - 2
    if day_at - left < SIGN_WIDTH:
        signs = _place(on, f"{party}（签名）", paper.left, paper.text_width, None, ())
        return [signs, Strip(paper.leading, (on.beginning(day, paper.size, on.base),), keep=True)]
    marks = (
        on.beginning(label, paper.size, base),
        Rule(left, rule, day_at - paper.size / 2, rule, 0.5),
        on.ending(day, paper.size, base),
    )
    return [Strip(SIGN_HEIGHT + 7, marks, keep=True)]


def dated(on: Stationery, day: str) -> Strip:
    """Return the date at the right of a document that bears signatures and no seal."""
    return Strip(on.paper.leading, (on.ending(day, on.paper.size, on.base),))


def _moment(given: Signature | None, when: str = SIGNED) -> str:
    return f"{when}：{long_time(given.signed_at)}" if given else ""


def _place(
    on: Stationery,
    label: str,
    x: float,
    width: float,
    given: Signature | None,
    below: tuple[str, ...],
) -> Strip:
    """Return one place to sign, with lines of small type below that wrap within `width`."""
    said, size = f"{label}：", on.paper.size
    after = text_width(said, size)
    is_beside = after + SIGN_WIDTH + 10 <= width
    lines = break_lines(on.shown([Span(said, field=label)]), size, width, justify=False)
    left, above = (x + after, 0.0) if is_beside else (x, on.paper.leading * len(lines))
    rule = above + SIGN_HEIGHT + 1
    marks: list[Mark] = [
        Text(x, SIGN_HEIGHT - 2 if is_beside else on.base + n * on.paper.leading, size, line)
        for n, line in enumerate(lines)
    ]
    marks.append(Rule(left, rule, left + SIGN_WIDTH + 10, rule, 0.5))
    if given is not None:
        marks.append(Strokes(left + 5, above, SIGN_WIDTH, given.strokes))
    y = above + SIGN_HEIGHT + 12
    for line_below in filter(None, below):
        for line in on.fine_print(line_below, label, width, justify=False):
            marks.append(Text(x, y, on.small, line))
            y += SMALL_PITCH
    height = max(y - SMALL_PITCH, above + SIGN_HEIGHT + 12) + 7
    return Strip(height, tuple(marks), keep=True)


def notes_on(on: Stationery, signatures: Sequence[Signature]) -> list[Strip]:
    """Return what must be said openly: what a signer had not seen, or what changed later."""
    rows = on_other_phones(on, signatures)
    for given in signatures:
        if given.unseen:
            said = f"注：{given.name}签名时未见：{'、'.join(given.unseen)}。"
            rows.extend(kept(on.said(said, "签名时未见", first=0)))
        if given.stale:
            said = f"注：{given.name}签名后内容有变动，变动经过见电子案卷。"
            rows.extend(kept(on.said(said, "签名后变动", first=0)))
    return rows


def on_other_phones(on: Stationery, signatures: Sequence[Signature]) -> list[Strip]:
    """Return which officers signed on another officer's phone: its key stands for the strokes."""
    rows: list[Strip] = []
    for given in signatures:
        if given.phone_of:
            said = f"注：{given.name}的签名在{given.phone_of}的手机上签署。"
            rows.extend(kept(on.said(said, "签名所用手机", first=0)))
    return rows


def running_line(
    on: Stationery,
    officers: Sequence[Officer],
    signatures: Sequence[Signature],
    party: str,
    capacity: str = "检查人员",
) -> Strip:
    """Return the line to sign at the foot of every page before the last."""
    marks: list[Mark] = []
    x = _running_label(on, f"{capacity}（签名）：", on.paper.left, marks)
    for officer in officers[:2]:
        given = signed_by(signatures, officer)
        if given is not None:
            marks.append(Strokes(x, 6, RUNNING_WIDTH, given.strokes))
        x += RUNNING_WIDTH + 4
    x = _running_label(on, f"{party}（签名）：", x + 6, marks)
    sides = of(signatures, "enterprise")
    given = next((s for s in sides if not s.refused), None)
    if given is not None:
        marks.append(Strokes(x, 6, RUNNING_WIDTH, given.strokes))
    elif sides:
        marks.append(Text(x, 20, RUNNING, on.single("（拒签）", RUNNING)))
    return Strip(on.paper.leading + RUNNING, tuple(marks))


def running_places(
    on: Stationery, *labels: str, drawn: Mapping[str, Sequence[Signature]] = NONE_DRAWN
) -> Strip:
    """
    Return the line to sign at the foot of each page: a place for each, equally wide.

    Args:
        on: What it is printed on.
        labels: In which capacity who signs.
        drawn: What was signed on phones, by the label; the others sign in ink.
    """
    paper, marks = on.paper, list[Mark]()
    x = _running_label(on, "本页签名　", on.paper.left, marks)
    said = {label: f"{label}：" for label in labels}
    taken = sum(text_width(one, RUNNING) for one in said.values())
    room = (paper.width - paper.right - x - taken) / len(labels)
    for label, one in said.items():
        x = _running_label(on, one, x, marks) + room
        marks.append(Rule(x - room, 22, x - RUNNING / 2, 22, 0.4))
        given = drawn.get(label, ())
        width = min(RUNNING_WIDTH, (room - RUNNING / 2) / max(len(given), 1))
        marks += [
            Strokes(x - room + number * width, 22 - width / 3, width, signed.strokes)
            for number, signed in enumerate(given)
        ]
    return Strip(paper.leading + RUNNING, tuple(marks))


def _running_label(on: Stationery, said: str, x: float, marks: list[Mark]) -> float:
    marks.append(Text(x, 20, RUNNING, on.single(said, RUNNING)))
    return x + text_width(said, RUNNING)
