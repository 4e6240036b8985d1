"""How often a unit is checked in a year, and what kinds of checks there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdf_templates.fields import count, part

CATEGORIES: Mapping[str, str] = {
    "routine": "日常检查",
    "individual": "个案检查",
    "special": "专项检查",
}


@dataclass(frozen=True)
class Frequency:
    """How often a unit has been checked this year, and how often it may be; dated law values."""

    before: int = count("本年度此前已计入频次的检查次数")
    cap: int = count("年度检查频次上限（次）")
    counted: bool = part("本次检查是否计入频次（投诉举报、转办交办等依规定不计入）")

    def said(self) -> str:
        """Return it as an entry of a form."""
        tail = "" if self.counted else "；本次依规定不计入"
        return f"此前已检查{self.before}次，年度上限{self.cap}次{tail}"

    def told(self) -> str:
        """Return it as a sentence to the unit."""
        if self.counted:
            return f"本次为本机关本年度对你单位的第{self.before + 1}次检查，年度上限{self.cap}次。"
        return (
            f"本机关本年度此前已对你单位检查{self.before}次，年度上限{self.cap}次；"
            "本次检查依照规定不计入年度频次。"
        )
