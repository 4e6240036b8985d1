"""Merkle tree hashes and inclusion proofs (RFC 9162 sections 2.1.1 and 2.1.3)."""

from collections.abc import Iterable, Sequence

from inspect_server.domain.draw.hashes.tagged import Hash


def leaf(h: Hash, data: bytes) -> bytes:
    """Return the hash of one leaf."""
    return h(b"\x00" + data)


def node(h: Hash, left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return h(b"\x01" + left + right)


def root(h: Hash, leaves: Iterable[bytes]) -> bytes:
    """
    Return the tree hash over the leaves' bytes; of no leaves, the hash of nothing.

    Pairing each level from the left and carrying an odd last node upwards builds exactly the tree
    that the RFC defines by the largest power of two below n.
    """
    new = h.new
    level = [new(b"\x00" + data).digest() for data in leaves]
    if not level:
        return h(b"")
    while len(level) > 1:
        level = _parents(h, level)
    return level[0]


def path(h: Hash, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """
    Return the inclusion proof of leaf `index`, from the leaf upwards.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, proof = [leaf(h, data) for data in leaves], []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        level, index = _parents(h, level), index // 2
    return proof


def root_from_path(
    h: Hash, data: bytes, index: int, size: int, proof: Sequence[bytes]
) -> bytes | None:
    """Return the root that the proof leads to, or None when it has the wrong length."""
    if not 0 <= index < size:
        return None
    found, rest, last = leaf(h, data), list(proof), size - 1
    while last:
        if index % 2 or index < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            found = node(h, sibling, found) if index % 2 else node(h, found, sibling)
        index, last = index // 2, last // 2
    return None if rest else found


def _parents(h: Hash, level: list[bytes]) -> list[bytes]:
    new, nodes = h.new, iter(level)
    pairs = zip(nodes, nodes, strict=False)
    parents = [new(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) % 2:
        parents.append(level[-1])
    return parents
