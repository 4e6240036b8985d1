"""docs/law.md, written from the values themselves so that it cannot differ from them."""

from inspect_server.domain.law.book import Book, Entry, LawValue

HEAD = """# 规则取值（法定期限、上限与本机关参数）

本文件由 `python -m inspect_server.domain.law > docs/law.md` 生成，请勿手工修改；取值在
`inspect_server/domain/law/*.toml`。每个取值按生效日期排列，从不改写旧行，只增加新行。

“核实”一栏为“否”的，原文没有打开核对，备注写明依据什么；使用前请由法制人员对照原文。
单位：`working_days` 工作日，`natural_days` 自然日，`ppm` 百万分之一，`permille` 千分之一，
`fen` 分，`people` 人。
`rate`、`plan`、`capacity` 三个领域由本机关自定，可用 `plan make --rates 文件` 覆盖；其余不能覆盖。

| 取值 | 含义 | 单位 | 自 | 值 | 来源 | 核实 | 备注 |
|---|---|---|---|---|---|---|---|
"""


def as_markdown(book: Book) -> str:
    """Return docs/law.md."""
    return HEAD + "".join(_line(row) for row in book)


def _line(row: Entry) -> str:
    title = row.title + ("（末日遇休息日顺延）" if row.rolls_over else "")
    cells = (
        f"`{row.id}`",
        title,
        row.unit,
        row.since.isoformat(),
        _shown(row.value),
        row.source,
        "是" if row.verified else "**否**",
        row.note,
    )
    return "| " + " | ".join(cell.replace("|", "／").replace("\n", " ") for cell in cells) + " |\n"


def _shown(value: LawValue) -> str:
    match value:
        case dict():
            return "；".join(f"{key}：{_shown(part)}" for key, part in value.items())
        case list():
            return "、".join(_shown(part) for part in value)
        case _:
            return str(value)
