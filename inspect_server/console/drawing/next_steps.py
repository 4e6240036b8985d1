"""What comes next of a draw and of a check, whose step it is, and by which command or page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.inspection import NEXT_STEPS
from inspect_server.reads.draws import DrawPage
from inspect_server.web.policies import DECIDES

State = InspectionState
COMMANDS: Mapping[InspectionState, tuple[frozenset[Role], str]] = {
    State.SCHEME_DRAFT: (frozenset(DECIDES), "dispatch approve {which} --as 审批人账号"),
    State.SCHEME_APPROVED: (frozenset(DECIDES), "dispatch send {which} --as 账号"),
    State.UNDER_WAY: (
        frozenset({Role.INSPECTOR, Role.SUPERVISOR}),
        "record close {which} --as 主办人员或者承办机构负责人账号",
    ),
    State.RECORD_CLOSED: (frozenset({Role.OFFICE}), "documents issue {which} --as 内勤账号"),
}
"""Steps that are commands: whose they are, and how they are called."""
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class NextStep:
    """One step in words; `command` is "" for whoever does not take it, and for a page's step."""

    text: str
    command: str = ""


def after_draw(
    page: DrawPage,
    by_state: Mapping[InspectionState, int],
    made: int,
    roles: frozenset[Role],
    now: datetime,
) -> list[NextStep]:
    """
    Return what comes next of a draw.

    Args:
        by_state: How many of its checks the account sees in each state.
        made: How many checks it has at all, seen or not.
        roles: In which the account decides on this draw; none when it does not.
    """
    if page.line.state == "committed":
        return [NextStep(_before_reveal(page, now))]
    if page.line.state == "void":
        return [NextStep("本次抽取已经作废；需要另行抽取的，从抽取预演开始，发布新的承诺")]
    which = f"--draw {page.line.draw_no}"
    if not made:
        draft = f"dispatch schemes {which} --as 承办机构负责人账号"
        text = (
            "由承办机构负责人编制检查方案，每家抽中企业一份；再由另一人审批，然后派发到检查组的手机"
        )
        return [_step(text, draft, roles & set(DECIDES))]
    steps = [
        _of_state(state, which, roles, f"{count} 份检查方案：")
        for state in (State.SCHEME_DRAFT, State.SCHEME_APPROVED)
        if (count := by_state.get(state))
    ]
    return steps or [NextStep("检查方案已经编制；检查任务的办理见各任务的页面，检查完毕后公示结果")]


def after_state(state: InspectionState, number: str, roles: frozenset[Role]) -> NextStep:
    """Return what comes next of one check."""
    return _of_state(state, number, roles)


def _of_state(
    state: InspectionState, which: str, roles: frozenset[Role], before: str = ""
) -> NextStep:
    whose, command = COMMANDS.get(state, (NOBODY, ""))
    text = NEXT_STEPS[state].removeprefix("下一步")
    return _step(before + text, command.format(which=which), roles & whose)


def _step(text: str, command: str, roles: frozenset[Role]) -> NextStep:
    return NextStep(text, f"inspect-server {command}" if command and roles else "")


def _before_reveal(page: DrawPage, now: datetime) -> str:
    fixed = "印制承诺书，由见证人签字并张贴"
    reveal = f"公开随机值产生之后，最迟 {page.deadline}，在见证人面前打开投影页面揭示"
    if page.dice_before is None:
        return f"{fixed}；{reveal}"
    until = f"{told(page.dice_before)}（北京时间）"
    if page.dice:
        return f"骰子点数已经登记（{page.dice}）；{reveal}"
    if now >= page.dice_before:
        return (
            f"骰子没有在 {until}之前录入，本次承诺不能揭示，"
            "请以“承诺的随机值无法取得”申请作废后重新承诺"
        )
    return f"{fixed}；{until}之前在投影页面当场掷骰、由两人录入点数；{reveal}"
