"""What a stranger reads where something went wrong: a page of its own face."""

from collections.abc import Callable

from flask import render_template, request

TITLES = {404: "没有找到", 405: "不支持的操作", 413: "文件过大", 422: "填写有误", 503: "请稍候"}


def page_by_face(prefix: str, console: Callable[[int, str], str]) -> Callable[[int, str], str]:
    """Return the page of a failure: the public one below `prefix`, the console's elsewhere."""

    def page(status: int, sentence: str) -> str:
        if not request.path.startswith(f"{prefix}/"):
            return console(status, sentence)
        title = TITLES.get(status, "出现问题")
        return render_template("disclosure/error.html", title=title, sentence=sentence)

    return page
