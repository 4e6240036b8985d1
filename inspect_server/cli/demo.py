"""demo: the whole main job from an empty folder, and its verification."""

import time
from pathlib import Path
from shlex import quote

import click

from inspect_server.domain.errors import InspectError


class VerificationFailed(InspectError):
    """The fresh process did not confirm the demo; it has said why."""

    code, kind = "demo.verification_failed", "broken"
    message = "独立核验没有通过，原因见上；请把以上输出交给维护人员。"


@click.command(
    "demo",
    epilog="""\b
示例：
  inspect-server demo
  inspect-server demo --folder 演示
  inspect-server demo --verify --folder 演示

\b
文件夹须为空或是以前的演示（会整个重建）。所有企业、人员均为虚构。
""",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="演示用的文件夹。",
)
@click.option("--verify", is_flag=True, help="只核验已有的演示：由数据库和文件重新计算全部结果。")
def demo_command(folder: Path, verify: bool) -> None:
    """从空文件夹演示全部主要工作：导入、计划、抽取、派发、离线检查、同步、办结、文书、核验。"""
    if verify:
        _verify(folder)
    else:
        _run(folder)


def _verify(folder: Path) -> None:
    from inspect_server.demo.proving.verifying import verify_demo

    done = verify_demo(folder, lambda text: click.echo(text, err=True))
    click.echo(done.figures.table({"核验通过（项）": str(done.checks)}))


def _run(folder: Path) -> None:
    from inspect_server.demo.office_work import PASSWORD, SUPERVISOR
    from inspect_server.demo.story import run_demo, verify_afresh

    started = time.monotonic()
    run_demo(folder, click.echo)
    click.echo("由一个全新的进程仅凭数据库和文件重新计算：")
    if not verify_afresh(folder):
        raise VerificationFailed
    click.echo(f"用时 {time.monotonic() - started:.0f} 秒。结果：")
    click.echo(f"  执法文书（PDF）      {folder / 'documents'}")
    click.echo(f"  抽取证书和公开清单   {folder / 'draw'}")
    click.echo(f"  导入未通过的行       {folder / 'reports'}")
    click.echo("查看：")
    click.echo(f"  export INSPECT_CONFIG={quote(str(folder / 'inspect-server.toml'))}")
    click.echo(f"  export INSPECT_DATA_DIR={quote(str(folder / 'data'))}")
    click.echo("  inspect-server serve")
    click.echo(f"  登录账号 {SUPERVISOR}，密码 {PASSWORD}（演示专用）")
    click.echo("再次核验：")
    click.echo(f"  inspect-server demo --verify --folder {quote(str(folder))}")
