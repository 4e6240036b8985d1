"""The full check of a stored draw: its certificate, the tables, the snapshot and the record."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.draw.ceremony.lateness import expected_from, is_late
from inspect_server.domain.draw.checks.timestamps import CheckTimestamp
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.entropy import CHAINS, PUBLISHED, Source
from inspect_server.domain.draw.errors import (
    BadCertificate,
    BadCommit,
    IssueNotYet,
    StoredDrawDamaged,
)
from inspect_server.domain.draw.verify import Check, Evidence, Report, Verdict, verify
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.drawing.afterwards import checks
from inspect_server.usecases.drawing.afterwards.void_draw import witness_keys
from inspect_server.usecases.drawing.beforehand.batches import drawn_twice
from inspect_server.usecases.drawing.beforehand.sources import check_exist
from inspect_server.usecases.drawing.stored_result import (
    wrong_leaf,
    wrong_list,
    wrong_officer,
    wrong_teams,
)
from inspect_server.usecases.work import BlobStore

REVEALED = "揭示时间"
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(BadCertificate, BadCommit, SQLAlchemyError),
)
"""How reading garbage fails: an unknown state, JSON that is none, a column without its text."""
IN_THE_LOG = {"记录位置", "掷骰登记"}
"""What files leave unchecked, and the draw log shows."""


class NotRevealedYet(InspectError):
    """There is no certificate to check."""

    code, kind = "draw.not_revealed", "conflict"
    message = "抽取 {draw_no} 尚未揭示，没有证书可供验证，请先完成揭示。"


def verify_draw(
    session: Session,
    blobs: BlobStore,
    draw_id: UUID,
    keys: Mapping[str, bytes],
    check_signature: cert.CheckSignature,
    check_timestamp: CheckTimestamp | None = None,
) -> Report:
    """
    Recompute a stored draw and compare everything that the database and the record say of it.

    Args:
        keys: Key id -> raw Ed25519 public key of the authority.
        check_timestamp: None: signatures of timestamps stay unchecked.

    Raises:
        NotFound: No such draw.
        NotRevealedYet: It has no certificate.
        StoredDrawDamaged: What is stored of it cannot even be read.
    """
    draw_no = draws.number_of(session, draw_id)
    if draw_no is None:
        raise NotFound(what="该次抽取")
    try:
        draw = session.get_one(Draw, draw_id)
        return _verified(session, blobs, draw, keys, check_signature, check_timestamp)
    except UNREADABLE:
        raise StoredDrawDamaged(draw_no=draw_no, what="内容不可读") from None


def verify_open_commit(session: Session, blobs: BlobStore, draw_id: UUID) -> tuple[Check, ...]:
    """
    Compare what the database and the record say of a commit that is not revealed yet.

    Raises:
        NotFound: No such draw.
        StoredDrawDamaged: What is stored of it cannot even be read.
    """
    draw_no = draws.number_of(session, draw_id)
    if draw_no is None:
        raise NotFound(what="该次抽取")
    try:
        draw = session.get_one(Draw, draw_id)
        body = checked_body(json.loads(draw.commit_body))
        included, excluded = draws.lines(session, draw.id)
        listed = wrong_list(body, included, excluded, _lines(draw.eligibility))
        return (
            _check("承诺的清单", f"{listed}与承诺不符" if listed else ""),
            *_stored(session, blobs, draw, cert.unrevealed(body, "")),
        )
    except UNREADABLE:
        raise StoredDrawDamaged(draw_no=draw_no, what="内容不可读") from None


def _verified(
    session: Session,
    blobs: BlobStore,
    draw: Draw,
    keys: Mapping[str, bytes],
    check_signature: cert.CheckSignature,
    check_timestamp: CheckTimestamp | None,
) -> Report:
    text = replacements.certificate(session, draw)
    if text is None:
        raise NotRevealedYet(draw_no=draw.draw_no)
    included, excluded = draws.lines(session, draw.id)
    certificate = cert.from_text(text)
    report = verify(
        Evidence(
            certificate=certificate,
            pool=included,
            excluded=excluded,
            eligibility=_lines(draw.eligibility),
            keys=keys,
            witness_keys={cert.key_id(key): key for key in witness_keys(session, draw)},
            check_signature=check_signature,
            check_timestamp=check_timestamp,
        )
    )
    if not report.ok:
        return report
    versions = checks.wrong_versions(session, draw, checks.events(session))
    done = [check for check in report.checks if check.what not in IN_THE_LOG]
    stored = _stored(session, blobs, draw, certificate)
    more = (*stored, *_deadline(draw), _check("证书各版本", versions))
    whole = Report((*done, *more), report.level)
    return whole if whole.ok else Report(whole.checks, None)


def _stored(
    session: Session, blobs: BlobStore, draw: Draw, certificate: Mapping[str, Any]
) -> tuple[Check, ...]:
    """Compare tables, files and record with a certificate, be it one of a draw without a result."""
    log = checks.events(session)
    return (
        _check("企业承诺值与登记一致", wrong_leaf(session, draw, certificate)),
        _check("人员承诺值与登记一致", wrong_officer(session, draw, certificate)),
        _check("每批只抽一次", drawn_twice(session, draw)),
        _check("抽取结果与数据库一致", _wrong_result(session, draw, certificate)),
        _check("随机源与数据库一致", _wrong_chain(session, draw, certificate)),
        _check("名录快照", _wrong_snapshot(blobs, certificate)),
        _check("全过程记录", _wrong_record(draw, certificate, log)),
        _check("掷骰登记", checks.wrong_dice(session, draw, certificate, log)),
        _check("时间戳登记", checks.wrong_timestamps(session, draw, certificate, log)),
        _check(
            "替补登记",
            checks.wrong_replacements(session, blobs, draw, certificate, log),
            checks.pending_note(session, draw),
        ),
        _check("作废登记", checks.wrong_void(session, blobs, draw, certificate, log)),
    )


def _deadline(draw: Draw) -> tuple[Check, ...]:
    """Say when a result came; that the record says the same is seen of the certificate's issue."""
    if draw.revealed_at is None:
        return ()
    body = json.loads(draw.commit_body)
    said = f"{told(draw.revealed_at)}（北京时间）揭示，最迟揭示日 {body['deadline']}"
    if is_late(draw.revealed_at, body["deadline"]):
        said = f"逾期：{said}"
    expected = expected_from([Source.from_json(one) for one in body["sources"]])
    if expected is None or draw.revealed_at >= expected:
        return (Check(REVEALED, Verdict.RIGHT, said),)
    early = f"按已公布的休市安排，公开随机值 {told(expected)} 起才可能产生，请与公布机构的数据核对"
    return (Check(REVEALED, Verdict.UNCHECKED, f"{said}；{early}"),)


