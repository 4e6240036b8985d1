"""A value that counts only as two people typed it, each on their own."""

from dataclasses import dataclass

from inspect_server.domain.draw.ceremony.typed import source_of
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import EntriesDiffer, SamePerson, TypistMayNot
from inspect_server.domain.identity import CASE_ROLES, LoginRefused
from inspect_server.usecases.work import Actor

TYPED_FROM = {
    SourceKind.PUBLIC: ("公开随机值", "公布结果"),
    SourceKind.DICE: ("骰子点数", "骰子"),
}
"""What is typed, and what it is read from."""
ENTRIES = ("第一名", "第二名")


class TypistRefused(LoginRefused):
    """One of the two who type did not show that they are there; which entry it was is said."""

    message = "{which}录入人未通过核对：" + LoginRefused.message


@dataclass(frozen=True)
class DoubleEntry:
    """One public value, or the dice, as two people typed it."""

    first: str
    first_by: Actor
    second: str
    second_by: Actor

    @property
    def source(self) -> str:
        """Name and issue of the agreed value."""
        return source_of(self.first)

    def noted(self) -> dict[str, object]:
        """Return who typed it, as the draw log names them."""
        return {"source": self.source, "by": [self.first_by.label, self.second_by.label]}

    def names(self, source: Source) -> bool:
        """Whether either of them typed a value of this source."""
        start = f"{source.name}/{source.issue}/"
        return self.first.strip().startswith(start) or self.second.strip().startswith(start)

    def agreed(self, kind: SourceKind) -> str:
        """
        Return what both typed.

        Raises:
            SamePerson, TypistMayNot: They are not two people of the bureau's cases.
            EntriesDiffer: They typed different values.
        """
        what, read_from = TYPED_FROM[kind]
        if self.first_by.label == self.second_by.label:
            raise SamePerson(what=what)
        for which, typist in zip(ENTRIES, (self.first_by, self.second_by), strict=True):
            if not CASE_ROLES & typist.roles:
                raise TypistMayNot(which=which)
        if self.first.strip() != self.second.strip():
            raise EntriesDiffer(what=what, read_from=read_from)
        return self.first.strip()
