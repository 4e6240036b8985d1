"""Photo sheets: two photos in a row, each with its caption, time, place, device and hash."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pdf_templates.fields import count, decimal, moment, sha256, text
from pdf_templates.setting.lines import Line, Span, break_lines, unbroken
from pdf_templates.setting.page import (
    BOTTOM,
    HEIGHT,
    SIDE,
    TEXT_WIDTH,
    TOP,
    Box,
    Mark,
    Picture,
    Strip,
    Text,
)
from pdf_templates.setting.records import centred, left_aligned
from pdf_templates.wording import compass, long_time

GAP = 14.0
COLUMN = (TEXT_WIDTH - GAP) / 2
PICTURE_HEIGHT = 178.0
CAPTION, CAPTION_LEADING = 8.0, 11.5
LONGEST_UNBROKEN = 12
"""Characters of a label such as （问题1、3） that stays on one line."""
LONG = 120
"""Characters of what is said of a photo that still stand below its picture."""
HEAD = 28.0
SHEET_TITLE = 26.0
FOOT = 30.0


@dataclass(frozen=True)
class Photo:
    """A photo as evidence."""

    number: int = count("照片序号", least=1)
    sha256: str = sha256("照片文件")
    caption: str = text("说明，没有写为空", optional=True)
    problem: str = text("对应问题，无则为空", optional=True)
    taken_at: str = moment("拍摄时间，没有记录则为空", optional=True)
    latitude: str = decimal("纬度（十进制度，文字），无定位为空", optional=True)
    longitude: str = decimal("经度（十进制度，文字），无定位为空", optional=True)
    accuracy_m: str = decimal("定位误差（米，文字），无定位为空", optional=True)
    datum: str = text("坐标系，无定位为空", optional=True)
    device: str = text("拍摄设备，没有记录则为空", optional=True)


def sheets(photos: Sequence[Photo], available: Collection[str]) -> list[list[Strip]]:
    """
    Return the photo sheets, one list of strips a page.

    Args:
        photos: In order.
        available: Hashes of the photos whose picture can be shown; the others are stated.
    """
    rows = [
        strip
        for n in range(0, len(photos), 2)
        for strip in (_row(photos[n : n + 2], available), *_long_captions(photos[n : n + 2]))
    ]
    pages: list[list[Strip]] = []
    room = 0.0
    for row in rows:
        if row.height > room:
            pages.append([_title()])
            room = HEIGHT - BOTTOM - TOP - HEAD - SHEET_TITLE - FOOT
        pages[-1].append(row)
        room -= row.height
    return pages


def _title() -> Strip:
    return Strip(SHEET_TITLE, (centred("现场照片", 13, 16, "title"),))


def _row(photos: Sequence[Photo], available: Collection[str]) -> Strip:
    marks: list[Mark] = []
    lowest = 0.0
    for column, photo in enumerate(photos):
        x = SIDE + column * (COLUMN + GAP)
        marks.append(Box(x, 0, COLUMN, PICTURE_HEIGHT, 0.4))
        if photo.sha256 in available:
            marks.append(Picture(x + 2, 2, COLUMN - 4, PICTURE_HEIGHT - 4, photo.sha256))
        else:
            marks.append(
                left_aligned("（图像无法显示，原始文件见电子案卷）", 9, 90, "body", x + 18)
            )
        y = PICTURE_HEIGHT + 12
        for line in _caption(photo):
            marks.append(Text(x, y, CAPTION, line))
            y += CAPTION_LEADING
        lowest = max(lowest, y)
    return Strip(lowest + 2, tuple(marks))


def _told(photo: Photo) -> dict[str, str]:
    """Return what people and phones wrote about a photo, by what it is called, of any length."""
    return {
        "说明": photo.caption,
        "对应问题": photo.problem,
        "拍摄地点": _place(photo),
        "拍摄设备": photo.device or "未记录",
    }


def _long_captions(photos: Sequence[Photo]) -> list[Strip]:
    """Return what is too long for a column, over the full width, where it may flow on."""
    return [
        Strip(CAPTION_LEADING, (Text(SIDE, 8, CAPTION, line),))
        for photo in photos
        for name, told in _told(photo).items()
        if len(told) > LONG
        for line in break_lines(
            [Span(f"照片{photo.number}{name}：{told}", "song", field=f"照片{photo.number}")],
            CAPTION,
            TEXT_WIDTH,
        )
    ]


def _caption(photo: Photo) -> list[Line]:
    where, told = f"照片{photo.number}", _told(photo)
    title = f"{where}　{_short('说明', told['说明']).rstrip('。；')}"
    if photo.problem:
        problem = f"（{_short('对应问题', photo.problem)}）"
        title += unbroken(problem) if len(problem) <= LONGEST_UNBROKEN else problem
    texts = [
        title,
        f"拍摄时间：{long_time(photo.taken_at, seconds=True) if photo.taken_at else '未记录'}",
        *(_short(name, told[name], f"{name}：") for name in ("拍摄地点", "拍摄设备")),
        f"SHA-256：{photo.sha256}",
    ]
    return [
        line
        for text in texts
        # Coordinates and hashes break badly: spread to the full width they come apart.
        for line in break_lines([Span(text, "song", field=where)], CAPTION, COLUMN, justify=False)
    ]


def _short(name: str, told: str, label: str = "") -> str:
    return label + told if len(told) <= LONG else f"{name}见下"


def _place(photo: Photo) -> str:
    if not photo.latitude or not photo.longitude:
        return "未取得定位"
    error = f"，误差约{photo.accuracy_m}米" if photo.accuracy_m else ""
    return f"{compass(photo.latitude, photo.longitude)}（{photo.datum}{error}）"
