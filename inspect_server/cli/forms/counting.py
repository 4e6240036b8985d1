"""What is in a checklist, in one line."""

from forms.confirming import unconfirmed
from forms.evaluation.ordering import members_of
from forms.model import Form, Item, Kind, Major, Section


def counted(form: Form) -> str:
    """Return how many sections, items, grades and tables there are, and what is to be verified."""
    members = [*members_of(form.sections)]
    sections = sum(isinstance(one, Section) and bool(one.title or one.name) for one in members)
    kinds = [one.kind for one in members if isinstance(one, Item)]
    tables = kinds.count(Kind.TABLE)
    grades = [one.major for one in form.judged]
    return (
        f"章节 {sections} 个，条目 {len(kinds) - tables} 项（可判为不符合的 {len(grades)} 项，"
        f"其中★ {grades.count(Major.YES)} 项、☆ {grades.count(Major.POSSIBLE)} 项），"
        f"表格 {tables} 个；待核的依据、罚则 {len(unconfirmed(form))} 处"
    )
