"""Configuration: environment variables over an optional TOML file, every key checked at start."""

import os
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PREFIX = "INSPECT_"
FILE_KEY = "INSPECT_CONFIG"
DEFAULT_FILE = "inspect-server.toml"


class BadConfiguration(Exception):
    """A key is unknown or its value cannot be used. The message is Chinese and names the key."""


SAID_IN_DOCUMENTS = ("authority", "authority_short", "division", "government", "court")
"""Keys without which every document would have a hole."""
SAID_IN_SOME = (
    *("authority_address", "authority_head", "online_channel", "disclosure_site"),
    *("desk_address", "desk_postcode", "desk_contact", "desk_phone", "desk_complaint_phone"),
    *("payment_payee", "payment_bank", "payment_account"),
    *("transfer_police", "transfer_procuratorate"),
)
"""Keys that some documents say, which are refused without them."""


RANGES = {
    "port": (1, 65_535),
    "threads": (1, 256),
    "session_hours": (1, 720),
    "most_photos": (10, 2_000),
}
"""Least and most of every number."""

NEVER_EMPTY = ("data_dir", "host", "time_zone")
"""An empty `host` would listen on every address, an empty `data_dir` be the working folder."""

SECTIONS = ("signature", "fonts", "desk", "payment", "transfer")
"""Tables of the file: the `key` of the first is the setting `signature_key`."""

ENVIRONMENT_ONLY = ("signature_passphrase",)
"""Never in the file, which is copied and backed up."""

DIVISION = re.compile(r"\d{6}(\d{3}){0,2}", re.ASCII)
_AT = re.compile(r"at line (\d+), column (\d+)")


