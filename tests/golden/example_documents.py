"""The visit of the story (pdf_templates.examples.check.visit), and what most visits do not have."""

import hashlib
import io
from dataclasses import replace

from PIL import Image, ImageDraw

from pdf_templates.check.inspection_record import Datum, InspectionRecord, Remark
from pdf_templates.check.rectification_order import Demand, RectificationOrder
from pdf_templates.examples.check.visit import (
    ENTERPRISE,
    ORDER,
    PHOTOS,
    PROBLEMS,
    RECORD,
    SIGNATURES,
    photo,
    signature,
)
from pdf_templates.parts.signing import Signature


def jpeg(number: int) -> bytes:
    """Return a picture that a phone might have taken."""
    image = Image.new("RGB", (1280, 960), (90 + number * 9 % 120, 120, 140))
    draw = ImageDraw.Draw(image)
    for step in range(0, 1280, 80):
        draw.line([(step, 0), (1280 - step, 960)], fill=(220, 220, 200), width=4)
    draw.ellipse([400, 250, 880, 730], outline=(255, 240, 200), width=14)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


LOST_PHOTO = replace(
    PHOTOS[1],
    sha256=hashlib.sha256(b"lost photo").hexdigest(),
    latitude="-34.612873",
    longitude="-119.221450",
    accuracy_m="",
)
"""Its picture cannot be read."""

SIGNED_ORDER = replace(
    ORDER,
    signatures=(SIGNATURES[0], replace(SIGNATURES[1], phone_of="陆文博"), SIGNATURES[2]),
)


def refused(reason: str = "认为第1项问题不属实，拒绝签名") -> Signature:
    """Return a refusal by the enterprise."""
    given = signature("enterprise", "周大勇")
    return replace(given, strokes=(), refused=True, refusal_reason=reason)


def crowded() -> InspectionRecord:
    """Return a record of many problems, twelve photos, long fields and a refused signature."""
    problems = tuple(
        replace(PROBLEMS[n % 3], number=n + 1, item=f"D{n + 1:02d}", photos=(n % 12 + 1,))
        for n in range(18)
    )
    late = replace(SIGNATURES[1], unseen=("问题第3项", "照片4"), stale=True)
    return replace(
        RECORD,
        enterprise=replace(
            ENTERPRISE,
            name="云湾区恒茂木业制品有限公司（原云湾县第二木材加工厂、云湾区恒茂家具（集团）股份有限公司木业分公司）",
            address="江苏省云湾区滨海工业园振兴路与海堰路交叉口向东 300 米路北原第二木材加工厂院内"
            "（东至排洪河、西至海堰路、南至振兴路、北至铁路专用线）3 号、4 号、5 号厂房及附属用房",
            legal_person="阿卜杜热合曼·阿卜杜克里木",
            position="执行董事兼总经理",
        ),
        problems=problems,
        photos=tuple(photo(n, f"问题{n}现场照片", f"问题{n}", n % 3 > 0) for n in range(1, 13)),
        signatures=(SIGNATURES[0], late, refused()),
        gaps=("2026年3月2日10时20分至10时26分，执法记录仪更换电池",),
    )


def unusual() -> InspectionRecord:
    """Return a record with everything in it that most records do not have."""
    at_once = replace(PROBLEMS[2], number=6, measure="rectify_now", deadline="", photos=())
    removed = replace(PROBLEMS[0], number=9, measure="rectify_now", deadline="", photos=())
    apart = tuple(
        replace(PROBLEMS[0], number=n, measure=measure, photos=())
        for n, measure in enumerate(("suspend", "withdraw", "stop_use"), start=3)
    )
    witness = replace(signature("witness", "孙立"), position="园区管理办公室")
    unwilling = replace(refused(""), signer="witness", name="李某")
    undated = replace(
        PHOTOS[0], taken_at="", device="", caption="灰斗积灰。" * 30, problem="问题1、3；" * 30
    )
    extinguishers = replace(
        PROBLEMS[2],
        number=7,
        text="2具灭火器压力不足",
        place="砂光车间",
        basis="《中华人民共和国消防法》第十六条第一款第二项",
        measure="refer",
        deadline="",
        photos=(),
        refer_to="消防救援机构",
    )
    hoist = replace(
        extinguishers,
        number=8,
        text="在用的电动葫芦没有定期检验标志",
        place="砂光车间",
        basis="《中华人民共和国特种设备安全法》第四十条第三款",
        corrected_on_site=True,
        refer_to="市场监督管理部门",
    )
    several = (
        replace(apart[1], number=10, further_measures=("suspend", "stop_use")),
        replace(removed, number=11, further_measures=("withdraw", "suspend")),
    )
    late = replace(SIGNATURES[1], unseen=("问题第3项", "照片4"), stale=True, phone_of="陆文博")
    manager, operator, expert = RECORD.attendants
    unclear = replace(refused("{不清楚}"), signer="witness", name="钱敏", position=manager.position)
    attendants = (
        replace(manager, signature=unclear),
        replace(operator, signature=replace(signature("witness", "马春生"), stale=True)),
        replace(expert, name="孙{建国", signature=None),
    )
    return replace(
        RECORD,
        attendants=attendants,
        replaces="（苏·云）应急检记〔2026〕9号",
        checklists=(replace(RECORD.checklists[0], given=3), RECORD.checklists[1]),
        problems=(*PROBLEMS[:2], *apart, at_once, extinguishers, hoist, removed, *several),
        data=(
            Datum("D31", "除尘器进出口压差", ("0.85kPa",)),
            Datum("D32", "砂光机台账", ("第1行　编号：1#；功率：7.5kW", "第2行　编号：2#")),
            Datum("D33", "砂光机总功率", ("7.5kW",)),
        ),
        unasked=("D34", "D35"),
        other_failures=(Remark("D30", "作业人员是否持证", ""),),
        gaps=("2026年3月2日10时20分至10时26分，执法记录仪更换电池",),
        photos=(undated, LOST_PHOTO),
        signatures=(SIGNATURES[0], late, refused(), witness, unwilling),
    )


def clean() -> InspectionRecord:
    """Return a record without any problem."""
    return replace(
        RECORD,
        draw_no="",
        problems=(),
        unchecked=(),
        not_applicable=(),
        settled=(),
        notes=(),
        photos=(),
    )


def unusual_order() -> RectificationOrder:
    """Return an order in another's place, with a new deadline, a refusal and a stale signature."""
    again = replace(ORDER.demands[1], deadline="2026-03-25", former_deadline="2026-03-01")
    at_once = Demand(3, False, "配电箱前堆放木料", "砂光车间东门", PROBLEMS[1].basis, "", "")
    witness = replace(signature("witness", "孙立"), position="园区管理办公室")
    unwilling = replace(refused(""), signer="witness", name="李某")
    return replace(
        ORDER,
        replaces="（苏·云）应急责改〔2026〕9号",
        demands=(ORDER.demands[0], again, at_once),
        signatures=(
            SIGNATURES[0],
            replace(SIGNATURES[1], stale=True),
            refused("不认可第2项问题"),
            witness,
            unwilling,
        ),
    )
