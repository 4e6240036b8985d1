"""What can go wrong with checklists: a stable code, a kind, and one Chinese sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

LONGEST_SHOWN = 40
"""Characters of what an author wrote that a sentence repeats."""


def beginning(text: str) -> str:
    """Return what a sentence repeats of a text: all, or of a long one how it begins."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


class FormError(Exception):
    """
    The base of every expected failure of this package.

    A subclass sets `code` (stable, dotted, for programs), `kind` (invalid, missing or broken) and
    `message` (simplified Chinese, formatted with the keyword arguments; its end says what to do).
    """

    code: ClassVar[str]
    kind: ClassVar[str]
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class BadDefinition(FormError):
    """An authoring error; names the file, the item (or the part of the file) and the field."""

    code, kind = "forms.bad_definition", "invalid"
    message = "检查表文件 {file} 的{item}，字段 {field}：{reason}，请改正后重试。"


class UnreadableDefinition(FormError):
    """The file is not TOML in UTF-8."""

    code, kind = "forms.unreadable_definition", "invalid"
    message = "检查表文件 {file} 无法读取（{reason}），请检查文件格式后重试。"


class FormNotFound(FormError):
    """No definition of that name and version is installed."""

    code, kind = "forms.not_found", "missing"
    message = "没有检查表 {ref}，请核对名称和版本；自行编写的须先发布，随程序更新的须先升级程序。"


class ContentMismatch(FormError):
    """A checklist that arrived as JSON is not the one that its hash names."""

    code, kind = "forms.content_mismatch", "broken"
    message = "检查表 {ref} 的内容与其摘要不一致，请重新下载该检查表。"


@dataclass(frozen=True, order=True)
class Problem:
    """One authoring error of a workbook: where it stands, and what is wrong with what to do."""

    sheet: str
    row: int  # as the spreadsheet counts: 1 is the first; 0 for the sheet as a whole
    column: str  # the header as written, or the column's letter; "" for the row as a whole
    reason: str  # Chinese, without a full stop at its end

    def __str__(self) -> str:
        """Return the place and the reason as one line."""
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”列" if self.column else ""
        return f"工作表“{self.sheet}”{row}{column}：{self.reason}"


class BadWorkbook(FormError):
    """
    Authoring errors of a workbook, all that were found, by sheet and row.

    `notices` say what of the workbook was not read: an error may come of that.
    """

    code, kind = "forms.bad_workbook", "invalid"
    message = "工作簿 {file} 有 {count} 处错误，请改正后重试：\n{lines}"

    def __init__(self, file: str, problems: Sequence[Problem], notices: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        self.notices = tuple(notices)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(file=file, count=len(self.problems), lines=lines)


class UnreadableWorkbook(FormError):
    """The file is no workbook that this program reads."""

    code, kind = "forms.unreadable_workbook", "invalid"
    message = "工作簿 {file} 无法读取（{reason}），请另存为 .xlsx 文件后重试。"


class UnwritableWorkbook(FormError):
    """Something of the checklist does not fit into a workbook."""

    code, kind = "forms.unwritable_workbook", "invalid"
    message = "无法写出工作簿 {file}：{reason}，请处理后重试。"
