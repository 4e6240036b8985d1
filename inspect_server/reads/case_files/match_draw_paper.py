"""
What the record says of a paper of a draw: the draw log has the hash of each that was printed.

A paper is set for the moment and kept as it was printed, so its bytes are known or it is another.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.record import leaf_hash
from inspect_server.reads.case_files.paper import PaperMatch, plain
from inspect_server.reads.record_checks import check_cases
from inspect_server.store import record
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.models.record import RecordLeaf
from pdf_templates import catalogue

KINDS: Mapping[str, str] = {
    "anchors": "draw_anchors",
    "checklist": "draw_checklist",
    "commitment": "draw_commitment",
    "replacement-request": "draw_replacement_request",
    "result": "draw_result",
    "result-internal": "draw_result",
}
"""The kind of each paper, by the name under which its printing is noted."""
RESULTS = ("result", "result-internal")
FOR_WHOM: Mapping[str, str] = {"result-internal": "（内部）"}


def match_draw_paper(session: Session, sha256: str, inside: Mapping[str, Any]) -> PaperMatch | None:
    """
    Return how a paper of a draw agrees with the draw log; None for any other paper.

    Args:
        session: Reading.
        sha256: Of the file.
        inside: The facts that the file carries.
    """
    for leaf in record.leaves_of_type(session, "draw.printed"):
        body = json.loads(leaf.content)["body"]
        if body["pdf_sha256"] == sha256 and leaf_hash(leaf.content) == leaf.leaf:
            return _printed(session, leaf, body, inside)
    kind = _kind_of(inside)
    if kind is None:
        return None
    match = PaperMatch(f"{catalogue.label(kind)} {plain(inside.get('doc_no'))}")
    match.wrong.append(
        "抽取日志中没有印制这一文件的记录：不是 draw print 印制的原件，或印制之后已被改动。"
    )
    return match


def _printed(
    session: Session, leaf: RecordLeaf, body: Mapping[str, Any], inside: Mapping[str, Any]
) -> PaperMatch:
    what = body["what"]
    title = catalogue.titled(KINDS[what], body.get("template", "")) + FOR_WHOM.get(what, "")
    match = PaperMatch(f"{title} {plain(inside.get('doc_no'))}")
    match.agreed.append("文件与印制时的原件逐字节一致，抽取日志中有印制记录。")
    if faults := sum(len(one.faults) for one in check_cases(session, draws.CASE)):
        match.wrong.append(f"抽取日志有 {faults} 处不符，请运行 record verify 查看。")
    if "draw" in body:
        _since(session, match, leaf, body)
    return match


def _since(session: Session, match: PaperMatch, leaf: RecordLeaf, body: Mapping[str, Any]) -> None:
    """Say what became of the draw after the paper was printed."""
    draw_id = UUID(body["draw"])
    voided = [one.voided_at for one in replacements.voids(session, draw_id)]
    if any(at is not None and at > leaf.at for at in voided):
        match.lapsed.append("印制之后，该次抽取已经作废。")
    if body["what"] not in RESULTS:
        return
    done = [one.completed_at for one in replacements.of_draw(session, draw_id)]
    if later := sum(at is not None and at > leaf.at for at in done):
        match.unproven.append(f"印制之后又有 {later} 次替补，本表所列是替补之前的结果。")


def _kind_of(inside: Mapping[str, Any]) -> str | None:
    """Return the kind of draw paper whose fields these are."""
    for kind in dict.fromkeys(KINDS.values()):
        if inside.keys() == {one.name for one in fields(catalogue.template(kind).facts)}:
            return kind
    return None
