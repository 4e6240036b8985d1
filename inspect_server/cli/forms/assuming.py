"""What an import took for granted, as its author should hear it before anything is published."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from forms.comparing.wording import day
from forms.definition.codes import unsendable
from forms.model import Form
from inspect_server.cli.forms.sources import Given, Origin, today
from inspect_server.usecases.checklists.publish_checklist import is_example

FORM_IDS = frozenset({"form_id", "id_string", "set_form_id"})
"""The setting of an XLSForm that becomes the name, under its headers."""

FAR = timedelta(days=5 * 366)
"""From today to a first day that is rather mistyped than meant."""


def assumed(read: Given) -> Iterator[str]:
    """Yield in Chinese what nobody stated and is taken for granted, and what is odd beside."""
    form = read.form
    if read.origin is Origin.XLSFORM:
        settings = {header.strip().lower().replace(" ", "_"): text for header, text in form.kept}
        sentences = {
            "name": _name(form, settings),
            "version": _version(form, settings),
            "effective_from": _first_day(form),
        }
        yield from (text for field, text in sentences.items() if field not in read.stated)
        if any(unsendable(form)):
            yield "name 不能用作编号的条目，可以保留 name，在 survey 中另加“编号”一列填写编号。"
    yield from begins_oddly(form, today())
    if is_example(form):
        yield "名称或者代号与模板中的示例相同，不能发布，请将名称、代号和示例条目换成自己的内容。"
    if not (form.sectors or form.on_request):
        yield (
            "没有写适用行业，也不是按需选用：发布后随每家企业的任务下发，"
            "发布时须加 --everyone 确认；不是这样的，请先写明。"
        )


def begins_oddly(form: Form, today: date) -> Iterator[str]:
    """Yield in Chinese what a first day means that lies behind today, or far ahead of it."""
    first = day(form.effective_from)
    if form.effective_from < today:
        yield f"启用日期{first}已过，发布后即日起使用；不是这样的，请改正启用日期后再发布。"
    elif form.effective_from - today > FAR:
        yield f"启用日期{first}在5年以后，此前不使用；不是这样的，请改正启用日期后再发布。"


def _name(form: Form, settings: Mapping[str, str]) -> str:
    written = next((text for header, text in settings.items() if header in FORM_IDS), "")
    source = f"由工作簿所写“{written}”转换" if written else "工作簿没有写明，取自文件名"
    return f"代号为 {form.name}（{source}）；要另取的，导入时加 --name。"


def _version(form: Form, settings: Mapping[str, str]) -> str:
    written = settings.get("version", "")
    if not written:
        source = "工作簿没有写明"
    else:
        source = f"工作簿所写“{written}”不是 1 至 999999999 的整数，没有采用"
    return f"版本为 {form.version}（{source}）；要另定的，导入时加 --version。"


def _first_day(form: Form) -> str:
    return (
        f"启用日期为{day(form.effective_from)}（工作簿没有写明，取为今日）；"
        "要另定的，导入时加 --from。"
    )
