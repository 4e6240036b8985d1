"""What can go wrong with checklists: a stable code, a kind, and one Chinese sentence."""

from typing import Any, ClassVar


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
    message = "没有检查表 {ref}，请核对名称和版本，或升级程序后重试。"


class ContentMismatch(FormError):
    """A checklist that arrived as JSON is not the one that its hash names."""

    code, kind = "forms.content_mismatch", "broken"
    message = "检查表 {ref} 的内容与其摘要不一致，请重新下载该检查表。"
