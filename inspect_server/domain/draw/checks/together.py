"""
Certificates side by side: a random value serves one commit, and a batch is drawn once.

Whoever commits twice to the same value of a chain or the same issue of a lottery keeps the result
that suits; each certificate alone would be perfect. So both are rejected, whichever is shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch, same
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.entropy import SourceKind

Certificate = Mapping[str, Any]
Named = tuple[str, str]
"""Name and issue of a source: an anchor and a position, or a lottery and its issue."""


def check_together(certificate: Certificate, others: Sequence[Certificate]) -> str:
    """
    Compare a certificate with others of the same authority; return what was compared.

    Versions of one certificate have one commit and are no others.

    Raises:
        Mismatch: Another commit names a value of this one, or draws its batch once more.
        BadCommit, ValueError, TypeError, KeyError: Another one is not readable.
    """
    body, count = checked_body(certificate["commit_body"]), 0
    used = _named(certificate, body)
    for other in others:
        theirs = checked_body(other["commit_body"])
        number = theirs.data["draw_no"]
        same(other["commit"], theirs.digest().hex(), f"抽取 {number} 的承诺值与其承诺内容不符")
        if theirs.digest() == body.digest():
            continue
        for name, issue in sorted(used & _named(other, theirs)):
            what = f"{name[:16]} 第 {issue} 个（期）值"
            raise Mismatch(f"与抽取 {number} 用了同一个随机值（{what}），两次都不可信")
        if _stands_for(certificate, body) & _stands_for(other, theirs):
            raise Mismatch(f"抽取 {number} 是同一批次的另一次抽取，且都未作废")
        count += 1
    return f"{count} 份，没有共用的随机值"


def _named(certificate: Certificate, body: CommitBody) -> set[Named]:
    """Return what a certificate takes chance from; dice are rolled anew and named by the bureau."""
    declared = {(one.name, one.issue) for one in body.sources if one.kind is not SourceKind.DICE}
    return declared | {(one["source"], one["issue"]) for one in certificate["replacements"]}


def _stands_for(certificate: Certificate, body: CommitBody) -> set[tuple[Any, ...]]:
    """Return the batch that a draw stands for; none when it is void or names none."""
    batch = {} if body.is_compute else body.data["rules"].get("batch")
    if not batch or cert.VOID in certificate:
        return set()
    return {(body.data["authority"], batch["year"], batch["number"], batch["of"])}
