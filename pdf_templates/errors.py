"""What can go wrong while a document is made: a stable code and one Chinese sentence."""

from collections.abc import Sequence
from typing import Any, ClassVar

MOST_SAID = 20
"""Places named one by one."""


class DocumentError(Exception):
    """The base: `code` for programs, `message` formatted with the keyword arguments."""

    code: ClassVar[str]
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class MissingGlyph(DocumentError):
    """No font has this character; it is never printed as a blank."""

    code = "document.missing_glyph"
    message = (
        "“{field}”中的字符“{char}”（{point}）没有可用字形，无法印制，请更换该字符或增配字体后重试。"
    )


class UnprintableFacts(MissingGlyph):
    """A character without a glyph, with every field that holds one."""

    message = (
        "“{field}”中的字符“{char}”（{point}）没有可用字形，无法印制；"
        "文书内容中没有字形的字符：{said}。请更换这些字符或增配字体后重试。"
    )

    def __init__(self, first: MissingGlyph, places: Sequence[str]) -> None:
        self.places = tuple(places)
        more = f"等 {len(places)} 处" if len(places) > MOST_SAID else ""
        super().__init__(**first.facts, said="；".join(places[:MOST_SAID]) + more)


class FieldTooNarrow(DocumentError):
    """A box cannot hold even one character."""

    code = "document.too_narrow"
    message = "版面中“{field}”一栏宽度不足，无法排版，请检查模板。"


class BadFacts(DocumentError):
    """Facts with fields that are missing, unknown, wrong or at odds; all are named at once."""

    code = "document.bad_facts"
    message = "文书内容有误：{said}，请更正后重试。"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(said="；".join(self.problems))


class UnknownKind(DocumentError):
    """No template of this kind and version."""

    code = "document.unknown_kind"
    message = "没有名为 {kind}、版本 {version} 的文书模板，请检查程序版本。"


class NotOnReceipt(DocumentError):
    """A document that is not left on site, on the paper of portable printers."""

    code = "document.not_on_receipt"
    message = "“{title}”不是在检查现场交付的文书，不能打印在 80 毫米热敏纸上，请用 A4 纸打印。"


class BlockTooTall(DocumentError):
    """Something that must stay on one page is taller than a page."""

    code = "document.block_too_tall"
    message = "有一处内容（如机关全称、标题）高于一页，无法排版，请缩短后重试。"


class DocumentTooLong(DocumentError):
    """The content fills more pages than any document or file has."""

    code = "document.too_long"
    message = "内容超过 {most} 页，不是一份文书应有的篇幅，请检查内容是否有误，或分作几份。"


class UnusableFont(DocumentError):
    """A font file that documents cannot be set in, or may not."""

    code = "document.unusable_font"
    message = "字体文件 {file} 不能用于文书：{reason}，请改用其他字体。"
