"""Keys and signatures as a draw publishes them: a key is known by its own id, never another's."""

import re
from collections.abc import Mapping
from typing import Any

from inspect_server.domain.draw.certificate import key_id
from inspect_server.domain.draw.checks.comparing import Mismatch, same

KEY_BYTES = 32
_P = 2**255 - 19
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL = frozenset({0, 1, _P - 1, _EIGHTH, _P - _EIGHTH})
"""The y of the points of small order: under such a key one signature holds for many texts."""
_FORMS = {"key_id": re.compile(r"[0-9a-f]{16}"), "ed25519_hex": re.compile(r"[0-9a-f]{128}")}


def check_ids(keys: Mapping[str, bytes] | None) -> None:
    """
    Pass published keys by their ids; None: none were given.

    Raises:
        Mismatch: A key is no Ed25519 key that binds anybody, or stands under an id not its own.
    """
    for kid, key in (keys or {}).items():
        if len(key) != KEY_BYTES or key_id(key) != kid:
            raise Mismatch(f"编号 {kid} 下的公钥不是这个编号所指的公钥")
        y = int.from_bytes(key, "little") % 2**255
        if y >= _P or y in _SMALL:
            raise Mismatch(f"编号 {kid} 下的公钥不可用")


def check_form(signature: Mapping[str, Any]) -> None:
    """
    Pass a signature as a certificate or the consent to a void writes it.

    Raises:
        Mismatch: Its fields or their spelling differ.
    """
    same(set(signature), set(_FORMS), "签名字段不全或多余")
    for field, form in _FORMS.items():
        if not isinstance(signature[field], str) or not form.fullmatch(signature[field]):
            raise Mismatch(f"签名的 {field} 写法不对")
