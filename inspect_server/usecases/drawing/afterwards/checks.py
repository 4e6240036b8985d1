"""Dice, replacements, void and every certificate, compared with tables, files and record."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.ceremony.dice import dice_among, roll_before, told, too_late
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.entropy import DICE
from inspect_server.domain.record import moment
from inspect_server.store import record
from inspect_server.store.drawing import dice, draws, timestamps
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import Draw, DrawState, HashChain
from inspect_server.store.models.replacing import DrawReplacement, DrawVoid
from inspect_server.usecases.work import BlobStore

Events = Mapping[str, Mapping[str, Any]]
"""Leaf -> event, of the whole draw log in order."""
ORIGINAL = ("commit_body", "commit", "entropy", "seed", "r", "counts", "teams")
"""What no later version of a certificate changes."""
ASKED_OF_VOID = ("reason", "evidence_sha256", "approved_by", "paper_because")


def events(session: Session) -> Events:
    """Return the draw log."""
    return {leaf.leaf: json.loads(leaf.content) for leaf in record.leaves(session, draws.CASE)}


def wrong_versions(session: Session, draw: Draw, log: Events) -> str:
    """Say what is wrong with the versions of a certificate, "" when nothing is."""
    versions = store.issued(session, draw)
    read = [cert.from_text(one.text) for one in versions]
    for earlier, later in pairwise(read):
        if any(later[key] != earlier[key] for key in ORIGINAL):
            return "重新签发的证书改动了原抽取结果"
        if _chosen(later) != _chosen(earlier):
            return "重新签发的证书改动了原抽中名单"
        if later["replacements"][: len(earlier["replacements"])] != earlier["replacements"]:
            return "重新签发的证书改动了此前的替补"
    issuing = [
        event
        for event in log.values()
        if event["type"] in {"draw.revealed", "draw.replaced", "draw.voided"}
        and event["body"]["commit"] == draw.commit_hex
    ]
    if len(issuing) != len(versions):
        return "证书的版本数与记录不符"
    for one, data, event in zip(versions, read, issuing, strict=True):
        if event["body"]["certificate_sha256"] != _sha256(one.text):
            return f"第 {one.version} 版证书与记录中的哈希不符"
        if (moment(one.issued_at), one.issued_by) != (event["at"], event["actor"]):
            return f"第 {one.version} 版证书的签发时间或签发人与记录不符"
        if event["case_prev"] != data["log_head"]:
            return f"第 {one.version} 版证书在记录中的位置不符"
    return ""


def wrong_dice(session: Session, draw: Draw, certificate: Mapping[str, Any], log: Events) -> str:
    """Say what is wrong with the dice of a draw, "" when nothing is."""
    sources = checked_body(json.loads(draw.commit_body)).sources
    row, declared = dice.of_draw(session, draw.id), dice_among(sources)
    rolled = [leaf for leaf, event in log.items() if _is(event, "draw.dice_rolled", draw)]
    if len(rolled) > 1 or (rolled and declared is None):
        return "骰子录入了不止一次，或者承诺没有声明掷骰"
    shown = [one for one in certificate["entropy"] if one["source"] == DICE]
    if not rolled:
        return "记录中没有骰子的录入" if row or shown else ""
    event = log[rolled[0]]
    said = (event["body"]["value"], rolled[0], event["at"], event["actor"])
    if row is None or (row.value, row.leaf, moment(row.rolled_at), row.rolled_by) != said:
        return "骰子点数的登记与记录不符"
    if too_late(sources, datetime.fromisoformat(event["at"])):
        return f"骰子录入的时间不早于 {told(roll_before(sources))}，公开随机值可能已经产生"
    others = [leaf for leaf, one in log.items() if _is(one, "draw.committed", draw)]
    if list(log).index(rolled[0]) < list(log).index(others[0]):
        return "骰子在承诺之前录入"
    if not shown:
        return ""
    stated = (bytes.fromhex(shown[0]["bytes_hex"]).decode("ascii"), shown[0]["proof"])
    return "" if stated == (row.value, row.leaf) else "骰子点数与证书不符"


def wrong_timestamps(
    session: Session, draw: Draw, certificate: Mapping[str, Any], log: Events
) -> str:
    """Say what is wrong with the timestamps on a commit, "" when nothing is."""
    rows = timestamps.of_draw(session, draw.id)
    logged = [event for event in log.values() if _is(event, "draw.timestamped", draw)]
    if [row.number for row in rows] != [*range(1, len(logged) + 1)]:
        return "收存的时间戳与记录不符"
    for row, event in zip(rows, logged, strict=True):
        said = (event["body"]["token_sha256"], event["at"], event["actor"])
        stored = (hashlib.sha256(row.token).hexdigest(), moment(row.stored_at), row.stored_by)
        if stored != said or event["body"].get("tsa", row.tsa) != row.tsa:
            return "收存的时间戳与记录不符"
    if draw.state is DrawState.COMMITTED:  # no certificate carries them yet
        return ""
    shown = timestamps.in_certificate(session, draw.id)
    return "" if shown == certificate["timestamps"] else "收存的时间戳与证书不符"


def wrong_replacements(
    session: Session, blobs: BlobStore, draw: Draw, certificate: Mapping[str, Any], log: Events
) -> str:
    """Say what is wrong with the replacements of a draw, "" when nothing is."""
    rows = store.of_draw(session, draw.id)
    made = [json.loads(row.entry) for row in rows if row.entry is not None]
    if made != certificate["replacements"]:
        return "替补与证书不符"
    logged = [leaf for leaf, event in log.items() if _is(event, "draw.replacement_requested", draw)]
    if logged != [row.request_leaf for row in rows]:
        return "替补申请与记录不符"
    for row in rows:
        if wrong := _wrong_row(session, blobs, row, log):
            return f"第 {row.k} 次替补：{wrong}"
    done = [event["body"] for event in log.values() if _is(event, "draw.replaced", draw)]
    stored = [
        (row.k, row.request_leaf, _sha256(row.entry)) for row in rows if row.entry is not None
    ]
    if [(body["k"], body["request_leaf"], body["entry_sha256"]) for body in done] != stored:
        return "替补结果与记录不符"
    return ""


def wrong_void(
    session: Session, blobs: BlobStore, draw: Draw, certificate: Mapping[str, Any], log: Events
) -> str:
    """Say what is wrong with the void of a draw, or with its absence, "" when nothing is."""
    rows = store.voids(session, draw.id)
    logged = {leaf for leaf, event in log.items() if _is(event, "draw.void_requested", draw)}
    if logged != {row.request_leaf for row in rows}:
        return "作废申请与记录不符"
    for row in rows:
        event = log[row.request_leaf]
        asked = {key: getattr(row, key) for key in ASKED_OF_VOID}
        if {key: event["body"].get(key) for key in asked} != asked:
            return "作废申请与记录不符"
        if event["actor"] != row.requested_by or row.requested_by == row.approved_by:
            return "作废的申请人或批准人不符"
        if not _is_kept(blobs, row.evidence_sha256):
            return "作废申请的证明材料缺失或被改动"
        if (row.voided_at is None) != (row.cosigned is None):
            return "作废登记与证书不符"
    shown = certificate.get(cert.VOID)
    if (draw.state is DrawState.VOID) != (shown is not None):
        return "抽取状态与证书不符"
    if shown is None:
        return ""
    named = {source["name"] for source in certificate["commit_body"]["sources"]}
    has_key = bool(store.public_keys(session, draw.id, named))
    return _wrong_consent(blobs, rows, shown, has_key)


def pending_note(session: Session, draw: Draw) -> str:
    """Return how many requests wait for their value, in words; "" when none does."""
    row = store.pending(session, draw.id)
    return "" if row is None else f"第 {row.k} 次替补已申请，尚未完成"


def _wrong_consent(
    blobs: BlobStore, rows: Sequence[DrawVoid], shown: Mapping[str, Any], has_key: bool
) -> str:
    agreed = [row for row in rows if row.voided_at is not None]
    if len(agreed) != 1 or agreed[0].cosigned is None:
        return "作废登记与证书不符"
    row, cosigned = agreed[0], json.loads(agreed[0].cosigned)
    wanted = {"reason": row.reason, "request_leaf": row.request_leaf, "cosigned": cosigned}
    if wanted != shown:
        return "作废登记与证书不符"
    if row.approved_by is None:
        return "作废未经批准"
    paper = cosigned.get("paper_sha256")
    if paper and cosigned.get("because", "") != row.paper_because:
        return "书面签署的原因与作废申请不符"
    if paper and has_key and not row.paper_because:
        return "见证方的公钥已经公布，却为书面签署且未写明原因"
    return "见证方签署的扫描件缺失或被改动" if paper and not _is_kept(blobs, paper) else ""


def _wrong_row(session: Session, blobs: BlobStore, row: DrawReplacement, log: Events) -> str:
    event = log[row.request_leaf]
    anchor = session.get_one(HashChain, row.chain_id).anchor_hex
    fixed = {
        "k": row.k,
        "kind": row.kind,
        "reason": row.reason,
        "task": row.task,
        "dept": row.dept,
        "role": row.role,
        "out": row.went_out,
        "source": anchor,
        "issue": str(row.position),
    }
    asked = {**fixed, "evidence_sha256": row.evidence_sha256, "approved_by": row.approved_by}
    if {key: event["body"].get(key) for key in asked} != asked:
        return "申请与记录不符"
    if event["actor"] != row.requested_by or row.requested_by == row.approved_by:
        return "申请人或批准人不符"
    if not _is_kept(blobs, row.evidence_sha256):
        return "证明材料缺失或被改动"
    if row.entry is None:
        return ""
    entry = json.loads(row.entry)
    shown = {**fixed, "in": row.came_in, "request_leaf": row.request_leaf}
    return "登记与证书不符" if {key: entry[key] for key in shown} != shown else ""


def _is(event: Mapping[str, Any], type: str, draw: Draw) -> bool:
    return bool(event["type"] == type and event["body"]["commit"] == draw.commit_hex)


def _chosen(certificate: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["c"], one["ticket"]) for one in certificate["selected"]]


def _is_kept(blobs: BlobStore, sha256: str) -> bool:
    path = blobs.path(sha256)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
