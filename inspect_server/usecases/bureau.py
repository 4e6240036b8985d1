"""What documents and draws say of the bureau itself must be its own, never an example."""

from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from inspect_server.usecases.work import Work

NAMES = {
    "authority": "本机关全称",
    "authority_short": "文号中的地区简称",
    "division": "行政区划代码",
    "government": "行政复议机关",
    "court": "行政诉讼管辖法院",
}


class BureauNotConfigured(InspectError):
    """A key is missing without which no draw can be committed and no document issued."""

    code, kind = "config.bureau_missing", "unavailable"
    message = (
        "尚未填写本机关信息：{names}。抽取和文书都要用到，"
        "请在 inspect-server.toml 中填写 {keys} 后重试（写法和环境变量见 inspect-server config）。"
    )


def require_bureau(work: Work) -> None:
    """
    Refuse to go on while the bureau has not said who it is.

    Raises:
        BureauNotConfigured: Naming every missing key.
    """
    require_names(work.settings)


def require_names(settings: Settings) -> None:
    """
    Do the same where no unit of work is open.

    Raises:
        BureauNotConfigured: Naming every missing key.
    """
    missing = [key for key in NAMES if not getattr(settings, key)]
    if missing:
        raise BureauNotConfigured(
            names="、".join(NAMES[key] for key in missing), keys="、".join(missing)
        )
