"""How a refused value is named: an option keeps its distance, a Chinese name needs none."""

import pytest

from inspect_server.domain.errors import BadInput


@pytest.mark.parametrize(
    ("field", "said"), [("--public", "--public 填写有误："), ("原因", "原因填写有误：")]
)
def test_a_name_in_latin_letters_is_set_off_by_a_space(field: str, said: str) -> None:
    refused = BadInput(field=field, reason="应为文字")

    assert str(refused).startswith(said)
    assert refused.facts == {"field": field, "reason": "应为文字"}
