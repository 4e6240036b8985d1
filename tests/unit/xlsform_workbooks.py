"""XLSForm workbooks that pyxform accepts and that are in our subset, by what they show."""

from tests.unit.xlsform_samples import CHOICES, survey

PLAIN = "type | name | label"
WITH_LIST = CHOICES + "\n"

WORKBOOKS = {
    "one text": survey(PLAIN, "text | a | 甲"),
    "all simple types": survey(
        PLAIN,
        "text | a | 甲",
        "integer | b | 乙",
        "decimal | c | 丙",
        "date | d | 丁",
        "time | e | 戊",
        "dateTime | f | 己",
        "image | g | 庚",
        "audio | h | 辛",
        "video | i | 壬",
        "file | j | 癸",
        "geopoint | k | 子",
        "barcode | l | 丑",
        "acknowledge | m | 寅",
        "note | n | 卯",
    ),
    "old names of types": survey(
        PLAIN,
        "string | a | 甲",
        "int | b | 乙",
        "q decimal | c | 丙",
        "add date prompt | d | 丁",
        "datetime | f | 己",
        "photo | g | 庚",
        "q picture | gg | 庚",
        "add audio prompt | h | 辛",
        "q video | i | 壬",
        "add file prompt | j | 癸",
        "gps | k | 子",
        "q barcode | l | 丑",
        "trigger | m | 寅",
        "q note | n | 卯",
        "q string | o | 辰",
        "add date time prompt | p | 巳",
    ),
    "what the phone knows": survey(
        PLAIN,
        "start | s |",
        "end | e |",
        "today | t |",
        "deviceid | d |",
        "username | u |",
        "phonenumber | p |",
        "email | m |",
        "text | a | 甲",
    ),
    "old names of what the phone knows": survey(
        PLAIN,
        "get start time | s |",
        "end time | e |",
        "get today | t |",
        "imei | d |",
        "uri:username | u |",
        "get phone number | p |",
        "uri:email | m |",
        "text | a | 甲",
    ),
    "metadata that is left out": survey(
        PLAIN, "audit | |", "simserial | i |", "subscriberid | j |", "text | a | 甲"
    ),
    "hidden and calculate": survey(
        "type | name | label | calculation | default",
        "hidden | h | | | x1",
        "integer | n | 数 | |",
        "calculate | c | | ${n} * 2 |",
        "text | t | | concat(${h}, 'x') |",
    ),
    "select one": WITH_LIST + survey(PLAIN, "select_one yn | a | 甲"),
    "selects by all their names": WITH_LIST
    + survey(
        PLAIN,
        "select one abc | a | 甲",
        "select1 abc | b | 乙",
        "select one from abc | c | 丙",
        "add select one prompt using abc | d | 丁",
        "select_multiple abc | e | 戊",
        "select all that apply abc | f | 己",
        "select all that apply from abc | g | 庚",
        "add select multiple prompt using abc | h | 辛",
    ),
    "or other": WITH_LIST
    + survey(
        PLAIN,
        "select_one yn or_other | a | 甲",
        "select_multiple abc or other | b | 乙",
        "select_one abc | c | 丙",
        "select one abc or specify other | d | 丁",
    ),
    "or other in a group": WITH_LIST
    + survey(PLAIN, "begin group | g | 组", "select_one yn or_other | a | 甲", "end group | |"),
    "choice filter": """
choices
list_name | name | label | province
p | js | 江苏 |
p | zj | 浙江 |
c | nj | 南京 | js
c | hz | 杭州 | zj
survey
type | name | label | choice_filter
select_one p | province | 省 |
select_one c | city | 市 | province = ${province}
""",
    "choice filter by a blank column": """
choices
list_name | name | label | kind
p | js | 江苏 |
survey
type | name | label | choice_filter
text | k | 类 |
select_one p | a | 省 | kind = '' or kind = ${k}
""",
    "choices without labels": """
choices
list_name | name | label
yn | y |
yn | n | 否
survey
type | name | label
select_one yn | a | 甲
""",
    "numbers and truths as choices": """
choices
list_name | name | label
yn | 1 | 1
yn | 0 | 0
survey
type | name | label
select_one yn | a | 甲
""",
    "conditions": WITH_LIST
    + survey(
        "type | name | label | relevant | required | constraint | constraint_message | readonly",
        "integer | n | 数 | | yes | . > 0 and . <= 100 | 应为1至100 |",
        "text | t | 文 | ${n} >= 10 | ${n} = 12 | regex(., '[0-9]+') | 数字 | no",
        "select_multiple abc | m | 选 | not(${t} = '') | TRUE | count-selected(.) <= 2 | |",
        "text | u | 乙 | selected(${m}, 'a') and ${n} div 2 > 3 | true() | . != 'x' | |",
        "note | v | 见 | coalesce(${t}, ${u}) != '' | | | |",
        "decimal | w | 数 | if(${n} > 1, true(), false()) | NO | . >= -1.5 | | true()",
    ),
    "yes and no as conditions": survey(
        "type | name | label | relevant | required | readonly",
        "text | a | 甲 | yes | Yes | YES",
        "text | b | 乙 | no | False | FALSE",
    ),
    "aliases of headers": survey(
        "Command | Tag | Caption | Relevance | Constraining Message | constraint | calculate",
        "text | a | 甲 | | 长一点 | string-length(.) > 1 |",
        "text | b | 乙 | ${a} != '' | | | concat(${a}, '!')",
    ),
    "headers in parts": survey(
        "type | name | label | bind::relevant | bind::required | bind::jr:constraintMsg |"
        " bind::constraint | body::appearance",
        "text | a | 甲 | | yes | 数 | . != 'x' | multiline",
        "text | b | 乙 | ${a} = '1' | | | |",
    ),
    "headers in parts by one colon": survey(
        "type | name | label | bind:relevant | bind:jr:constraintMsg | bind:constraint",
        "text | a | 甲 | | 数 | . != 'x'",
        "text | b | 乙 | ${a} = '1' | |",
    ),
    "headers in odd case and blanks": survey(
        "Type | NAME | Label | Read Only | Required Message | Choice  Filter",
        "text | a | 甲 | yes | 请填 |",
    ),
    "two languages": """
choices
list_name | name | label::中文 (zh) | label::English (en)
yn | y | 是 | Yes
yn | n | 否 | No
survey
type | name | label::中文 (zh) | label::English (en) | hint::English (en)
select_one yn | a | 甲 | A | hint
begin group | g | 组 | Group |
text | b | 乙 | B |
end group | | | |
""",
    "a default language": """
survey
type | name | label | label::English (en) | hint | hint::English (en)
text | a | 甲 | A | 提示 | hint
text | b | 乙 | | |
settings
form_title | default_language
双语 | English (en)
""",
    "languages parted by one colon": survey(
        "type | name | label:English | label:中文",
        "text | a | A | 甲",
    ),
    "media": survey(
        "type | name | label | media::image | audio | big-image | video::English (en)",
        "text | a | 甲 | a.png | a.mp3 | b.png | v.mp4",
        "note | b | | b.png | | |",
    ),
    "groups in groups": survey(
        "type | name | label | relevant | appearance",
        "begin group | g | 组 | | field-list",
        "text | a | 甲 | |",
        "begin_group | h | 内 | ${a} != '' |",
        "text | b | 乙 | |",
        "end_group | | | |",
        "text | c | 丙 | |",
        "end group | | | |",
        "text | d | 丁 | |",
    ),
    "a group without label": survey(
        PLAIN, "begin group | g |", "text | a | 甲", "end group | |", "text | b | 乙"
    ),
    "an empty group": survey(PLAIN, "text | a | 甲", "begin group | g | 组", "end group | |"),
    "names that repeat in groups": survey(
        PLAIN,
        "begin group | g | 组",
        "text | a | 甲",
        "end group | |",
        "begin group | h | 组",
        "text | a | 甲",
        "end group | |",
        "text | a | 甲",
    ),
    "a repeat": survey(
        "type | name | label | relevant | repeat_count",
        "integer | n | 数 | |",
        "begin repeat | r | 表 | ${n} > 0 |",
        "text | a | 甲 | |",
        "integer | b | 乙 | ${a} != '' |",
        "end repeat | | | |",
        "calculate | c | | |",
    ).replace("calculate | c | | |", "note | c | 共 ${n} | |"),
    "a repeat with a count": survey(
        "type | name | label | repeat_count | calculation",
        "integer | n | 数 | |",
        "begin repeat | r | 表 | ${n} |",
        "text | a | 甲 | |",
        "end repeat | | | |",
        "begin repeat | s | 表 | ${n} + 1 |",
        "text | b | 甲 | |",
        "end repeat | | | |",
        "begin repeat | t | 表 | 3 |",
        "integer | c | 甲 | |",
        "end repeat | | | |",
        "calculate | d | | | sum(${c}) + count(${a})",
    ),
    "repeats and groups in each other": WITH_LIST
    + survey(
        PLAIN,
        "begin group | g | 组",
        "begin_repeat | r | 表",
        "begin group | h | 行内",
        "select_multiple abc | m | 选",
        "end group | |",
        "begin repeat | s | 内表",
        "date | d | 日",
        "end repeat | |",
        "end_repeat | |",
        "end group | |",
    ),
    "looped groups": survey(
        PLAIN, "begin looped group | r | 表", "text | a | 甲", "end looped group | |"
    ),
    "sliders": survey(
        "type | name | label | parameters",
        "range | a | 甲 |",
        "range | b | 乙 | start=0 end=100 step=5",
        "range | c | 丙 | start=-1.5;end=1.5;step=0.5",
        "range | d | 丁 | Start = 10, End = 0, Step = 1",
    ),
    "parameters": WITH_LIST
    + survey(
        "type | name | label | parameters",
        "select_one abc | a | 甲 | randomize=true seed=42",
        "image | b | 乙 | max-pixels=1024",
        "audio | c | 丙 | quality=low",
        "geopoint | d | 丁 | capture-accuracy=10 warning-accuracy=50",
        "text | e | 戊 | rows=5",
        "integer | f | 己 | whatever=1",
    ),
    "a signature": survey(
        "type | name | label | appearance",
        "image | a | 签名 | signature",
        "photo | b | 签名 | new signature",
        "image | c | 照片 | new",
    ),
    "types with a constraint of their own": survey(
        "type | name | label | constraint",
        "percentage | a | 甲 |",
        "phone number | b | 乙 |",
        "number of days in last month | c | 丙 | . < 20",
    ),
    "defaults": survey(
        "type | name | label | default",
        "text | a | 甲 | abc",
        "integer | b | 乙 | 5",
        "date | c | 丙 | 2026-01-01",
        "date | d | 丁 | today()",
        "text | e | 戊 | ${a}",
        "text | f | 己 | a-b",
    ),
    "texts with references": WITH_LIST.replace("是", "${a} 是")
    + survey(
        "type | name | label | hint",
        "text | a | 甲 | 先写",
        "select_one yn | b | ${a}的情况 | 见 ${a}",
        "note | c | 您写了 ${a}、${b} |",
    ),
    "notes without a name": survey(PLAIN, "text | a | 甲", "note | | 说明", "note | | 说明二"),
    "hints alone": survey("type | name | hint", "text | a | 请填写", "image | b | 请拍照"),
    "comments between rows": survey(
        "type | name | label | remark",
        "text | a | 甲 |",
        " | | | 以下是第二部分",
        ".",
        "text | b | 乙 |",
    ),
    "disabled rows": survey(
        "type | name | label | disabled", "text | a | 甲 | no", "text | b | 乙 | yes"
    ),
    "columns of the author's own": survey(
        "type | name | label | remark | 备注 | bind::odk:length", "text | a | 甲 | x | 待定 | 5"
    ),
    "a table-list": WITH_LIST
    + survey(
        "type | name | label | appearance",
        "begin group | g | 组 | table-list",
        "select_one yn | a | 甲 |",
        "select_one yn | b | 乙 |",
        "end group | | |",
        "select_one abc | c | 丙 |",
    ),
    "appearance label": WITH_LIST
    + survey(
        "type | name | label | appearance",
        "begin group | g | 组 | field-list",
        "select_one yn | a | | label",
        "select_one yn | b | 乙 | list-nolabel",
        "end group | | |",
    ),
    "names in Chinese": survey(
        "type | name | label | relevant",
        "integer | 人数 | 涉粉人数 |",
        "text | 说明_1 | 说明 | ${人数} > 10",
        "text | a.b-c | 点 | ${说明_1} = ''",
    ),
    "the only sheet under any name": "检查表\ntype | name | label\ntext | a | 甲",
    "a sheet in capitals": "Survey\ntype | name | label\ntext | a | 甲",
    "settings": """
survey
type | name | label
text | a | 甲
settings
form_title | form_id | version | style | submission_url | instance_name
月度检查 | monthly-check | 3 | pages | https://example.com | concat('x', ${a})
""",
    "a title in the survey": survey(PLAIN, "set_form_title | 标题 |", "text | a | 甲"),
    "smart quotes and double blanks": survey(
        "type | name | label | relevant",
        "text | a | “甲”  乙 |",
        "text | b | 丙 | ${a} = ‘x’  and  ${a} != “y”",
    ),
    "unused sheets": """
survey
type | name | label
text | a | 甲
说明
这是
entities
list_name | label
trees | ${a}
""",
    "a check item of the bureau": """
choices
list_name | name | label
check_result | pass | 符合
check_result | fail | 不符合
check_result | not_applicable | 不适用
check_result | not_checked | 未检查
survey
type | name | label | 检查方法 | 依据 | 处罚依据 | 整改期限 | 问题表述 | 核实情况
select_one check_result | S01 | 通道 | 看 | 《安全生产法》第三十五条 | P99 | 3 | 占用 | 已核对
text | a | 说明 | | | | | |
""",
}
