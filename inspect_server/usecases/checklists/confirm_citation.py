"""Saying that a citation was compared with the text, and taking that back."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from unicodedata import category
from uuid import uuid4

from forms.body import content_sha256
from forms.confirming import unconfirmed
from forms.model import Basis, Form, Item, Penalty
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.identity import require
from inspect_server.store import checklists
from inspect_server.store.models.checklists import CitationConfirmation
from inspect_server.usecases.checklists import CONFIRMS
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work

SOURCE_MAX = 300
ARTICLE_MAX = 100
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
NUMBER = re.compile(r"》（[^）]*）")


class NothingToConfirm(InspectError):
    """The item has no such citation that waits to be compared."""

    code, kind = "checklist.nothing_to_confirm", "conflict"
    message = "条目 {code} 没有未核对的引用“{citation}”；未核对的有：{waiting}，请照此填写后重试。"


class AllConfirmed(NothingToConfirm):
    """Nothing at all of the item waits to be compared."""

    message = "条目 {code} 的引用都已核对，没有需要登记的，请核对条目编号。"


class NothingToWithdraw(InspectError):
    """Nobody's confirmation of that citation stands."""

    code, kind = "checklist.nothing_to_withdraw", "missing"
    message = "条目 {code} 的“{citation}”没有可以撤回的核对登记，请核对条目编号和引用后重试。"


@dataclass(frozen=True)
class Comparison:
    """
    What somebody compared. `citation` is as the version prints it; the law's number may be left
    out, and a law alone stands for its name, number and dates. `source` is the text it was compared
    with, `article` what a basis without an article should cite.
    """

    name: str
    version: int
    code: str
    citation: str
    source: str
    article: str = ""


@dataclass(frozen=True)
class ConfirmedCitation:
    """A citation whose confirmation stands now, or no longer; `left` are its version's others."""

    ref: str
    code: str
    citation: str
    left: int


def confirm_citation(work: Work, made: Comparison) -> ConfirmedCitation:
    """
    Keep beside a version that one of its citations was compared with the text; once, by a person.

    The version itself stays as it is: tasks and phones have the same bytes as before.

    Raises:
        Forbidden: The actor does not confirm citations.
        FormNotFound, NotFound: There is no such version, or no such item in it.
        NothingToConfirm: The item has no such citation, or nothing about it is open.
        BadInput: The source is missing or too long; the article is missing or not wanted.
    """
    require(work.actor.roles, *CONFIRMS, action="确认引用已经核对")
    checklists.lock(work.session, made.name)
    form = checklists.published(work.session).get(made.name, made.version)
    seen = checklists.confirmed(work.session, form)
    item = _item(seen, made.code)
    waiting = _waiting(seen, item)
    if not waiting:
        raise AllConfirmed(code=item.code)
    citation = _meant(made.citation, waiting)
    if citation is None:
        raise NothingToConfirm(code=item.code, citation=made.citation, waiting="、".join(waiting))
    _check_texts(made, lacks_article=waiting[citation])
    row = CitationConfirmation(
        id=uuid4(),
        name=form.name,
        version=form.version,
        content_sha256=content_sha256(form),
        code=item.code,
        citation=citation,
        article=made.article,
        source=made.source,
        confirmed_at=work.now,
        confirmed_by=work.actor.label,
    )
    work.session.add(row)
    work.session.flush()
    note(
        work,
        "citation.confirmed",
        checklists.case_of(form.name),
        {
            "confirmation": str(row.id),
            "checklist": form.name,
            "version": form.version,
            "content_sha256": row.content_sha256,
            "code": row.code,
            "citation_sha256": _hash(row.citation),
            "article_sha256": _hash(row.article),
            "source": commit_to(work, row.source),
        },
    )
    return ConfirmedCitation(form.ref, row.code, row.citation, _left(work, form))


def withdraw_confirmation(
    work: Work, name: str, version: int, code: str, citation: str, reason: str
) -> ConfirmedCitation:
    """
    Take back a confirmation that was wrong; it stays on record with the reason.

    Raises:
        Forbidden: The actor does not confirm citations.
        FormNotFound: There is no such version.
        NothingToWithdraw: No confirmation of that citation stands.
        BadInput: The reason is missing or too long.
    """
    require(work.actor.roles, *CONFIRMS, action="撤回引用的核对登记")
    checklists.lock(work.session, name)
    form = checklists.published(work.session).get(name, version)
    _check_text("撤回理由", reason)
    standing = [
        row
        for row in checklists.rows_of(work.session, form)
        if row.withdrawn_at is None and row.code == code
    ]
    meant = _meant(citation, [row.citation for row in standing])
    row = next((row for row in standing if row.citation == meant), None)
    if row is None:
        raise NothingToWithdraw(code=code, citation=citation)
    row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = work.now, work.actor.label, reason
    note(
        work,
        "citation.withdrawn",
        checklists.case_of(name),
        {
            "confirmation": str(row.id),
            "checklist": name,
            "version": version,
            "reason": commit_to(work, reason),
        },
    )
    work.session.flush()
    return ConfirmedCitation(form.ref, code, row.citation, _left(work, form))


def _item(form: Form, code: str) -> Item:
    item = next((one for one in form.items if one.code == code), None)
    if item is None:
        raise NotFound(what=f"检查表 {form.ref} 的条目 {code}")
    return item


def _waiting(form: Form, item: Item) -> dict[str, bool]:
    """Return what of an item nobody compared, as printed, and whether it lacks its article."""
    citations: list[Basis | Penalty] = [*item.basis, *item.penalties]
    if item.device_clause and form.device_clause is not None:
        citations.append(form.device_clause)
    laws = {one.law.printed: False for one in citations if not one.law.verified}
    whole = {
        one.printed: not one.article for one in citations if not (one.verified and one.law.verified)
    }
    return whole | {law: False for law in laws if law not in whole}


def _meant(text: str, known: Collection[str]) -> str | None:
    """Return which of the known citations a person wrote, with or without the law's number."""
    if text in known:
        return text
    alike = [one for one in known if _without_number(one) == _without_number(text)]
    return alike[0] if len(alike) == 1 else None


def _without_number(citation: str) -> str:
    return NUMBER.sub("》", "".join(citation.split()), count=1)


def _check_texts(made: Comparison, *, lacks_article: bool) -> None:
    _check_text("核对依据", made.source)
    if not lacks_article and made.article:
        raise BadInput(field="条款", reason="该引用已经写明条款；条款有误的，请发布新的版本")
    if lacks_article and not 0 < len(made.article.strip()) <= ARTICLE_MAX:
        reason = f"该引用尚缺条款，请写明核对所得的条款，如“第三条”，不超过 {ARTICLE_MAX} 字"
        raise BadInput(field="条款", reason=reason)
    _refuse_unprintable("条款", made.article)


def _check_text(field: str, text: str) -> None:
    if not text.strip() or len(text) > SOURCE_MAX:
        raise BadInput(field=field, reason=f"不能为空，不超过 {SOURCE_MAX} 字")
    _refuse_unprintable(field, text)


def _refuse_unprintable(field: str, text: str) -> None:
    """Refuse what no paper shows on a line; a wide blank, as offices type it, is none of it."""
    if any(category(char) in UNPRINTABLE for char in text):
        raise BadInput(field=field, reason="不能有换行、控制字符和无法识别的字符")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _left(work: Work, form: Form) -> int:
    return len(unconfirmed(checklists.confirmed(work.session, form)))
