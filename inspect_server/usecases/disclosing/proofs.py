"""Giving an enterprise its own proof; every access stands in the record."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.disclosure.inclusion import (
    EXCLUDED,
    LIST_NAMES,
    POOL,
    Proved,
    check,
    make,
)
from inspect_server.domain.disclosure.outcome import Outcome
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.domain.identity import require
from inspect_server.domain.plan import EXCLUSIONS, cell_name, odds
from inspect_server.store import publications
from inspect_server.store.drawing import draws
from inspect_server.store.models.disclosure import NoticeKind
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.disclosing.notices import CASE
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

GIVES = (Role.OFFICE, Role.SUPERVISOR)


class NotPublishedYet(InspectError):
    """With its salt an enterprise could tell before the visit that it was drawn."""

    code, kind = "disclosure.not_published_yet", "conflict"
    message = (
        "抽取 {draw_no} 尚未公示：企业凭盐值可以推知自己是否被抽中，"
        "请在该批次公示之后再出具包含证明。"
    )


class EarlierDrawSealed(InspectError):
    """
    Who was drawn and not checked yet stays out of the next pool, and a proof says for what reason.

    So the proof of a public draw names whom an earlier one chose; whichever enterprise is asked
    for, the refusal is the same.
    """

    code, kind = "disclosure.earlier_draw_sealed", "conflict"
    message = (
        "抽取 {draw_no} 承诺之前揭示的抽取 {awaited} 尚未公示：从本次抽取的包含证明可以看出企业"
        "是否已被其抽中，所以对哪家企业都暂不出具；请先公示抽取 {awaited}"
        "（disclosure publish，检查尚未办结的，办结后公示），再出具包含证明。"
    )


@dataclass(frozen=True)
class GivenProof:
    """A proof with what a person reads of it."""

    proof: dict[str, Any]
    explanation: str


def give_proof(work: Work, draw_id: UUID, uscc: str) -> GivenProof:
    """
    Give an enterprise its salt and the proof of its line in the pool or among the excluded.

    Raises:
        Forbidden: The actor belongs neither to the office nor to the supervisors.
        NotFound: No such draw, or the registry of its day did not have this enterprise.
        NotPublishedYet: Its checks may still be to come.
        EarlierDrawSealed: Those of a draw before it may.
    """
    require(work.actor.roles, *GIVES, action="出具包含证明")
    draw = draws.lock(work.session, draw_id)
    certificate = cert.from_text(_published(work.session, draw))
    leaf = publications.leaf_of(work.session, draw_id, uscc)
    if leaf is None:
        raise NotFound(what=f"抽取 {draw.draw_no} 当日名录中的企业 {uscc}")
    included, excluded = draws.lines(work.session, draw_id)
    which, lines = (POOL, included) if leaf.included else (EXCLUDED, excluded)
    proof = make(
        certificate["commit_body"],
        which,
        lines,
        f"{leaf.label}\t{leaf.commitment}",
        leaf.salt,
        leaf.record,
    )
    note(
        work,
        "disclosure.proof_given",
        CASE,
        {"draw": str(draw_id), "draw_no": draw.draw_no, "leaf": leaf.commitment},
    )
    said = explain(check(proof), Outcome.of(certificate).said_of(leaf.commitment))
    return GivenProof(proof, said)


def why_not_yet(session: Session, draw_id: UUID) -> str:
    """Return why nobody gets a proof of a draw yet, "" when everybody does."""
    try:
        _published(session, session.get_one(Draw, draw_id))
    except (NotPublishedYet, EarlierDrawSealed) as refused:
        return str(refused)
    return ""


def explain(proved: Proved, outcome: str = "") -> str:
    """
    Return what a proof says, in plain Chinese.

    Args:
        outcome: How the draw ended for the enterprise; "" where only the proof itself is known.
    """
    who = f"{proved.record.get('name', '')}（{proved.record.get('uscc', '')}）"
    lines = [
        f"双随机抽取 {proved.draw_no} 包含证明",
        "",
        f"一、{who}在本次抽取的{LIST_NAMES[proved.list]}中，位于第 {proved.index + 1} 行，"
        f"共 {proved.size} 行。",
    ]
    if proved.p_ppm is None:
        reason = EXCLUSIONS.get(proved.label, proved.label)
        lines.append(f"二、没有列入抽取池的原因：{reason}（{proved.label}）。")
    else:
        lines.append(
            f"二、所在单元为“{cell_name(proved.label)}”（{proved.label}），"
            f"该单元每家企业被抽中的概率都是 {odds(proved.p_ppm)}。"
        )
    if outcome:
        lines.append(f"三、本次抽取结果：{outcome}。")
    lines += [
        "",
        f"承诺值：{proved.commit}",
        f"贵单位的承诺值：{proved.commitment}",
        "",
        "核对办法：上述承诺值应与抽取之前公布的承诺值一致；打开公示网页的“核对本企业”页面，"
        "选择证明文件即可核对。不想把证明交给网站的，可在“自行验证”页打开浏览器验证程序，"
        "同时选择公示的 certificate.json 和证明文件，在自己的电脑上核对，不需要相信本机关。",
        "装有 inspect-server 程序的，也可运行 inspect-server draw verify-proof 文件。",
        "盐值只交给贵单位。知道盐值的人可以确认贵单位在清单中的位置，请自行保管。",
    ]
    return "\n".join(lines) + "\n"


def _published(session: Session, draw: Draw) -> str:
    """Return the certificate of a draw whose proofs tell of no visit to come."""
    notice = publications.newest_notice(session, NoticeKind.BATCH, draw.draw_no)
    text = publications.certificate_of(session, draw)
    if notice is None or text is None:
        raise NotPublishedYet(draw_no=draw.draw_no)
    if awaited := publications.sealed_before(session, draw):
        raise EarlierDrawSealed(draw_no=draw.draw_no, awaited="、".join(awaited))
    return text
