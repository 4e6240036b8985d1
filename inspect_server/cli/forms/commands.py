"""`forms`: what there is of checklists; each command is in a module beside."""

import click

from inspect_server.cli.forms.listing import list_command


@click.group(
    "forms",
    help="检查表：列出、发布、停用、核对依据。",
    epilog="""\b
示例：
  inspect-server forms list""",
)
def forms_group() -> None:
    """Group the commands."""


forms_group.add_command(list_command)
