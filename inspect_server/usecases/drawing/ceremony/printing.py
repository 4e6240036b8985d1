"""Setting one paper of a draw, keeping it, and noting in the draw log that it was printed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inspect_server.domain.errors import InspectError
from inspect_server.store import documents
from inspect_server.store.drawing import draws
from inspect_server.store.models.blobs import Blob
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.facts import to_json
from pdf_templates.setting.faces import using


class PaperNotMade(InspectError):
    """A paper could not be set."""

    code, kind = "draw.paper_not_made", "invalid"
    message = "{title}未能制作：{reason}"


@dataclass(frozen=True)
class IssuedPaper:
    """One paper as it was printed."""

    file_name: str
    pdf: bytes
    sha256: str


def issue_paper(
    work: Work, kind: str, began: datetime, facts: Any, noted: dict[str, Any]
) -> IssuedPaper:
    """
    Set a paper and note it with its hash.

    Args:
        kind: Of the catalogue.
        began: When that of which the paper speaks began: it is set by the version of that day, so
            that whoever prints it again holds the same in hands (docs/decisions/0054).
        facts: Of the kind.
        noted: What the draw log says of it besides version, hash and length.

    Raises:
        PaperNotMade: A text cannot be set.
    """
    form = catalogue.in_force(kind, began.astimezone(work.settings.zone).date().isoformat())
    try:
        with using(work.fonts):
            pdf = catalogue.render(kind, to_json(facts), version=form.version)
    except DocumentError as error:
        raise PaperNotMade(title=form.title, reason=str(error)) from error
    sha256 = work.blobs.put(pdf)
    blob = Blob(sha256=sha256, size=len(pdf), mime="application/pdf", created_at=work.now)
    documents.keep_blob(work.session, blob)
    printed = {"template": form.version, "pdf_sha256": sha256, "length": len(pdf)}
    note(work, "draw.printed", draws.CASE, noted | printed)
    copy = "（内部）" if getattr(facts, "internal", False) else ""
    return IssuedPaper(f"{form.title}{copy}_{facts.doc_no}.pdf", pdf, sha256)
