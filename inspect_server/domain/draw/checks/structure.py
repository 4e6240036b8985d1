"""The outer form of a certificate, and of those that are only laid beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch, same
from inspect_server.domain.draw.checks.keys import check_form
from inspect_server.domain.draw.commit import MOST_SOURCES, CommitBody, checked_body
from inspect_server.domain.draw.entropy import CHAINS
from inspect_server.domain.draw.hashes.tagged import jcs
from inspect_server.domain.draw.replacement.void import Void

_ROWS = {
    "entropy": {"source", "issue", "bytes_hex", "proof"},
    "selected": {"cell", "c", "ticket"},
    "replacements": {"source", "issue", "bytes_hex", "proof"},
}
"""Lists of which a comparison reads these texts in each row."""
_OF_ROWS = ("timestamps", "entropy", "selected", "teams", "replacements", "signatures")
"""Lists that hold objects only."""


def well_formed(certificate: Mapping[str, Any]) -> CommitBody:
    """
    Return the body of a certificate that has all its fields and lists and no other.

    Raises:
        Mismatch: It has not.
        BadCommit, BadSuite: Its body is not well formed.
    """
    if not isinstance(certificate, Mapping):
        raise Mismatch("证书不是一个 JSON 对象")
    if odd := (set(certificate) - {cert.VOID}) ^ set(cert.KEYS):
        raise Mismatch(f"字段不全或多余：{'、'.join(sorted(odd))}")
    if certificate["v"] != 1 or isinstance(certificate["v"], bool):
        raise Mismatch("版本号 v 应为 1")
    for key in cert.LISTS:
        if not isinstance(certificate[key], list):
            raise Mismatch(f"{key} 应为数组")
    for key in _OF_ROWS:
        if not all(isinstance(row, Mapping) for row in certificate[key]):
            raise Mismatch(f"{key} 中有一项不可读")
    body = checked_body(certificate["commit_body"])
    for key in ("suite", "draw_no"):
        if certificate[key] != body.data[key]:
            raise Mismatch(f"{key} 与承诺内容不一致")
    _check_chains(body, certificate["replacements"])
    return body


def _check_chains(body: CommitBody, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse more chains than any draw needs before one is hashed: they are cheap to name."""
    named = {source.name for source in body.sources if source.kind in CHAINS}
    named |= {source for row in rows if isinstance(source := row.get("source"), str)}
    if len(named) > MOST_SOURCES:
        raise Mismatch(f"证书用了 {len(named)} 条哈希链，超过 {MOST_SOURCES} 条")


def beside(certificate: Mapping[str, Any]) -> CommitBody:
    """
    Return the body of another draw's certificate, read as strictly as comparing needs.

    Nothing in it is recomputed: that is for whoever is given its lines.

    Raises:
        Mismatch, BadCommit, BadSuite: It is not well formed, or not of its own commit.
        ValueError, TypeError, KeyError: It is not readable.
    """
    body = well_formed(certificate)
    jcs(dict(certificate))  # a value without one form would be compared in two ways
    wanted = body.digest().hex()
    same(certificate["commit"], wanted, f"抽取 {body.data['draw_no']} 的承诺值与其承诺内容不符")
    for name, texts in _ROWS.items():
        for row in certificate[name]:
            if not isinstance(row, Mapping) or any(type(row.get(one)) is not str for one in texts):
                raise Mismatch(f"抽取 {body.data['draw_no']} 的 {name} 不可读")
    for one in certificate["signatures"]:
        check_form(one)
    if cert.VOID in certificate and not Void.from_json(certificate[cert.VOID]).paper_sha256:
        check_form(certificate[cert.VOID]["cosigned"])
    return body