def _check(what: str, wrong: str, detail: str = "") -> Check:
    return Check(what, Verdict.WRONG if wrong else Verdict.RIGHT, wrong or detail)


def _wrong_result(session: Session, draw: Draw, certificate: Mapping[str, Any]) -> str:
    if wrong := wrong_teams(session, draw, certificate):
        return wrong
    if draw.commit_hex != certificate["commit"]:
        return "承诺值与证书不符"
    if json.loads(draw.commit_body) != certificate["commit_body"]:
        return "承诺内容与证书不符"
    return ""


def _wrong_chain(session: Session, draw: Draw, certificate: Mapping[str, Any]) -> str:
    stored = draws.shown_values(session, draw.id)
    parts = [*certificate["entropy"], *certificate["replacements"]]
    shown = {
        (part["source"], int(part["issue"]), part["bytes_hex"])
        for part in parts
        if part["source"] not in PUBLISHED
    }
    if stored != shown:
        return "哈希链公布值与证书不符"
    sources = certificate["commit_body"]["sources"]
    anchors = [one["name"] for one in sources if one["kind"] in CHAINS]
    anchors += [one["source"] for one in certificate["replacements"]]
    lost = [one for one in anchors if draws.chain_by_anchor(session, one) is None]
    return f"所用的锚值 {lost[0][:16]} 不在登记的哈希链中" if lost else ""


def _wrong_snapshot(blobs: BlobStore, certificate: Mapping[str, Any]) -> str:
    wanted = certificate["commit_body"]["snapshot_sha256"]
    path = blobs.path(wanted)
    if not path.is_file():
        return "名录快照文件缺失"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if found == wanted else "名录快照文件已被改动"


def _wrong_record(draw: Draw, certificate: Mapping[str, Any], log: checks.Events) -> str:
    leaves = list(log)
    committed = [leaf for leaf, event in log.items() if _names(event, "draw.committed", draw)]
    revealed = [leaf for leaf, event in log.items() if _names(event, "draw.revealed", draw)]
    if len(committed) != 1:
        return "记录中没有本次承诺，或有两次"
    if log[committed[0]]["case_prev"] != certificate["commit_body"]["prev_leaf"]:
        return "承诺在记录中的前一项与证书不符"
    if len(revealed) > 1:
        return "同一承诺在记录中有两次揭示"
    if bool(revealed) != bool(certificate["entropy"]):
        return "记录中没有本次揭示" if certificate["entropy"] else "记录中已有揭示，证书却没有结果"
    if not revealed:
        return ""
    if leaves.index(revealed[0]) < leaves.index(committed[0]):
        return "揭示在记录中的位置与证书不符"
    return _too_early(certificate, datetime.fromisoformat(log[revealed[0]]["at"]))


def _too_early(certificate: Mapping[str, Any], revealed_at: datetime) -> str:
    """Say which public value was taken before it can have existed, by the time in the record."""
    try:
        sources = [Source.from_json(one) for one in certificate["commit_body"]["sources"]]
        check_exist(sources, revealed_at)
    except IssueNotYet as early:
        return (
            f"记录的揭示时间早于 {early.facts['name']} 第 {early.facts['issue']} 期可能产生的时间"
        )
    return ""


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _names(event: Mapping[str, Any], type: str, draw: Draw) -> bool:
    return bool(event["type"] == type and event["body"]["commit"] == draw.commit_hex)
