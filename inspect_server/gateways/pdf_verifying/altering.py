"""
Whether a file still shows what its first revision showed.

pyHanko compares what came after a signature; here it is what came after the issued bytes, whose
first update adds the very form that pyHanko wants to be there already. What an honest signer does
is little: it gives the catalogue a form, a page a signature widget, and may note the time in the
metadata. Every other object of the first revision must stay as it is.
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.diff_analysis.commons import compare_dicts

OF_THE_CATALOGUE = frozenset(
    {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version"}
)
"""Keys that signing may set."""
DEEPEST = 50
"""Of a tree of pages; ours has two levels."""
MOST_PAGES = 10_000
OF_THE_INFO = frozenset({"/ModDate", "/Producer"})


def is_altered(reader: PdfFileReader) -> bool:
    """Return whether anything but signatures was added to the first revision."""
    xrefs = reader.xrefs
    if xrefs.total_revisions == 1:
        return False
    first = reader.get_historical_resolver(0)
    if first.root_ref != reader.root_ref:
        return True
    known = xrefs.explicit_refs_in_revision(0)
    for revision in range(1, xrefs.total_revisions):
        if known & xrefs.refs_freed_in_revision(revision):
            return True
        for reference in known & xrefs.explicit_refs_in_revision(revision):
            if not _is_harmless(first, reader, reference):
                return True
    return False


def pictured(reader: PdfFileReader) -> Iterator[str]:
    """Yield the fields that draw something on a page: it may hide what the page says."""
    for number, page in enumerate(_pages(reader.root["/Pages"], 0)):
        if number > MOST_PAGES:
            raise RecursionError
        for annotation in _entries(page, "/Annots"):
            if annotation.get("/Subtype") == "/Widget" and "/AP" in annotation:
                left, low, right, high = (float(one) for one in annotation["/Rect"])
                if left != right and low != high:
                    yield str(annotation.get("/T", annotation.get("/Parent", {}).get("/T", "")))


def _pages(node: generic.DictionaryObject, depth: int) -> Iterator[generic.DictionaryObject]:
    if depth > DEEPEST:
        raise RecursionError
    if "/Kids" not in node:
        yield node
    for kid in _entries(node, "/Kids"):
        yield from _pages(kid, depth + 1)


def _entries(node: generic.DictionaryObject, key: str) -> Iterator[Any]:
    """Yield what a list in a dictionary refers to."""
    found = node.get(key, ())
    yield from (found[at] for at in range(len(found)))


def _is_harmless(first: PdfHandler, last: PdfFileReader, reference: generic.Reference) -> bool:
    old, new = first.get_object(reference), last.get_object(reference)
    if reference == last.root_ref:
        return _same(old, new, OF_THE_CATALOGUE)
    if not isinstance(old, generic.DictionaryObject):
        return bool(old == new)
    if old.get("/Type") == "/Page":
        return _same(old, new, frozenset({"/Annots"})) and _adds_widgets(old, new)
    info = last.trailer_view.raw_get("/Info") if "/Info" in last.trailer_view else None
    is_info = isinstance(info, generic.IndirectObject) and info.reference == reference
    if is_info:
        return _same(old, new, OF_THE_INFO)
    return bool(old.get("/Type") == "/Metadata")


def _same(old: Any, new: Any, ignored: frozenset[str]) -> bool:
    return bool(compare_dicts(old, new, ignored, raise_exc=False))


def _adds_widgets(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    before, after = old.get("/Annots", ()), new.get("/Annots", ())
    more = range(len(before), len(after))
    kept = list(after)[: len(before)] == list(before)
    return kept and all(_is_signature(after[at]) for at in more)


def _is_signature(annotation: Any) -> bool:
    field = annotation if "/FT" in annotation else annotation.get("/Parent", {})
    return bool(annotation.get("/Subtype") == "/Widget" and field.get("/FT") == "/Sig")
