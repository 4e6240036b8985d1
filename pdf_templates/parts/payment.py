"""How a fine is paid, and what is added where it is not."""

from dataclasses import dataclass

from pdf_templates.fields import count, part, text
from pdf_templates.parts.legal import Account

PAUSED = "行政复议、行政诉讼期间，加处罚款的数额不予计算。"
"""What is told wherever a surcharge is (行政处罚法 2021, article 73 (3))."""


@dataclass(frozen=True)
class Surcharge:
    """What is added to a fine for each day that it is late; dated law values."""

    permille: int = count("每日加处罚款，为罚款数额的千分之几", least=1)
    basis: str = text("加处罚款依据（法律及条款）")

    def said(self) -> str:
        """Return the clause with its limit, never more than the fine itself, and its pause."""
        return (
            f"到期不缴纳罚款的，依据{self.basis}的规定，每日按罚款数额的{percent(self.permille)}"
            f"加处罚款，加处罚款的数额不超过罚款的数额。{PAUSED}"
        )


@dataclass(frozen=True)
class Payment:
    """Where and by when a fine is paid, counted from the receipt of the decision."""

    account: Account = part("收款账户")
    days: int = count("缴纳罚款期限（日，自收到决定书之日起）", least=1)
    surcharge: Surcharge = part("逾期加处罚款")

    def said(self, party: str) -> str:
        """Return where the fine is to be paid, and within what time."""
        return (
            f"{party}应当自收到本决定书之日起{self.days}日内，将罚款缴至{self.account.said()}，"
            "也可以通过电子支付系统缴纳。"
        )


def percent(permille: int) -> str:
    """Return 3% for 30, 2.5% for 25."""
    whole, tenth = divmod(permille, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"
