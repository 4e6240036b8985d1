"""The one command line, `inspect-server`. A command's module is imported only when it is used."""

import importlib
from typing import Any

import click

from inspect_server.cli.terminal.chinese import ChineseGroup
from inspect_server.cli.terminal.typography import describe_in_chinese, set_for_chinese
from inspect_server.cli.terminal.words import speak_chinese

COMMANDS = {
    "init": ("inspect_server.cli.server", "init_command", "建立数据目录和数据库。"),
    "config": ("inspect_server.cli.settings", "config_command", "列出全部配置项。"),
    "serve": ("inspect_server.cli.server", "serve_command", "启动服务（网页、接口、手机同步）。"),
    "jobs": ("inspect_server.cli.server", "jobs_command", "启动定时任务进程。"),
    "ca": (
        "inspect_server.cli.deploying.certificates",
        "ca_group",
        "手机信任的根证书和服务器证书。",
    ),
    "deploy": (
        "inspect_server.cli.deploying.commands",
        "deploy_group",
        "部署：systemd 服务、nginx 站点。",
    ),
    "user": ("inspect_server.cli.users", "user_group", "账号：新增、列出、停用。"),
    "import": ("inspect_server.cli.imports", "import_group", "导入企业、执法人员名录。"),
    "plan": ("inspect_server.cli.plan", "plan_group", "年度监督检查计划：编制、查看、批准。"),
    "draw": ("inspect_server.cli.draw.commands", "draw_group", "双随机抽取：承诺、揭示、验证。"),
    "forms": (
        "inspect_server.cli.forms.commands",
        "forms_group",
        "检查表：导入导出、比较、试填、发布、核对依据。",
    ),
    "dispatch": ("inspect_server.cli.dispatch", "dispatch_command", "检查方案、审批、派发、改派。"),
    "journal": (
        "inspect_server.cli.journal",
        "journal_group",
        "手机同步日志：核验、重建、确认分歧。",
    ),
    "record": ("inspect_server.cli.record", "record_group", "执法记录：办结、查看、核验。"),
    "documents": (
        "inspect_server.cli.documents.commands",
        "documents_group",
        "执法文书：制作、列出、导出、作废。",
    ),
    "disclosure": (
        "inspect_server.cli.disclosure",
        "disclosure_group",
        "抽查公示：列出、预览、公示、更正。",
    ),
    "demo": ("inspect_server.cli.demo", "demo_command", "从空目录演示全部主要工作。"),
}
"""Command -> its module, the name in it, and the line shown in the list."""

EPILOG = """\b
示例：
  inspect-server init
  inspect-server user add zhangsan --name 张三 --role supervisor
  inspect-server import enterprises 企业名录.xlsx
  inspect-server plan make --year 2026
  inspect-server serve

\b
配置：环境变量 INSPECT_…，或 inspect-server.toml（各项见 inspect-server config）。
"""


class LazyRoot(ChineseGroup):
    """The commands of `COMMANDS`, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return describe_in_chinese(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.command(
    cls=LazyRoot,
    epilog=EPILOG,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
@click.version_option(
    package_name="inspect-server", help="显示版本号。", message="%(prog)s，版本 %(version)s"
)
def root(**_: Any) -> None:
    """应急管理局现场执法检查工具：双随机抽取、离线检查、执法文书、全过程记录。"""


speak_chinese()
set_for_chinese()
describe_in_chinese(root)
