"""An authority whose own program checks nothing: it draws, as its verifiers will, from anything."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.entropy import CHAINS, SourceKind
from tests.unit.draw_example import DICE_LEAF
from tests.verifiers.full_draw import Made, signed

Body = dict[str, Any]


def forged(
    made: Made,
    edit: Callable[[Body], object] = lambda _: None,
    values: Sequence[bytes] | None = None,
) -> dict[str, str]:
    """
    Return the files of the draw again, committed to an edited body and drawn from other values.

    Without replacements and timestamps, signed by the authority's true key.
    """
    data = copy.deepcopy(dict(made.body.data))
    edit(data)
    body = CommitBody(data)
    shown = [bytes.fromhex(one["bytes_hex"]) for one in made.certificate["entropy"]]
    shown = shown if values is None else list(values)
    lines = pool.parse(made.files["pool.txt"].splitlines(), pool.POOL)
    leaves = {name: lines.get(name, []) for name, _ in data["cells"]}
    officers = eligibility.parse(made.files["eligibility.txt"].splitlines())
    outcome = cert.outcome_of(body, shown, leaves, officers)
    chains, leaf = {kind.value for kind in CHAINS}, {SourceKind.DICE.value: DICE_LEAF}
    revealed = [
        cert.Revealed(
            source["name"],
            source["issue"],
            value,
            made.h(value).hex() if source["kind"] in chains else leaf.get(source["kind"], ""),
        )
        for source, value in zip(data["sources"], shown, strict=True)
    ]
    certificate = cert.build(body, revealed, outcome, "cd" * 32)
    return signed(made, certificate)


def value_of(made: Made, kind: SourceKind) -> tuple[int, bytes]:
    """Return where a source's value stands in the draw, and the value."""
    kinds = [source.kind for source in made.body.sources]
    at = kinds.index(kind)
    return at, bytes.fromhex(made.certificate["entropy"][at]["bytes_hex"])
