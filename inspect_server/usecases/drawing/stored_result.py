"""
Whether the rows of a draw still say what its certificate says, down to whom each row names.

A commitment stands for an identity (统一社会信用代码, 执法证号); a row ties it by id to an
enterprise or an officer. Whoever swaps two ids changes who is visited, and no hash: so ids are
compared with the identity that was committed to, in the check of a draw and before any step is
taken from it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.errors import StoredDrawDamaged
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, suite
from inspect_server.domain.draw.pool import commitment_of_jcs
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.drawing.afterwards import checks


def check_as_certified(session: Session, draw: Draw) -> None:
    """
    Refuse to build on rows that contradict the certificate.

    Raises:
        StoredDrawDamaged: What the schemes would be made from is not what was drawn.
    """
    text = replacements.certificate(session, draw)
    try:
        wrong = "抽取证书" if text is None else _contradiction(session, draw, text)
    except (LookupError, TypeError, ValueError):
        wrong = "抽取证书"
    if wrong:
        raise StoredDrawDamaged(draw_no=draw.draw_no, what=wrong)


def _contradiction(session: Session, draw: Draw, text: str) -> str:
    certificate = cert.from_text(text)
    if checks.wrong_versions(session, draw, checks.events(session)):
        return "抽取证书"
    rows = replacements.of_draw(session, draw.id)
    made = [json.loads(row.entry) for row in rows if row.entry is not None]
    if made != certificate["replacements"]:
        return "替补结果"
    if wrong_leaf(session, draw, certificate, drawn_only=True):
        return "抽中企业"
    if wrong_officer(session, draw, certificate) or wrong_teams(session, draw, certificate):
        return "检查组"
    return ""


def wrong_list(
    body: CommitBody, included: Sequence[str], excluded: Sequence[str], officers: Sequence[str]
) -> str:
    """Name the list that is not the one that was committed to, "" when all are."""
    roots = {
        "抽取池": (pool.lines_root(body.hash, included), "pool_root"),
        "排除清单": (pool.lines_root(body.hash, excluded), "excluded_root"),
        "资格清单": (eligibility.lines_root(body.hash, officers), "eligibility_root"),
    }
    return next((what for what, (root, key) in roots.items() if root != body.data[key]), "")


def wrong_leaf(
    session: Session, draw: Draw, certificate: Mapping[str, Any], *, drawn_only: bool = False
) -> str:
    """
    Say which enterprise is not the one that its commitment stands for, "" when all are.

    Args:
        drawn_only: Only those that were drawn or came in for another.
    """
    h = suite(certificate["suite"])
    chosen = {one["c"] for one in certificate["selected"]}
    came_in = {one["in"] for one in certificate["replacements"] if one["kind"] == "enterprise"}
    marked = set()
    for leaf in draws.leaves(session, draw.id, came_in if drawn_only else None):
        c = leaf.commitment
        if not _opens(h, c, leaf.salt, leaf.record):
            return f"企业 {c[:16]} 的身份或盐值与承诺不符"
        if _named(leaf.record, "uscc") != leaf.uscc:
            return f"企业 {c[:16]} 的登记与承诺的统一社会信用代码不符"
        if leaf.selected != (c in chosen):
            return f"企业 {c[:16]} 的抽中标记与证书不符"
        if leaf.selected:
            marked.add(c)
    return "" if marked == chosen else "抽中企业的数目与证书不符"


def wrong_officer(session: Session, draw: Draw, certificate: Mapping[str, Any]) -> str:
    """Say which officer is not the one that their commitment stands for, "" when all are."""
    h = suite(certificate["suite"])
    committed = {line for line in draw.eligibility.split("\n") if line.startswith("O\t")}
    rows = draws.drawn_officers(session, draw.id)
    if {row.line for row in rows} != committed:
        return "执法人员行与资格清单不符"
    certificates = draws.certificate_numbers(session, draw.id)
    for row in rows:
        if not _opens(h, row.commitment, row.salt, row.record):
            return f"执法人员 {row.commitment[:16]} 的身份或盐值与承诺不符"
        if _named(row.record, "cert_no") != certificates.get(row.commitment):
            return f"执法人员 {row.commitment[:16]} 的登记与承诺的执法证号不符"
        if row.line.split("\t")[1] != row.commitment:
            return f"执法人员 {row.commitment[:16]} 的资格行不符"
    return ""


def wrong_teams(session: Session, draw: Draw, certificate: Mapping[str, Any]) -> str:
    """Say that the drawn teams are not those of the certificate, "" when they are."""
    names = {row.commitment: row.officer_id for row in draws.drawn_officers(session, draw.id)}
    own = next((rules["dept"] for rules in certificate["commit_body"]["rules"]["teams"]), "")
    stored = {(row.task, own, row.stage, row.officer_id) for row in draws.teams(session, draw.id)}
    stored |= {
        (row.task, row.dept, row.stage, row.officer_id)
        for row in draws.partner_teams(session, draw.id)
    }
    wanted = {
        (row["task"], row["dept"], row["role"], names.get(row["officer"]))
        for row in certificate["teams"]
    }
    return "" if stored == wanted else "检查组与证书不符"


def _opens(h: Hash, c: str, salt: bytes, text: str) -> bool:
    return len(salt) == SIZE and commitment_of_jcs(h, salt, text.encode("utf-8")).hex() == c


def _named(record: str, key: str) -> str:
    """Return the identity in a committed record, which `_opens` has already tied to its hash."""
    return str(json.loads(record).get(key))
