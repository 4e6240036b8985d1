"""Small definitions that the tests of checklists build on."""

from pathlib import Path

from forms.load import load_folder
from forms.model import Form

LAWS = """
[[laws]]
code = "old-law"
title = "旧规定"
number = "第1号"
effective_from = 2020-01-01
effective_until = 2026-07-01
verified = true
source = "测试"

[[laws]]
code = "law"
title = "示例法"
effective_from = 2021-09-01
verified = true
source = "测试"

[[laws]]
code = "standard"
title = "示例标准"
number = "GB 0-2020"
effective_from = 2020-01-01
verified = false
source = "测试"
"""

PENALTIES = """
[[penalties]]
code = "P1"
law = "law"
article = "第九十九条"
unit_range = "处5万元以下罚款"
verified = true
source = "测试"

[[penalties]]
code = "P2"
law = "law"
article = ""
unit_range = "待核"
verified = false
source = "测试"
"""

ITEM = """
[[sections.items]]
code = "A01"
question = "问题"
how_to_check = "看现场"
basis = [{ law = "law", article = "第三十六条", verified = true }]
major = "no"
penalties = [{ code = "P1", clause = "第（二）项" }]
rectify = 10
finding = "不符合"
verification = "条文已核对"
"""

FORM = f"""
name = "sample"
version = 1
title = "示例检查表"
effective_from = 2026-01-01
sectors = ["dust_explosion"]
device_clause = {{ law = "law", article = "第十四条", verified = true }}

[[sections]]
title = "第一节"
{ITEM}"""


def item(code: str, **fields: str) -> str:
    """Return the TOML of one more item; `fields` replace or add lines, values as TOML."""
    lines = {}
    for line in ITEM.strip().splitlines()[1:]:
        name, value = line.split(" = ", 1)
        lines[name] = value
    lines |= {"code": f'"{code}"'} | fields
    return "\n[[sections.items]]\n" + "\n".join(f"{name} = {lines[name]}" for name in lines)


def sample(folder: Path, *items: str, text: str = FORM) -> Form:
    """Return the checklist of one definition file with these items behind A01."""
    (folder / "laws.toml").write_text(LAWS, encoding="utf-8")
    (folder / "penalties.toml").write_text(PENALTIES, encoding="utf-8")
    (folder / "sample@1.toml").write_text(text + "".join(items) + "\n", encoding="utf-8")
    return load_folder(folder)[0]
