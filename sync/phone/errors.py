"""What can go wrong on a phone, for the inspector who holds it."""

from typing import Any, ClassVar


class PhoneError(Exception):
    """The base; `code` is stable, `message` Chinese and ends with the next step."""

    code: ClassVar[str]
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class NotEnrolled(PhoneError):
    """Nothing can be captured before the phone knows its user."""

    code = "phone.not_enrolled"
    message = "本机尚未登记，请先联网登录登记。"


class UnknownTask(PhoneError):
    """The task is not on this phone."""

    code = "phone.unknown_task"
    message = "本机没有任务 {task}，请先联网同步。"


class UnknownItem(PhoneError):
    """None of the task's checklists has this item."""

    code = "phone.unknown_item"
    message = "检查表 {forms} 中没有项目 {item}，请按检查表填写“answer/检查表名称/条目代码”。"


class OneGroupAtATime(PhoneError):
    """What is saved together is of one task, and a group stands in no other."""

    code = "phone.one_group"
    message = "本页内容尚未保存，请先保存本页，再填写其他任务或另一页。"


class SignedAlone(PhoneError):
    """A signature names what is saved: it comes after it, in an entry of its own."""

    code = "phone.signed_alone"
    message = "本页内容尚未保存，请先保存本页再签名。"


class NothingOrdered(PhoneError):
    """Every problem was corrected on site or referred: no order could be signed."""

    code = "phone.nothing_ordered"
    message = "没有须由企业整改的问题，不制作责令限期整改指令书，请只在现场检查记录上签名。"


class TooMuchAtOnce(PhoneError):
    """More than one entry may hold; nothing of it was saved."""

    code = "phone.too_much"
    message = "一次保存的内容过多（上限 {limit}），本次内容没有保存，请分几次保存。"


class WrongLogin(PhoneError):
    """The server does not accept login and password."""

    code = "phone.wrong_login"
    message = "账号或密码不正确，请核对后重新登录；连续输错会暂时锁定账号。"


class NothingToRetract(PhoneError):
    """The item has no value of which this phone knows."""

    code = "phone.nothing_there"
    message = "项目 {item} 没有可撤回或修改的内容，请核对后重试。"


class NoConflict(PhoneError):
    """There is nothing to settle."""

    code = "phone.no_conflict"
    message = "项目 {item} 没有冲突，无需确认。"


class ChangedMeanwhile(PhoneError):
    """Of what the lead saw nothing stands any more."""

    code = "phone.changed_meanwhile"
    message = "项目 {item} 已有更新，请重新核对后再确认。"


class PhoneStorageFull(PhoneError):
    """The phone could not write; the save did not happen."""

    code = "phone.storage_full"
    message = "手机存储空间不足，本次内容没有保存，请清理空间后重新保存。"


class BadFile(PhoneError):
    """A partner's file is damaged or not what it claims."""

    code = "phone.bad_file"
    message = "同伴文件无法读取（{reason}），请重新导出后再传。"


class RefusedFile(PhoneError):
    """A partner's file is whole, but holds what nobody may bring; nothing was taken in."""

    code = "phone.refused_file"
    message = "没有接收同伴文件，本机记录没有变化：{reason}。"


class DamagedEntries(PhoneError):
    """Entries without a receipt whose bytes changed in the phone's file; all others go on."""

    code = "phone.damaged_entries"
    message = (
        "本机有 {count} 条记录已损坏，无法上传；其余记录照常保存和上传，"
        "请勿清除本机数据，并联系管理员。"
    )


class RemoteProblem(PhoneError):
    """The server answered with an error; nothing on the phone was changed by it."""

    code = "phone.remote"
    message = "服务器返回错误 {status}（{remote}），数据仍保存在本机，请稍后重新同步。"


class OutOfReach(PhoneError):
    """No answer came: no network, or it broke off."""

    code = "phone.out_of_reach"
    message = "无法连接服务器，数据仍保存在本机，请在有网络时重新同步。"


class ViewMismatch(PhoneError):
    """What was pulled is not what the server says it sent, even after starting over."""

    code = "phone.view_mismatch"
    message = "下载的数据校验不一致，本机采集的数据不受影响，请稍后重新同步。"


class DamagedPhoto(PhoneError):
    """The bytes that came are not those that the hash names."""

    code = "phone.damaged_photo"
    message = "下载的照片与记录的摘要不一致，没有保存，请重新下载；如仍出现，请联系管理员。"
