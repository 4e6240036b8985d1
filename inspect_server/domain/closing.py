"""Why a record cannot be closed yet. Each refusal is one error; nobody is named in any of them."""

from collections.abc import Sequence

from inspect_server.domain.errors import InspectError


class RecordHasConflicts(InspectError):
    """Phones disagree and the lead has not chosen yet."""

    code, kind = "record.has_conflicts", "conflict"
    message = (
        "还有 {count} 项两部手机填写不一致（{items}），请主办人员逐项确认后再办结："
        "journal conflicts {number} 列出各手机的填写，journal settle 确认采用哪一个。"
    )


class EntriesHeld(InspectError):
    """Entries wait for an earlier one of the same phone that has not arrived."""

    code, kind = "record.entries_held", "conflict"
    message = (
        "还有 {count} 条手机记录因同一手机前面的记录未到而未并入，请让该手机完成同步后再办结；"
        "手机已遗失或损坏的，由承办机构负责人在待核实记录中决定是否采用。"
    )


class PhotosNotArrived(InspectError):
    """The record cites photos whose bytes are still on a phone."""

    code, kind = "record.photos_not_arrived", "conflict"
    message = "还有 {count} 张照片尚未上传完成，请让相关手机完成同步后再办结。"


class TooManyPhotos(InspectError):
    """More photos than documents are made of: sealed, the record would stay without them."""

    code, kind = "record.too_many_photos", "conflict"
    message = (
        "照片有 {count} 张，超过一次检查的文书可以收录的 {most} 张，请检查人员在手机上撤回重复、"
        "无关的照片并同步后再办结；确需全部收录的，由系统管理员调高配置项 most_photos 并重启服务。"
    )


class AnswersMissing(InspectError):
    """Checklist items without an answer."""

    code, kind = "record.answers_missing", "conflict"
    message = "检查表还有 {count} 项未填写（{first}），请检查人员补填并同步后再办结。"


class AnswersInvalid(InspectError):
    """Answers that cannot stand by the checklist's own rules."""

    code, kind = "record.answers_invalid", "conflict"
    message = "检查表有 {count} 项填写不符合要求（{code}：{reason}）全部改正并同步后再办结。"


class VisitNotStartedByTwo(InspectError):
    """A visit needs two officers, each on the own phone, who showed badges and told the rights."""

    code, kind = "record.visit_not_started_by_two", "conflict"
    message = (
        "应有至少 {needed} 名执法人员各自在本人手机上记录到场、出示证件和告知权利，"
        "现有 {count} 名，请补记并同步后再办结。"
    )


class SignatureMissing(InspectError):
    """A signature, or the noted refusal of the enterprise, is missing."""

    code, kind = "record.signature_missing", "conflict"
    message = "缺少{who}，请补签（企业拒签的注明原因）并同步后再办结。"


class SignaturesStale(InspectError):
    """Somebody signed something else than what stands: the papers would say so for good."""

    code, kind = "record.signatures_stale", "conflict"
    message = (
        "{who}签名时所见与现有内容不一致（签名后又有变动，或当时未见另一部手机的填写），"
        "请在手机上重新签名并同步后再办结；确实不能重新签名的，办结时写明理由"
        "（--stale-reason 理由），理由存入办结记录。"
    )


class FailuresUnasked(InspectError):
    """A failure that other answers left out since: it must not vanish without a word."""

    code, kind = "record.failures_unasked", "conflict"
    message = (
        "有 {count} 个检查项{failed}：{items}；后因其他项的填写有变，"
        "这些项或者判断所依据的项不再属于本次检查的内容，请检查人员在手机上核对有关填写、更正并同步后再办结；确实不属于本次检查内容的，"
        "办结时写明理由（--unasked-reason 理由），理由存入办结记录并印入现场检查记录。"
    )


class RechecksMissing(InspectError):
    """Problems of the check that is rechecked of which nobody says how they stand."""

    code, kind = "record.rechecks_missing", "conflict"
    message = (
        "复查事项还有 {count} 项未填写结果（{items}），请检查人员在手机上逐项填写；"
        "未能复查的填为“未复查”并写明原因，同步后再办结。"
    )


class FindingNotAllowed(InspectError):
    """A finding that cannot stand as it is."""

    code, kind = "record.finding_not_allowed", "conflict"
    message = "问题隐患第 {position} 项：{reason}，请主办人员改正并同步后再办结。"


class ChecklistChanged(InspectError):
    """The checklist that this inspection pins is gone, or its text is no longer the pinned one."""

    code, kind = "record.checklist_changed", "broken"
    message = "检查表 {ref} 未安装或内容与派发时不一致，请恢复原版检查表后再办结。"


class RecordNotPrintable(InspectError):
    """A document of this record could not be set: sealed, it would stay without one for good."""

    code, kind = "record.not_printable", "conflict"
    message = "按现有内容无法制作{title}，不能办结：{reason}"


def together(blockers: Sequence[InspectError]) -> InspectError:
    """Return the first of several reasons, whose sentence goes on with all the others."""
    first, *others = blockers
    if others:
        said = [f"（{number}）{one}" for number, one in enumerate(blockers, start=1)]
        first.args = (f"共有 {len(said)} 处须先处理：{''.join(said)}",)
    return first
