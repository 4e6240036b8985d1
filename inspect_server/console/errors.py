"""The page that says what went wrong and where to go on."""

from flask import render_template

TITLES = {
    401: "请先登录",
    403: "无权访问",
    404: "没有找到",
    409: "未能办理",
    422: "填写有误",
    503: "暂时不可用",
}


def error_page(status: int, sentence: str) -> str:
    """Return the page of one failure."""
    return render_template("error.html", title=TITLES.get(status, "出现问题"), sentence=sentence)
