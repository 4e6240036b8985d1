"""The visit of 2 March: the record of the inspection, the order, and who signed on the phones."""

import hashlib
import math

from pdf_templates.check.attendants import Attendant
from pdf_templates.check.enterprise import Enterprise
from pdf_templates.check.inspection_record import (
    Checklist,
    InspectionRecord,
    Problem,
    Remark,
)
from pdf_templates.check.photo_sheet import Photo
from pdf_templates.check.rectification_order import Demand, RectificationOrder
from pdf_templates.examples import story
from pdf_templates.examples.story import HENGMAO, OFFICERS
from pdf_templates.parts.signing import Signature

Strokes = tuple[tuple[tuple[int, int], ...], ...]

ENTERPRISE = Enterprise(
    name=HENGMAO.name,
    uscc=HENGMAO.uscc,
    address=HENGMAO.address,
    legal_person=HENGMAO.legal_person,
    position=HENGMAO.position,
    phone=HENGMAO.phone,
)
PROBLEMS = (
    Problem(
        1,
        "D07",
        True,
        "砂光车间干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m，"
        "除尘器进风管未按规定设置隔爆阀",
        "砂光车间北侧 2# 除尘器",
        "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条第六项；"
        "《粉尘防爆安全规程》（GB 15577-2018）第8.2条",
        "rectify_within",
        "2026-04-01",
        False,
        (1, 2),
        "",
    ),
    Problem(
        2,
        "D12",
        False,
        "砂光机操作岗位1名作业人员未佩戴防尘口罩，现场清扫使用压缩空气吹扫",
        "砂光车间4号工位",
        "《中华人民共和国安全生产法》第四十五条；"
        "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十八条第一款",
        "rectify_now",
        "",
        True,
        (3,),
        "",
    ),
    Problem(
        3,
        "C03",
        False,
        "污水池（有限空间）入口处未设置明显的安全警示标志，未落实上锁等防止未经审批进入的措施",
        "厂区东南角污水收集池",
        "《工贸企业有限空间作业安全规定》（应急管理部令第13号）第十一条、第十二条",
        "rectify_within",
        "2026-03-27",
        False,
        (4,),
        "",
    ),
    Problem(
        4,
        "D02",
        False,
        "涉粉作业人员12人中有5人未经粉尘防爆专项安全生产教育和培训即上岗作业",
        "砂光车间",
        "《中华人民共和国安全生产法》第二十八条第一款",
        "rectify_within",
        "2026-04-01",
        False,
        (),
        "",
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


def signature(
    signer: str, name: str, cert_no: str = "", seed: int = 1, position: str = ""
) -> Signature:
    """Return a signature as a phone sends it."""
    return Signature(
        signer=signer,
        name=name,
        cert_no=cert_no,
        position="车间主任" if signer == "enterprise" else position,
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
ATTENDANTS = (
    Attendant(
        "安全管理人员",
        "钱敏",
        "",
        "安全环保部主管",
        "13800000000",
        False,
        signature("witness", "钱敏", "", 6, "安全环保部主管"),
    ),
    Attendant("岗位操作员工", "马春生", "", "砂光工", "", False, None),
    Attendant(
        "专家",
        "孙建国",
        "省安全生产科学研究院",
        "高级工程师",
        "",
        True,
        signature("witness", "孙建国", "", 7, "省安全生产科学研究院　高级工程师"),
    ),
)


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
    photo(3, "4号工位整改后：操作人员已佩戴防尘口罩，压缩空气管已拆除", "问题2"),
    photo(4, "污水收集池入口，无警示标志、未上锁", "问题3", located=False),
)

RECORD = InspectionRecord(
    doc_no=story.doc_no("检记"),
    replaces="",
    authority=story.AUTHORITY,
    made_at="2026-03-02T14:20:00+08:00",
    inspection_no="2026-0012",
    source="“双随机、一公开”抽查",
    draw_no="2026-第1批",
    legal_basis="《中华人民共和国安全生产法》第六十二条第二款、第六十五条第一款",
    refusal_basis="《中华人民共和国安全生产法》第六十八条",
    enterprise=ENTERPRISE,
    place="砂光车间、喷漆车间、危废暂存间、厂区污水收集池",
    started_at="2026-03-02T09:05:00+08:00",
    ended_at="2026-03-02T11:30:00+08:00",
    officers=OFFICERS,
    checklists=(
        Checklist("粉尘涉爆企业安全检查表", "1", "a" * 64, 21, 3, 2, 1, 0),
        Checklist("有限空间作业安全检查表", "1", "b" * 64, 19, 1, 0, 0, 0),
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
    data=(),
    unasked=(),
    attendants=ATTENDANTS,
    notes=(
        "检查期间砂光车间正常生产，在岗作业人员11人",
        "问题1属于重大事故隐患，本机关将另行作出现场处理措施决定",
    ),
    gaps=(),
    photos=PHOTOS,
    signatures=SIGNATURES,
    record_sha256=hashlib.sha256(b"closed record").hexdigest(),
)

ORDER = RectificationOrder(
    doc_no=story.doc_no("责改"),
    replaces="",
    record_no=RECORD.doc_no,
    authority=story.AUTHORITY,
    made_at=RECORD.made_at,
    enterprise=ENTERPRISE,
    inspected_on="2026-03-02",
    inspected_until="2026-03-02",
    demands=tuple(
        Demand(n, p.major, p.text, p.place, p.basis, p.deadline, "")
        for n, p in enumerate((p for p in PROBLEMS if not p.corrected_on_site), start=1)
    ),
    basis="《中华人民共和国安全生产法》第六十五条第一款第二项、第三项",
    government=story.REMEDIES.government,
    court=story.REMEDIES.court,
    reconsideration_days=story.REMEDIES.reconsideration_days,
    litigation_months=story.REMEDIES.litigation_months,
    copies_note=story.COPIES.format(recipient="被检查单位"),
    officers=OFFICERS,
    signatures=(),
    provisional_no=RECORD.inspection_no,
    shown_sha256=hashlib.sha256(b"order as shown").hexdigest(),
)
