"""Small checklists that between them hold every kind of item and every way of depending."""

from tests.vectors.forms.filling_bodies import (
    FALSE,
    LAW,
    NEW,
    OLD,
    RULES,
    SELF,
    TODAY,
    TRUE,
    Json,
    asked,
    basis,
    call,
    choices,
    column,
    condition,
    form,
    judged,
    law,
    penalty,
    ref,
    section,
    starting,
)

DOUBTFUL = law("doubtful", "存疑规定", verified=False)


def failed(code: str) -> Json:
    """Return the condition that a check failed."""
    return call("=", ref(code), "fail")


CHECKS = form(
    "checks",
    judged("A"),
    judged("B", relevant=failed("A")),
    judged("C", relevant=call("and", failed("B"), call("!=", ref("D"), "not_applicable"))),
    judged("D", required=FALSE),
    judged("E", required=failed("D"), correctable_on_site=True),
    judged("F", constraint=FALSE, rectify="deadline.rectification_default_days"),
)

FURTHER_DOWN = form(
    "further-down",
    asked("A", "text", relevant=call("=", ref("B"), "x")),
    asked("B", "text", relevant=call("=", ref("C"), "高"), required=TRUE),
    asked("C", "calculate", calculation=call("if", call(">", ref("D"), 10), "高", "低")),
    asked("D", "calculate", calculation=call("*", ref("E"), 2)),
    asked("E", "decimal", required=call("=", ref("A"), "")),
    asked("F", "calculate", calculation=call("div", ref("E"), 0)),
    asked("G", "calculate", calculation=call("=", ref("F"), ""), relevant=call("!=", ref("E"), "")),
    asked("H", "text", calculation=call("concat", ref("A"), "/", ref("C"), "/", ref("D"))),
    asked("I", "calculate", calculation=call("round", call("div", ref("E"), 3), 2)),
    asked("J", "text", required=call("<", ref("E"), 0)),
)

SECTIONS = form(
    "sections",
    section(judged("A"), title="", name="outer"),
    section(
        asked("B", "text"),
        section(
            judged("C"),
            section(asked("D", "integer", required=TRUE), relevant=failed("C")),
            relevant=call("!=", ref("B"), ""),
        ),
        asked("E", "calculate", calculation=call("coalesce", ref("D"), "没有")),
        relevant=failed("A"),
        title="二",
    ),
    section(section(section(judged("F"))), relevant=call("=", ref("E"), "没有"), title="三"),
)

NUMBERS = form(
    "numbers",
    asked("A", "integer", least="0", most="100", unit="人"),
    asked("B", "decimal", least="-1.50", unit="℃", required=TRUE),
    asked("C", "range", most="19.0", step="0.5"),
    asked(
        "D",
        "decimal",
        constraint=call("and", call(">=", SELF, ref("B")), call("<", SELF, 50)),
        constraint_message="应不低于第二项，且低于50",
    ),
    asked("E", "integer", constraint=call("=", call("mod", SELF, 2), 0)),
    asked("F", "decimal", least="0.1", most="0.3", unit="mg/m³"),
    asked("G", "calculate", calculation=call("+", ref("A"), ref("B"))),
    asked("H", "integer", calculation=call("*", ref("A"), 2), most="100"),
    asked("I", "decimal", calculation=call("string", ref("A")), least="1"),
)

GASES = choices(
    "gas",
    ("o2", "氧", {}),
    ("co", "一氧化碳", {"toxic": "yes", "limit": "20"}),
    ("h2s", "硫化氢", {"toxic": "yes", "limit": "10"}),
    ("nh3", "氨", {"toxic": "yes", "site": "cold", "limit": "30"}),
)
YES_NO = choices("yes_no", ("yes", "是", {}), ("no", "否", {}))

