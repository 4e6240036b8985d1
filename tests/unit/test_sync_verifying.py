"""Signatures checked side by side: each answer is that of its own entry."""

import pytest

from sync import entries
from sync.engine import verifying
from sync.engine.verifying import Signed, verified

KEY = entries.new_key()
PUBLIC = entries.raw_public_key(KEY)
OTHER = entries.raw_public_key(entries.new_key())


@pytest.mark.parametrize("count", [0, 1, verifying.SHARE, 5 * verifying.SHARE + 3])
@pytest.mark.parametrize("cores", [1, 2, 4])
def test_each_answer_stands_where_its_entry_stood(
    count: int, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "CORES", cores)
    keys = [(PUBLIC, OTHER, None)[n % 7 % 3] for n in range(count)]
    contents = [b"%d" % n for n in range(count)]
    signed = [
        Signed(content, entries.sign(KEY, content), key)
        for content, key in zip(contents, keys, strict=True)
    ]

    assert verified(signed) == [key == PUBLIC for key in keys]


def test_a_signature_over_other_bytes_is_found_in_every_share() -> None:
    good = Signed(b"x", entries.sign(KEY, b"x"), PUBLIC)
    for place in range(0, 4 * verifying.SHARE, verifying.SHARE - 1):
        signed = [good] * (4 * verifying.SHARE)
        signed[place] = good._replace(content=b"y")

        assert verified(signed).index(False) == place
