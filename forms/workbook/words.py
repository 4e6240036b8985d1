"""
The one vocabulary of workbooks in Chinese: headers of columns and words in cells, and what they
mean to the model. The template for offices and the bureau's columns of an XLSForm both use it.

Blanks, letter case and the width of signs make no difference: “不符合时照片(张)” is the column
“不符合时照片（张）”.
"""

import re
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from forms.model import Competence, Kind, Major

Value = TypeVar("Value", bound=Hashable)


def plain(text: str) -> str:
    """Return what of a word counts: no blanks, small letters, signs in one width."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True)
class Vocabulary(Generic[Value]):
    """
    The words for the values of one field.

    `words` gives for each value what is written first and what is read as well behind it. No word
    stands for two values: a test holds that.
    """

    words: Mapping[Value, tuple[str, ...]]

    def word(self, value: Value) -> str:
        """Return the word that is written for a value."""
        return self.words[value][0]

    def value(self, text: str) -> Value | None:
        """Return what a word stands for, None where nobody knows it."""
        return self._read.get(plain(text))

    @property
    def written(self) -> tuple[str, ...]:
        """The words that are written, in the order of the values."""
        return tuple(words[0] for words in self.words.values())

    @cached_property
    def _read(self) -> Mapping[str, Value]:
        return {plain(word): value for value, words in self.words.items() for word in words}


SHEETS = Vocabulary(
    {
        "guide": ("填写说明",),
        "form": ("检查表",),
        "items": ("检查项",),
        "sections": ("章节",),
        "choices": ("选项",),
        "laws": ("法规",),
        "penalties": ("处罚依据",),
    }
)
"""The sheets of the template, in their order."""

SECTION, PARENT = "section", "table"
"""Columns of an item that say where it stands: its chapter, and the table whose column it is."""

ITEM_HEADERS = Vocabulary(
    {
        "code": ("编号", "条目编号", "条目码"),
        SECTION: ("章节", "所属章节"),
        "question": ("检查项", "检查内容", "检查项目", "问题"),
        "kind": ("类型", "条目类型"),
        "how_to_check": ("检查方法", "现场查法", "检查方式"),
        "basis": ("依据", "检查依据", "法律依据"),
        "major": ("是否重大隐患", "重大隐患", "重大事故隐患"),
        "major_note": ("重大隐患情形",),
        "major_needs": ("须并存的条目", "并存条目"),
        "device_clause": ("监控报警防护", "监控报警防护设施"),
        "penalties": ("处罚依据", "罚则"),
        "rectify": ("整改期限", "整改期限（天）"),
        "finding": ("问题表述", "问题描述"),
        "photos_on_failure": ("不符合时照片（张）", "不符合时照片"),
        "correctable_on_site": ("可当场改正", "是否可当场改正"),
        "competence": ("主管部门", "职责部门"),
        "focus": ("重点事项", "是否重点事项"),
        "fails_if": ("不符合条件",),
        "unit": ("单位",),
        "least": ("最小值",),
        "most": ("最大值",),
        "step": ("步长",),
        "choices": ("选项表",),
        "choice_filter": ("选项筛选",),
        PARENT: ("所属表格",),
        "count": ("表格行数",),
        "relevant": ("显示条件",),
        "required": ("必填", "是否必填"),
        "required_message": ("必填说明",),
        "constraint": ("填写要求",),
        "constraint_message": ("要求说明",),
        "calculation": ("计算", "算式"),
        "default": ("默认值",),
        "read_only": ("只读",),
        "hint": ("提示",),
        "guidance": ("详细说明",),
        "name": ("引用名称",),
        "appearance": ("显示样式",),
        "verification": ("核实情况", "核实"),
    }
)
"""Fields of an item by the headers of their columns, in the order in which they are written."""

SECTION_HEADERS = Vocabulary(
    {
        "title": ("章节", "章节名称"),
        "name": ("引用名称",),
        "relevant": ("显示条件",),
        "hint": ("提示",),
        "appearance": ("显示样式",),
    }
)

FORM_HEADERS = Vocabulary({"item": ("项目",), "content": ("内容",), "remark": ("说明", "备注")})

FORM_ROWS = Vocabulary(
    {
        "title": ("名称", "检查表名称"),
        "name": ("代号", "检查表代号"),
        "version": ("版本", "版本号"),
        "effective_from": ("启用日期",),
        "retired_on": ("停用日期",),
        "sectors": ("适用行业", "行业领域"),
        "on_request": ("是否按需选用", "按需选用"),
        "instead_of": ("代替的检查表",),
        "device_clause": ("监控报警防护设施失效的判定依据",),
        "language": ("语言",),
    }
)
"""What is said of a whole checklist, one row each."""

CHOICE_HEADERS = Vocabulary(
    {
        "list": ("选项表", "选项表名称"),
        "name": ("选项代码", "代码"),
        "label": ("选项", "选项名称"),
    }
)

LAW_HEADERS = Vocabulary(
    {
        "code": ("代号",),
        "title": ("名称", "法规名称"),
        "number": ("文号", "文号或标准号"),
        "effective_from": ("施行日期",),
        "effective_until": ("失效日期",),
        "verified": ("是否核实", "核实"),
        "source": ("来源",),
    }
)

PENALTY_HEADERS = Vocabulary(
    {
        "code": ("代号",),
        "law": ("法规",),
        "article": ("条款",),
        "unit_range": ("对单位",),
        "person_range": ("对个人", "对责任人"),
        "aggravated_range": ("逾期或情节严重", "逾期不改或情节严重"),
        "verified": ("是否核实", "核实"),
        "source": ("来源",),
    }
)

KINDS = Vocabulary(
    {
        Kind.CHECK: ("检查", "检查项", "判定"),
        Kind.TEXT: ("文字", "文本", "填空"),
        Kind.INTEGER: ("整数",),
        Kind.DECIMAL: ("小数", "数值", "数字"),
        Kind.RANGE: ("滑动取值", "滑块"),
        Kind.SELECT_ONE: ("单选", "单选题"),
        Kind.SELECT_MULTIPLE: ("多选", "多选题"),
        Kind.DATE: ("日期",),
        Kind.TIME: ("时间", "时刻"),
        Kind.MOMENT: ("日期时间", "日期和时间"),
        Kind.PHOTO: ("照片", "拍照", "图片"),
        Kind.AUDIO: ("录音",),
        Kind.VIDEO: ("录像", "视频"),
        Kind.FILE: ("附件", "文件"),
        Kind.SIGNATURE: ("签名", "签字"),
        Kind.LOCATION: ("位置", "定位"),
        Kind.BARCODE: ("扫码", "条码", "二维码"),
        Kind.ACKNOWLEDGE: ("确认",),
        Kind.NOTE: ("说明", "阅读"),
        Kind.TABLE: ("表格", "表"),
        Kind.CALCULATE: ("计算",),
        Kind.HIDDEN: ("固定值", "隐藏"),
        Kind.START: ("开始时间",),
        Kind.END: ("结束时间",),
        Kind.TODAY: ("填写日期", "当天日期"),
        Kind.DEVICE: ("设备编号",),
        Kind.USER: ("用户名",),
        Kind.PHONE_NUMBER: ("手机号码", "电话号码"),
        Kind.EMAIL: ("电子邮箱", "邮箱"),
    }
)

FLAGS = Vocabulary(
    {
        True: ("是", "√", "✓", "✔", "有", "对", "y", "yes", "true", "1"),
        False: ("否", "×", "✗", "✘", "x", "无", "不", "—", "－", "n", "no", "false", "0"),
    }
)

MAJORS = Vocabulary(
    {
        Major.YES: ("是", "★", "√", "✓", "✔", "yes", "y", "true", "1"),
        Major.POSSIBLE: ("可能", "☆", "可能构成", "possible"),
        Major.NO: ("否", "—", "－", "–", "──", "×", "✗", "✘", "x", "无", "no", "n", "false", "0"),
    }
)

COMPETENCES = Vocabulary(
    {
        Competence.OWN: ("本部门", "应急", "应急管理", "应急管理部门"),
        Competence.MARKET_SUPERVISION: (
            "市场监管（特种设备）",
            "市场监管",
            "特种设备",
            "市场监督管理部门",
        ),
        Competence.FIRE: ("消防", "消防救援", "消防救援机构"),
        Competence.PUBLIC_SECURITY: ("公安", "公安机关"),
        Competence.ECOLOGY: ("生态环境", "环保", "生态环境主管部门"),
        Competence.HEALTH: ("卫生健康", "卫健", "职业卫生", "卫生健康主管部门"),
        Competence.HOUSING: ("住房城乡建设", "住建", "住房城乡建设主管部门"),
        Competence.OTHER: ("其他部门", "其他", "其他有管辖权的部门"),
    }
)

SECTORS = Vocabulary(
    {
        "dust_explosion": ("粉尘涉爆", "粉尘防爆"),
        "confined_space": ("有限空间", "有限空间作业"),
        "metal_smelting": ("金属冶炼",),
        "ammonia_refrigeration": ("液氨制冷", "涉氨制冷"),
        "hazardous_chemicals": ("危险化学品", "危化品"),
    }
)
"""Names of the registry's tags; a tag without a name is written as it is."""

LAW_VALUES = Vocabulary(
    {"deadline.rectification_default_days": ("责令整改默认期限", "默认期限", "默认")}
)
"""Names of dated law values that a period may be; others are written by their id."""

UNVERIFIED = "〔待核〕"
"""Stands behind a citation that nobody compared with the text."""