CHOICES = form(
    "choices",
    asked("A", "select_one", choices="yes_no", required=TRUE),
    asked(
        "B",
        "select_multiple",
        choices="gas",
        choice_filter=call("or", call("!=", ref("A"), "yes"), call("=", column("toxic"), "yes")),
        constraint=call("<=", call("count-selected", SELF), 2),
        constraint_message="最多选两种",
    ),
    asked("C", "select_one", choices="gas", choice_filter=call("=", column("site"), ref("D"))),
    asked("D", "text"),
    asked("E", "integer", relevant=call("selected", ref("B"), "co"), required=TRUE),
    asked("F", "text", relevant=call("=", call("selected-at", ref("B"), 1), "h2s")),
    asked(
        "G",
        "select_one",
        choices="gas",
        choice_filter=call(
            "and", call("<", column("limit"), ref("E")), call("!=", column("label"), "氨")
        ),
    ),
    asked("H", "select_multiple", choices="yes_no", required=call("selected", ref("B"), "o2")),
    choice_lists=[GASES, YES_NO],
)

KINDS = form(
    "kinds",
    asked("A", "text", read_only=TRUE, hint="提示"),
    asked("B", "barcode", constraint=call("regex", SELF, "[0-9A-Z]{18}")),
    asked("C", "date", constraint=call("<=", SELF, TODAY)),
    asked("D", "time"),
    asked("E", "dateTime"),
    asked("F", "geopoint"),
    asked("G", "signature"),
    asked("H", "acknowledge", required=TRUE),
    asked("I", "note", relevant=call("=", ref("H"), "OK")),
    asked("J", "hidden", default=starting("v1")),
    asked("K", "hidden"),
    asked("L", "calculate", calculation=call("date", call("+", ref("C"), 15))),
    asked("M", "calculate", calculation=call("concat", ref("F"), "|", ref("G"), "|", ref("J"))),
    asked("N", "integer"),
    asked("O", "decimal"),
    asked("P", "range"),
    asked("Q", "select_one", choices="yes_no"),
    asked("R", "select_multiple", choices="yes_no"),
    asked("S", "text", default=starting("甲"), required=TRUE, required_message="请填写"),
    choice_lists=[YES_NO],
)

PHONE = form(
    "phone",
    *(
        asked(kind.upper(), kind)
        for kind in ("start", "end", "today", "deviceid", "username", "phonenumber", "email")
    ),
    asked("A", "date", constraint=call("=", SELF, TODAY)),
    asked("B", "calculate", calculation=call("-", ref("TODAY"), ref("A"))),
    asked("C", "text", relevant=call("=", ref("USERNAME"), "张三"), required=TRUE),
    asked("D", "calculate", calculation=call("concat", ref("DEVICEID"), ref("EMAIL"))),
    asked("E", "text", relevant=call(">", TODAY, "2026-12-01")),
)

PICTURES = form(
    "pictures",
    asked("A", "image", required=TRUE, constraint=call(">=", SELF, 2)),
    asked("B", "audio"),
    asked("C", "video", required=call(">", ref("A"), 2)),
    asked("D", "file", relevant=call("!=", ref("B"), "")),
    asked("E", "calculate", calculation=call("+", ref("A"), 1)),
)

PICTURES_IN_ROWS = form(
    "pictures-in-rows",
    asked(
        "T",
        "repeat",
        columns=[
            asked("T1", "image", required=TRUE, constraint=call("<=", SELF, 2)),
            asked("T2", "file"),
        ],
    ),
    asked("E", "calculate", calculation=call("sum", ref("T1"))),
)

