"""What old forms say and the law no longer does stands in no document, and its successor does."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.golden.reference.asked import flowing

HERE = Path(__file__).parent
PENALTY_LAW, SAFETY_LAW = "《(中华人民共和国)?行政处罚法》", "《(中华人民共和国)?安全生产法》"


@dataclass(frozen=True)
class Outdated:
    """
    A wording that loses a case.

    Attributes:
        pattern: What it looks like.
        sample: The old form's sentence, which the pattern must find.
        why: What holds instead, and since when.
        kinds: The beginning of the names of the texts that it is about; all where "".
    """

    pattern: str
    sample: str
    why: str
    kinds: str = ""


OUTDATED = (
    Outdated(
        "安全生产监督管理|安监局|安监[〔（]",
        "云湾区安全生产监督管理局",
        "the authority is 应急管理局, the mark 应急, since the reform of 2018",
    ),
    Outdated(
        f"{PENALTY_LAW}第三十[一二]条[^。]{{0,60}}(告知|陈述|申辩)",
        "依据《中华人民共和国行政处罚法》第三十一条、第三十二条的规定，你单位有权进行陈述和申辩",
        "articles 44, 45 and 62 since 2021-07-15",
    ),
    Outdated(
        f"{PENALTY_LAW}第三十七条",
        "依据《中华人民共和国行政处罚法》第三十七条第二款，对下列物品抽样取证",
        "article 56 since 2021-07-15",
    ),
    Outdated(
        f"{PENALTY_LAW}第四十二条[^。]{{0,40}}听证",
        "根据《行政处罚法》第四十二条的规定，你单位有要求听证的权利",
        "articles 63 and 64 since 2021-07-15",
    ),
    Outdated(
        f"{PENALTY_LAW}第五十一条[^。]{{0,12}}第[（(]?一[）)]?项",
        "依据《中华人民共和国行政处罚法》第五十一条第（一）项，每日加处罚款",
        "article 72 (1) 1 since 2021-07-15; 51 is about penalties on the spot",
    ),
    Outdated(
        f"{PENALTY_LAW}第五十二条[^。]{{0,60}}(延期|分期)",
        "依据《中华人民共和国行政处罚法》第五十二条的规定，同意延期缴纳罚款",
        "article 66 (2) since 2021-07-15",
    ),
    Outdated(
        f"{SAFETY_LAW}第六十七条[^。]{{0,60}}(停止供|供电|民用爆炸)",
        "依据《中华人民共和国安全生产法》第六十七条，采取停止供电措施",
        "article 70 since 2021-09-01",
    ),
    Outdated(
        f"{SAFETY_LAW}第六十二条第一款[^。]{{0,30}}(决定|查封|措施)",
        "依据《中华人民共和国安全生产法》第六十二条第一款第三项，作出如下现场处理决定",
        "article 65 since 2021-09-01",
    ),
    Outdated(
        "([3三]个?(工作)?日内[^。]{0,40}(听证|陈述|申辩)|(听证|陈述|申辩)[^。]{0,40}[3三]个?(工作)?日内)",
        "你单位可以在收到本告知书之日起3日内要求举行听证",
        "5 working days for a hearing (行政处罚法 64, 85), as many for a statement",
    ),
    Outdated(
        "人民政府或者[^。]{0,30}申请行政复议|(上级|上一级)[^。]{0,20}申请行政复议",
        "可以在60日内向云湾区人民政府或者连云港市应急管理局申请行政复议",
        "the government of the same level alone, since 2024-01-01 (行政复议法 24)",
    ),
    Outdated(
        "(申请行政复议，或者|也可以直接|或者自收到本决定书之日起)[^。]{0,30}(诉讼|起诉)",
        "可以在60日内申请行政复议，或者在6个月内直接向人民法院提起行政诉讼",
        "reconsideration comes first (行政复议法 23 (1) 1, since 2024-01-01)",
        kinds="spot_penalty",
    ),
    Outdated(
        "《安全生产违法行为行政处罚办法》第",
        "依据《安全生产违法行为行政处罚办法》第二十三条",
        "应急管理部令第18号 since 2026-02-01, whose articles nobody has seen yet",
    ),
    Outdated(
        "第[（(]?[一二三四五六七八九十]+[）)]项",
        "依据《中华人民共和国安全生产法》第九十九条第（二）项",
        "an item is cited without brackets (第二项)",
    ),
)
TEXTS = {
    str(path.relative_to(HERE)): path.read_text("utf-8") for path in sorted(HERE.rglob("*.txt"))
}
NAMES = [one.sample[:24] for one in OUTDATED]


@pytest.mark.parametrize("one", OUTDATED, ids=NAMES)
def test_no_document_says_what_old_forms_said(one: Outdated) -> None:
    wrong = {
        name: found.group(0)
        for name, text in TEXTS.items()
        if Path(name).name.startswith(one.kinds)
        and (found := re.search(one.pattern, flowing(text)))
    }

    assert wrong == {}, one.why


@pytest.mark.parametrize("one", OUTDATED, ids=NAMES)
def test_the_old_sentence_would_be_noticed(one: Outdated) -> None:
    assert re.search(one.pattern, one.sample)


def test_all_golden_texts_are_read() -> None:
    assert len(TEXTS) > 130
    assert any(name.startswith("kinds/spot_penalty") for name in TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_a_surcharge_is_told_with_its_limit_and_its_pause(name: str) -> None:
    said = flowing(TEXTS[name])

    if re.search("每日[^。]{0,20}%", said):
        assert "不超过" in said or "不再增加" in said
        assert "行政复议、行政诉讼期间，加处罚款的数额不予计算。" in said


@pytest.mark.parametrize("name", TEXTS)
def test_who_may_contest_is_told_before_whom_and_within_what_time(name: str) -> None:
    said = flowing(TEXTS[name])

    for sentence in re.findall("如不服[^。]*。", said):
        assert re.search("自收到本(决定|指令)书之日起60日内向云湾区人民政府申请行政复议", sentence)
        assert re.search("(6个月|15日)内依法向云湾区人民法院提起行政诉讼", sentence)
        assert "不停止执行" in sentence
