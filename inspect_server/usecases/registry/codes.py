"""The check of 统一社会信用代码, by python-stdnum."""

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from inspect_server.domain.registry import cells


def checked_uscc(cell: str) -> str:
    """
    Return a 统一社会信用代码 in its plain form, checked by python-stdnum.

    Raises:
        ValueError: With the Chinese reason.
    """
    value = cells.code(cell)
    try:
        return str(uscc.validate(value))
    except InvalidLength:
        reason = f"统一社会信用代码应为 18 位，现为 {len(value)} 位" if value else "必填，不能为空"
        if "E+" in value:
            reason = "已被 Excel 改成科学计数，请将单元格设为文本后重新填写"
    except InvalidChecksum:
        reason = "统一社会信用代码校验位不正确，请核对营业执照"
        if value.isdigit() and value.endswith("00"):
            reason += "（若原单元格按数字保存，末几位已被 Excel 改为 0，请设为文本后重新填写）"
    except ValidationError:
        reason = "统一社会信用代码含有不允许的字符，请核对营业执照"
    raise cells.Unreadable(reason)
