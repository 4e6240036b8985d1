"""
What the header of a column means in an XLSForm workbook.

Headers have aliases, any case, blanks for underscores, and parts behind `::` (or `:`, where no
header of the sheet has `::`): `Label::中文 (zh)`, `bind::jr:constraintMsg`, `media:image`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from forms.expressions.lexing import SMART_QUOTES
from forms.workbook.words import ITEM_HEADERS

Tokens = tuple[str, ...]

_SURVEY_ALIASES: Mapping[str, Tokens] = {
    "command": ("type",),
    "tag": ("name",),
    "value": ("name",),
    "caption": ("label",),
    "relevant": ("bind", "relevant"),
    "relevance": ("bind", "relevant"),
    "required": ("bind", "required"),
    "required_message": ("bind", "jr:requiredMsg"),
    "requiredmsg": ("bind", "jr:requiredMsg"),
    "readonly": ("bind", "readonly"),
    "read_only": ("bind", "readonly"),
    "constraint": ("bind", "constraint"),
    "constraint_message": ("bind", "jr:constraintMsg"),
    "constraining_message": ("bind", "jr:constraintMsg"),
    "calculation": ("bind", "calculate"),
    "calculate": ("bind", "calculate"),
    "noapperrorstring": ("bind", "jr:noAppErrorString"),
    "no_app_error_string": ("bind", "jr:noAppErrorString"),
    "save_to": ("bind", "entities:saveto"),
    "appearance": ("control", "appearance"),
    "count": ("control", "jr:count"),
    "repeat_count": ("control", "jr:count"),
    "jr:count": ("control", "jr:count"),
    "autoplay": ("control", "autoplay"),
    "rows": ("control", "rows"),
    "body": ("control",),
    "compact_tag": ("instance", "odk:tag"),
    **{name: ("media", name) for name in ("image", "big-image", "audio", "video")},
}
_SURVEY_COLUMNS = frozenset(
    [
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "default",
        "choice_filter",
        "parameters",
        "trigger",
        "media",
        "bind",
        "control",
        "instance",
        "query",
        "list_name",
        "itemset",
        "choices",
        "actions",
        "sms_field",
    ]
)
_CHOICES_ALIASES: Mapping[str, Tokens] = {
    "caption": ("label",),
    "value": ("name",),
    "list_name": ("list name",),
    **{name: ("media", name) for name in ("image", "big-image", "audio", "video")},
}
_CHOICES_COLUMNS = frozenset({"name", "label", "media", "sms_option"})
_SETTINGS_ALIASES: Mapping[str, Tokens] = {
    "form_title": ("title",),
    "set_form_title": ("title",),
    "form_id": ("id_string",),
    "set_form_id": ("id_string",),
}
_SETTINGS_COLUMNS = frozenset(
    [
        "name",
        "title",
        "id_string",
        "version",
        "default_language",
        "style",
        "instance_name",
        "instance_xmlns",
        "namespaces",
        "public_key",
        "submission_url",
        "auto_send",
        "auto_delete",
        "client_editable",
        "allow_choice_duplicates",
        "clean_text_values",
        "omit_instanceID",
        "add_none_option",
        "flat",
        "sms_keyword",
        "attribute",
    ]
)


TRANSLATED: tuple[Tokens, ...] = (
    ("label",),
    ("hint",),
    ("guidance_hint",),
    ("media", "image"),
    ("media", "big-image"),
    ("media", "audio"),
    ("media", "video"),
    ("bind", "jr:constraintMsg"),
    ("bind", "jr:requiredMsg"),
    ("bind", "jr:noAppErrorString"),
)
"""Columns that may have a language behind them."""


_FIELDS: Mapping[str, str] = {
    "relevant": "relevant",
    "required": "required",
    "required_message": "required_message",
    "read_only": "readonly",
    "constraint": "constraint",
    "constraint_message": "constraint_message",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
    "count": "repeat_count",
    "hint": "hint",
    "guidance": "guidance_hint",
    "appearance": "appearance",
}
"""Headers of XLSForm by field: under the template's Chinese ones their cells would be lost."""

_REMARK = re.compile(r"[（(\[【].*|[*＊]")
_FOREIGN = re.compile(r"[^A-Za-z_ ]+")


@dataclass(frozen=True)
class Column:
    """One column: where it stands, its header as written, what it means, and its language."""

    position: int
    header: str
    tokens: Tokens
    language: str = ""


