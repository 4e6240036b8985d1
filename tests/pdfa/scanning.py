"""The bytes of a PDF file, read from begin to end: what a parser forgives is still there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    rb"(?P<space>[\0\t\n\f\r ]+)|(?P<comment>%[^\r\n]*)|(?P<dictionary><<|>>)|(?P<hex><[^>]*>)"
    rb"|(?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)|(?P<bracket>[\[\]{}])"
    rb"|(?P<word>[^\0\t\n\f\r ()<>\[\]{}/%]+)"
)
PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
BEGINNING = re.compile(rb"(\d+)([\0\t\n\f\r ]+)(\d+)([\0\t\n\f\r ]+)obj")
ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([fn])(?: \r| \n|\r\n)")
SUBSECTION = re.compile(rb"(\d+)( +)(\d+)( *)(\r\n|\r|\n)")
INLINE_DATA = re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)")


@dataclass(frozen=True)
class Token:
    """One token: kind (a group of TOKEN, or literal), its bytes, and where they begin."""

    kind: str
    said: bytes
    at: int


@dataclass(frozen=True)
class Indirect:
    """
    An indirect object as it stands in the file.

    Attributes:
        number: Of the object.
        at, end: Where its first byte stands, and the first one behind `endobj`.
        spaces: What stands between number, generation and `obj`.
        tokens: Between `obj` and `endobj`, without a stream's data.
        data: Where a stream's data begin, by its keyword.
        length: Of these data, by the next `endstream`; None where the object is no stream.
    """

    number: int
    at: int
    end: int
    spaces: tuple[bytes, bytes]
    tokens: tuple[Token, ...]
    data: int = 0
    length: int | None = None


@dataclass
class Scan:
    """All of a file."""

    indirect: list[Indirect] = field(default_factory=list)
    offsets: list[tuple[int, int, int]] = field(default_factory=list)
    """Of the tables in use: object number, offset, generation."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """What cannot stand where it does: a clause and a sentence."""
    trailers: list[Token] = field(default_factory=list)
    """The tokens of all trailers."""

    def tokens(self) -> Iterator[tuple[str, Token]]:
        """Yield all tokens, each with the object that it is in."""
        for one in self.indirect:
            yield from ((f"{one.number} 0 obj", token) for token in one.tokens)
        yield from (("trailer", token) for token in self.trailers)


def tokens(content: bytes, at: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the tokens of a part of a file or of a content stream, white space left out."""
    end = len(content) if end is None else end
    while at < end:
        if content[at] == 0x28:
            close = _closing(content, at, end)
            yield Token("literal", content[at:close], at)
            at = close
            continue
        found = TOKEN.match(content, at, end)
        if found is None:
            yield Token("stray", content[at : at + 1], at)
            at += 1
            continue
        if found.lastgroup not in ("space", "comment"):
            yield Token(str(found.lastgroup), found[0], at)
        at = found.end()
        if found[0] == b"ID":  # the data of an inline image are no tokens
            over = INLINE_DATA.search(content, at, end)
            at = over.start() if over else end


def _closing(content: bytes, at: int, end: int) -> int:
    depth = 0
    for found in PARENTHESIS.finditer(content, at, end):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return end


def scan(content: bytes) -> Scan:
    """Read a file from its header to its last line."""
    read = Scan()
    at = 0
    while at < len(content):
        found = TOKEN.match(content, at)
        if found and found.lastgroup in ("space", "comment"):
            at = found.end()
        elif beginning := BEGINNING.match(content, at):
            at = _object(content, beginning, read)
        elif content.startswith(b"xref", at):
            at = _table(content, at, read)
        elif content.startswith(b"trailer", at):
            end = _until(content, b"startxref", at)
            read.trailers += tokens(content, at, end)
            at = end
        elif content.startswith(b"startxref", at):
            at = _until(content, b"%%EOF", at)
        else:
            read.faults.append(("6.1.9", f"at byte {at} stands what belongs to no object"))
            at = _next_object(content, at)
    return read


def _until(content: bytes, word: bytes, at: int) -> int:
    found = content.find(word, at + 1)
    return found if found >= 0 else len(content)


def _next_object(content: bytes, at: int) -> int:
    found = re.compile(rb"[\r\n](?=\d+ \d+ obj|xref|trailer|startxref)").search(content, at)
    return found.end() if found else len(content)


def _object(content: bytes, beginning: "re.Match[bytes]", read: Scan) -> int:
    """Read one object; return where it ends."""
    kept: list[Token] = []
    data, length = 0, None
    at = beginning.end()
    while True:
        token = next(tokens(content, at), None)
        if token is None:
            read.faults.append(("6.1.9", f"object {int(beginning[1])} has no end"))
            end = len(content)
            break
        at = token.at + len(token.said)
        if token.said == b"endobj":
            end = at
            break
        if token.said == b"stream":
            data = at
            at = content.find(b"endstream", at)
            at = len(content) if at < 0 else at
            stated = stated_length(kept)
            if stated is not None and _ends(content, data, stated):
                at = content.index(b"endstream", data + stated)
            length = at - data
            at += len(b"endstream")
            continue
        kept.append(token)
    spaces = beginning[2], beginning[4]
    number = int(beginning[1])
    read.indirect.append(
        Indirect(number, beginning.start(), end, spaces, tuple(kept), data, length)
    )
    return end


def _ends(content: bytes, data: int, stated: int) -> bool:
    """Return whether a stream of the stated length ends where `endstream` stands."""
    begin = data + (2 if content.startswith(b"\r\n", data) else 1)
    behind = content[begin + stated : begin + stated + 11]
    return behind.lstrip(b"\r\n").startswith(b"endstream")


def stated_length(kept: "list[Token] | tuple[Token, ...]") -> int | None:
    """Return the Length of a stream's dictionary where it is a number of its own."""
    for place, token in enumerate(kept[:-1]):
        if token.said == b"/Length" and kept[place + 1].said.isdigit():
            after = kept[place + 2 : place + 4]
            if not (len(after) == 2 and after[1].said == b"R"):
                return int(kept[place + 1].said)
    return None


def _table(content: bytes, at: int, read: Scan) -> int:
    """Read one cross-reference table; return where it ends."""
    at += len(b"xref")
    ending = re.compile(rb"\r\n|\r|\n").match(content, at)
    if ending is None:
        read.faults.append(("6.1.4", "`xref` is not followed by a line end alone"))
    found = TOKEN.match(content, at)
    at = found.end() if found and found.lastgroup == "space" else at
    if ending and at != ending.end():
        read.faults.append(("6.1.4", "`xref` and its first subsection are more than a line apart"))
    while part := SUBSECTION.match(content, at):
        if part[2] != b" ":
            read.faults.append(("6.1.4", "a subsection's two numbers are more than a space apart"))
        at = part.end()
        for number in range(int(part[1]), int(part[1]) + int(part[3])):
            entry = ENTRY.match(content, at)
            if entry is None:
                read.faults.append(
                    ("6.1.4", f"the entry of object {number} is not as it should be")
                )
                return _until(content, b"trailer", at)
            if entry[3] == b"n":
                read.offsets.append((number, int(entry[1]), int(entry[2])))
            at = entry.end()
    return at
