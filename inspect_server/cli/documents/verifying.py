"""`documents verify FILE`: what is signed, by whom, when, and whether it is as it was issued."""

from pathlib import Path

import click
from cryptography.x509 import Certificate
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inspect_server.cli.documents.verdicts import (
    Verdict,
    of_file,
    of_paper,
    of_pictures,
    of_record,
    of_signatures,
)
from inspect_server.cli.terminal.chinese import database_sentence, disk_reason
from inspect_server.cli.terminal.context import backend, clock
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.pdf_signing.certificates import load_certificates
from inspect_server.gateways.pdf_signing.errors import KeyNotUsable
from inspect_server.gateways.pdf_verifying.findings import Findings
from inspect_server.gateways.pdf_verifying.guarding import examine
from inspect_server.reads.case_files.match_paper import match_paper
from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases.documents.signing.configured import trusted_roots
from inspect_server.usecases.documents.signing.match_record import Bytes, match_record
from inspect_server.usecases.work import Backend, SystemClock

NOT_COMPARED = Verdict.open("未与登记比对。")


class FileNotReadable(InspectError):
    """The file to verify cannot be read."""

    code, kind = "signature.file", "missing"
    message = "无法读取 {path}（{reason}），请检查后重试。"


class RootNotUsable(InspectError):
    """The certificate that --trust names cannot be used."""

    code, kind = "signature.trust", "invalid"
    message = "--trust 所指的根证书不可用：{reason}。请改正 --trust 后重试。"


@click.command(
    "verify",
    epilog="""\b
退出码：
  0  有签名，签名成立且受信任，文件未改动，与登记一致
  1  有改动或不符，或文件无法核验
  2  用法有误
  3  未发现改动，但有事项未能证实（如未签名、证书不受信任）
  4  与登记一致，但该文书或者所载的抽取已作废
示例：
  inspect-server documents verify 责令限期整改指令书.pdf
  inspect-server documents verify 文书.pdf --without-record --trust 根证书.pem
""",
)
@click.argument("path", metavar="文件", type=click.Path(path_type=Path))
@click.option("--without-record", is_flag=True, help="不与数据库中的登记比对。")
@click.option(
    "--trust",
    type=click.Path(path_type=Path),
    metavar="证书",
    help="信任的根证书（PEM），代替配置项 signature_trust。",
)
def verify_command(path: Path, without_record: bool, trust: Path | None) -> None:
    """核验一份文书、热敏纸版、电子案卷、日台账或抽取文书：谁签的，有无改动，与登记是否一致。"""
    from inspect_server.app import make_settings

    roots = _named(trust) if trust else trusted_roots(make_settings())
    try:
        findings = examine(path, roots, (clock() or SystemClock()).now())
    except OSError as error:
        raise FileNotReadable(path=path, reason=disk_reason(error)) from None
    verdicts, compared = of_file(findings), None
    if not findings.unreadable:
        verdicts += of_signatures(findings, make_settings().zone)
        compared = None if without_record else _record(path, findings, verdicts)
        verdicts += _alone(findings) if compared is None else compared
    for verdict in verdicts:
        click.echo(verdict.text)
    measured = compared is not None or bool(findings.signatures)
    click.echo(Verdict.summary(verdicts, has_measure=measured))
    click.get_current_context().exit(Verdict.exit_code(verdicts))


def _named(trust: Path) -> list[Certificate]:
    try:
        return load_certificates(trust)
    except KeyNotUsable as error:
        raise RootNotUsable(reason=error.facts["reason"]) from None


def _alone(findings: Findings) -> list[Verdict]:
    return [*of_pictures(findings), NOT_COMPARED]


def _record(path: Path, findings: Findings, told: list[Verdict]) -> list[Verdict] | None:
    """Return None where the record cannot be asked; why is added to what is told."""
    try:
        return _compared(path, findings)
    except InspectError as error:
        if error.code == "store.not_initialised":
            return None  # whoever received a document has no database
        if error.code != "store.schema_outdated":
            raise
        told.append(Verdict.open(f"不能与登记比对：{error}"))
    except DBAPIError as error:
        told.append(Verdict.open(f"不能与登记比对：{database_sentence(error)}"))
    return None


def _compared(path: Path, findings: Findings) -> list[Verdict]:
    database = backend()
    with database.reading() as session:
        match = match_record(session, path, findings, database.fonts)
        if match is None:
            return [*of_pictures(findings), *_unregistered(database, session, findings)]
        checks = check_cases(session, f"inspection/{match.inspection_no}")
    # The signed file itself has the pictures that the bureau put there.
    pictures = [] if match.bytes is Bytes.SIGNED else of_pictures(findings)
    return [*pictures, *of_record(match, sum(len(one.faults) for one in checks))]


def _unregistered(database: Backend, session: Session, findings: Findings) -> list[Verdict]:
    paper = match_paper(
        session,
        database.fonts,
        database.blobs.read,
        facts=findings.facts,
        case=findings.case,
        sha256=findings.sha256,
    )
    return of_record(None, 0) if paper is None else of_paper(paper)
