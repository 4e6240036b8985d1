"""`draw timestamp`: the request to carry out of an isolated network, and the token coming back."""

from pathlib import Path
from shlex import quote

import click

from inspect_server.cli.draw.published import FILE
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput
from inspect_server.gateways.timestamps import Timestamps, request, roots, token_of
from inspect_server.reads import draws as reads
from inspect_server.usecases.drawing.timestamp_draw import store_timestamp
from inspect_server.usecases.work import Actor

TSA_ROOT = click.option(
    "--tsa-root", "tsa_root", type=FILE, help="所信任的时间戳机构根证书（PEM）。"
)


def stamps_by(tsa_root: Path | None) -> Timestamps:
    """Return a check of timestamps that trusts this root, or none."""
    return Timestamps([] if tsa_root is None else roots(tsa_root))


@click.command(
    "timestamp",
    help="为承诺申领可信时间戳（RFC 3161）：先写出申请文件带出，揭示前再收存带回的时间戳。",
    epilog="""\b
示例：
  inspect-server draw timestamp 2026-01 --request 2026-01.tsq
  inspect-server draw timestamp 2026-01 --token 2026-01.tsr --tsa 国家授时中心 \\
      --tsa-root root.pem --as zhangsan
申请文件中只有承诺值的 SHA-256，可在任何联网的电脑上提交。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--request", "out", type=click.Path(path_type=Path), help="写出申请文件到此处。")
@click.option("--token", type=FILE, help="带回的时间戳文件。")
@click.option("--tsa", default="", metavar="名称", help="签发机构名称。")
@TSA_ROOT
@acting
def timestamp_command(
    draw_no: str,
    out: Path | None,
    token: Path | None,
    tsa: str,
    tsa_root: Path | None,
    actor: Actor,
) -> None:
    """Write a request, or keep a token."""
    if (out is None) == (token is None):
        raise BadInput(field="--request、--token", reason="请给出其中一个")
    held = backend()
    with held.reading() as session:
        draw_id = reads.draw_id_of(session, draw_no)
        commit = reads.draw_page(session, draw_id).line.commit
    if out is not None:
        if out.exists():
            raise BadInput(field="--request", reason=f"{out.name} 已存在，请另写文件名")
        out.write_bytes(request(bytes.fromhex(commit)))
        click.echo(f"抽取 {draw_no} 的时间戳申请已写到 {out}。")
        next_step(
            "提交给时间戳机构，带回时间戳后在揭示之前收存",
            f"draw timestamp {quote(draw_no)} --token 时间戳文件 --tsa 机构名称 --as 账号",
        )
        return
    assert token is not None
    check = stamps_by(tsa_root)
    with held.begin(actor) as work:
        stamped = store_timestamp(work, draw_id, tsa, token_of(token.read_bytes()), check)
    if stamped is None:
        click.echo("已收存，对应本次承诺；未给出根证书，签名未核验。")
        return
    click.echo(f"已收存，签名有效，签发时间 {stamped:%Y-%m-%d %H:%M:%S} UTC。")
