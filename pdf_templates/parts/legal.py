"""What the law and the bureau's configuration give: remedies, where to turn, where to pay."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, part, text
from pdf_templates.parts.people import unparted
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Stationery, kept
from pdf_templates.wording import unended


def _offered(channel: str, served_online: bool) -> str:
    if channel or not served_online:
        return ""
    return "以电子方式送达的，应当同时写明提交行政复议申请书的互联网渠道"


@dataclass(frozen=True)
class Remedies:
    """
    Before whom and within what time a decision can be contested; dated law values.

    What is served online offers an online channel, too (行政复议法 2023, article 22 (2)).
    """

    government: str = text("行政复议机关")
    court: str = text("行政诉讼法院")
    reconsideration_days: int = count("申请行政复议期限（日）", least=1)
    litigation_months: int = count("提起行政诉讼期限（月）", least=1)
    served_online: bool = part("本文书是否以电子方式（互联网渠道）送达")
    online_channel: str = text(
        "提交行政复议申请书的互联网渠道，不以电子方式送达的可为空", optional=True
    )

    CONSTRAINTS = (Constraint("online_channel", ("served_online",), _offered),)

    def said(self, decision: str = "本决定") -> str:
        """Return the clause for a decision that may be contested before either at once."""
        return (
            f"如不服{decision}，可以自收到{decision}书之日起{self.reconsideration_days}日内向"
            f"{self.government}申请行政复议，或者自收到{decision}书之日起{self.litigation_months}"
            f"个月内依法向{self.court}提起行政诉讼，但复议、诉讼期间{decision}不停止执行，"
            f"法律另有规定的除外。{self._online()}"
        )

    def reconsideration_first(self, litigation_days: int, decision: str = "本决定") -> str:
        """
        Return the clause for an on-the-spot penalty (行政复议法 2023, article 23 (1) 1).

        Args:
            litigation_days: To go to court, from the receipt of what the reconsideration decided.
            decision: What the document calls itself.
        """
        return (
            f"如不服{decision}，可以自收到{decision}书之日起{self.reconsideration_days}日内向"
            f"{self.government}申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起"
            f"{litigation_days}日内依法向{self.court}提起行政诉讼，但复议、诉讼期间{decision}不停止执行，"
            f"法律另有规定的除外。{self._online()}"
        )

    def _online(self) -> str:
        channel = self.online_channel
        return f"行政复议申请可以通过{unended(channel)}提交。" if channel else ""


@dataclass(frozen=True)
class Desk:
    """Where the party turns to at the bureau."""

    address: str = text("部门地址")
    postcode: str = text("邮政编码", optional=True)
    contact: str = text("联系人", personal=True)
    phone: str = text("联系电话")


def desk_lines(on: Stationery, desk: Desk) -> list[Strip]:
    """Return it as lines of text that stay together: where the desk is, and who sits there."""
    who = (("联系人", unparted(desk.contact)), ("联系电话", desk.phone))
    where = (("部门地址", desk.address), ("邮政编码", desk.postcode))
    said = [on.said(f"{name}：{value}", name) for name, value in where if value]
    return [
        *(strip for lines in said for strip in (kept(lines) if len(lines) == 1 else lines)),
        *on.said("　".join(f"{name}：{value}" for name, value in who), "联系人"),
    ]


def desk_fields(on: Stationery, desk: Desk) -> list[Strip]:
    """Return it as labelled fields on underlines."""
    return [
        *on.fields(Cell("部门地址", desk.address, 70), Cell("邮政编码", desk.postcode, 30)),
        *on.fields(Cell("联系人", desk.contact, 40), Cell("联系电话", desk.phone, 60)),
    ]


@dataclass(frozen=True)
class Account:
    """Where a fine is paid to."""

    payee: str = text("收款单位")
    bank: str = text("代收银行")
    number: str = text("账号")

    def said(self) -> str:
        """Return it in a sentence's brackets."""
        return f"{unended(self.payee)}（代收银行：{unended(self.bank)}，账号：{self.number}）"
