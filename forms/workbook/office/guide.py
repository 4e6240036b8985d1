"""What the sheet 填写说明 says, and the example of the blank template."""

from datetime import date

from forms.expressions.parsing import parse
from forms.load import LawTables
from forms.model import Basis, Choice, ChoiceList, Condition, Form, Item, Kind, Section
from forms.workbook.words import COMPETENCES, KINDS, LAW_VALUES, SECTORS

TITLE = "检查表填写说明"
EXAMPLE_MARK = "（示例）"
"""How the title of the example begins."""

STEPS = (
    "在“检查表”中填写这份检查表的名称、代号、版本和启用日期。",
    "在“检查项”中填写条目，一行一项。第1行是列名，不要改动；列的先后可以调整，"
    "用不到的列可以删去，需要的列可以从下面的说明中补上。空行不影响使用。",
    "依据和处罚依据只能引用“法规”“处罚依据”两张表中列出的或者系统已收录的内容，没有的先补上。",
    "没有与原文核对过的条款，一律在后面加上〔待核〕，系统会提示检查人员核对。",
    "单选、多选条目的选项写在“选项”中，同一张选项表可以供几个条目使用。",
    "填好后交系统管理员导入。有错误时，系统会一次列出全部错误所在的工作表、行和列。",
    "已经启用的版本不能修改。需要修改时，把“版本”加1，重新填写启用日期后再导入。",
)

EXAMPLE = (
    "“检查项”第2行是一条检查内容：现场检查人员逐条判定符合、不符合、不适用或者未检查；"
    "判定不符合的，系统带出问题表述、依据和整改期限，并要求拍照。",
    "“检查项”第3行是一条单选条目：检查人员从“选项”表的“停产情况”中选一项，不作判定，"
    "所以不填依据、处罚依据等列。",
    "填写时请把这两行示例和“选项”表中的示例换成自己的内容。",
)

ITEM_COLUMNS: dict[str, tuple[str, str]] = {
    "code": (
        "条目的编号，全表不得重复，以英文字母开头，只用英文字母、数字和 . - _，"
        "不超过48个字符。必填。",
        "F01",
    ),
    "section": (
        "条目所在的章节，下级章节用“／”隔开；与上一行相同的可以不填。章节有显示条件或者提示的，"
        "增加一张名为“章节”的工作表，列名为章节、显示条件、提示。",
        "现场管理／除尘系统",
    ),
    "question": (
        "问检查人员什么，写成“是否……”的形式，回答“是”即为符合。必填。",
        "疏散通道是否畅通。",
    ),
    "kind": (
        f"不填即为“检查”。可以填写：{'、'.join(KINDS.written)}。",
        "单选",
    ),
    "how_to_check": ("在现场看什么、问谁、查哪份记录。“检查”类型必填。", "推门测试，查应急照明。"),
    "basis": (
        "《法规全称》加条款，多项分行写或者用“；”隔开；没有核对过的在后面加〔待核〕。"
        "“检查”类型必填。",
        "《中华人民共和国安全生产法》第四十二条第二款",
    ),
    "major": ("填“是”（★）、“可能”（☆）或“否”（—），不填即为“否”。", "是"),
    "major_note": (
        "构成重大事故隐患还须具备的情形，由检查人员现场判断；“可能”的必须写明。",
        "仅限存在硫化氢中毒风险的作业。",
    ),
    "major_needs": ("须同时不符合才构成重大事故隐患的其他条目的编号。", "F11B"),
    "device_clause": (
        "条目是监控、报警、防护设施的填“是”，设施失效也按重大事故隐患判定；"
        "判定依据写在“检查表”中。",
        "是",
    ),
    "penalties": (
        "“处罚依据”表中的代号，适用其中某项的写明第几项，多项用“；”隔开。"
        "本部门职责内的检查条目必填。",
        "P99第（二）项；P102",
    ),
    "rectify": (
        f"建议的整改天数，或者“{LAW_VALUES.written[0]}”。本部门职责内的检查条目必填。",
        "15",
    ),
    "finding": ("不符合时文书上怎样表述，需要补充的写（注明……）。“检查”类型必填。", "（略）"),
    "photos_on_failure": ("判定不符合时至少拍几张照片，不填即为1张。", "1"),
    "correctable_on_site": ("可以在检查期间改正的填“是”。", "是"),
    "competence": (
        f"不填即为本部门。可以填写：{'、'.join(COMPETENCES.written)}。"
        "不属于本部门职责的只移送线索，不填处罚依据和整改期限。",
        "消防",
    ),
    "focus": ("列入执法检查重点事项清单的填“是”。", "是"),
    "fails_if": (
        "不是“检查”类型而需要判定的条目：满足这一条件即为不符合。“.”代表本条目的答案。",
        ". > 9",
    ),
    "unit": ("数值的单位。", "人"),
    "least": ("允许填写的最小值。", "0"),
    "most": ("允许填写的最大值。", "100"),
    "step": ("滑动取值时每格的大小；不在各格上的值不能填写。", "0.5"),
    "choices": ("单选、多选条目用“选项”表中的哪张选项表。", "停产情况"),
    "choice_filter": (
        "只列出满足条件的选项；条件中可以写“选项”表中自行增加的列名。",
        "行业 = ${行业}",
    ),
    "table": ("这一行是哪个表格的一列，填该表格条目的编号；章节只写表格内的分组。", "T01"),
    "count": ("表格固定有几行的，填行数或者算式。", "3"),
    "relevant": (
        "满足什么条件才显示，${编号}代表另一条目的答案。"
        "符合、不符合、不适用、未检查依次写作 'pass'、'fail'、'not_applicable'、'not_checked'。",
        "${F02} = 'working'",
    ),
    "required": ("填“是”“否”，或者写在什么条件下必填；“检查”类型不填也必答。", "是"),
    "required_message": ("没有填写时怎样提示。", "请填写在岗人数。"),
    "constraint": ("答案必须满足的条件，“.”代表本条目的答案。", ". <= today()"),
    "constraint_message": ("答案不满足要求时怎样提示。", "日期不能晚于今天。"),
    "calculation": ("“计算”类型的算式。", "${F03} * 2"),
    "default": ("预先填好的答案，可以是文字、数字或者算式；单选、多选写选项代码。", "today()"),
    "read_only": ("填“是”的只显示，不能改动。", "是"),
    "hint": ("显示在条目下面的简短提示。", "以现场清点为准。"),
    "guidance": ("点开才显示的详细说明。", "（略）"),
    "name": ("条件中引用本条目时用的名称，可以用汉字，不填即为编号。", "在岗人数"),
    "appearance": ("与 XLSForm 的 appearance 相同，一般不填。", "multiline"),
    "verification": (
        "依据和处罚依据与原文核对到什么程度。“检查”类型必填。",
        "条文已核对；处罚依据待核",
    ),
}
"""How each column of the items is filled in, and an example."""

