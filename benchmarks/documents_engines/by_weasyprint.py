"""
WeasyPrint: HTML with a style sheet that is parsed once, fonts by @font-face.

It knows no unicode-range, so Latin comes from a file that has nothing else.
"""

import io
from html import escape
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from benchmarks.documents_engines.content import SHARES, CaseFile, Notice, Section, facts
from benchmarks.documents_engines.matrix import svg

ARCHIVE = "PDF/A-3u, JSON attached"
STYLE = """
@font-face { font-family: BenchFang; src: url(fang.ttf) }
@font-face { font-family: BenchLatin; src: url(song_latin.ttf) }
@font-face { font-family: BenchBold; src: url(song_bold.ttf) }
@page {
  size: 595.28pt 841.89pt; margin: 72pt 84pt;
  @bottom-right {
    content: "共" counter(pages) "页　第" counter(page) "页"; font: 9pt BenchLatin, BenchFang;
  }
}
html { font: 10.5pt/21pt BenchLatin, BenchFang }
body, p, h1, table { margin: 0 }
tr { break-inside: avoid }
h1 { font: 18pt/36pt BenchBold; text-align: center; bookmark-level: 1; }
p { text-indent: 2em; text-align: justify }
p.number { text-indent: 0; text-align: center }
p.caption { text-indent: 0; line-height: 17pt }
table { width: 100%; border-collapse: collapse; table-layout: fixed; line-height: 17pt }
th, td { border: 0.5pt solid; padding: 5pt 4pt; font-weight: normal; text-align: left }
th, td:nth-child(1), td:nth-child(4), td:nth-child(5) { text-align: center }
img, svg { display: block }
img.photo { width: 380pt; height: 285pt }
svg { width: 71pt; height: 71pt; margin: 10pt 0 0 auto }
.page { break-before: page }
"""
COLUMNS = "".join(f'<col style="width: {share}%">' for share in SHARES)


class Engine:
    """Sets the documents; `folder` holds fonts and prepared photos."""

    def __init__(self, folder: Path) -> None:
        self._base = f"{folder.as_uri()}/"
        self._fonts = FontConfiguration()
        self._style = CSS(string=STYLE, base_url=self._base, font_config=self._fonts)

    def notice(self, content: Notice) -> bytes:
        """Return the PDF of a notice."""
        return self._written(content, content.section, [_section(content.section), svg(content)])

    def case_file(self, content: CaseFile) -> bytes:
        """Return the PDF of a case file; its headings are its bookmarks."""
        parts = []
        for number, section in enumerate(content.sections):
            parts.append(_section(section, "page" if number else ""))
        for number, photo in enumerate(content.photos):
            start = "" if number % 2 else "page"
            parts.append(f'<div class="{start}"><img class="photo" src="{photo.file}"></div>')
            parts += [f'<p class="caption">{escape(said)}</p>' for said in photo.caption]
        return self._written(content, content.sections[0], parts)

    def _written(self, content: Notice | CaseFile, first: Section, parts: list[str]) -> bytes:
        text = (
            f'<html lang="zh-CN"><title>{first.title} {first.number}</title>'
            f'<meta name="author" content="云湾区应急管理局"><body>{"".join(parts)}'
        )
        out = io.BytesIO()
        HTML(string=text, base_url=self._base).write_pdf(
            out,
            stylesheets=[self._style],
            font_config=self._fonts,
            pdf_variant="pdf/a-3u",
            attachments=[
                Attachment(
                    string=facts(content),
                    name="facts.json",
                    description="文书内容数据",
                    relationship="Source",
                )
            ],
        )
        return out.getvalue()


def _section(section: Section, start: str = "") -> str:
    said = "".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
    head = "".join(f"<th>{escape(text)}</th>" for text in section.grid.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
        for row in section.grid.rows
    )
    return (
        f'<h1 class="{start}">{escape(section.title)}</h1>'
        f'<p class="number">{escape(section.number)}</p>{said}'
        f"<table>{COLUMNS}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
