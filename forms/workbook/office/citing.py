"""
Citations in cells: 《中华人民共和国安全生产法》第三十六条第一款, P99第（二）项.

A law is named by its title; of several with one title the number decides (《…》（…）), or the code
(《…》〔…〕). Laws of the workbook's own sheet go before those that come with the program, so that a
workbook means the same after the program learned of a newer text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from forms.model import Basis, Law, Penalty
from forms.workbook.articles import (
    beyond_article,
    beyond_clause,
    beyond_section,
    chinese_number,
    likely_article,
    likely_clause,
)
from forms.workbook.office.cells import Wrong, shown
from forms.workbook.words import UNVERIFIED

SEPARATOR = "\n"
"""Between citations as they are written; semicolons are read as well."""

_BETWEEN = re.compile(r"[；;\n]")
_BETWEEN_PENALTIES = re.compile(r"[；;、，,/／\n](?=[ \t]*[A-Z]+\d)")
_SEPARATORS = "；;、，,/／。 \t"
_PENALTY = re.compile(r"([A-Z]+\d+)\s*(.*)")
_NUMBER = re.compile(r"\s*（[^（）]*）(?=第)")
_MARK = re.compile(r"[〔（(［\[](?:条号|条款)?待核(?:实|对)?[〕）)］\]]$")
_COMPARED = "〔已核〕"
"""Stands behind what was compared with the text but is no article; it is taken as it stands."""
_DOUBT = re.compile("[核？?疑]")
_AMENDED = re.compile("修正|修订|修改")
_END = "。"
_ARABIC = re.compile(r"第\s*([0-9]{1,4})\s*(?=[条款])")
_STANDARD = re.compile(r"^[A-Z]|[A-Z][ /-]*\d")
"""What numbers of standards hold (国家标准GB 50016-2014), whose clauses have Arabic ones."""
UNREAD_NUMBER = "〔文号未读〕"
"""Stands for a law's number that was refused: how the law is cited cannot be judged."""

_ADD = "请先在“法规”表中补上"


