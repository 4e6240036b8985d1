"""Click in Chinese: its own messages, and the few that it does not look up."""

import gettext
import sys

import click

WORDS = {
    "Usage:": "用法：",
    "required": "必填",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本号。",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "可运行“{command} {option}”查看说明。",
    "No such command {name!r}.": "没有命令 {name!r}，请查看命令列表。",
    "No such option {name!r}.": "没有选项 {name!r}，请查看说明。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value} is not in the range {range}.": "{value} 超出范围，应为 {range}。",
    "{value!r} is not a valid UUID.": "{value!r} 不是有效的编号。",
    "{value!r} is not one of {choices}.": "没有 {value!r}，可用的有：{choices}。",
    "{value!r} is not {choice}.": "没有 {value!r}，只能是 {choice}。",
    "{value!r} does not match the format {format}.": "{value!r} 不是日期，应如 2026-03-09。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不带值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 需要 {nargs} 个值。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 无法写入，请检查权限。",
    "Could not open file {filename!r}: {message}": "无法打开文件 {filename!r}：{message}",
    "%(prog)s, version %(version)s": "%(prog)s，版本 %(version)s",
    "unknown error": "未知错误",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing command.": "请在后面写明要执行的命令。",
    "Missing {param_type}": "缺少 {param_type}",
    "Invalid value: {message}": "值不可用：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不可用：{message}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在，请核对路径。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是目录，请给出文件。",
    "{name} {filename!r} is a file.": "{name} {filename!r} 是文件，请给出目录。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 无法读取，请检查权限。",
    "file": "文件",
    "directory": "目录",
    "path": "路径",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是有效的{number_type}。",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要写值。",
    "Got unexpected extra argument ({args})": "多余的参数（{args}），请查看说明。",
    "Got unexpected extra arguments ({args})": "多余的参数（{args}），请查看说明。",
    "Repeat for confirmation": "请再输入一次",
    "Error: The two entered values do not match.": "两次输入不一致，请重新输入。",
    "Aborted!": "已中止，未完成的操作没有写入数据库。",
    "Missing parameter": "缺少参数",
    "deprecated": "已停用",
    "(dynamic)": "（自动）",
    "Did you mean {possibility}?": "是否要写 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "是否要写其中之一：{possibilities}？",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 后面要写 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "需要 {nargs} 个值，只写了 1 个。",
    "Takes {nargs} values but {len} were given.": "需要 {nargs} 个值，写了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": (
        "需要 {len_type} 个值，写了 {len_value} 个。"
    ),
    "{len_type} values are required, but {len_value} were given.": (
        "需要 {len_type} 个值，写了 {len_value} 个。"
    ),
    "Value must be an iterable.": "应写多个值。",
    "Choice({choices})": "可选 {choices}",
    "{value!r} does not match the formats {formats}.": "{value!r} 不是日期，应如 2026-03-09。",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r} 不是“是”或“否”，可写：{states}"
    ),
    "{name} {filename!r} is not executable.": "{name} {filename!r} 不能执行，请检查权限。",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": (
        "命令 {name!r} 已停用。{extra_message}"
    ),
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": (
        "{name!r} 已停用。{extra_message}"
    ),
    "Do you want to continue?": "是否继续？",
    "Confirm the action without prompting.": "不再询问。",
    "Error: invalid input": "请输入 y（是）或 n（否）。",
    "Press any key to continue...": "按任意键继续……",
    "d": "天",
    "{editor}: Editing failed": "{editor}：编辑失败",
    "{editor}: Editing failed: {e}": "{editor}：编辑失败：{e}",
    "Couldn't detect Bash version, shell completion is not supported.": (
        "无法确定 Bash 版本，不能自动补全。"
    ),
    "Shell completion is not supported for Bash versions older than 4.4.": (
        "Bash 低于 4.4，不能自动补全。"
    ),
    "Windows error: {error}": "系统错误：{error}",
}
"""Click's own messages, by the English text that it looks up."""

MISSING = {"argument": "参数", "option": "选项"}


class _Translations(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return WORDS.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return WORDS.get(msgid1 if n == 1 else msgid2, msgid1 if n == 1 else msgid2)


def speak_chinese() -> None:
    """Let click look its messages up here; it binds gettext's module-level functions at import."""
    translations = _Translations()
    for module in [m for name, m in sys.modules.items() if name.startswith("click.")]:
        for name, found in (("_", translations.gettext), ("ngettext", translations.ngettext)):
            if hasattr(module, name):
                setattr(module, name, found)
    # These are put together from pieces that are not looked up, an English full stop among them.
    click.MissingParameter.format_message = _missing  # type: ignore[method-assign,assignment]
    click.IntRange._describe_range = _range  # type: ignore[method-assign,assignment]


def _missing(error: click.MissingParameter) -> str:
    param, hint, choices = error.param, error.param_hint, None
    if param is not None:
        hint = hint or param.get_error_hint(error.ctx)
        choices = param.type.get_missing_message(param=param, ctx=error.ctx)
    kind = MISSING.get(str(error.param_type or getattr(param, "param_type_name", "")), "参数")
    return f"缺少{kind} {hint}，请补上后重试。{choices or ''}"


def _range(limits: click.IntRange) -> str:
    if limits.max is None:
        return f"不小于 {limits.min}"
    if limits.min is None:
        return f"不大于 {limits.max}"
    return f"{limits.min} 到 {limits.max}"
