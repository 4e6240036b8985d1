"""The outer form of a certificate, and of those that are only laid beside it."""

from collections.abc import Mapping
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch, same
from inspect_server.domain.draw.checks.keys import check_form
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.hashes.tagged import jcs
from inspect_server.domain.draw.replacement.void import Void

_ROWS = {
    "entropy": {"source", "issue", "bytes_hex", "proof"},
    "selected": {"cell", "c", "ticket"},
    "replacements": {"source", "issue", "bytes_hex", "proof"},
}
"""Lists of which a comparison reads these texts in each row."""


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
    body = checked_body(certificate["commit_body"])
    for key in ("suite", "draw_no"):
        if certificate[key] != body.data[key]:
            raise Mismatch(f"{key} 与承诺内容不一致")
    return body


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
    if cert.VOID in certificate:
        Void.from_json(certificate[cert.VOID])
    return body
