"""
The case that all examples tell: a fictional district, one enterprise, one season of 2026.

    02-25 scheme approved · 03-02 notice on arrival, inspection, order, measures, seizure
    03-03 case filed · 03-04 summons · 03-05 interview, scene record, sampling, preservation
    03-06 appraisal · 04-02 reinspection · 04-08 investigation closed · 04-09 legal review
    04-10 notices of penalty and of the hearing · 04-14 statement, hearing asked for
    04-16 hearing announced · 04-28 hearing · 04-30 report · 05-06 discussion · 05-07 submitted
    05-08 decision, served 05-09 · 05-20 two instalments granted · 06-10 the first paid
    09-10 the second not paid · 09-15 demand for payment · 10-12 surcharge
    11-11 demand before enforcement · 11-27 application to the court · 12-18 closed · 12-25 archived

The hearing is seven working days after its notice; 9 May 2026, a Saturday, is a working day. The
court is asked after the six months for litigation (11-09), and within three months of the last
instalment (12-10).
"""

from pdf_templates.parts.legal import Account, Desk, Remedies
from pdf_templates.parts.people import Attendee, Officer, Organisation, Party, Person

AUTHORITY = "云湾区应急管理局"
REGION = "苏·云"
LU = Officer("陆文博", "苏07990012", "工贸行业安全监管科")
SHEN = Officer("沈玥", "苏07990031", "工贸行业安全监管科")
OFFICERS = (LU, SHEN)
HEAD = Attendee("严振海", "局长")
DEPUTY = Attendee("宋清", "副局长")
COUNSEL = Attendee("顾明远", "政策法规科科长")
LABORATORY = "江苏云海粉尘防爆检测有限公司"
SECTION_HEAD = Attendee("程立", "工贸行业安全监管科科长")
HENGMAO = Organisation(
    name="云湾区恒茂木业制品有限公司",
    uscc="91320799MA1WXY7K9K",
    address="江苏省云湾区滨海工业园振兴路18号3号厂房",
    postcode="222065",
    legal_person="赵喆堃",
    position="总经理",
    phone="0518-86000000",
)
ZHAO = Person(
    name="赵喆堃",
    gender="男",
    age=46,
    id_no="320799198002070012",
    address="江苏省云湾区盐河镇海棠路66号2幢301室",
    employer=HENGMAO.name,
    position="总经理（主要负责人）",
    employer_address=HENGMAO.address,
    phone="0518-86000000",
    postcode="222065",
)
UNIT = Party(HENGMAO, None)
PERSON = Party(None, ZHAO)
CASE_NAME = "云湾区恒茂木业制品有限公司粉尘防爆安全设备不符合标准、未按规定进行安全生产教育和培训案"
CAUSE = "涉嫌安全设备的安装、使用不符合国家标准，未按规定对从业人员进行安全生产教育和培训"
REMEDIES = Remedies("云湾区人民政府", "云湾区人民法院", 60, 6, False, "")
DESK = Desk("云湾区行政中心2号楼506室", "222000", "陆文博", "0518-85550012")
ACCOUNT = Account(
    "云湾区财政局非税收入专户", "江苏云湾农村商业银行营业部", "3207990012010000123456"
)
DISCIPLINE = (
    "严禁逐利检查，不得接受企业的馈赠、宴请，不得由企业支付检查费用",
    "严禁干扰企业正常生产经营",
    "严禁刻意要求法定代表人到场接受检查",
    "严禁变相检查，不得以观摩、督导、考察等名义实施检查",
    "严禁运动式、“走过场”式检查",
)
CONFIGURED = {
    "authority": AUTHORITY,
    "authority_short": REGION,
    "government": REMEDIES.government,
    "court": REMEDIES.court,
    "desk_address": DESK.address,
    "desk_postcode": DESK.postcode,
    "desk_phone": DESK.phone,
    "payment_payee": ACCOUNT.payee,
    "payment_bank": ACCOUNT.bank,
    "payment_account": ACCOUNT.number,
}
"""What a bureau says of itself in its configuration, by key."""
COPIES = "本文书一式两份：一份由应急管理部门备案，一份交{recipient}。"


def doc_no(mark: str, serial: int = 1) -> str:
    """Return a 文号 of the story's year."""
    return f"（{REGION}）应急{mark}〔2026〕{serial}号"


def at(day: str, time: str = "15:30:00") -> str:
    """Return a moment of that day: at("03-02", "09:10:00")."""
    return f"2026-{day}T{time}+08:00"