def _key(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """Everything that differs from bureau to bureau or machine to machine."""

    data_dir: Path = _key(Path("data"), "数据目录：数据库、文件、密钥都在其中")
    database_url: str = _key("", "数据库地址；留空为数据目录下的 SQLite 文件")
    host: str = _key("127.0.0.1", "监听地址")
    port: int = _key(8000, "监听端口")
    threads: int = _key(8, "处理请求的线程数")
    time_zone: str = _key("Asia/Shanghai", "文书和页面使用的时区")
    authority: str = _key("", "本机关全称，如 云湾区应急管理局；抽取和制作文书前必须填写")
    authority_short: str = _key("", "文号中的地区简称，如 苏·云；抽取和制作文书前必须填写")
    division: str = _key("", "本机关行政区划代码（GB/T 2260）；抽取和制作文书前必须填写")
    government: str = _key("", "行政复议机关（本级人民政府）；抽取和制作文书前必须填写")
    court: str = _key("", "行政诉讼管辖法院；抽取和制作文书前必须填写")
    authority_address: str = _key("", "本机关住所：写在强制执行申请书上")
    authority_head: str = _key("", "本机关法定代表人（主要负责人）姓名")
    online_channel: str = _key(
        "", "提交行政复议申请的互联网渠道：以电子方式送达的处罚决定书应当写明"
    )
    disclosure_site: str = _key("", "公开处罚决定的网站或者系统")
    desk_address: str = _key("", "部门地址：写在告知、通知类文书上，下同")
    desk_postcode: str = _key("", "邮政编码")
    desk_contact: str = _key("", "联系人")
    desk_phone: str = _key("", "联系电话")
    desk_complaint_phone: str = _key(
        "", "监督投诉电话：写在行政检查通知书上，也显示在手机的告知页上"
    )
    payment_payee: str = _key("", "罚款收款单位：写在处罚决定书上，下同")
    payment_bank: str = _key("", "罚款代收银行")
    payment_account: str = _key("", "罚款收款账号")
    transfer_police: str = _key("", "同级公安机关：涉嫌犯罪案件移送书的受移送机关")
    transfer_procuratorate: str = _key("", "移送涉嫌犯罪案件时抄送的人民检察院")
    partner_departments: str = _key(
        "",
        "联合检查的其他部门及其人员的所在科室，如 消防=区消防救援大队；市监=区市监局，稽查大队；"
        "这些人员不参加本部门组队",
    )
    secure_cookies: bool = _key(False, "经 HTTPS 访问时设为 true，启用 __Host- Cookie")
    session_hours: int = _key(8, "登录有效小时数")
    most_photos: int = _key(300, "一次检查的文书最多收录的照片张数；超过的不能办结、不能制作文书")
    second_factor_roles: str = _key(
        "system_admin,security_admin,audit_admin",
        "登录须用动态口令的角色，逗号分隔；其余账号可自愿启用",
    )

    fonts_body: str = _key(
        "", "本机关自有的仿宋（文书正文），写 documents font 制备的字形文件；留空用随附字体，下同"
    )
    fonts_song: str = _key("", "本机关自有的宋体")
    fonts_title: str = _key("", "本机关自有的小标宋（文书标题）")
    fonts_hei: str = _key("", "本机关自有的黑体（一级标题）")
    fonts_kai: str = _key("", "本机关自有的楷体（二级标题）")
    signature_key: str = _key(
        "",
        "文书签名的密钥文件：PKCS#12（.p12、.pfx）或 PEM，权限 600；留空且不用外部签章程序则不签名",
    )
    signature_certificate: str = _key(
        "", "签名证书及其上级证书（PEM）；密钥文件为 PKCS#12 且已含证书的留空"
    )
    signature_passphrase: str = field(
        default="",
        repr=False,
        metadata={"doc": "密钥文件的口令；只可设环境变量，不可写入配置文件"},
    )
    signature_passphrase_file: str = _key("", "写有密钥口令的文件，权限 600；与前项二选一")
    signature_tsa: str = _key(
        "", "时间戳服务地址（RFC 3161）；填写则签名带可信时间（PAdES B-T），留空为 B-B"
    )
    signature_reason: str = _key("", "写入签名的事由，如 制作执法文书")
    signature_location: str = _key("", "写入签名的地点，如 云湾区")
    signature_external: tuple[str, ...] = _key(
        (), "外部签章程序及其参数（国密印章用）；填写则由它签名，不用上列密钥"
    )
    signature_trust: str = _key("", "核验文书签名时信任的根证书（PEM）；签名和时间戳共用")

    def __post_init__(self) -> None:
        for key in SAID_IN_DOCUMENTS + SAID_IN_SOME:
            text = getattr(self, key)
            if text != text.strip() or not text.isprintable():
                raise BadConfiguration(f"配置项 {key} 首尾不能有空格，不能换行，请改正后重启。")
        if self.division and not DIVISION.fullmatch(self.division):
            raise BadConfiguration(
                f"配置项 division 的值“{self.division}”不是行政区划代码，应为 6、9 或 12 位数字，"
                "请改正后重启。"
            )
        # A relative folder means the working folder of the start; Flask reads one from its own.
        object.__setattr__(self, "data_dir", self.data_dir.absolute())
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'inspect.db'}")
        for key, (least, most) in RANGES.items():
            if not least <= getattr(self, key) <= most:
                raise BadConfiguration(f"配置项 {key} 应在 {least} 到 {most} 之间，请改正后重启。")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            raise BadConfiguration(
                f"配置项 time_zone 的值“{self.time_zone}”不是已知时区，请改为如 Asia/Shanghai。"
            ) from None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and documents speak."""
        return ZoneInfo(self.time_zone)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """
    Read the TOML file (INSPECT_CONFIG, else ./inspect-server.toml if there) and the environment.

    Raises:
        BadConfiguration: Unknown key, unreadable file or unusable value.
    """
    environ = os.environ if environ is None else environ
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in _flat(_file_values(environ)).items():
        if key in ENVIRONMENT_ONLY:
            raise BadConfiguration(
                f"配置项 {key} 不可写入配置文件，请改设环境变量 {PREFIX}{key.upper()}，"
                "或用 signature_passphrase_file。"
            )
        section, _, inner = key.partition("_")
        if key not in known and section in SECTIONS and inner in known:
            raise BadConfiguration(
                f"配置项 {inner} 写在了配置文件的 [{section}] 一节中，"
                "请移到各节（方括号行）之前后重启。"
            )
        if key not in known:
            raise BadConfiguration(
                f"配置文件中有未知配置项 {key}，请对照 inspect-server config 所列各项改正。"
            )
        values[key] = _typed(key, value, known[key].type)
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name == FILE_KEY:
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in known:
            raise BadConfiguration(
                f"环境变量 {name} 不是已知配置项，请对照 inspect-server config 所列各项改正。"
            )
        values[key] = _typed(key, text, known[key].type)
    return Settings(**values)


def _file_values(environ: Mapping[str, str]) -> dict[str, Any]:
    named = environ.get(FILE_KEY)
    path = Path(named or DEFAULT_FILE)
    if not named and not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise BadConfiguration(f"找不到配置文件 {path}，请检查 {FILE_KEY}。") from None
    except IsADirectoryError:
        raise BadConfiguration(f"{path} 是目录，不是配置文件，请检查 {FILE_KEY}。") from None
    except OSError:
        raise BadConfiguration(f"没有权限读取配置文件 {path}，请检查权限后重启。") from None
    except UnicodeDecodeError:
        raise BadConfiguration(
            f"配置文件 {path} 不是 UTF-8 编码，请另存为 UTF-8 后重启。"
        ) from None
    except RecursionError:
        raise BadConfiguration(f"配置文件 {path} 中括号嵌套过深，请改正后重启。") from None
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        where = f"第 {found[1]} 行第 {found[2]} 列" if found else "末尾"
        raise BadConfiguration(
            f"配置文件 {path} {where}不合 TOML 写法（文字要加引号），请改正后重启。"
        ) from None


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of the tables of signatures and fonts under their whole names."""
    for section in SECTIONS:
        table = values.get(section)
        if isinstance(table, dict):
            del values[section]
            values |= {f"{section}_{key}": value for key, value in table.items()}
    return values


def _typed(key: str, value: Any, kind: Any) -> Any:
    if key in NEVER_EMPTY and value == "":
        raise BadConfiguration(f"配置项 {key} 不能为空，请填写或删去后重启。")
    try:
        if kind is bool:
            return _boolean(value)
        if kind == tuple[str, ...]:
            return _words(value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError  # TOML knows types: 80.5 is no port, and a list no name
        return kind(value)
    except (TypeError, ValueError):
        raise BadConfiguration(f"配置项 {key} 的值“{value}”不可用，请改正后重启。") from None


def _words(value: Any) -> tuple[str, ...]:
    """Return a list of words; in the environment they are written as in a shell."""
    words = shlex.split(value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError
    return tuple(words)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in words:
        raise ValueError
    return words[str(value).lower()]
