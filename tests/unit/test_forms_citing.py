"""A law that is cited several times in a row is named once."""

import pytest

from forms.citing import join_citations

LAW, RULE = "《中华人民共和国安全生产法》", "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）"


@pytest.mark.parametrize(
    ("citations", "said"),
    [
        ([], ""),
        ([f"{LAW}第五条"], f"{LAW}第五条"),
        ([f"{RULE}第七条", f"{RULE}第十八条第一款"], f"{RULE}第七条、第十八条第一款"),
        (
            [f"{LAW}第三十六条第一款", f"{LAW}第三十六条第二款", f"{RULE}第七条"],
            f"{LAW}第三十六条第一款、第二款；{RULE}第七条",
        ),
        (
            [f"{LAW}第九十九条第（二）项", f"{LAW}第九十九条第（三）项", f"{LAW}第一百零二条"],
            f"{LAW}第九十九条第（二）项、第（三）项、第一百零二条",
        ),
        (
            [f"{LAW}第四十二条", f"{RULE}第七条", f"{LAW}第四十五条"],
            f"{LAW}第四十二条；{RULE}第七条；{LAW}第四十五条",
        ),
        ([f"{LAW}第五条", f"{LAW}第五条"], f"{LAW}第五条"),
        (["《粉尘防爆安全规程》（GB 15577-2018）"] * 2, "《粉尘防爆安全规程》（GB 15577-2018）"),
        ([RULE, f"{RULE}第七条"], f"{RULE}；{RULE}第七条"),
        (["本局规定第一条", "本局规定第二条"], "本局规定第一条；本局规定第二条"),
    ],
)
def test_a_law_cited_in_a_row_is_named_once(citations: list[str], said: str) -> None:
    assert join_citations(citations) == said