class Citations:
    """
    The laws that cells may cite, and how.

    Args:
        own: The laws that the workbook itself lists, by code.
        packaged: Those that it may cite beside them.
        on: The first day of the checklist; of several texts of one law the one then in force.
    """

    def __init__(self, own: Mapping[str, Law], packaged: Mapping[str, Law], on: date) -> None:
        """Prepare every way to write each law."""
        self._laws = {**packaged, **own}
        self._own = own
        self._on = on
        self._written: dict[str, list[Law]] = {}
        for law in self._laws.values():
            for name in _names(law):
                self._written.setdefault(name, []).append(law)
        self._longest_first = sorted(self._written, key=lambda name: (-len(name), name))

    def law(self, text: str) -> Law:
        """
        Return the law that a whole cell names: by code, or by title with or without 《》.

        Raises:
            Wrong: No law or more than one is so called.
        """
        if text in self._laws:
            return self._laws[text]
        law, rest = self._beginning(text if text.startswith("《") else f"《{text}》")
        if rest:
            raise Wrong(f"法规名称后面多出“{shown(rest)}”，条款请写在“条款”列")
        return law

    def bases(self, text: str) -> list[Basis]:
        """
        Return the citations of a cell; one without a law's name goes on with the law before it.

        Raises:
            Wrong: A law is not listed, or something is no citation.
        """
        read: list[Basis] = []
        for part in _parts(_BETWEEN, text):
            cited, is_judged = unstated(part)
            cited, verified = _unmarked(cited) if is_judged else (cited, True)
            if cited.startswith("第") and read:
                law, article = read[-1].law, cited
            else:
                law, article = self._beginning(cited)
            if "《" in article:
                raise Wrong(f"“{shown(article)}”里还有一部法规，多项依据请分行写，或者用“；”隔开")
            arabic = _ARABIC.search(unicodedata.normalize("NFKC", article))
            if is_judged and arabic and not is_standard(law) and law.number != UNREAD_NUMBER:
                numeral = chinese_number(int(arabic[1]))
                raise Wrong(f"条款的数字请写成汉字，“{arabic[0]}”请写成“第{numeral}”")
            if verified and not article:
                raise Wrong(f"“{shown(cited)}”没有写条款，请补上条款，或者在后面加上{UNVERIFIED}")
            if verified and is_judged:
                refuse_ill_formed(law, article)
            read.append(Basis(law, article, verified))
        if not read:
            raise Wrong("没有写出依据，请写成《法规全称》第…条")
        return read

    def basis(self, text: str) -> Basis:
        """
        Return the one citation of a cell.

        Raises:
            Wrong: There is another number of them.
        """
        read = self.bases(text)
        if len(read) > 1:
            raise Wrong("只能写一项依据，请删去其余的")
        return read[0]

    def written(self, basis: Basis) -> str:
        """Return a citation as it stands in a cell: by the shortest name that is understood."""
        mark = "" if basis.verified else UNVERIFIED
        return f"{self.name(basis.law)}{article_text(basis)}{mark}"

    def name(self, law: Law) -> str:
        """Return the shortest full name that means this law and no other."""
        names = [name for name in _names(law)[:3] if self._meant(name) == [law]]
        return names[0] if names else _names(law)[0]

    def _beginning(self, text: str) -> tuple[Law, str]:
        """Return the law that a text begins with, and what is left of the text."""
        named = next((name for name in self._longest_first if text.startswith(name)), "")
        if not named:
            raise self._unknown(text)
        rest = text.removeprefix(named).strip()
        if number := _NUMBER.match(rest):
            if any(law.number == UNREAD_NUMBER for law in self._written[named]):
                return self._meant(named)[0], rest[number.end() :].strip()
            raise self._misnumbered(named, number[0].strip("（） "))
        meant = self._meant(named)
        if len(meant) != 1:
            ways = "或".join(f"{named}〔{law.code}〕" for law in self._written[named])
            raise Wrong(f"有不止一部{named}，请写明是哪一部：{ways}")
        return meant[0], rest

    def _unknown(self, text: str) -> Wrong:
        title = re.match("《[^《》]*》", text)
        if title is None:
            return Wrong(f"“{shown(text)}”不是引用条款的写法，请写成《法规全称》第…条")
        close = get_close_matches(title[0], self._longest_first, n=1, cutoff=0.75)
        instead = f"请核对名称，是否应为{close[0]}" if close else "请核对名称"
        return Wrong(
            f"没有收录{title[0]}，{instead}，没有写错的{_ADD}它的代号、名称、施行日期和来源"
        )

    def _misnumbered(self, named: str, number: str) -> Wrong:
        """Return what to do about brackets behind a title that are not the number of that law."""
        if not any(law.number for law in self._written[named]) or _AMENDED.search(number):
            return Wrong(f"{named}后面的“（{number}）”不是文号，请删去括号和其中的内容")
        listed = "”或“".join(law.number for law in self._written[named] if law.number)
        return Wrong(f"{named}的文号不是“{number}”，“法规”表中为“{listed}”，请核对文号")

    def _meant(self, name: str) -> list[Law]:
        """Return the laws that a name may mean, best one where only one is best."""
        laws = self._written[name]
        listed = [law for law in laws if law.code in self._own] or laws
        if len(listed) == 1:
            return listed
        current = [law for law in listed if law.in_force(self._on)]
        return current if len(current) == 1 else listed


def penalties(text: str, known: Mapping[str, Penalty]) -> list[Penalty]:
    """
    Return the penalty clauses of a cell.

    Raises:
        Wrong: One has no listed code, has no clause behind it, or stands there twice.
    """
    read: list[Penalty] = []
    for part in _parts(_BETWEEN_PENALTIES, text.strip(_SEPARATORS)):
        found = _PENALTY.fullmatch(part)
        if found is None:
            raise Wrong(
                f"“{shown(part)}”不是处罚依据的写法，请写“处罚依据”表中的代号，"
                "如 P99第（二）项，多项用“；”隔开"
            )
        code = found[1]
        clause, is_judged = unstated(found[2].rstrip(_SEPARATORS))
        if code not in known:
            raise Wrong(f"没有收录代号“{shown(code)}”，请先在“处罚依据”表中补上")
        if is_judged and beyond_clause(clause):
            raise _no_clause(code, clause)
        penalty = replace(known[code], clause=clause or known[code].clause)
        if penalty in read:
            raise Wrong(f"“{code}{clause}”写了两次，请删去一个")
        read.append(penalty)
    return read


