"""What a 替补申请单 says: the newest logged request of a draw, by commitments."""

import json

from inspect_server.domain.draw.ceremony.words import place_name
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.replacement.requests import REASON_NAMES, Reason
from inspect_server.domain.errors import InspectError
from inspect_server.store.drawing import papers as people
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import Draw, HashChain
from inspect_server.usecases.work import Work
from pdf_templates.draw.parts import Signer
from pdf_templates.draw.replacement_request import ReplacementRequest


class NoRequestYet(InspectError):
    """A request is printed once it is logged."""

    code, kind = "draw.no_request_yet", "conflict"
    message = (
        "抽取 {draw_no} 没有登记过替补申请，没有申请单可印，请先登记申请（draw replace request）。"
    )


def request_facts(work: Work, draw: Draw) -> ReplacementRequest:
    """
    Return the facts of the newest request, the one that waits or else the last completed one.

    Raises:
        NoRequestYet: None was logged.
    """
    rows = store.of_draw(work.session, draw.id)
    if not rows:
        raise NoRequestYet(draw_no=draw.draw_no)
    row = rows[-1]
    chain = work.session.get_one(HashChain, row.chain_id)
    names = people.account_names(work.session, [row.requested_by, row.approved_by])
    zone = work.settings.zone
    return ReplacementRequest(
        doc_no=draw.draw_no,
        authority=draw.authority,
        made_at=work.now.astimezone(zone).isoformat(timespec="seconds"),
        k=row.k,
        reason=REASON_NAMES[Reason(row.reason)],
        requested_at=row.requested_at.astimezone(zone).isoformat(timespec="seconds"),
        requested_by=names[row.requested_by],
        approved_by=names[row.approved_by],
        leaf=row.request_leaf,
        commit=draw.commit_hex,
        task=row.task,
        place=_place(draw, row.dept, row.role),
        out=row.went_out,
        evidence_sha256=row.evidence_sha256,
        holder=chain.holder,
        anchor=chain.anchor_hex,
        position=row.position,
        command="inspect-server draw chain next（或者 python witness_chain.py next）"
        f" --file 秘密文件 --position {row.position} --for 申请记录",
        signers=(
            Signer("申请人", draw.authority),
            Signer("批准人", draw.authority),
            Signer("见证方", chain.holder),
        ),
    )


def _place(draw: Draw, dept: str, role: str) -> str:
    """Return what people call the place that becomes free, "" of an enterprise."""
    if not role:
        return ""
    body = checked_body(json.loads(draw.commit_body))
    return place_name(dept, role, joint=len(body.team_rules) > 1)
