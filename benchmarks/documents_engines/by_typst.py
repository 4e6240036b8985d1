"""typst as a library: one compiler that keeps fonts and template, data by its inputs."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import typst

from benchmarks.documents_engines.content import CaseFile, Notice, Photo, Section, as_json, facts
from benchmarks.documents_engines.matrix import svg

ARCHIVE = "PDF/A-3u, JSON attached"
TEMPLATE = Path(__file__).with_name("page.typ")


class Engine:
    """Sets the documents; `folder` holds fonts and prepared photos."""

    def __init__(self, folder: Path) -> None:
        main = folder / TEMPLATE.name
        shutil.copyfile(TEMPLATE, main)
        fonts = typst.Fonts(False, False, [str(folder)])
        self._compiler = typst.Compiler(str(main), root=str(folder), font_paths=fonts)

    def notice(self, content: Notice) -> bytes:
        """Return the PDF of a notice."""
        return self._compiled(content, [content.section], [], svg(content))

    def case_file(self, content: CaseFile) -> bytes:
        """Return the PDF of a case file; its headings are its bookmarks."""
        return self._compiled(content, content.sections, content.photos, None)

    def _compiled(
        self,
        content: Notice | CaseFile,
        sections: list[Section] | tuple[Section, ...],
        photos: Sequence[Photo],
        code: str | None,
    ) -> bytes:
        first = sections[0]
        data = {
            "title": f"{first.title} {first.number}",
            "sections": sections,
            "photos": photos,
            "code": code,
        }
        made = self._compiler.compile(
            sys_inputs={
                "data": as_json(data),
                "facts": facts(content).decode(),
            },
            pdf_standards="a-3u",
            pdf_tags=False,  # the others write none
        )
        assert isinstance(made, bytes)
        return made
