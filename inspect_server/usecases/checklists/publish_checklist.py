"""A checklist of the bureau's own, stored for good."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from forms.body import content_sha256, from_json, to_json
from forms.definition.codes import SENDABLE, unsendable
from forms.definition.parse import NEWEST_VERSION
from forms.diff import Part, differences
from forms.model import Form
from forms.workbook.office.guide import EXAMPLE_MARK
from inspect_server.domain import law
from inspect_server.domain.enums import Sector
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.identity import require
from inspect_server.store import checklists
from inspect_server.store.models.checklists import PublishedChecklist
from inspect_server.usecases.checklists import KEEPS
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

TITLE_MAX = 200
EXAMPLE_NAME = "example"
"""The name of the example in the blank template; a test holds it to the template's."""


class VersionTaken(InspectError):
    """The version exists with another content; whoever used it must find it as it was."""

    code, kind = "checklist.version_taken", "conflict"
    message = (
        "检查表 {ref} 已经发布，内容与本文件不同；已发布的版本不得改动，"
        "请把本文件的版本号改为 {next}（从工作簿导入的，导入时加 --version {next}）后重试。"
    )


class LawsOutdated(VersionTaken):
    """The version exists, and only what it says of laws and penalty clauses is another by now."""

    code = "checklist.laws_outdated"
    message = (
        "检查表 {ref} 已经发布；本文件与已发布的只有法规、处罚依据的登记内容不同（{laws}），"
        "多是发布后程序更新了法规表。已发布的版本仍按发布时的登记内容使用，不需要改动的不必再发布；"
        "要采用新的登记内容的，请把本文件的版本号改为 {next} 后重试。"
    )


class VersionNotNewer(InspectError):
    """A newer version exists already."""

    code, kind = "checklist.version_not_newer", "conflict"
    message = (
        "检查表 {name} 已有第 {newest} 版，请把本文件的版本号改为 {next}"
        "（从工作簿导入的，导入时加 --version {next}）后重试。"
    )


class BeginsTooEarly(InspectError):
    """The version would begin before one that it follows."""

    code, kind = "checklist.begins_too_early", "conflict"
    message = (
        "检查表 {ref} 的启用日期 {day} 早于第 {earlier} 版的启用日期 {its_day}，"
        "请改为不早于该日的日期后重试。"
    )


class BeginsBeforeUnbegun(BeginsTooEarly):
    """The version that it follows has not begun, and can still be kept from ever beginning."""

    message = (
        "检查表 {ref} 的启用日期 {day} 早于第 {earlier} 版的启用日期 {its_day}，"
        "请改为不早于该日的日期后重试；第 {earlier} 版的启用日期写错的，"
        "可以先将该版停用（forms retire {name}@{earlier} --from {its_day}），再发布本版。"
    )


class CodesNotSendable(InspectError):
    """Phones could not send answers under these codes."""

    code, kind = "checklist.codes_not_sendable", "invalid"
    message = (
        f"手机不能按下列编号上报结果：{{codes}}；请改为{SENDABLE}的编号后重试"
        "（从工作簿导入的，请在工作簿中改正后重新导入）。"
    )


class StillTheExample(InspectError):
    """It is the template's example, or bears its name; nobody could take it back."""

    code, kind = "checklist.still_the_example", "invalid"
    message = (
        "检查表 {ref}《{title}》的名称或者代号仍是模板中的示例，没有发布；"
        "请将名称、代号和示例条目换成自己的内容，从工作簿导入的重新导入后再发布。"
    )


@dataclass(frozen=True)
class PublishedVersion:
    """One version; `is_new` is False where the same content was here already."""

    ref: str
    title: str
    content_sha256: str
    is_new: bool


