"""What finding a failure must suggest, worked out from docs/forms.md alone."""

from itertools import pairwise
from typing import Any

Json = Any


def suggested(form: Json, item: Json, failed: list[str], on: str) -> Json:
    """Return the finding that a failure suggests."""
    is_together = all(code in failed for code in item["major_needs"])
    is_major = item["major"] == "yes" and is_together
    authority = item.get("competence", "own")
    bases, penalties = (
        _cited([one for one in item[field] if _applies(one, on)])
        for field in ("basis", "penalties")
    )
    device = form["device_clause"]
    clause = printed(device) if device else ""
    is_cited = bool(item["device_clause"] and device and _applies(device, on))
    notes = [item["major_note"]] if item["major_note"] else []
    if is_cited and item["major"] == "possible":
        notes.append(
            "判定标准所列情形中直接关系安全的监控、报警、防护设施失效或者无效的，依据"
            + clause
            + "判定为重大事故隐患。"
        )
    measure = "rectify_now" if item["correctable_on_site"] else "rectify_within"
    measure = "" if is_major else measure
    return {
        "code": item["code"],
        "wording": item["finding"],
        "level": "major" if is_major else "general",
        "refer_to": "" if authority == "own" else authority,
        "to_confirm": notes if item["major"] != "no" and is_together else [],
        "basis": "；".join(beside(bases)),
        "device_basis": clause if is_cited else "",
        "penalty_basis": "；".join(beside(penalties)),
        "to_verify": [
            *beside([one for one in bases if not _checked(one)]),
            *([clause] if is_cited and not _checked(device) else []),
            *beside([one for one in penalties if not _checked(one)]),
        ],
        "measure": measure if authority == "own" else "refer",
        "deadline": item["rectify"],
        "correctable_on_site": item["correctable_on_site"],
    }


def _applies(citation: Json, on: str) -> bool:
    law = citation["law"]
    return bool(law["effective_from"] <= on < (law["effective_until"] or "9999"))


def _checked(citation: Json) -> bool:
    return bool(citation["verified"] and citation["law"]["verified"])


def _cited(citations: list[Json]) -> list[Json]:
    return [one for one in citations if _checked(one)] or citations


def titled(of: Json) -> str:
    return f"《{of['title']}》" + (f"（{of['number']}）" if of["number"] else "")


def printed(citation: Json) -> str:
    return titled(citation["law"]) + citation["article"] + citation.get("clause", "")


def beside(citations: list[Json]) -> list[str]:
    """Return citations with a law named once for its articles in a row, as docs/forms.md says."""
    texts: list[tuple[str, str, str]] = []
    for one in citations:
        rest = one["article"] + one.get("clause", "")
        cut = rest.find("条") + 1
        parts = (titled(one["law"]), rest[:cut], rest[cut:])
        if parts not in texts:
            texts.append(parts)
    said = ["".join(texts[0])] if texts else []
    for (law, article, _), (next_law, next_article, part) in pairwise(texts):
        if law != next_law or not article or not next_article:
            said.append(next_law + next_article + part)
        elif article == next_article and part:
            said[-1] += f"、{part}"
        else:
            said[-1] += f"、{next_article}{part}"
    return said