TABLE = form(
    "table",
    asked(
        "T",
        "repeat",
        name="rows",
        required=call("=", ref("Z"), "yes"),
        columns=[
            asked("T1", "text", name="who", required=TRUE),
            asked("T2", "decimal", name="dose", least="0", most="9.5", unit="mg"),
            asked(
                "T3",
                "text",
                relevant=call(">", ref("dose"), ref("limit")),
                constraint=call("!=", SELF, ref("Z")),
            ),
            asked("T4", "calculate", calculation=call("*", ref("dose"), ["position"])),
            section(
                asked("T5", "select_one", choices="yes_no", required=call("=", ref("T3"), "x")),
                asked("T6", "date", constraint=call("<", SELF, TODAY)),
                relevant=call("!=", ref("who"), "无"),
            ),
            asked("T7", "note", required=TRUE),
            asked("T8", "text", relevant=call("=", ref("who"), "李四"), required=TRUE),
            asked("TA", "integer", constraint=call("=", SELF, ["position"])),
        ],
        constraint=call("<=", call("count", ref("rows")), 3),
        constraint_message="最多三行",
        relevant=call("!=", ref("A"), "no"),
    ),
    asked("A", "text"),
    asked("limit", "integer"),
    asked("B", "calculate", calculation=call("sum", ref("T4"))),
    asked("C", "calculate", calculation=call("count", ref("rows"))),
    asked("D", "calculate", calculation=call("max", ref("dose"), 1)),
    asked("E", "text", relevant=call("=", ref("who"), "张三")),
    asked("F", "calculate", calculation=call("count", ref("T3"))),
    asked("G", "calculate", calculation=call("sum", ref("rows"))),
    asked("Z", "text", constraint=call("<", call("min", ref("dose")), 5)),
    choice_lists=[YES_NO],
)

NESTED = form(
    "nested",
    asked("A", "integer"),
    asked(
        "T",
        "repeat",
        columns=[
            asked("T1", "text"),
            asked(
                "U",
                "repeat",
                required=call("=", ref("T1"), "要"),
                relevant=call("!=", ref("T1"), "无"),
                columns=[
                    asked("U1", "integer", required=TRUE, most="50"),
                    asked("U2", "calculate", calculation=call("+", ref("U1"), ref("A"))),
                    asked("U3", "text", relevant=call("=", ref("T1"), ref("U3_wanted"))),
                    asked("U4", "text", constraint=call("!=", SELF, ref("A"))),
                ],
            ),
            asked("T2", "calculate", calculation=call("sum", ref("U2"))),
            asked("T3", "text", required=call(">", call("count", ref("U")), 1)),
        ],
    ),
    asked("U3_wanted", "text"),
    asked("B", "calculate", calculation=call("sum", ref("U1"))),
    asked("C", "calculate", calculation=call("count", ref("U"))),
    asked("D", "calculate", calculation=call("max", ref("T2"))),
    asked("E", "text", relevant=call(">", ref("U1"), 40)),
    asked("F", "calculate", calculation=call("sum", ref("U"))),
)

MAJOR = form(
    "major",
    judged("A", major="yes"),
    judged("B", major="yes", major_needs=["A", "C"], device_clause=True),
    judged("C", major="yes", major_note="面积超过规定的", correctable_on_site=True),
    judged("D", major="possible", major_note="作业人员较多的", device_clause=True),
    judged("E", major="possible", major_note="未采取其他措施的"),
    judged("F", correctable_on_site=True, photos_on_failure=3),
)

DEVICES = form(
    "devices",
    judged("A", major="yes", device_clause=True),
    judged("B", major="possible", major_note="人员密集的", device_clause=True),
    judged("C", major="yes"),
    device_clause=basis(DOUBTFUL, "第三条", verified=False),
)

LAPSED = form(
    "lapsed",
    judged("A", major="yes", device_clause=True),
    judged("B", major="possible", major_note="人员密集的", device_clause=True),
    device_clause=basis(OLD, "第十四条"),
)

BASES = form(
    "bases",
    judged(
        "A",
        basis=[
            basis(LAW, "第一条"), basis(LAW, "第二条第一款"), basis(LAW, "第二条第二款"),
            basis(RULES, "第三条"), basis(LAW, "第二条第一款"), basis(LAW, "第四条"),
        ],
    ),
    judged("B", basis=[basis(OLD, "第五条"), basis(NEW, "第六条", verified=False)]),
    judged("C", basis=[basis(RULES, "第七条", verified=False), basis(RULES, "第八条")]),
    judged(
        "D",
        basis=[basis(RULES, "第七条", verified=False), basis(DOUBTFUL, "4.1"),
               basis(DOUBTFUL, "", verified=False)],
        penalties=[penalty(DOUBTFUL, "第一条"), penalty(NEW, "第二条", verified=False)],
    ),
    judged(
        "E",
        penalties=[penalty(LAW, "第九条", "第（一）项"), penalty(LAW, "第九条", "第（二）项"),
                   penalty(OLD, "第三条"), penalty(RULES, "第三条")],
    ),
    judged("F", basis=[basis(OLD, "第五条")], penalties=[penalty(OLD, "第六条")]),
    device_clause=None,
)  # fmt: skip