def _no_clause(code: str, clause: str) -> Wrong:
    """Return what to do about something behind a code that is no clause."""
    meant = likely_clause(clause)
    instead = f"是否应为“{code}{meant}”" if meant else "请写成如 P99第（二）项，不需要的请删去"
    return Wrong(f"代号“{code}”后面只写第几款、第几项，“{shown(clause)}”不是，{instead}")


def penalties_text(cited: Iterable[Penalty]) -> str:
    """Return penalty clauses as they stand in a cell."""
    return "；".join(
        f"{one.code}{one.clause}{_COMPARED if beyond_clause(one.clause) else ''}" for one in cited
    )


def article_text(cited: Basis | Penalty) -> str:
    """Return an article as it stands in a cell: what is verified, but none, with its mark."""
    if not cited.verified:
        return cited.article
    try:
        refuse_ill_formed(cited.law, cited.article)
    except Wrong:
        return f"{cited.article}{_COMPARED}"
    return cited.article


def unstated(text: str) -> tuple[str, bool]:
    """Return a text without its mark 〔已核〕, and whether it is to be judged: it had none."""
    bare = text.rstrip(_END).removesuffix(_COMPARED)
    is_stated = bare != text.rstrip(_END)
    return (bare.strip(), False) if is_stated else (text, True)


def _names(law: Law) -> list[str]:
    """Return the ways to write a law, those that we write first, the shortest of these first."""
    title = f"《{law.title}》"
    names = [title, law.printed, f"{title}〔{law.code}〕"]
    if law.title.startswith("中华人民共和国"):
        names.append(f"《{law.title.removeprefix('中华人民共和国')}》")
    return list(dict.fromkeys(names))


def _parts(between: re.Pattern[str], text: str) -> Iterator[str]:
    return filter(None, (part.strip() for part in between.split(text)))


def _unmarked(text: str) -> tuple[str, bool]:
    """
    Return a citation without its mark, and whether it was compared with the law's text.

    Raises:
        Wrong: It is doubted in other words: it would pass for one that was compared.
    """
    text = text.rstrip(_END)
    mark = _MARK.search(text)
    if mark is not None:
        return text[: mark.start()].strip().rstrip(_END), False
    if _DOUBT.search(re.sub("《[^《》]*》", "", text)):
        raise Wrong(f"“{shown(text)}”写有条款以外的内容，没有核对过的请只在最后加上{UNVERIFIED}")
    return text, True


def is_standard(law: Law) -> bool:
    """Tell whether a law is a standard, by its number however that is written."""
    return _STANDARD.search(unicodedata.normalize("NFKC", law.number).upper()) is not None


def refuse_ill_formed(law: Law, article: str) -> None:
    """
    Refuse what is no article of a law without a mark: it would pass for one that was compared.

    Raises:
        Wrong: It is something else, or something else stands behind it.
    """
    beyond = beyond_section(article) if is_standard(law) else beyond_article(article)
    if not beyond or law.number == UNREAD_NUMBER:
        return
    article_itself = article.removesuffix(beyond).strip()
    if article_itself:
        raise Wrong(f"“{shown(article_itself)}”后面的“{shown(beyond)}”不是条款，请改正或者删去")
    if is_standard(law):
        raise Wrong(f"“{shown(article)}”不是条款的写法，请写成如“第8.3.4条”")
    meant = likely_article(article)
    instead = f"是否应为“{meant}”" if meant else "请写成如“第四十二条第二款第（一）项”"
    step = "，引用标准的请先在“法规”表中写明标准号" if re.search(r"\d\.\d", article) else ""
    raise Wrong(f"“{shown(article)}”不是条款的写法，{instead}{step}")
