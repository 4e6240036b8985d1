"""The checklists that there are, and which of them an enterprise is checked by on a day."""

from collections.abc import Iterable, Iterator
from datetime import date

from forms.errors import FormNotFound
from forms.model import Form


class Library:
    """Versions of checklists, by name and version."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = {
            form.ref: form for form in sorted(forms, key=lambda form: (form.name, form.version))
        }

    def __iter__(self) -> Iterator[Form]:
        """Yield every version, by name and version."""
        return iter(self._forms.values())

    def __len__(self) -> int:
        """Return how many versions there are."""
        return len(self._forms)

    def __contains__(self, form: object) -> bool:
        """Return whether this very content is here."""
        return isinstance(form, Form) and self._forms.get(form.ref) == form

    def get(self, name: str, version: int) -> Form:
        """
        Return one version.

        Raises:
            FormNotFound: It is not here.
        """
        return self.of(f"{name}@{version}")[0]

    def of(self, form_set: str) -> tuple[Form, ...]:
        """
        Return the checklists that `form_set` named, in its order.

        Raises:
            FormNotFound: One is not here, or the text does not name checklists.
        """
        refs = form_set.split("+")
        for ref in refs:
            if ref not in self._forms:
                raise FormNotFound(ref=ref)
        return tuple(self._forms[ref] for ref in refs)

    def handed_out(self, sectors: Iterable[str], on: date) -> tuple[Form, ...]:
        """
        Return the checklists for an enterprise, by name.

        Of each checklist the newest version that has begun decides: where it is retired or no
        longer for these sectors, no older version comes back.

        Args:
            sectors: The enterprise's sector tags; the lists without tags are for everybody.
            on: The day on which the checklist is handed out.
        """
        tags = frozenset(sectors)
        newest = {form.name: form for form in self if form.effective_from <= on}
        return tuple(form for _, form in sorted(newest.items()) if form.is_for(tags, on))


def without_replaced(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Return the checklists of one visit without those in whose place another of them stands."""
    chosen = tuple(forms)
    replaced = {name for form in chosen for name in form.instead_of}
    return tuple(form for form in chosen if form.name not in replaced)


def form_set(forms: Iterable[Form]) -> str:
    """Return how an inspection pins its checklists: sorted "name@version" joined by "+"."""
    return "+".join(sorted(form.ref for form in forms))
