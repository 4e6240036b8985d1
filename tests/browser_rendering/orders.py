"""What is set everywhere: every kind's example, unusual facts, receipts with QR, a case file."""

import json
import shutil
from pathlib import Path
from typing import Any

from pdf_templates.catalogue import MODULES, template
from pdf_templates.examples import example
from pdf_templates.facts import to_json
from pdf_templates.photos import prepare
from tests.browser_rendering import carrying_out
from tests.golden.example_documents import jpeg
from tests.golden.example_documents import unusual as rare_characters
from tests.golden.unusual import UNUSUAL

BOUND = ("inspection_cover", "inspection_record", "rectification_order", "process_record")
"""Into the case file; the first is its cover."""


def write_orders(folder: Path) -> None:
    """Write the orders, the photos that go with them, and what carries them out."""
    photos = folder / "photos"
    photos.mkdir(parents=True)
    for photo in example("inspection_record").photos:
        (photos / f"{photo.sha256}.jpg").write_bytes(prepare(jpeg(photo.number)) or b"")
    (folder / "orders.json").write_text(json.dumps(_orders(), ensure_ascii=False), "utf-8")
    shutil.copy(carrying_out.__file__, folder)


def _orders() -> dict[str, Any]:
    examples = {kind: _document(kind, example(kind)) for kind in MODULES}
    receipts = {
        f"{kind} on a receipt": _document(kind, example(kind)) | {"what": "receipt"}
        for kind in MODULES
        if template(kind).receipt
    }
    unusual = {
        f"{kind}_{number}": _document(kind, facts, "草稿")
        for kind, told in UNUSUAL.items()
        for number, facts in enumerate(told, 1)
    }
    rare = _document("inspection_record", rare_characters())
    whole = {"rare characters": rare, "case file": _case_file()}
    return examples | unusual | receipts | whole


def _document(kind: str, facts: Any, watermark: str = "") -> dict[str, Any]:
    plain = to_json(facts)
    return {"what": "document", "kind": kind, "facts": plain, "watermark": watermark}


def _case_file() -> dict[str, Any]:
    cover = example(BOUND[0])
    filed = [
        {"kind": kind, "version": template(kind).version, "facts": facts, "made_on": "2026-03-02"}
        for kind, facts in ((kind, to_json(example(kind))) for kind in BOUND)
    ]
    case = {"case_no": cover.doc_no, "title": "行政检查案卷", "authority": cover.authority}
    return {"what": "case file", "case": case, "filed": filed}