def publish_checklist(work: Work, form: Form) -> PublishedVersion:
    """
    Store a version for good; it is handed out from its first day on.

    The same content again changes nothing. What comes with the program is never replaced.

    Raises:
        Forbidden: The actor does not keep checklists.
        VersionTaken: The version exists with another content.
        LawsOutdated: The laws that it cites read otherwise by now; nothing else is different.
        VersionNotNewer: A newer one exists.
        BeginsTooEarly: It would begin before a version that it follows.
        CodesNotSendable: An item's code does not fit the protocol of the phones.
        StillTheExample: It bears the title or the name of the template's example.
        BadInput: The title is too long, the version too high, or a sector or a rectification
            period unknown here.
        BadDefinition: It is none that could be read again.
    """
    require(work.actor.roles, *KEEPS, action="发布检查表")
    sha256 = content_sha256(form)
    same = PublishedVersion(form.ref, form.title, sha256, is_new=False)
    if _is_there(work, form, sha256):
        return same
    checklists.lock(work.session, form.name)
    if _is_there(work, form, sha256):  # by now: somebody else was faster
        return same
    _check_follows(work, form)
    _check_usable(form)
    body = to_json(form)
    from_json(body)  # what could not be read again would keep every other checklist from use
    work.session.add(
        PublishedChecklist(
            name=form.name,
            version=form.version,
            content_sha256=sha256,
            body=body,
            published_at=work.now,
            published_by=work.actor.label,
        )
    )
    work.session.flush()
    note(
        work,
        checklists.PUBLISHED,
        checklists.case_of(form.name),
        {
            "checklist": form.name,
            "version": form.version,
            "content_sha256": sha256,
            "body_sha256": checklists.body_sha256(body),
        },
    )
    return PublishedVersion(form.ref, form.title, sha256, is_new=True)


def _is_there(work: Work, form: Form, sha256: str) -> bool:
    known = checklists.published(work.session)
    return any(form.ref == one.ref and sha256 == content_sha256(one) for one in known)


def _check_follows(work: Work, form: Form) -> None:
    earlier = [one for one in checklists.library(work.session) if one.name == form.name]
    if not earlier:
        return
    newest = max(one.version for one in earlier)
    for one in earlier:
        if one.version == form.version:
            raise _taken(form, one, newest + 1)
    if form.version < newest:
        raise VersionNotNewer(name=form.name, newest=newest, next=newest + 1)
    last = max(filter(_begins, earlier), key=lambda one: one.effective_from, default=form)
    if form.effective_from < last.effective_from:
        refused = BeginsBeforeUnbegun if _may_never_begin(work, last) else BeginsTooEarly
        raise refused(
            ref=form.ref,
            name=form.name,
            day=form.effective_from,
            earlier=last.version,
            its_day=last.effective_from,
        )


def _taken(form: Form, published: Form, next: int) -> VersionTaken:
    """Return why a version that exists cannot be published again: its own words, or laws only."""
    changes = differences(replace(published, retired_on=form.retired_on), form)
    if all(one.part in (Part.LAW, Part.PENALTY) for one in changes):
        laws = "、".join(dict.fromkeys(one.which for one in changes))
        return LawsOutdated(ref=form.ref, next=next, laws=laws)
    return VersionTaken(ref=form.ref, next=next)


def _begins(form: Form) -> bool:
    """Return whether a version is ever handed out, so that its successor may not begin before."""
    return form.retired_on is None or form.retired_on > form.effective_from


def _may_never_begin(work: Work, form: Form) -> bool:
    """Return whether a version that begins some day could be retired on that day."""
    is_said = (form.name, form.version) in checklists.retirements(work.session)
    return not is_said and form.effective_from >= work.now.astimezone(work.settings.zone).date()


def is_example(form: Form) -> bool:
    """Return whether a checklist still bears the title or the name of the template's example."""
    return form.title.startswith(EXAMPLE_MARK) or form.name == EXAMPLE_NAME


def _check_usable(form: Form) -> None:
    if is_example(form):
        raise StillTheExample(ref=form.ref, title=form.title)
    if len(form.title) > TITLE_MAX:
        raise BadInput(field="标题", reason=f"不超过 {TITLE_MAX} 字")
    if form.version > NEWEST_VERSION:
        raise BadInput(field="版本", reason=f"不大于 {NEWEST_VERSION}")
    if mute := list(unsendable(form)):
        raise CodesNotSendable(codes="、".join(f"“{item.code}”" for item in mute))
    if unknown := sorted(set(form.sectors) - {sector.value for sector in Sector}):
        raise BadInput(field="行业领域标签", reason=f"没有 {'、'.join(unknown)}")
    if unknown := sorted(set(_periods(form)) - set(law.book().ids)):
        raise BadInput(field="整改期限", reason=f"规则库中没有 {'、'.join(unknown)}")


def _periods(form: Form) -> Iterator[str]:
    """Yield the ids of dated values that stand for days to rectify."""
    yield from (item.rectify for item in form.items if isinstance(item.rectify, str))
