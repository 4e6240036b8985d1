"""
Certificates side by side: one commit has one result, and what it takes is nobody else's.

Whoever commits twice to the same value of a chain or the same issue of a lottery keeps the result
that suits, and so does who draws one commit or one month twice; each certificate alone would be
perfect. So both are rejected, whichever is shown. So are two commits under one number, and two that
follow one leaf of the draw log: each commit is a leaf itself, so a log with both was forked. And so
are a void on paper, which two officials could make alone, and the draw that repeats its batch with
a chain of the witness that it gave up, whatever it calls that chain or its authority.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch
from inspect_server.domain.draw.checks.structure import beside
from inspect_server.domain.draw.commit import COMPUTE, CommitBody, checked_body
from inspect_server.domain.draw.entropy import DICE, Source, SourceKind, place_of
from inspect_server.domain.draw.hashes.tagged import jcs
from inspect_server.domain.draw.replacement.void import Void

Certificate = Mapping[str, Any]
DRAWN = ("entropy", "seed", "r", "counts", "teams")
"""With the selected, what no version of a certificate changes."""


def check_together(certificate: Certificate, others: Sequence[Certificate]) -> str:
    """
    Compare a certificate with others of the same authority; return what was compared.

    Raises:
        Mismatch: Another version of this commit has another result, or another commit names a
            value of this one, has its number or its place in the log, or stands for a month of its
            batch.
        BadCommit, ValueError, TypeError, KeyError: Another one is not readable.
    """
    body = checked_body(certificate["commit_body"])
    used, history = _named(certificate, body), _history(certificate)
    bodies = [beside(other) for other in others]
    void = {other["commit"] for other in (certificate, *others) if cert.VOID in other}
    count = 0
    for other, theirs in zip(others, bodies, strict=True):
        number = theirs.data["draw_no"]
        if theirs.digest() == body.digest():
            if any(one != two for one, two in zip(history, _history(other), strict=False)):
                raise Mismatch(
                    f"抽取 {number} 的同一承诺有两种结果、两种替补或者两种作废，都不可信"
                )
            continue
        for name, issue in sorted(used & _named(other, theirs)):
            what = f"{name[:16]} 第 {issue} 个（期）值" if issue else f"链值 {name[:16]}"
            raise Mismatch(f"与抽取 {number} 用了同一个随机值（{what}），两次都不可信")
        _check_log(certificate, other)
        stand = not {certificate["commit"], other["commit"]} & void
        if stand and _who(certificate) & _who(other) and _same_months(body, theirs):
            raise Mismatch(f"抽取 {number} 是同一批次的另一次抽取，且都未作废")
        if _same_months(body, theirs) and _goes_on(certificate, other):
            raise Mismatch(f"与抽取 {number} 是同一批次，作废后见证链已停用，重抽却仍用同一条链")
        count += 1
    return f"{count} 份，没有共用的随机值"


def _check_log(certificate: Certificate, other: Certificate) -> None:
    one, two = certificate["commit_body"], other["commit_body"]
    number = two["draw_no"]
    if COMPUTE in (one["draw_no"], number):
        return
    if number == one["draw_no"] and _who(certificate) & _who(other):
        raise Mismatch(f"另一次承诺也编号为 {number}，两次都不可信")
    if one["prev_leaf"] == two["prev_leaf"]:
        raise Mismatch(f"与抽取 {number} 接在记录的同一位置之后（记录分叉），两次都不可信")


def _history(certificate: Certificate) -> list[bytes]:
    """
    Return what happened to a commit, in order: versions of it only ever add to the end.

    As canonical text: `true` is not 1.
    """
    selected = [[one["cell"], one["c"], one["ticket"]] for one in certificate["selected"]]
    drawn = [selected, *(certificate[key] for key in DRAWN)]
    void = [certificate[cert.VOID]] if cert.VOID in certificate else []
    return [jcs(step) for step in (drawn, *certificate["replacements"], *void)]


def _named(certificate: Certificate, body: CommitBody) -> set[tuple[str, str]]:
    """
    Return what a certificate takes chance from: names with issues, and values of chains with "".

    Any value of a chain may be called its anchor, so the values themselves are compared as well.
    Dice are rolled anew for each draw and named by the bureau.
    """
    declared = {(one.name, one.issue) for one in body.sources if one.kind is not SourceKind.DICE}
    rows = certificate["replacements"]
    shown = [one for one in certificate["entropy"] if one["proof"] and one["source"] != DICE]
    values = {(one["bytes_hex"], "") for one in (*shown, *rows)}
    return declared | values | {(one["source"], one["issue"]) for one in rows}


def _goes_on(one: Certificate, two: Certificate) -> bool:
    """
    Whether one takes chance from a chain of the witness that the void of the other gave up.

    By commit or replacement, and under any anchor. A batch is free before it is drawn again, so
    what an earlier draw of it took lies before everything that a later one did.
    """
    for ended, later in ((one, two), (two, one)):
        if cert.VOID not in ended or not Void.from_json(ended[cert.VOID]).ends_chain:
            continue
        h, given_up, again = checked_body(ended["commit_body"]).hash, _taken(ended), _taken(later)
        for name, positions in given_up.items():
            first = Source(SourceKind.WITNESS, name, str(min(positions)))
            for anchor, named in again.items():
                place = place_of(h, first, anchor)
                if place is not None and place < max(named):
                    return True
    return False


def _taken(certificate: Certificate) -> dict[str, list[int]]:
    """Return the positions of chains of the witness that a certificate names, by their anchors."""
    sources = checked_body(certificate["commit_body"]).sources
    sources += [
        Source.from_json({"kind": SourceKind.WITNESS, "name": row["source"], "issue": row["issue"]})
        for row in certificate["replacements"]
    ]
    found: dict[str, list[int]] = {}
    for one in sources:
        if one.kind is SourceKind.WITNESS:
            found.setdefault(one.name, []).append(int(one.issue))
    return found


def _who(certificate: Certificate) -> set[str]:
    """Return what an authority is known by: its name, and its keys should it write that anew."""
    keys = [one["key_id"] for one in certificate["signatures"]]
    return {certificate["commit_body"].get("authority", ""), *keys}


def _same_months(body: CommitBody, theirs: CommitBody) -> bool:
    """Whether both stand for a month; batches are compared by their days."""
    one, other = body.batch, theirs.batch
    return one is not None and other is not None and one.overlaps(other)
