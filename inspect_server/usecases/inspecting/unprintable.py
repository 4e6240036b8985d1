"""Where a character stands that no font has, and who can mend it."""

from inspect_server.store.visit_records import VisitRecord

KINDS = {
    "answer": "检查项",
    "finding": "问题隐患",
    "photo": "照片说明",
    "participant": "陪同人员",
    "note": "其他情况",
    "gap": "记录中断说明",
    "recheck": "复查说明",
    "signature": "签名",
    "visit": "到场记录",
}
"""What a person calls the items of each kind."""


def who_mends(record: VisitRecord, char: str) -> str:
    """
    Return where the phones wrote a character and what is to be done; nobody is named.

    What no phone wrote comes from the registry or from the bureau's settings.
    """
    places = [_place(record, id) for id in record.merged.items if _has(record, id, char)]
    if not places:
        return "该字符不在手机填写的内容中，请内勤在企业名录、人员名录或本机关设置中更正。"
    said = "、".join(dict.fromkeys(places))
    return f"该字符出现在{said}，请检查人员在手机上改填，或撤回后重新填写，并同步。"


def _has(record: VisitRecord, id: str, char: str) -> bool:
    """Whether a character stands in an item, or in what a settlement of it will tell."""
    heads = record.merged.items[id].heads
    texts = [head.value.decode() for head in heads]
    for head in heads:
        if head.settled_reason:
            cited = [record.operations[id] for id in head.parents if id in record.operations]
            texts += [head.settled_reason, *(op.value.decode() for op in cited)]
    return any(char in text for text in texts)


def _place(record: VisitRecord, id: str) -> str:
    kind, _, rest = id.partition("/")
    name = KINDS.get(kind, kind)
    if kind == "answer":
        return f"{name} {rest.rpartition('/')[2]}"
    if kind == "visit":
        return name
    if not record.merged.items[id].live:
        return f"已撤回的{name}"
    standing = sorted(
        record.merged.of_kind(f"{kind}/"), key=lambda item: (item.heads[0].hlc, item.id)
    )
    return f"{name}第 {[item.id for item in standing].index(id) + 1} 项"
