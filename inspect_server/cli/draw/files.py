"""`draw verify`, `draw export`: the draw as files that need no server."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

import click

from inspect_server.cli.draw.published import (
    CERTIFICATE,
    ELIGIBILITY,
    EXCLUDED,
    FILE,
    KEYS,
    OPENINGS,
    POOL,
    WITNESS_KEYS,
    joined,
    lines_of,
    text_of,
    write,
)
from inspect_server.cli.draw.stamping import TSA_ROOT, stamps_by
from inspect_server.cli.terminal.context import backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch, bytes_of
from inspect_server.domain.draw.errors import BadCertificate
from inspect_server.domain.draw.verify import LEVELS, Evidence, Report, Verdict, verify
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.drawing.verify_draw import verify_draw
from inspect_server.usecases.work import Actor

NAMES = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}
NOT_TRUE = 1


class NotExported(InspectError):
    """A folder holds no exported draw, or not all of it."""

    code, kind = "draw.not_exported", "missing"
    message = (
        "目录 {folder} 中没有 {name}，请给出 draw export 或 draw compute 写出的目录，"
        "或分别给出各文件。"
    )


@click.command(
    "verify",
    help="验证抽取：凭导出的目录或各文件，或用 --no 对照数据库全面核验。"
    "给出几次抽取的目录时，另核对它们没有共用随机值，也没有把同一批次抽两次。",
    epilog="""\b
