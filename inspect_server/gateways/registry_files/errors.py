"""Why a registry file cannot be read: each one sentence, with the next step."""

from inspect_server.domain.errors import InspectError


class FileNotThere(InspectError):
    """No such file."""

    code, kind = "registry.file_missing", "missing"
    message = "找不到文件“{name}”，请核对路径后重试。"


class EmptyFile(InspectError):
    """The file has no bytes, or no row."""

    code, kind = "registry.file_empty", "invalid"
    message = "文件“{name}”是空的，没有可导入的内容，请检查是否选错文件。"


class OldWorkbook(InspectError):
    """An .xls, or an .xlsx under a password: both are OLE containers."""

    code, kind = "registry.old_workbook", "invalid"
    message = "文件“{name}”是旧版 .xls 或加了密码的工作簿，请取消密码并另存为 .xlsx 后重新导入。"


class MarkupFile(InspectError):
    """HTML or XML under the name of a workbook, as web systems export it."""

    code, kind = "registry.markup", "invalid"
    message = (
        "文件“{name}”内容是网页或 XML，不是工作簿（常见于从业务系统导出的 .xls），"
        "请用 Excel 或 WPS 打开后另存为 .xlsx 重新导入。"
    )


class DamagedWorkbook(InspectError):
    """The container or a part of it cannot be read."""

    code, kind = "registry.damaged_workbook", "invalid"
    message = (
        "工作簿“{name}”不完整或已损坏（{reason}），请用 Excel 或 WPS 打开后另存为新文件重新导入。"
    )


class Oversized(InspectError):
    """More than a registry can honestly be: a zip bomb, or cells strewn over an endless sheet."""

    code, kind = "registry.oversized", "invalid"
    message = "文件“{name}”{reason}，为防止内存耗尽已停止读取，请拆分文件或清除多余内容后重新导入。"


class UnknownEncoding(InspectError):
    """Neither UTF-8 nor GB18030 (nor UTF-16 with its mark)."""

    code, kind = "registry.unknown_encoding", "invalid"
    message = (
        "文件“{name}”既不是 UTF-8 也不是 GB18030 编码（第 {line} 行附近出现无法识别的字节），"
        "请用 Excel 或 WPS 打开后另存为“CSV UTF-8”或 .xlsx 重新导入。"
    )


class NotText(InspectError):
    """Neither a workbook nor a text file."""

    code, kind = "registry.not_text", "invalid"
    message = "文件“{name}”不是 .xlsx 或 .csv 表格，请选择正确的文件后重新导入。"


class BrokenQuotes(InspectError):
    """A quote opens and does not close, or text follows a closing quote."""

    code, kind = "registry.broken_quotes", "invalid"
    message = (
        "文件“{name}”第 {row} 行（第 {line} 个文本行）的引号不配对或单元格过长，"
        "请改正该行的双引号后重新导入。"
    )
