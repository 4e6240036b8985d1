"""A realistic inspection in a fictional district, as facts of both documents."""

import hashlib
import io
import math
from dataclasses import replace

from PIL import Image, ImageDraw

from pdf_templates.check.inspection_record import (
    Attendant,
    Checklist,
    InspectionRecord,
    Problem,
    Remark,
)
from pdf_templates.check.parts import Enterprise, Officer, Signature
from pdf_templates.check.photo_sheet import Photo
from pdf_templates.check.rectification_order import Demand, RectificationOrder

Strokes = tuple[tuple[tuple[int, int], ...], ...]

ENTERPRISE = Enterprise(
    name="云湾区恒茂木业制品有限公司",
    uscc="91320799MA1WXY7K2F",
    address="江苏省云湾区滨海工业园振兴路 18 号 3 号厂房",
    legal_person="赵喆堃",
    position="总经理",
    phone="0518-8600 0000",
)
OFFICERS = (
    Officer("陆文博", "苏07990012", "工贸行业安全监管科"),
    Officer("沈玥", "苏07990031", "工贸行业安全监管科"),
)
PROBLEMS = (
    Problem(
        1,
        "D07",
        True,
        "砂光车间干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m，"
        "除尘器进风管未按规定设置隔爆阀",
        "砂光车间北侧 2# 除尘器",
        "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条；"
        "《粉尘防爆安全规程》（GB 15577-2018）第8.2条",
        "rectify_within",
        "2026-04-01",
        False,
        (1, 2),
    ),
    Problem(
        2,
        "D12",
        False,
        "砂光机操作岗位作业人员王某未佩戴防尘口罩，现场清扫使用压缩空气吹扫",
        "砂光车间 4 号工位",
        "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十四条",
        "rectify_now",
        "",
        True,
        (3,),
    ),
    Problem(
        3,
        "C03",
        False,
        "污水池（有限空间）入口处未设置明显的安全警示标志，未落实上锁等防止未经审批进入的措施",
        "厂区东南角污水收集池",
        "《工贸企业有限空间作业安全规定》（应急管理部令第13号）第十四条",
        "rectify_within",
        "2026-03-17",
        False,
        (4,),
    ),
)


def handwriting(seed: int) -> Strokes:
    """Return strokes that look like a hurried signature."""
    strokes = []
    for part in range(4):
        base = 120 + part * 210
        strokes.append(
            tuple(
                (
                    int(base + 150 * t / 20),
                    int(500 + 260 * math.sin(seed + part * 1.7 + t * (0.35 + 0.05 * part))),
                )
                for t in range(21)
            )
        )
    return tuple(strokes)


def signature(signer: str, name: str, cert_no: str = "", seed: int = 1) -> Signature:
    """Return a signature as a phone sends it."""
    return Signature(
        signer=signer,
        name=name,
        cert_no=cert_no,
        position="车间主任" if signer == "enterprise" else "",
        signed_at="2026-03-02T11:38:00+08:00",
        strokes=handwriting(seed),
        refused=False,
        refusal_reason="",
        stale=False,
        unseen=(),
        phone_of="",
    )


SIGNATURES = (
    signature("officer", "陆文博", "苏07990012", 1),
    signature("officer", "沈玥", "苏07990031", 2),
    signature("enterprise", "周大勇", "", 5),
)


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


def photo(number: int, caption: str, problem: str = "", located: bool = True) -> Photo:
    """Return a photo's data."""
    return Photo(
        number=number,
        sha256=hashlib.sha256(f"photo {number}".encode()).hexdigest(),
        caption=caption,
        problem=problem,
        taken_at=f"2026-03-02T10:{10 + number:02d}:07+08:00",
        latitude="34.612873" if located else "",
        longitude="119.221450" if located else "",
        accuracy_m="6" if located else "",
        datum="WGS-84" if located else "",
        device="华为 Mate 60 Pro（执法终端 07）",
    )


PHOTOS = (
    photo(1, "2# 除尘器灰斗积灰，未见锁气卸灰装置", "问题1"),
    photo(2, "2# 除尘器进风管，未设隔爆阀", "问题1"),
    photo(3, "4 号工位整改后：操作人员已佩戴防尘口罩，压缩空气管已拆除", "问题2"),
    photo(4, "污水收集池入口，无警示标志、未上锁", "问题3", located=False),
)

LOST_PHOTO = replace(
    PHOTOS[1],
    sha256=hashlib.sha256(b"lost photo").hexdigest(),
    latitude="-34.612873",
    longitude="-119.221450",
    accuracy_m="",
)
"""Its picture cannot be read."""

