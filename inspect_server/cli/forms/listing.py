"""`forms list`: every version of every checklist."""

import click

from forms.body import content_sha256
from forms.load import packaged
from forms.model import Major

HASH_SHOWN = 12


@click.command(
    "list",
    help="列出全部检查表的各个版本。",
    epilog="\b\n示例：\n  inspect-server forms list",
)
def list_command() -> None:
    """List every version."""
    forms = tuple(packaged())
    for form in forms:
        until = f"{form.retired_on} 起停用" if form.retired_on else ""
        major = sum(item.major is Major.YES for item in form.items)
        click.echo(
            "\t".join(
                (
                    form.ref,
                    form.title,
                    f"{form.effective_from} 起",
                    until,
                    f"{len(form.items)} 项",
                    f"★{major}",
                    content_sha256(form)[:HASH_SHOWN],
                )
            )
        )
    click.echo(f"共 {len(forms)} 个版本。", err=True)
