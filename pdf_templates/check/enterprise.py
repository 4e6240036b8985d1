"""The inspected unit, as the documents of a check name it."""

from dataclasses import dataclass

from pdf_templates.fields import fact


@dataclass(frozen=True)
class Enterprise:
    """The inspected unit."""

    name: str = fact("被检查单位")
    uscc: str = fact("统一社会信用代码")
    address: str = fact("地址")
    legal_person: str = fact("法定代表人（负责人）", personal=True)
    position: str = fact("职务", personal=True)
    phone: str = fact("联系电话", personal=True)