FORM_REMARKS = {
    "title": "印在文书和手机上的名称",
    "name": "系统内部使用，用小写字母、数字和 - _，启用后不要改动",
    "version": "从1开始的整数，每修改一次加1",
    "effective_from": "从这一天起下发，写成如 2026-01-01 的形式",
    "retired_on": "从这一天起不再下发，没有的留空",
    "sectors": f"可以填写：{'、'.join(SECTORS.written)}；"
    "留空的对所有企业适用，发布时须加 --everyone",
    "on_request": "填“是”的不自动下发，由制定检查方案的人员用 --checklist 另行选用",
    "instead_of": "同时选用时由本表代替、不再下发的检查表的代号，一般留空",
    "device_clause": "监控、报警、防护设施失效也构成重大事故隐患的条款，没有的留空",
    "language": "从 XLSForm 工作簿转来的语言名称，一般留空",
}

_FIRST_DAY = date(2027, 1, 1)


def example(tables: LawTables) -> Form:
    """Return the checklist that the blank template shows: one item of each common kind."""
    law = tables.laws["work-safety-law"]
    check = Item(
        "S01",
        Kind.CHECK,
        "安全出口、疏散通道是否畅通，是否没有占用、锁闭、封堵。",
        how_to_check="沿疏散路线走一遍，逐个推门，查看应急照明和疏散指示标志。",
        basis=(Basis(law, "第四十二条第二款", verified=True),),
        penalties=(tables.penalties["P105"],),
        rectify=3,
        finding="安全出口、疏散通道被占用、锁闭或者封堵（注明部位）。",
        correctable_on_site=True,
        verification="条文已核对",
    )
    choice = Item(
        "S02",
        Kind.SELECT_ONE,
        "检查时企业的生产情况。",
        choices="停产情况",
        required=Condition("true()", parse("true()")),
    )
    states = (("working", "正常生产"), ("partly", "部分停产"), ("stopped", "全部停产"))
    return Form(
        "example",
        1,
        f"{EXAMPLE_MARK}疏散通道检查表",
        _FIRST_DAY,
        None,
        (),
        None,
        (Section("现场管理", (Section("疏散通道", (check, choice)),)),),
        choice_lists=(ChoiceList("停产情况", tuple(Choice(*state) for state in states)),),
    )


def numbered_steps() -> tuple[tuple[str, str], ...]:
    """Return what is to be done in what order, one row each."""
    return tuple((f"{number}.", text) for number, text in enumerate(STEPS, start=1))


def explained_example() -> tuple[tuple[str, str], ...]:
    """Return what the rows of `example` mean, one row each."""
    return tuple(("" if number else "示例", text) for number, text in enumerate(EXAMPLE))
