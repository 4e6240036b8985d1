"""What pages and forms draw: their operators, followed with as much of the state as rules need."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from tests.pdfa.reading import File

OPERATORS = {
    "b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0", "d1",
    "Do", "DP", "EI", "EMC", "ET", "EX", "f", "F", "f*", "G", "g", "gs", "h", "i", "ID", "j", "J",
    "K", "k", "l", "m", "M", "MP", "n", "q", "Q", "re", "RG", "rg", "ri", "s", "S", "SC", "sc",
    "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm", "Tr", "Ts", "Tw",
    "Tz", "v", "w", "W", "W*", "y", "'", '"', "INLINE IMAGE",
}  # fmt: skip
"""Of ISO 32000-1, Annex A, and `INLINE IMAGE`, as pikepdf calls BI ID EI."""
DEVICE_OPERATORS = {
    "g": "/DeviceGray", "G": "/DeviceGray", "rg": "/DeviceRGB", "RG": "/DeviceRGB",
    "k": "/DeviceCMYK", "K": "/DeviceCMYK",
}  # fmt: skip
PAINTING = frozenset({"b", "B", "b*", "B*", "f", "F", "f*", "s", "S", "Tj", "TJ", "'", '"'})
RESOURCES = {"Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "sh": "/Shading"}
SHOWN = 3
"""The text rendering mode that shows nothing."""


@dataclass
class Content:
    """
    One page or form, and what its operators do.

    Attributes:
        where: What it is called.
        resources: Its own, or None where it has none.
        unknown: Operators that ISO 32000-1 has not.
        lacking: Resources that it uses and has not, by kind and name.
        deepest: How many states it keeps at once.
        unbalanced: States that it does not restore, or restores and never kept.
        device_colours: Spaces of devices that it paints in.
        intents: Rendering intents that it sets.
        inline: Dictionaries of its inline images.
        shown: Strings that it shows, by the font: the font, the string, whether it can be seen.
        blocks: Faults of text objects and marked content.
    """

    where: str
    resources: pikepdf.Object | None
    unknown: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    deepest: int = 0
    unbalanced: int = 0
    device_colours: set[str] = field(default_factory=set)
    intents: set[str] = field(default_factory=set)
    inline: list[Any] = field(default_factory=list)
    shown: list[tuple[pikepdf.Object, bytes, bool]] = field(default_factory=list)
    blocks: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _State:
    font: pikepdf.Object | None = None
    rendering: int = 0
    coloured: bool = False


def drawn(file: File) -> list[Content]:
    """Return what all pages, forms and patterns of a file draw; each file is read once."""
    known: list[Content] | None = getattr(file, "_drawn", None)
    if known is None:
        known = [_read(*one) for one in _sources(file)]
        file._drawn = known  # type: ignore[attr-defined]
    return known


def _sources(file: File) -> list[tuple[str, Any, pikepdf.Object | None]]:
    pages = [(where, page, page.obj.get("/Resources")) for where, page in file.pages]
    forms = [
        (where, stream, stream.get("/Resources"))
        for where, stream in file.streams
        if stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1
    ]
    return [*pages, *forms]


def _read(where: str, source: Any, resources: pikepdf.Object | None) -> Content:
    content = Content(where, resources)
    state, kept, depth = _State(), list[_State](), defaultdict[str, int](int)
    for step in pikepdf.parse_content_stream(source):
        name, operands = str(step.operator), list(step.operands)
        if name == "q":
            kept.append(state)
            content.deepest = max(content.deepest, len(kept))
        elif name == "Q":
            content.unbalanced += not kept
            state = kept.pop() if kept else state
        else:
            _block(content, depth, name)
            state = _followed(content, state, name, operands)
    content.unbalanced += len(kept)
    content.blocks.update(f"{what} is not closed" for what, open_ in depth.items() if open_)
    return content


def _block(content: Content, depth: dict[str, int], name: str) -> None:
    """Follow text objects, which do not nest, and marked content."""
    if name in ("BT", "ET"):
        depth["BT"] += 1 if name == "BT" else -1
        if not 0 <= depth["BT"] <= 1:
            content.blocks.add("text objects nest, or end without a begin")
    elif name in ("BMC", "BDC", "EMC"):
        depth["BMC"] += -1 if name == "EMC" else 1
        if depth["BMC"] < 0:
            content.blocks.add("marked content ends without a begin")
    elif name in ("Tj", "TJ", "'", '"') and not depth["BT"]:
        content.blocks.add("text is shown outside a text object")


def _followed(content: Content, state: _State, name: str, operands: list[Any]) -> _State:
    if name not in OPERATORS:
        content.unknown.add(name)
    if name in PAINTING and not state.coloured:
        content.device_colours.add("/DeviceGray")  # black, as a page begins
    if name in DEVICE_OPERATORS:
        content.device_colours.add(DEVICE_OPERATORS[name])
        return _State(state.font, state.rendering, True)
    match name:
        case "cs" | "CS" if operands:
            content.device_colours.add(str(operands[0]))
            return _State(state.font, state.rendering, True)
        case "ri":
            content.intents.add(str(operands[0]))
        case "INLINE IMAGE":
            content.inline.append(operands[0])
            content.device_colours.add(str(operands[0].colorspace))
        case "Tr":
            return _State(state.font, int(operands[0]), state.coloured)
        case "Tj" | "'" | '"' | "TJ":
            _show(content, state, operands[-1])
    if name in RESOURCES:
        held = _held(content, RESOURCES[name], str(operands[0]))
        if name == "Tf":
            return _State(held, state.rendering, state.coloured)
    return state


def _held(content: Content, kind: str, name: str) -> pikepdf.Object | None:
    known = content.resources.get(kind) if content.resources is not None else None
    held = known.get(name) if known is not None else None
    if held is None:
        content.lacking.add(f"{kind[1:]} {name}")
    return held


def _show(content: Content, state: _State, said: Any) -> None:
    if state.font is None:
        content.lacking.add("Font, to show text in")
        return
    parts = list(said) if isinstance(said, pikepdf.Array) else [said]
    for part in parts:
        if isinstance(part, pikepdf.String):
            content.shown.append((state.font, bytes(part), state.rendering != SHOWN))
