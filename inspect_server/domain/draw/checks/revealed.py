"""What was revealed: each value is its source's own, and no two chains of a draw are one."""

from collections.abc import Iterable, Mapping
from typing import Any

from inspect_server.domain.draw.checks.comparing import Mismatch, bytes_of, same
from inspect_server.domain.draw.entropy import (
    CHAINS,
    DICE,
    Source,
    SourceKind,
    chain_proof,
    place_of,
    public_bytes,
)
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.pool import is_hash


class Chains:
    """The chains from which one draw takes values."""

    def __init__(self, h: Hash) -> None:
        self.h = h
        self.anchors: list[str] = []

    def add(self, source: Source) -> None:
        """
        Take one more chain into the draw.

        Raises:
            Mismatch: It is a part of one that is in it already: one holder would know both values.
        """
        if any(place_of(self.h, source, one) is not None for one in self.anchors):
            raise Mismatch(f"{source.label()}：与本次抽取的另一条链相接，两者实为一条")
        self.anchors.append(source.name)


def check_revealed(chains: Chains, source: Source, part: Mapping[str, Any]) -> None:
    """
    Check one value of the certificate against the source that the commit declared.

    Raises:
        Mismatch: Of another source, not on the way to the chain's anchor, or a chain named twice.
        BadEntropy: No value of that publication.
    """
    same([part["source"], part["issue"]], [source.name, source.issue], "随机源与承诺不符")
    value = bytes_of(part["bytes_hex"])
    if source.kind in CHAINS:
        proof = chain_proof(chains.h, source, value)
        if proof is None or part["proof"] != proof:
            raise Mismatch(f"{source.label()}：不能接到已公布的锚值")
        chains.add(source)
        return
    public_bytes(source, value.decode("ascii"))
    if source.kind is not SourceKind.DICE:
        same(part["proof"], "", "公开随机值不应有证明")
    elif not is_hash(part["proof"]):
        raise Mismatch("掷骰应写明其在抽取日志中的一条")


def moment_of_dice(parts: Iterable[Mapping[str, Any]]) -> str:
    """Return what nobody can see from files: when the dice were logged."""
    leaf = next((str(part["proof"]) for part in parts if part["source"] == DICE), "")
    return f"是否在公开随机值可能产生之前录入，需对照抽取日志 {leaf[:16]}"
