"""Failures in Chinese: every one is a sentence that says what to do, and a non-zero exit."""

import errno
import re
import sys
import traceback
from pathlib import Path
from typing import Any
from unicodedata import category

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from forms.errors import FormError
from inspect_server.config import BadConfiguration
from inspect_server.domain.errors import InspectError
from pdf_templates.errors import DocumentError
from sync.errors import SyncError

FAILED = 1

UNDONE = "这一步没有写入任何数据（此前已提示完成的仍然有效）"
DATABASE = {
    r"no such table|relation .* does not exist": "数据库尚未初始化，请先运行 inspect-server init。",
    r"database .* does not exist": (
        "PostgreSQL 中没有 INSPECT_DATABASE_URL 所写的库，请先建库（createdb），再运行 "
        "inspect-server init。"
    ),
    r"password|role .* does not exist|no pg_hba": (
        "数据库拒绝了账号或密码，请检查 INSPECT_DATABASE_URL。"
    ),
    r"refused|resolve host|timed? ?out|No such file|unreachable": (
        "连接不上数据库服务，请确认 PostgreSQL 已启动，并检查 INSPECT_DATABASE_URL 中的主机和端口。"
    ),
    r"unable to open database file": (
        "打不开数据库文件，请检查数据目录（INSPECT_DATA_DIR）是否存在、是否可写。"
    ),
    r"not a database|malformed": (
        "数据库文件已损坏或不是本系统的数据库，请勿继续使用，将该文件另存后从备份恢复。"
    ),
    r"readonly|read-only": "数据库只能读取，不能写入，请检查数据目录的权限后重试。",
    r"locked": "数据库正忙，请稍后重试；若一直如此，请检查是否有其他程序占用。",
    r"full|No space": f"磁盘空间不足，{UNDONE}，请清理磁盘后重试。",
    r"disk I/O": f"读写数据库文件时磁盘出错，{UNDONE}，请检查磁盘后重试。",
    r"(?i)unique|deadlock|serialize": (f"与同时进行的另一操作冲突，{UNDONE}，请重试。"),
    r"terminating|closed the connection|closed unexpectedly": (
        "与数据库的连接中断，不能确定这一步是否已经写入，请待数据库恢复后先查看结果，再决定是否重做。"
    ),
    r"append-only": f"证据数据只能新增，不能改动或删除，{UNDONE}。",
}
"""What a database driver says -> what a person can do about it."""

UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what a person cannot read: controls, formats, unassigned, separators."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK = {
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "同名文件已存在",
    errno.ENOTDIR: "上级路径是文件，不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.EROFS: "文件系统只读",
    errno.ENAMETOOLONG: "名称过长",
    errno.EIO: "磁盘出错",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOTEMPTY: "目录不是空的",
    errno.EBUSY: "正被其他程序使用",
    errno.ELOOP: "符号链接成环",
    errno.ENODEV: "是设备或管道，不是文件",
    errno.EMFILE: "打开的文件过多",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件超过允许的大小",
}


class ChineseGroup(click.Group):
    """The root group: every failure is one Chinese sentence and a non-zero exit."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; a traceback is shown to developers only (`python -X dev`)."""
        try:
            return super().main(*args, **kwargs)
        except (InspectError, FormError, DocumentError, SyncError) as error:
            _fail(str(error), error.code)
        except BadConfiguration as error:
            _fail(str(error), "config.bad")
        except DBAPIError as error:
            _fail(database_sentence(error), "store.unavailable")
        except PermissionError as error:
            _fail(f"没有权限访问 {error.filename}，请检查文件权限后重试。", "system.permission")
        except OSError as error:
            _fail(_disk_sentence(error), "system.io")
        except MemoryError:
            _fail("内存不足，请关闭其他程序或减小文件后重试。", "system.memory")
        except StaleDataError:
            _fail(f"与同时进行的另一操作冲突，{UNDONE}，请重试。", "store.conflict")
        except Exception as error:
            if sys.flags.dev_mode:
                raise
            _fail(f"程序内部错误（{_place(error)}），请将此句告知系统维护人员。", "system.bug")


def database_sentence(error: DBAPIError) -> str:
    """Return in Chinese why the database could not be used, and what to do about it."""
    reason = str(error.orig).splitlines()[0]
    known = (sentence for pattern, sentence in DATABASE.items() if re.search(pattern, reason))
    unknown = f"数据库无法使用（{reason}），请检查 INSPECT_DATABASE_URL 和数据库服务后重试。"
    return next(known, unknown)


def disk_reason(error: OSError) -> str:
    """Return in Chinese why a file could not be read or written."""
    return DISK.get(error.errno or 0, f"系统错误 {error.errno}")


def _disk_sentence(error: OSError) -> str:
    if error.errno in FULL:
        return "磁盘空间不足，本次操作没有完成，请清理磁盘后重试。"
    reason = disk_reason(error)
    where = f"：{error.filename}" if error.filename else ""
    return f"读写文件失败（{reason}{where}），请检查路径后重试。"


def _place(error: Exception) -> str:
    """Return where in the program an error arose: no values, which might be personal."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    last = ours[-1]
    return f"{type(error).__name__}，{Path(last.filename).name} 第 {last.lineno} 行"


def legible(text: str) -> str:
    """Return a text with what cannot be seen, or turns the line around, written as an escape."""
    return "".join(
        char.encode("unicode_escape").decode() if category(char) in UNSEEN else char
        for char in text
    )


def _fail(sentence: str, code: str) -> None:
    click.echo(f"错误：{legible(sentence)}［{code}］", err=True)
    sys.exit(FAILED)