示例：
  inspect-server draw verify 公示/2026-01
  inspect-server draw verify 公示/2026-01 公示/2026-02
  inspect-server draw verify certificate.json --pool pool.txt
  inspect-server draw verify certificate.json --pool pool.txt --excluded excluded.txt \\
      --eligibility eligibility.txt --openings openings.json --keys keys.json
  inspect-server draw verify --no 2026-01""",
)
@click.argument(
    "paths", type=click.Path(exists=True, path_type=Path), nargs=-1, metavar="[目录…或证书]"
)
@click.option("--pool", type=FILE, help="抽取池清单。")
@click.option("--excluded", type=FILE, help="排除清单。")
@click.option("--eligibility", type=FILE, help="资格清单。")
@click.option("--openings", type=FILE, help="抽中企业的身份和盐值（JSON）。")
@click.option("--keys", type=FILE, help="已公布的公钥（JSON：编号到十六进制）。")
@click.option("--witness-keys", type=FILE, help="随锚值公布的见证方公钥（JSON）。")
@TSA_ROOT
@click.option("--no", "draw_no", default="", metavar="抽取编号", help="核验数据库中的一次抽取。")
def verify_command(
    paths: tuple[Path, ...], tsa_root: Path | None, draw_no: str, **lists: Path | None
) -> None:
    """Verify files, or a stored draw; exit 1 when anything is wrong."""
    if bool(draw_no) == bool(paths):
        raise BadInput(
            field="证书", reason="请给出导出的目录或证书文件，或用 --no 给出抽取编号（二选一）"
        )
    if draw_no:
        reports = [_verify_stored(draw_no, tsa_root)]
    elif len(paths) == 1:
        reports = [verify(_evidence(_named(paths[0], lists), tsa_root))]
    else:
        reports = _verified_together(paths, lists, tsa_root)
    for number, report in enumerate(reports):
        if len(reports) > 1:
            click.echo(str(paths[number]))
        _tell(report)
    if not all(report.ok for report in reports):
        click.get_current_context().exit(NOT_TRUE)


Lists = Mapping[str, Path | None]
"""The files of a draw by the name of their option; "file" is the certificate."""
IN_FOLDER = {
    "pool": POOL,
    "excluded": EXCLUDED,
    "eligibility": ELIGIBILITY,
    "openings": OPENINGS,
    "keys": KEYS,
    "witness_keys": WITNESS_KEYS,
}


def _named(path: Path, lists: Lists) -> Lists:
    """Return where each file of a draw is: as named, else in the folder."""
    if not path.is_dir():
        if lists["pool"] is None:
            raise BadInput(field="--pool", reason="验证证书需要抽取池清单")
        return {"file": path, **lists}
    found = {"file": _in(path, CERTIFICATE)} | {
        option: lists[option] or _in(path, name) for option, name in IN_FOLDER.items()
    }
    for option, name in (("file", CERTIFICATE), ("pool", POOL)):
        if found[option] is None:
            raise NotExported(folder=path, name=name)
    return found


def _evidence(lists: Lists, tsa_root: Path | None) -> Evidence:
    file, pool = lists["file"], lists["pool"]
    assert file is not None
    assert pool is not None
    excluded, eligibility = lists["excluded"], lists["eligibility"]
    openings, keys, witness_keys = lists["openings"], lists["keys"], lists["witness_keys"]
    return Evidence(
        certificate=cert.from_text(file.read_bytes()),
        pool=lines_of(pool),
        excluded=None if excluded is None else lines_of(excluded),
        eligibility=None if eligibility is None else lines_of(eligibility),
        openings={} if openings is None else _object(openings),
        keys=None if keys is None else _keys(keys),
        witness_keys=None if witness_keys is None else _keys(witness_keys),
        check_signature=ed25519_holds,
        check_timestamp=stamps_by(tsa_root),
    )


def _verified_together(paths: Sequence[Path], lists: Lists, tsa_root: Path | None) -> list[Report]:
    """Return the report on each folder, compared with the certificates of all others."""
    if any(lists.values()) or not all(path.is_dir() for path in paths):
        raise BadInput(field="目录", reason="一次验证几次抽取的，每次抽取应为一个导出的目录")
    found = [_evidence(_named(path, lists), tsa_root) for path in paths]
    return [
        verify(replace(one, others=[other.certificate for other in found if other is not one]))
        for one in found
    ]


@click.command(
    "export",
    help="导出一次抽取的证书和各清单，供任何人验证。抽中企业身份仅在 --openings 时导出。",
    epilog="\b\n示例：\n  inspect-server draw export 2026-01 --out 公示/2026-01",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="目录。"
)
@click.option("--openings", is_flag=True, help="同时导出抽中企业的身份和盐值（批次办结后）。")
def export_command(draw_no: str, out: Path, openings: bool) -> None:
    """Write the files of a draw."""
    held = backend()
    with held.begin(Actor.system("cli")) as work:
        draw_id = reads.draw_id_of(work.session, draw_no)
        open_drawn(work, draw_id, OPENINGS if openings else CERTIFICATE)
        found = reads.bundle(work.session, draw_id)
    key = LocalKeys(held.settings.data_dir / "keys").receipts()
    out.mkdir(parents=True, exist_ok=True)
    write(out / CERTIFICATE, found.certificate)
    write(out / POOL, joined(found.pool))
    write(out / EXCLUDED, joined(found.excluded))
    write(out / ELIGIBILITY, joined(found.eligibility))
    write(out / KEYS, json.dumps({key.kid: key.public_bytes.hex()}))
    write(out / WITNESS_KEYS, json.dumps(found.witness_keys))
    if openings:
        write(out / OPENINGS, json.dumps(found.openings, ensure_ascii=False))
    click.echo(f"抽取 {draw_no} 的证书和各清单已导出到 {out}。")
    next_step("公开该目录，任何人可验证", f"draw verify {quote(str(out))}")


def _verify_stored(draw_no: str, tsa_root: Path | None) -> Report:
    held = backend()
    key = LocalKeys(held.settings.data_dir / "keys").receipts()
    with held.reading() as session:
        draw_id = reads.draw_id_of(session, draw_no)
        keys = {key.kid: key.public_bytes}
        return verify_draw(session, held.blobs, draw_id, keys, ed25519_holds, stamps_by(tsa_root))


def _tell(report: Report) -> None:
    for check in report.checks:
        detail = f"（{check.detail}）" if check.detail else ""
        click.echo(f"{NAMES[check.verdict]}　{check.what}{detail}")
    if not report.ok:
        click.echo(f"结论：不符，共 {len(report.wrong)} 处。")
        return
    level = "" if report.level is None else f"，保证等级 {LEVELS[report.level]}"
    click.echo(f"结论：已核查的部分全部符合{level}。")


def _in(folder: Path, name: str) -> Path | None:
    """Return a list of an exported draw, None where it was left out (openings are by default)."""
    return folder / name if (folder / name).is_file() else None


def _object(path: Path) -> dict[str, Any]:
    try:
        return cert.from_text(text_of(path))
    except BadCertificate:
        raise BadInput(field=path.name, reason="不是有效的 JSON 对象") from None


def _keys(path: Path) -> dict[str, bytes]:
    try:
        return {kid: bytes_of(key) for kid, key in _object(path).items()}
    except (Mismatch, ValueError):
        raise BadInput(field=path.name, reason="公钥应为小写十六进制") from None