REFERRED = form(
    "referred",
    judged("A", competence="fire"),
    judged("B", competence="market_supervision"),
    judged("C", competence="other", correctable_on_site=True),
    judged("D", "decimal", competence="ecology", fails_if=call(">", SELF, 80), unit="dB"),
    judged("E", major="yes", major_needs=["A", "D"], correctable_on_site=True),
)

MEASURED = form(
    "measured",
    judged("A", "decimal", fails_if=call(">", SELF, ref("limit")), unit="mg/m³", least="0"),
    asked("limit", "decimal"),
    judged("B", "select_one", choices="yes_no", fails_if=call("=", SELF, "no"), required=TRUE),
    judged(
        "C",
        "select_multiple",
        choices="gas",
        fails_if=call("selected", SELF, "co"),
        relevant=failed("D"),
        constraint=call("<", call("count-selected", SELF), 3),
    ),
    judged("D"),
    judged("E", "calculate", calculation=call("-", ref("A"), ref("limit")),
           fails_if=call(">", SELF, 10)),
    judged("F", "date", fails_if=call("<", call("+", SELF, 365), TODAY), major="yes",
           major_needs=["A"]),
    judged("G", "integer", fails_if=call("=", ref("A"), ""), constraint=call(">", SELF, 3)),
    choice_lists=[GASES, YES_NO],
)  # fmt: skip

TEXTS = form(
    "texts",
    asked("统一信用代码", "text", constraint=call("regex", SELF, "[0-9A-HJ-NP-RTUW-Y]{18}")),
    asked("A", "text", name="名称-1.a", constraint=call("<=", call("string-length", SELF), 3)),
    asked("B", "calculate", calculation=call("substr", ref("名称-1.a"), 1, 3)),
    asked("C", "calculate", calculation=call("string-length", ref("名称-1.a"))),
    asked("D", "calculate", calculation=call("normalize-space", ref("E"))),
    asked("E", "text", relevant=call("contains", ref("名称-1.a"), "厂")),
    asked("F", "text", required=call("starts-with", ref("统一信用代码"), "9")),
    asked("__proto__", "text", name="constructor"),
    asked("G", "calculate", calculation=call("concat", ref("constructor"), "!")),
)

OF_A_LIST = (
    call("selected", ref("words"), "co"),
    call("count-selected", ref("words")),
    call("selected-at", ref("words"), 1),
    call("string-length", ref("words")),
    call("contains", ref("words"), ref("part")),
    call("starts-with", ref("words"), ref("part")),
    call("ends-with", ref("words"), ref("part")),
    call("normalize-space", ref("words")),
    call("substr", ref("words"), 1),
    call("regex", ref("words"), "[ 0-9a-z]+"),
    call("concat", ref("words"), ref("part")),
    call("coalesce", ref("words"), "没有"),
    call("if", ref("words"), ref("words"), ref("part")),
    call("date", ref("words")),
    call("round", ref("words"), 15),
    call("+", ref("words"), ref("part")),
    call("=", ref("words"), ref("part")),
    call("!=", ref("words"), ref("part")),
    call(">=", ref("words"), ref("part")),
    ref("words"),
)
"""What each function makes of all rows at once: most look at the first alone."""

LISTS = form(
    "lists",
    asked("T", "repeat", columns=[asked("words", "text"), asked("number", "decimal")]),
    asked("part", "text"),
    *(asked(f"A{number}", "calculate", calculation=tree) for number, tree in enumerate(OF_A_LIST)),
    asked("B1", "calculate", calculation=call("string-length", ref("number"))),
    asked("B2", "calculate", calculation=call("contains", ref("number"), "e")),
    asked("B3", "calculate", calculation=call("regex", ref("number"), "[0-9]+")),
    asked("B4", "calculate", calculation=call("starts-with", ref("part"), ref("number"))),
    asked("B5", "calculate", calculation=call("ends-with", ref("number"), "00")),
    asked("B6", "calculate", calculation=call("selected", ref("part"), ref("number"))),
    asked("B7", "calculate", calculation=call("substr", ref("number"), ["neg", ["number", "3"]])),
    asked("B8", "calculate", calculation=call("selected-at", ref("number"), 0)),
    asked("B9", "calculate", calculation=call("round", ref("number"), ["neg", ["number", "15"]])),
)

