"""What is wrong with a request is said so that its reader can act on it."""

import msgspec
import pytest

from sync import protocol
from sync.errors import BadEnvelope

SOUND = {"replica": "0" * 64, "epoch": "e", "sent_wall": "", "entries": []}

BROKEN = {
    "字段 replica 不符合要求": {**SOUND, "replica": 1},
    "字段 epoch 不符合要求": {"replica": "0" * 64},
    "字段 entries[0].bytes_b64 不符合要求": {**SOUND, "entries": [{"bytes_b64": "!"}]},
    "字段 keys[...] 不符合要求": {**SOUND, "keys": {"a": 3}},
    "内容不是规定的格式": [],
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_message_is_named_by_its_field_and_in_chinese(said: str) -> None:
    with pytest.raises(BadEnvelope) as found:
        protocol.decode(protocol.PushRequest, msgspec.json.encode(BROKEN[said]))

    assert str(found.value) == f"同步请求格式有误（{said}），请升级手机程序后重试。"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_message_at_all_is_said_in_chinese(content: bytes) -> None:
    with pytest.raises(BadEnvelope) as found:
        protocol.decode(protocol.PushRequest, content)

    assert found.value.facts["reason"] == "内容不是规定的格式"
