"""Clause 6.7 and 6.9 to 6.11: the catalogue, the pages' tree, optional content and the rest."""

import re

import pikepdf

from tests.pdfa.reading import File, place_of
from tests.pdfa.rules import Said, rule

LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@rule("6.7")
def marks_are_what_they_claim(file: File) -> Said:
    """Who says that the content is marked brings a structure tree."""
    if file.root.get("/MarkInfo", {}).get("/Marked", False) and "/StructTreeRoot" not in file.root:
        yield "catalogue", "Marked is true, but there is no structure"


@rule("6.7")
def the_language_is_one(file: File) -> Said:
    """Lang is a language tag; documents for people say which they are in."""
    said = str(file.root.get("/Lang", ""))
    if not LANGUAGE.fullmatch(said):
        yield "catalogue", f"Lang is {said!r}"


def _configurations(file: File) -> list[pikepdf.Object]:
    content = file.root.get("/OCProperties", pikepdf.Dictionary())
    first = [content["/D"]] if "/D" in content else []
    return first + list(content.get("/Configs", []))


@rule("6.9")
def optional_content_is_named(file: File) -> Said:
    """Each configuration has a name of its own."""
    names = [str(one.get("/Name", "")) for one in _configurations(file)]
    if "" in names:
        yield "optional content", "a configuration without a name"
    if len(set(names)) != len(names):
        yield "optional content", "two configurations of one name"


@rule("6.9")
def optional_content_is_listed_and_stays(file: File) -> Said:
    """Order lists all groups; AS, which switches them by events, is not there."""
    content = file.root.get("/OCProperties", pikepdf.Dictionary())
    groups = {group.objgen for group in content.get("/OCGs", [])}
    for one in _configurations(file):
        if "/AS" in one:
            yield "optional content", "AS"
        if "/Order" in one and groups - _listed(one["/Order"]):
            yield "optional content", "Order does not list all groups"


def _listed(order: pikepdf.Object) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for one in order:
        if isinstance(one, pikepdf.Array):
            found |= _listed(one)
        elif isinstance(one, pikepdf.Dictionary):
            found.add(one.objgen)
    return found


@rule("6.10")
def there_is_one_presentation(file: File) -> Said:
    """No alternate presentations, no steps, no transitions that a page would need."""
    if "/AlternatePresentations" in file.root.get("/Names", {}):
        yield "catalogue", "alternate presentations"
    for where, page in file.pages:
        if "/PresSteps" in page.obj:
            yield where, "presentation steps"


@rule("6.11")
def nothing_is_required(file: File) -> Said:
    """No Requirements that a viewer would have to meet."""
    if "/Requirements" in file.root:
        yield "catalogue", "Requirements"


@rule("6.1.2")
def the_version_is_the_headers(file: File) -> Said:
    """A Version of the catalogue, which would count more, is not beyond 1.7."""
    said = str(file.root.get("/Version", "/1.7"))
    if not re.fullmatch(r"/1\.[0-7]", said):
        yield "catalogue", f"Version is {said}"


@rule("6.1.1")
def the_tree_of_pages_is_one(file: File) -> Said:
    """Count and parents are right, so that all programs number pages alike."""
    yield from _below(file.root["/Pages"], None)


def _below(node: pikepdf.Object, parent: pikepdf.Object | None) -> Said:
    where = place_of(node)
    if _number(node.get("/Parent")) != _number(parent):
        yield where, "its Parent is not the node that it is in"
    if node.get("/Type") == "/Page":
        return
    if node.get("/Count") != _leaves(node):
        yield where, f"Count is {node.get('/Count')}, but there are {_leaves(node)} pages"
    for kid in node.get("/Kids", []):
        yield from _below(kid, node)


def _number(thing: pikepdf.Object | None) -> tuple[int, int] | None:
    return None if thing is None else thing.objgen


def _leaves(node: pikepdf.Object) -> int:
    if node.get("/Type") == "/Page":
        return 1
    return sum(_leaves(kid) for kid in node.get("/Kids", []))


@rule("6.1.1")
def the_outline_is_whole(file: File) -> Said:
    """Bookmarks are linked both ways, and each leads to a page of the file."""
    pages = {page.obj.objgen for _, page in file.pages}
    root = file.root.get("/Outlines")
    if root is not None:
        yield from _marks(root, pages)


def _marks(parent: pikepdf.Object, pages: set[tuple[int, int]]) -> Said:
    before, mark = None, parent.get("/First")
    while mark is not None:
        where = f"bookmark {mark.get('/Title')}"
        if _number(mark.get("/Parent")) != _number(parent):
            yield where, "its Parent is another"
        if _number(mark.get("/Prev")) != _number(before):
            yield where, "its Prev is another"
        target = mark.get("/Dest")
        if isinstance(target, pikepdf.Array) and target[0].objgen not in pages:
            yield where, "it leads to what is no page"
        yield from _marks(mark, pages)
        before, mark = mark, mark.get("/Next")
    if _number(parent.get("/Last")) != _number(before):
        yield "outline", "Last is not the last"