DETAILS = form(
    "details",
    asked("A", "text", name="remark", required=TRUE),
    asked("B", "text", name="remark", required=TRUE),
    asked("C", "text", constraint=call("!=", SELF, "z")),
    asked("D", "text", required=call("=", SELF, "")),
    asked("E", "hidden", default=condition(call("+", ref("F"), 1))),
    asked("F", "integer"),
    asked("G", "select_one", choices="numbers", calculation=call("+", ref("F"), 0)),
    asked("H", "select_multiple", choices="numbers"),
    asked("T", "repeat", relevant=call("!=", ref("F"), 9), columns=[
        asked("T1", "text", name="note"),
        asked("T2", "text", name="note", required=call("=", SELF, "")),
        asked("U", "repeat", columns=[
            asked("U1", "integer", constraint=call("<", SELF, ref("I"))),
            asked("U2", "text", required=call("=", ref("I"), 5)),
        ]),
    ]),
    asked("I", "integer"),
    asked("J", "calculate", calculation=call("count", ref("T"))),
    choice_lists=[choices("numbers", ("1", "一", {}), ("2", "二", {}))],
)  # fmt: skip

ENTERED = form(
    "entered",
    asked("N", "integer"),
    asked("A", "range", least="0.1", most="2.0", step="0.10", unit="mg"),
    asked("B", "decimal", step="0.25"),
    asked("C", "integer", least="-5", step="-10"),
    asked("D", "decimal", calculation=call("div", ref("N"), 4), step="0.5"),
    asked("E", "decimal", step="0"),
    asked("F", "decimal", least="10000000", step="0.1"),
    asked("G", "integer", calculation=call("concat", ref("N"), "个"), step="1"),
    asked("rows", "repeat", count=ref("N"), constraint=call("!=", ref("free"), "否"), columns=[
        asked("T1", "text", required=call("!=", ref("free"), "是"),
              read_only=call(">", ["position"], 2),
              default=condition(call("concat", "点", ["position"]))),
        asked("T2", "select_one", choices="gas",
              choice_filter=call("or", call("=", ref("T1"), "x"), call("=", column("site"), ""))),
        asked("T3", "repeat", count=call("-", ["position"], 1), columns=[
            asked("T4", "integer", required=TRUE, read_only=call("=", SELF, ref("free")),
                  default=condition(call("*", ["position"], ref("N")))),
        ]),
    ]),
    asked("free", "text"),
    asked("R", "repeat", count=["number", "2"], relevant=call(">", ref("N"), 0), columns=[
        asked("R1", "text"), asked("R2", "calculate", calculation=ref("R1"), required=TRUE),
        asked("R3", "integer", calculation=["number", "7"], most="5"),
    ]),
    asked("P", "repeat", count=call("count", ref("rows")), columns=[
        asked("P1", "repeat", count=ref("free"), columns=[
            asked("P2", "text", required=call("=", ["position"], 1)),
        ]),
    ]),
    asked("X", "date", default=condition(TODAY), read_only=TRUE),
    asked("Y", "decimal", default=condition(call("div", ref("N"), 0)), required=TRUE,
          read_only=call("=", ref("free"), "是")),
    choice_lists=[GASES],
)  # fmt: skip

FORMS: list[Json] = [
    CHECKS, FURTHER_DOWN, SECTIONS, NUMBERS, CHOICES, KINDS, PHONE, PICTURES, PICTURES_IN_ROWS,
    TABLE, NESTED, MAJOR, DEVICES, LAPSED, BASES, REFERRED, MEASURED, TEXTS, LISTS, DETAILS,
    ENTERED,
]  # fmt: skip
