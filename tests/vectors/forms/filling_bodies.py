"""Checklists as phones pull them, put together by hand: no code that reads them is used here."""

import hashlib
import json
from typing import Any

Json = Any
Tree = list[Any]

BINARY = {"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}
SELF: Tree = ["self"]
TODAY: Tree = ["today"]
TRUE: Tree = ["true"]
FALSE: Tree = ["false"]


def ref(name: str) -> Tree:
    """Return the value of an item."""
    return ["ref", name]


def column(name: str) -> Tree:
    """Return what a choice has in a column."""
    return ["column", name]


def call(name: str, *parts: Json) -> Tree:
    """Return an operator or a function; texts and numbers among its parts are literals."""
    return [name, *map(node, parts)]


def node(part: Json) -> Tree:
    """Return a literal as a node, and a node as it is."""
    if isinstance(part, list):
        return part
    return ["text", part] if isinstance(part, str) else ["number", f"{part}"]


def written(tree: Tree) -> str:
    """Return what an author would have to write for a tree, each operator in parentheses."""
    name, *parts = tree
    if name == "text":
        return f"'{parts[0]}'" if "'" not in parts[0] else f'"{parts[0]}"'
    if name in ("self", "position"):
        return "." if name == "self" else "position(..)"
    if name in ("ref", "column"):
        return f"${{{parts[0]}}}" if name == "ref" else str(parts[0])
    if name == "number" and isinstance(parts[0], str):
        return parts[0]
    if name == "neg":
        return f"-({written(parts[0])})"
    inside = [written(part) for part in parts]
    if name in BINARY:
        return f"({inside[0]}) {name} ({inside[1]})"
    return f"{name}({', '.join(inside)})"


CONDITIONS = (
    "relevant", "required", "read_only", "constraint", "calculation", "choice_filter", "count",
    "fails_if",
)  # fmt: skip


def law(code: str, title: str, **fields: Json) -> Json:
    """Return a law that is in force and was checked, unless it says otherwise."""
    return {
        "code": code,
        "title": title,
        "number": "",
        "effective_from": "2020-01-01",
        "effective_until": None,
        "verified": True,
        "source": "示例",
    } | fields


LAW = law("law", "示例法")
RULES = law("rules", "示例规定", number="应急管理部令第1号")
OLD = law("old", "旧规定", number="第2号", effective_until="2026-07-01")
NEW = law("new", "新规定", effective_from="2026-07-01", verified=False)


def basis(of: Json, article: str, *, verified: bool = True) -> Json:
    """Return a citation."""
    return {"law": of, "article": article, "verified": verified}


def penalty(of: Json, article: str, clause: str = "", *, verified: bool = True) -> Json:
    """Return a penalty clause."""
    return {
        "code": "P1",
        "law": of,
        "article": article,
        "clause": clause,
        "unit_range": "处罚款",
        "person_range": "",
        "aggravated_range": "",
        "verified": verified,
        "source": "示例",
    }


def asked(code: str, kind: str, **fields: Json) -> Json:
    """Return an item that asks for a value; conditions are given as trees."""
    conditions = {name: condition(tree) for name, tree in fields.items() if name in CONDITIONS}
    return {"code": code, "kind": kind, "question": f"{code}是什么", **fields, **conditions}


def judged(code: str, kind: str = "check", **fields: Json) -> Json:
    """Return an item that can fail."""
    is_own = "competence" not in fields
    return asked(
        code,
        kind,
        **{
            "how_to_check": "看现场",
            "basis": [basis(LAW, "第一条")],
            "major": "no",
            "major_needs": [],
            "major_note": "",
            "device_clause": False,
            "penalties": [penalty(LAW, "第九条")] if is_own else [],
            "rectify": 10 if is_own else 0,
            "finding": f"{code}不符合",
            "photos_on_failure": 1,
            "correctable_on_site": False,
            "verification": "已核对",
        }
        | fields,
    )


def condition(tree: Tree) -> Json:
    """Return an expression as bodies carry it."""
    return {"text": written(tree), "tree": tree}


def starting(text: str) -> Json:
    """Return a default that is a plain text."""
    return {"text": text, "tree": ["text", text]}


def section(*items: Json, **fields: Json) -> Json:
    """Return a section."""
    if "relevant" in fields:
        fields["relevant"] = condition(fields["relevant"])
    return {"title": "一节", "items": list(items), **fields}


def choices(name: str, *rows: tuple[str, str, dict[str, str]]) -> Json:
    """Return a list of choices: name, label and columns of each."""
    made = []
    for choice, label, columns in rows:
        more = {"columns": [list(cell) for cell in columns.items()]} if columns else {}
        made.append({"name": choice, "label": label, **more})
    return {"name": name, "choices": made}


def form(name: str, *items: Json, **fields: Json) -> Json:
    """Return a checklist of one section, or of the sections given as items, with its hash."""
    is_divided = all("items" in item for item in items)
    body = {
        "name": name,
        "version": 1,
        "title": f"示例 {name}",
        "effective_from": "2026-01-01",
        "retired_on": None,
        "sectors": [],
        "device_clause": basis(RULES, "第十四条"),
        "sections": list(items) if is_divided else [section(*items)],
        **fields,
    }
    return {**body, "content_sha256": sha256(body)}


def sha256(body: Json) -> str:
    """Return the hash of a body: of all but the day on which it is retired."""
    content = {name: value for name, value in body.items() if name != "retired_on"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def given(value: Json) -> Json:
    """Return an answer that is a value."""
    return {"result": "given", "reason": "", "note": "", "given": value}


def result(name: str, reason: str = "") -> Json:
    """Return an answer that is one of the four results."""
    return {"result": name, "reason": reason, "note": ""}
