"""`documents`: what can be done with enforcement documents; each command is in a module beside."""

import click

from inspect_server.cli.documents.binding import bind_command
from inspect_server.cli.documents.case_files import case_file_command, ledger_command
from inspect_server.cli.documents.checking import check_command
from inspect_server.cli.documents.fonts import font_command
from inspect_server.cli.documents.issuing import issue_command, void_command
from inspect_server.cli.documents.listing import export_command, list_command
from inspect_server.cli.documents.receipts import receipt_command
from inspect_server.cli.documents.rendering import (
    example_command,
    fields_command,
    kinds_command,
    render_command,
)
from inspect_server.cli.documents.signing import demo_ca_command, sign_command
from inspect_server.cli.documents.verifying import verify_command
from inspect_server.cli.print_pack import print_pack_command


@click.group(
    "documents",
    epilog="""\b
示例：
  inspect-server documents issue --as zhaoban
  inspect-server documents export --to 文书 --as zhaoban""",
)
def documents_group() -> None:
    """执法文书：制作、列出、导出、作废、核验。"""


documents_group.add_command(issue_command)
documents_group.add_command(sign_command)
documents_group.add_command(list_command)
documents_group.add_command(export_command)
documents_group.add_command(receipt_command)
documents_group.add_command(void_command)
documents_group.add_command(check_command)
documents_group.add_command(case_file_command)
documents_group.add_command(bind_command)
documents_group.add_command(ledger_command)
documents_group.add_command(font_command)
documents_group.add_command(print_pack_command)
documents_group.add_command(kinds_command)
documents_group.add_command(example_command)
documents_group.add_command(fields_command)
documents_group.add_command(render_command)
documents_group.add_command(verify_command)
documents_group.add_command(demo_ca_command)