RECORD = InspectionRecord(
    doc_no="（苏·云）应急检记〔2026〕1号",
    replaces="",
    authority="云湾区应急管理局",
    made_at="2026-03-02T14:20:00+08:00",
    inspection_no="2026-0012",
    source="“双随机、一公开”抽查",
    draw_no="2026-第1批",
    legal_basis="《中华人民共和国安全生产法》第六十二条第二款、第六十五条第一款",
    refusal_basis="《中华人民共和国安全生产法》第六十八条",
    enterprise=ENTERPRISE,
    place="砂光车间、喷漆车间、危废暂存间、厂区污水收集池",
    started_at="2026-03-02T09:05:00+08:00",
    ended_at="2026-03-02T11:42:00+08:00",
    officers=OFFICERS,
    checklists=(
        Checklist("粉尘涉爆企业安全检查表", "1", "a" * 64, 21, 2, 3, 1),
        Checklist("有限空间作业安全检查表", "1", "b" * 64, 17, 1, 2, 0),
    ),
    problems=PROBLEMS,
    other_failures=(),
    unchecked=(
        Remark("D21", "除尘系统停机后是否按规程清灰", "检查时生产线未停机，无法查看停机清灰过程"),
    ),
    not_applicable=(
        Remark("D04", "铝镁等金属粉尘的防潮、防水措施", "企业仅加工木材，不产生金属粉尘"),
        Remark("D05", "正压输送系统的安全措施", "未采用正压输送"),
    ),
    settled=(
        Remark(
            "D09",
            "除尘器是否设置泄爆口",
            "沈玥的终端记录为“不符合”，陆文博的终端记录为“符合”；"
            "主办人员陆文博确认为“符合”，理由：经现场复核，泄爆口朝向厂房外侧",
        ),
    ),
    attendants=(
        Attendant("企业安全管理人员", "钱敏", "安全环保部主管", "13800000000"),
        Attendant("专家", "孙建国", "省安全生产科学研究院高级工程师", ""),
    ),
    notes=("检查期间砂光车间正常生产，在岗作业人员11人",),
    gaps=(),
    photos=PHOTOS,
    signatures=SIGNATURES,
    record_sha256=hashlib.sha256(b"closed record").hexdigest(),
)

ORDER = RectificationOrder(
    doc_no="（苏·云）应急责改〔2026〕1号",
    replaces="",
    record_no=RECORD.doc_no,
    authority="云湾区应急管理局",
    made_at=RECORD.made_at,
    enterprise=ENTERPRISE,
    inspected_on="2026-03-02",
    inspected_until="2026-03-02",
    demands=(
        *(
            Demand(n, p.major, p.text, p.place, p.basis, p.deadline, "")
            for n, p in enumerate((p for p in PROBLEMS if not p.corrected_on_site), start=1)
        ),
        Demand(3, False, "配电箱前堆放木料", "砂光车间东门", PROBLEMS[1].basis, "", ""),
    ),
    government="云湾区人民政府",
    court="云湾区人民法院",
    reconsideration_days=60,
    litigation_months=6,
    copies_note="本文书一式两份：一份由应急管理部门备案，一份交被检查单位。",
    officers=OFFICERS,
    signatures=(),
    provisional_no=RECORD.inspection_no,
    shown_sha256=hashlib.sha256(b"order as shown").hexdigest(),
)

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
    apart = tuple(
        replace(PROBLEMS[0], number=n, measure=measure, photos=())
        for n, measure in enumerate(("suspend", "withdraw", "stop_use"), start=3)
    )
    witness = replace(signature("witness", "孙立"), position="园区管理办公室")
    unwilling = replace(refused(""), signer="witness", name="李某")
    undated = replace(PHOTOS[0], taken_at="", device="", caption="灰斗积灰。" * 30)
    late = replace(SIGNATURES[1], unseen=("问题第3项", "照片4"), stale=True, phone_of="陆文博")
    return replace(
        RECORD,
        replaces="（苏·云）应急检记〔2026〕9号",
        problems=(*PROBLEMS[:2], *apart, at_once),
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
    witness = replace(signature("witness", "孙立"), position="园区管理办公室")
    unwilling = replace(refused(""), signer="witness", name="李某")
    return replace(
        ORDER,
        replaces="（苏·云）应急责改〔2026〕9号",
        demands=(ORDER.demands[0], again),
        signatures=(
            SIGNATURES[0],
            replace(SIGNATURES[1], stale=True),
            refused("不认可第2项问题"),
            witness,
            unwilling,
        ),
    )
