"""
SM3 (GB/T 32905-2016): from OpenSSL where it is built in, else the plain rule below.

Some builds of Python link an OpenSSL without SM3; a certificate must be checkable there too.
"""

import hashlib
from functools import partial
from struct import pack, unpack

_INITIAL = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)
_MASK = 0xFFFFFFFF


class PlainSm3:
    """SM3 without OpenSSL, used as hashlib's constructors are."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def digest(self) -> bytes:
        """Return the 32-byte digest."""
        data = self._data
        padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + pack(">Q", len(data) * 8)
        state: tuple[int, ...] = _INITIAL
        for start in range(0, len(padded), 64):
            state = _compress(state, padded[start : start + 64])
        return pack(">8I", *state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = list(unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _left(w[j - 3], 15)
        w.append(_p1(x) ^ _left(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _left((_left(a, 12) + e + _left(constant, j % 32)) & _MASK, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ _left(a, 12)) + (w[j] ^ w[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + w[j]) & _MASK
        a, b, c, d = tt1, a, _left(b, 9), c
        e, f, g, h = _p0(tt2), e, _left(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _left(x: int, n: int) -> int:
    return ((x << n) | (x >> (32 - n))) & _MASK if n else x


def _p0(x: int) -> int:
    return x ^ _left(x, 9) ^ _left(x, 17)


def _p1(x: int) -> int:
    return x ^ _left(x, 15) ^ _left(x, 23)


new_sm3 = partial(hashlib.new, "sm3") if "sm3" in hashlib.algorithms_available else PlainSm3
