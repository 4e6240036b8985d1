"""The inspected unit, as the documents of a check name it."""

from dataclasses import dataclass

from pdf_templates.fields import text


@dataclass(frozen=True)
class Enterprise:
    """The inspected unit."""

    name: str = text("被检查单位")
    uscc: str = text("统一社会信用代码，登记中没有为空", optional=True)
    address: str = text("地址，登记中没有为空", optional=True)
    legal_person: str = text("法定代表人（负责人），登记中没有为空", personal=True, optional=True)
    position: str = text("职务，登记中没有为空", personal=True, optional=True)
    phone: str = text("联系电话，登记中没有为空", personal=True, optional=True)