@dataclass(frozen=True)
class Grammar:
    """
    The headers that one kind of sheet knows, and how its cells become clean.

    Prose stays as its author wrote it. What expressions compare or name gets straight quotes, as
    they do; `collapsed` are columns in which blanks in a row count as one.
    """

    columns: frozenset[str]
    aliases: Mapping[str, Tokens]
    collapsed: frozenset[Tokens] = frozenset()
    straightened: bool = False  # all columns but the translated ones
    unfinished: frozenset[Tokens] = frozenset()  # headers that lack what says what they hold
    undivided: tuple[Tokens, ...] = ()  # what is said once for all languages
    conditions: tuple[str, ...] = ()  # headers whose columns must not be lost by a slip

    def knows(self, header: str) -> bool:
        """Whether a text is a header that means something on such a sheet, in any language."""
        first = _snake(header.partition(":")[0])
        return first in self.columns or first in self.aliases

    def refusal(self, column: "Column") -> str:
        """Return why a column that is in use cannot be read, "" where it can."""
        tokens = column.tokens
        if tokens in self.unfinished:
            return f"列名不完整，应写成 {column.header}::名称，或者删去这一列"
        if any(tokens[:-1][: len(one)] == one for one in self.undivided):
            if "::" in column.header:
                return "这一列不分语言，请去掉列名中冒号以后的部分"
            # It may be a remark of the author's own, which must not become a condition.
            meant_so = "要起作用的请去掉列名中冒号以后的部分"
            return f"这一列不分语言，{meant_so}，不需要的列请删去"
        if tokens != (column.header,) or column.header in self.columns:
            return ""
        if self.conditions and (meant := self._meant(column.header)):
            return f"XLSForm 不认识这一列，请将列名改为 {meant}，不需要的列请删去"
        close = get_close_matches(_snake(column.header), self.conditions, n=1, cutoff=0.85)
        return f"不认识这一列，是否应为 {close[0]}，不需要的列请改名或删去" if close else ""

    def _meant(self, header: str) -> str:
        """Return which header stands there in Chinese, or with Chinese beside it; "" for none."""
        own = ITEM_HEADERS.value(header) or ITEM_HEADERS.value(_REMARK.sub("", header))
        latin = _snake(_FOREIGN.sub(" ", header))
        return _FIELDS.get(own or "", "") or (latin if latin in self.conditions else "")

    def clean(self, column: Column, text: str) -> str:
        """Return the text of a cell as it is read."""
        if column.tokens in self.collapsed:
            return re.sub(" +", " ", text).translate(SMART_QUOTES)
        if self.straightened and column.tokens not in TRANSLATED:
            return text.translate(SMART_QUOTES)
        return text


SURVEY = Grammar(
    _SURVEY_COLUMNS,
    _SURVEY_ALIASES,
    frozenset({("type",), ("name",), ("parameters",)}),
    unfinished=frozenset({("bind",), ("control",), ("instance",), ("media",)}),
    undivided=(
        ("type",),
        ("name",),
        ("default",),
        ("choice_filter",),
        ("parameters",),
        ("trigger",),
        *(("bind", one) for one in ("relevant", "required", "readonly", "constraint", "calculate")),
        ("control", "appearance"),
        ("control", "jr:count"),
        ("bind", "entities:saveto"),
    ),
    conditions=(
        "relevant",
        "relevance",
        "required",
        "readonly",
        "read_only",
        "constraint",
        "calculation",
        "calculate",
        "choice_filter",
        "repeat_count",
    ),
)
CHOICES = Grammar(
    _CHOICES_COLUMNS,
    _CHOICES_ALIASES,
    straightened=True,
    unfinished=frozenset({("media",)}),
    undivided=(("list name",), ("name",)),
)
ENTITIES = Grammar(
    frozenset({"dataset", "entity_id", "create_if", "update_if", "repeat", "label"}),
    {"list_name": ("dataset",)},
)
SETTINGS = Grammar(_SETTINGS_COLUMNS, _SETTINGS_ALIASES, undivided=(("title",), ("id_string",)))


def has_double_colon(headers: Iterable[str]) -> bool:
    """Whether the parts of this sheet's headers are parted by `::` alone."""
    return any("::" in header for header in headers)


def column(position: int, header: str, grammar: Grammar, *, double: bool) -> Column:
    """
    Return what a header means; one that means nothing keeps its words.

    Args:
        position: The column's, from 0.
        header: As written, blanks around it cut off.
        grammar: The headers of this kind of sheet.
        double: What `has_double_colon` says of the sheet.
    """
    tokens = _tokens(header, grammar, double=double)
    for base in TRANSLATED:
        if tokens[: len(base)] == base and len(tokens) > len(base):
            return Column(position, header, base, "::".join(tokens[len(base) :]))
    return Column(position, header, tokens)


def meant(read: Column, grammar: Grammar) -> Column | None:
    """
    Return what a header with `:` would mean, were others of its sheet not parted by `::`.

    Other tools pass over such a column; None where it would mean nothing either way.
    """
    parts = _split(read.header, double=False)
    is_read = read.tokens != (read.header,) or read.header in grammar.columns
    if is_read or len(parts) == 1 or not grammar.knows(parts[0]):
        return None
    return column(read.position, read.header, grammar, double=False)


def with_double_colons(header: str) -> str:
    """Return a header whose parts are behind `:` as it has to be written beside `::`."""
    return "::".join(filter(None, _split(header, double=False)))


def _tokens(header: str, grammar: Grammar, *, double: bool) -> Tokens:
    if header in grammar.columns:
        return (header,)
    snake = _snake(header)
    if snake in grammar.columns:
        return (snake,)
    parts = _split(header, double=double)
    first = _snake(parts[0])
    if first in grammar.aliases:
        return grammar.aliases[first] + parts[1:]
    if first in grammar.columns:
        return (first, *parts[1:])
    return parts if len(parts) > 1 else (header,)


def _split(header: str, *, double: bool) -> Tokens:
    if double:
        return tuple(part.strip() for part in header.split("::"))
    parts = [part.strip() for part in header.split(":")]
    if "jr" in parts[:-1]:
        at = parts.index("jr")
        parts[at : at + 2] = [f"jr:{parts[at + 1]}"]
    return tuple(parts)


def _snake(text: str) -> str:
    return "_".join(text.split()).lower()
