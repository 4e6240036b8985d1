"""The faces that this bureau sets its documents in: those that ship, its own before them."""

from collections.abc import Mapping
from pathlib import Path

from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from pdf_templates.file.glyphs import MAGIC, GlyphFile
from pdf_templates.setting.faces import STANDARD, Fonts, Style

KEYS: Mapping[Style, str] = {
    "body": "fonts_body",
    "song": "fonts_song",
    "title": "fonts_title",
    "hei": "fonts_hei",
    "kai": "fonts_kai",
}
"""The key of the configuration that names the bureau's own face of a style."""


class FontNotUsable(InspectError):
    """The configuration names a font that documents cannot be set in."""

    code, kind = "document.font_not_usable", "invalid"
    message = "配置项 {key} 所指的字形文件 {path} 不能使用：{reason}。"


def bureau_fonts(settings: Settings) -> Fonts:
    """
    Open the faces that the configuration names; all of each is read once, and kept.

    Raises:
        FontNotUsable: A file is missing, no prepared font, or damaged.
    """
    named = {style: getattr(settings, key) for style, key in KEYS.items()}
    own = {style: _opened(KEYS[style], Path(path)) for style, path in named.items() if path}
    return Fonts(own) if own else STANDARD


def _opened(key: str, path: Path) -> GlyphFile:
    try:
        content = path.read_bytes()
    except OSError:
        reason = "文件不存在或没有读取权限，请检查路径和权限后重启"
        raise FontNotUsable(key=key, path=path, reason=reason) from None
    if not content.startswith(MAGIC):
        reason = "字体须先制备，请运行 inspect-server documents font 字体文件 -o 字形文件"
        raise FontNotUsable(key=key, path=path, reason=reason)
    try:
        glyphs = GlyphFile(content)
        glyphs.check()
    except ValueError:
        reason = "文件已损坏，请用 inspect-server documents font 重新制备"
        raise FontNotUsable(key=key, path=path, reason=reason) from None
    return glyphs
