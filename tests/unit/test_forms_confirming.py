"""Citations that were confirmed after publication: beside the version, never in it."""

from dataclasses import replace
from datetime import date

import pytest

from forms.body import content_sha256
from forms.confirming import Confirmation, transcribed, unconfirmed, with_confirmations
from forms.evaluation.suggesting import suggest
from forms.load import packaged
from forms.model import Basis, Form, Item, Kind, Law, Penalty, Section

LAW = Law("L", "某法", "令第1号", date(2020, 1, 1), None, verified=True, source="测试")
STANDARD = Law("S", "某标准", "GB 1-2020", date(2020, 1, 1), None, verified=False, source="测试")
DAY = date(2026, 3, 2)


def penalty(article: str, *, verified: bool) -> Penalty:
    return Penalty("P", LAW, article, "", "", "", "", verified=verified, source="测试")


def item(*bases: Basis, penalties: tuple[Penalty, ...] = ()) -> Item:
    return Item("A1", Kind.CHECK, "问题", basis=bases, penalties=penalties, verification="待核")


def form(only: Item) -> Form:
    inner = Section("里", (only,))
    return Form("x", 1, "表", date(2026, 1, 1), None, (), None, (Section("外", (inner,)),))


OPEN = Basis(LAW, "第三条", verified=False)
NO_ARTICLE = Basis(STANDARD, "", verified=False)
OF_STANDARD = Basis(STANDARD, "第5.1条", verified=True)


def left(found: Form) -> list[str]:
    return [one.citation for one in unconfirmed(found)]


def test_what_nobody_compared_is_listed_with_what_is_missing() -> None:
    found = unconfirmed(
        form(item(OPEN, NO_ARTICLE, OF_STANDARD, penalties=(penalty("", verified=False),)))
    )

    assert [(one.citation, one.lacks_article, one.only_law, one.is_penalty) for one in found] == [
        ("《某法》（令第1号）第三条", False, False, False),
        ("《某标准》（GB 1-2020）", True, False, False),
        ("《某标准》（GB 1-2020）第5.1条", False, True, False),
        ("《某法》（令第1号）", True, False, True),
    ]
    assert {one.verification for one in found} == {"待核"}


def test_a_confirmed_citation_is_suggested_without_a_mark() -> None:
    published = form(item(OPEN))
    now = with_confirmations(published, [Confirmation("A1", OPEN.printed)])
    before, after = (suggest(one, one.items[0], frozenset({"A1"}), DAY) for one in (published, now))

    assert before.to_verify == (OPEN.printed,)
    assert after.to_verify == ()
    assert after.basis == before.basis


@pytest.mark.parametrize("one", [NO_ARTICLE, penalty("", verified=False)], ids=["basis", "penalty"])
def test_a_citation_without_article_is_confirmed_by_its_article(one: Basis | Penalty) -> None:
    only = item(one) if isinstance(one, Basis) else item(penalties=(one,))
    bare = with_confirmations(form(only), [Confirmation("A1", one.printed)])
    whole = with_confirmations(form(only), [Confirmation("A1", one.printed, "第九条")])
    (found,) = (*whole.items[0].basis, *whole.items[0].penalties)

    assert left(bare) == [one.printed]
    assert left(whole) == []
    assert found.printed == f"{one.law.printed}第九条"


def test_a_confirmed_law_leaves_open_what_its_articles_say() -> None:
    published = form(item(OF_STANDARD, replace(OF_STANDARD, article="第6条", verified=False)))

    now = with_confirmations(published, [Confirmation("A1", STANDARD.printed)])

    assert left(now) == ["《某标准》（GB 1-2020）第6条"]


def test_a_confirmation_reaches_no_other_item() -> None:
    published = form(item(OPEN))

    assert left(with_confirmations(published, [Confirmation("A2", OPEN.printed)])) == [OPEN.printed]


def test_the_published_checklist_stays_as_it_is() -> None:
    published = form(item(OPEN))
    before = content_sha256(published)

    now = with_confirmations(published, [Confirmation("A1", OPEN.printed)])

    assert content_sha256(published) == before
    assert content_sha256(now) != before


def test_everything_that_waits_in_a_packaged_checklist_can_be_confirmed() -> None:
    for published in packaged():
        said = [
            Confirmation(one.code, one.citation, "第一条" if one.lacks_article else "")
            for one in unconfirmed(published)
        ]

        assert unconfirmed(with_confirmations(published, said)) == ()


def test_what_was_compared_with_a_transcript_is_named() -> None:
    copied = {form.ref: transcribed(form) for form in packaged()}

    assert copied["dust-explosion@1"] == ("F03", "F04", "F09", "F08", "F10", "F11", "F11B")
    assert copied["hazardous-chemicals@1"] == ()
