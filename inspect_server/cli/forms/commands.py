"""`forms`: what there is of checklists; each command is in a module beside."""

import click

from inspect_server.cli.forms.confirming import confirm_command
from inspect_server.cli.forms.files import (
    check_command,
    export_command,
    import_command,
    template_command,
)
from inspect_server.cli.forms.keeping import publish_command, retire_command
from inspect_server.cli.forms.listing import list_command
from inspect_server.cli.forms.showing import diff_command, show_command
from inspect_server.cli.forms.trying import try_command


@click.group(
    "forms",
    help="检查表：检查、导入、导出、比较、试填、列出、发布、停用、核对依据。",
    epilog="""\b
示例：
  inspect-server forms template -o 检查表模板.xlsx
  inspect-server forms import 本局专项检查表.xlsx -o 本局专项检查表@1.toml
  inspect-server forms list
  inspect-server forms publish 本局专项检查表@1.toml --as zhangsan
  inspect-server forms confirm dust-explosion@1""",
)
def forms_group() -> None:
    """Group the commands."""


forms_group.add_command(template_command)
forms_group.add_command(check_command)
forms_group.add_command(import_command)
forms_group.add_command(export_command)
forms_group.add_command(list_command)
forms_group.add_command(show_command)
forms_group.add_command(diff_command)
forms_group.add_command(try_command)
forms_group.add_command(publish_command)
forms_group.add_command(retire_command)
forms_group.add_command(confirm_command)
