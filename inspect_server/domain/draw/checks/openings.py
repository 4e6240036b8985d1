"""Opened identities: of whom a draw chose, and of nobody else, as they were committed to."""

from collections.abc import Mapping
from typing import Any

from inspect_server.domain.draw.checks.comparing import Mismatch, bytes_of, same
from inspect_server.domain.draw.commit import COMPUTE
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.pool import commitment
from inspect_server.domain.draw.replacement.requests import ENTERPRISE


def check_openings(
    h: Hash, certificate: Mapping[str, Any], beside: Mapping[str, Mapping[str, Any]]
) -> int:
    """
    Compare the identities in a certificate, and those beside it by commitment; return how many.

    Raises:
        Mismatch: One is of somebody who was neither drawn nor came in, or not what was committed
            to.
        ValueError, TypeError, KeyError: One is not readable.
    """
    chosen = {one["c"]: one for one in certificate["selected"]}
    came_in = {row["in"] for row in certificate["replacements"] if row["kind"] == ENTERPRISE}
    for c in sorted(set(beside) - set(chosen) - came_in):
        raise Mismatch(f"公开了既未抽中也未替补的企业身份（承诺值 {c[:16]}）")
    shown = {c: one["opening"] for c, one in chosen.items() if "opening" in one}
    for c, opening in [*shown.items(), *beside.items()]:
        same(set(opening), {"salt", "record"}, "身份信息字段不全或多余")
        _check_record(opening["record"], certificate["draw_no"] == COMPUTE)
        made = commitment(h, bytes_of(opening["salt"]), opening["record"])
        same(made.hex(), c, f"身份与承诺值 {c[:16]} 不符")
    opened = {c: one["record"].get("uscc", c) for c, one in {**shown, **beside}.items()}
    if len(set(opened.values())) != len(opened) and certificate["draw_no"] != COMPUTE:
        raise Mismatch("同一企业在抽取池中写了两次，概率加倍")
    return len(opened)


def _check_record(record: Any, is_compute: bool) -> None:
    if not isinstance(record, Mapping):
        raise Mismatch("身份信息中的 record 应为 JSON 对象")
    if is_compute:  # of whatever somebody drew
        return
    same(set(record), {"uscc", "name"}, "企业身份应有且只有 uscc 和 name")
    if not all(isinstance(one, str) and one for one in record.values()):
        raise Mismatch("企业身份的 uscc 和 name 应为文本")
