"""What is in a checklist, in one line."""

from forms.confirming import unconfirmed
from forms.evaluation.ordering import members_of
from forms.model import Form, Kind, Major, Section


def counted(form: Form) -> str:
    """
    Return how many sections, items, grades and tables there are, and what is to be verified.

    Items are what somebody answers, as `forms list` and the phones' progress count them.
    """
    members = members_of(form.sections)
    sections = sum(isinstance(one, Section) and bool(one.title or one.name) for one in members)
    asked = [item.kind for item in form.items if item.is_asked]
    grades = [one.major for one in form.judged]
    return (
        f"章节 {sections} 个，条目 {len(asked)} 项（可判为不符合的 {len(grades)} 项，"
        f"其中★ {grades.count(Major.YES)} 项、☆ {grades.count(Major.POSSIBLE)} 项），"
        f"含表格 {asked.count(Kind.TABLE)} 个；待核的依据、罚则 {len(unconfirmed(form))} 处"
    )
