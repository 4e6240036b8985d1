"""What the documents of service, transfer and closing say in the story."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from pdf_templates.closing.case_closing_approval import CaseClosingApproval
from pdf_templates.closing.case_contents import CaseContents, Listed
from pdf_templates.closing.case_cover import CaseCover
from pdf_templates.closing.case_extension_approval import CaseExtensionApproval
from pdf_templates.closing.crime_transfer_letter import CrimeTransferLetter
from pdf_templates.closing.enclosures import Enclosure
from pdf_templates.closing.service_receipt import Arrival, Served, ServiceReceipt
from pdf_templates.closing.transfer_approval import TransferApproval
from pdf_templates.closing.transfer_letter import TransferLetter
from pdf_templates.examples import story
from pdf_templates.examples.coercion import FOUNDRY, FOUNDRY_ADDRESS
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Organisation, Party, Person

FORKLIFT = "云湾区恒茂木业制品有限公司使用未经定期检验的叉车案"
MARKET = "云湾区市场监督管理局"
WU = Person(
    name="吴海生",
    gender="男",
    age=34,
    id_no="320799199201150036",
    address="江苏省云湾区沙河镇新民路12号",
    employer=story.HENGMAO.name,
    position="电工",
    employer_address=story.HENGMAO.address,
    phone="0518-86000000",
    postcode="222065",
)
CASTER = Organisation(
    name=FOUNDRY,
    uscc="91320799MA1TQR5N0F",
    address=FOUNDRY_ADDRESS,
    postcode="222065",
    legal_person="孟翀",
    position="执行董事",
    phone="0518-86000031",
)
OUTCOME = (
    "2026年5月8日作出行政处罚决定：对第一项行为处罚款人民币贰万元整，对第二项行为处罚款人民币叁万元整，"
    "合计罚款人民币伍万元整（¥50,000.00）。"
)


def served(document: str, mark: str, on: str, serial: int = 1) -> Served:
    """Return a document that was handed over at the unit."""
    return Served(
        document,
        story.doc_no(mark, serial),
        "恒茂公司办公室",
        f"2026-{on}",
        "direct",
        story.OFFICERS,
        None,
        "",
        "",
    )


def sent(document: str, mark: str, arrived_at: str) -> Served:
    """Return a document that was served online, as the unit had agreed to."""
    arrival = Arrival(arrived_at, "云湾区政务送达平台，hengmao@example.com", "2026-送-0012")
    return replace(
        served(document, mark, ""),
        place="",
        served_on=arrived_at[:10],
        method="electronic",
        arrival=arrival,
    )


def bound(papers: Sequence[tuple[str, str, str, int]]) -> tuple[Listed, ...]:
    """Return the rows of the contents for papers: name, number, day, how many pages."""
    ends = accumulate(pages for *_, pages in papers)
    return tuple(
        Listed(name, number, f"2026-{on}", last - pages + 1, last, "")
        for (name, number, on, pages), last in zip(papers, ends, strict=True)
    )


PAPERS = (
    ("行政处罚决定书", story.doc_no("罚"), "05-08", 5),
    ("立案审批表", story.doc_no("立"), "03-03", 1),
    ("询问通知书", story.doc_no("询"), "03-04", 1),
    ("询问笔录", "", "03-05", 2),
    ("勘验笔录", story.doc_no("勘"), "03-05", 2),
    ("抽样取证凭证", story.doc_no("抽"), "03-05", 1),
    ("先行登记保存证据审批表", story.doc_no("先保审"), "03-05", 1),
    ("先行登记保存证据通知书", story.doc_no("先保通"), "03-05", 1),
    ("先行登记保存证据清单", "", "03-05", 1),
    ("先行登记保存证据处理审批表", story.doc_no("先保处审"), "03-12", 2),
    ("先行登记保存证据处理决定书", story.doc_no("先保处"), "03-13", 1),
    ("现场检查记录", story.doc_no("检记"), "03-02", 3),
    ("现场照片", "", "03-02", 2),
    ("现场处理措施决定书", story.doc_no("现决"), "03-02", 1),
    ("责令限期整改指令书", story.doc_no("责改"), "03-02", 1),
    ("整改复查意见书", story.doc_no("复查"), "04-02", 1),
    ("行政强制审批表", story.doc_no("强审"), "03-02", 1),
    ("查封扣押决定书", story.doc_no("查扣"), "03-02", 1),
    ("查封扣押（场所、设施、财物）清单", "", "03-02", 1),
    ("延长查封扣押期限决定书", story.doc_no("查扣延期"), "03-31", 1),
    ("查封扣押处理决定书", story.doc_no("查扣处"), "04-03", 1),
    ("鉴定委托书", story.doc_no("鉴"), "03-06", 1),
    ("木粉尘爆炸性鉴定意见", "", "03-20", 4),
    ("新进人员登记表", "", "03-05", 5),
    ("从业人员花名册、安全生产教育和培训档案复印件", "", "03-05", 6),
    ("除尘系统采购安装合同、运行维护记录复印件", "", "03-05", 36),
    ("案件调查终结报告", story.doc_no("终报"), "04-08", 2),
    ("法制审核意见书", story.doc_no("法审"), "04-09", 2),
    ("行政处罚告知书", story.doc_no("罚告"), "04-10", 3),
    ("当事人陈述申辩笔录", "", "04-14", 2),
    ("陈述申辩材料（合同、验收单、签到表、试卷）复印件", "", "04-14", 21),
    ("行政处罚听证告知书", story.doc_no("听告"), "04-10", 3),
    ("听证申请书", "", "04-14", 1),
    ("行政处罚听证会通知书", story.doc_no("听通"), "04-16", 1),
    ("听证笔录", "", "04-28", 2),
    ("听证会报告书", story.doc_no("听报"), "04-30", 1),
    ("案件处理呈批表", story.doc_no("处呈"), "05-07", 1),
    ("行政处罚集体讨论记录", story.doc_no("罚集"), "05-06", 2),
    ("分期缴纳罚款申请书及附件", "", "05-18", 4),
    ("延期（分期）缴纳罚款审批表", story.doc_no("缴审"), "05-19", 1),
    ("延期（分期）缴纳罚款批准书", story.doc_no("缴批"), "05-20", 1),
    ("延期（分期）缴纳罚款批准书", story.doc_no("缴批", 2), "05-20", 1),
    ("缴纳罚款催告书", story.doc_no("催"), "09-15", 1),
    ("加处罚款决定书", story.doc_no("加罚"), "10-12", 2),
    ("文书送达回执", story.doc_no("回"), "11-11", 2),
    ("行政强制执行事先催告书", story.doc_no("执行催告"), "11-11", 1),
    ("强制执行申请书", story.doc_no("强执"), "11-27", 3),
    ("人民法院终结执行的裁定书", "", "12-17", 2),
    ("结案审批表", story.doc_no("结"), "12-18", 1),
    ("罚款缴款凭证", "", "12-16", 2),
    ("营业执照、法定代表人居民身份证复印件", "", "03-05", 2),
)
"""
What is bound: name, 文号, month and day, how many pages; in the order of case files. Some came
from others and has no template.
"""


EXAMPLES = {
    "service_receipt": ServiceReceipt(
        doc_no=story.doc_no("回"),
        authority=story.AUTHORITY,
        made_at=story.at("11-11", "17:00:00"),
        case_name=story.CASE_NAME,
        recipient=story.HENGMAO.name,
        served=(
            served("询问通知书", "询", "03-04"),
            served("先行登记保存证据处理决定书", "先保处", "03-13"),
            served("延长查封扣押期限决定书", "查扣延期", "03-31"),
            served("查封扣押处理决定书", "查扣处", "04-03"),
            sent("行政处罚告知书", "罚告", story.at("04-10", "15:32:00")),
            served("行政处罚听证告知书", "听告", "04-10"),
            Served(
                "行政处罚听证会通知书",
                story.doc_no("听通"),
                "恒茂公司门卫室",
                "2026-04-16",
                "left",
                story.OFFICERS,
                None,
                "云应急录2026-0416-01",
                "法定代表人外出，门卫拒绝接收，滨海工业园管理办公室工作人员到场见证，文书留置门卫室",
            ),
            sent("行政处罚决定书", "罚", story.at("05-09", "10:05:00")),
            served("延期（分期）缴纳罚款批准书", "缴批", "05-20"),
            served("延期（分期）缴纳罚款批准书", "缴批", "05-20", 2),
            served("缴纳罚款催告书", "催", "09-15"),
            served("加处罚款决定书", "加罚", "10-12"),
            served("行政强制执行事先催告书", "执行催告", "11-11"),
        ),
        basis=(
            "《中华人民共和国行政处罚法》第六十一条、《中华人民共和国行政强制法》第三十八条、"
            "《中华人民共和国民事诉讼法》第八十七条至第九十五条"
        ),
    ),
    "transfer_approval": TransferApproval(
        doc_no=story.doc_no("移审"),
        authority=story.AUTHORITY,
        made_at=story.at("03-09", "09:30:00"),
        cause="涉嫌使用未经定期检验的特种设备",
        party=story.UNIT,
        receiver=MARKET,
        ground="jurisdiction",
        situation=(
            "2026年3月2日，本机关执法人员陆文博、沈玥在对该公司进行监督检查时，发现原料堆场使用的一台"
            "3 t 内燃叉车（车牌号：场内苏07·00031）定期检验有效期至2025年11月30日，检查时仍在使用，"
            "现场未能出示有效的检验报告。"
        ),
        reasons=(
            "叉车属于特种设备，其使用单位未按规定申报定期检验的行为由特种设备安全监督管理部门查处，"
            "不属于本机关管辖。依据《中华人民共和国安全生产法》第六十九条，应当及时移送。"
        ),
        handlers=Said(f"建议移送{MARKET}处理。", story.OFFICERS, "2026-03-09"),
        review=Said("拟同意移送，报请审批。", (), "2026-03-09"),
        approval=Said("同意移送。", (), "2026-03-09"),
    ),
    "transfer_letter": TransferLetter(
        doc_no=story.doc_no("移"),
        authority=story.AUTHORITY,
        made_at=story.at("03-10", "10:00:00"),
        receiver=MARKET,
        case_name=FORKLIFT,
        investigated_on="2026-03-02",
        findings=(
            "该公司原料堆场使用的一台 3 t 内燃叉车（车牌号：场内苏07·00031），定期检验有效期至"
            "2025年11月30日，2026年3月2日检查时仍在使用",
            "现场负责人周大勇未能出示该叉车有效的定期检验报告",
        ),
        reasons="上述行为涉嫌违反特种设备安全管理的规定，不属于本机关管辖",
        basis="《中华人民共和国安全生产法》第六十九条",
        enclosures=(
            Enclosure(f"现场检查记录（文号：{story.doc_no('检记')}）复印件", 1, 3),
            Enclosure("叉车及检验标志照片", 1, 2),
            Enclosure("周大勇询问笔录复印件", 1, 4),
        ),
        desk=story.DESK,
        copies_note=story.COPIES.format(recipient="被移送单位"),
    ),
    "crime_transfer_letter": CrimeTransferLetter(
        doc_no=story.doc_no("罪移"),
        authority=story.AUTHORITY,
        made_at=story.at("03-20", "14:00:00"),
        receiver="云湾区公安局",
        case_name="吴海生涉嫌买卖国家机关证件案",
        party=Party(None, WU),
        investigated_on="2026-03-11",
        findings=(
            "2026年3月2日检查时，恒茂公司电工吴海生出示低压电工特种作业操作证一本；经特种作业操作证"
            "查询平台核查，无该证件的登记信息",
            "经发证机关书面答复，该证件不是其核发，证件上的印章系伪造",
            "吴海生承认于2024年6月通过他人购得该证，并持该证上岗作业",
        ),
        crime="《中华人民共和国刑法》第二百八十条规定的买卖国家机关证件罪",
        basis=(
            "《中华人民共和国行政处罚法》第二十七条、"
            "《行政执法机关移送涉嫌犯罪案件的规定》第三条、第五条"
        ),
        approved_on="2026-03-20",
        review_days=3,
        review_basis="《行政执法机关移送涉嫌犯罪案件的规定》第八条",
        enclosures=(
            Enclosure("涉嫌犯罪案件情况的调查报告", 1, 5),
            Enclosure("涉案物品清单", 1, 1),
            Enclosure("发证机关关于证件真伪的书面答复", 1, 2),
            Enclosure("吴海生询问笔录", 1, 4),
            Enclosure("特种作业操作证原件", 1, 0),
        ),
        sent_to="云湾区人民检察院",
        desk=story.DESK,
        copies_note=story.COPIES.format(recipient="被移送单位"),
    ),
    "case_extension_approval": CaseExtensionApproval(
        doc_no=story.doc_no("案延"),
        authority=story.AUTHORITY,
        made_at=story.at("07-15", "09:20:00"),
        case_name=f"{FOUNDRY}重大事故隐患未消除、拒不执行暂时停产停业决定案",
        filed_on="2026-04-23",
        due_on="2026-07-22",
        extended_to="2026-08-21",
        party=Party(CASTER, None),
        reasons=(
            "该案认定深井铸造的应急排放和储存设施是否符合国家标准，须以技术鉴定意见为依据。鉴定机构函告，"
            "结晶器流量监测报警和联锁装置须拆检后实测，鉴定意见于2026年7月底出具，"
            "不能在2026年7月22日前作出决定，申请延长三十日。"
        ),
        basis="《中华人民共和国行政处罚法》第六十条",
        handlers=Said("建议延长办案期限至2026年8月21日。", story.OFFICERS, "2026-07-15"),
        review=Said("情况属实，拟同意延期，报请审批。", (), "2026-07-16"),
        approval=Said("同意延期。", (), "2026-07-16"),
    ),
    "case_closing_approval": CaseClosingApproval(
        doc_no=story.doc_no("结"),
        authority=story.AUTHORITY,
        made_at=story.at("12-18", "10:00:00"),
        case_name=story.CASE_NAME,
        filed_on="2026-03-03",
        decision_no=story.doc_no("罚"),
        party=story.UNIT,
        outcome=OUTCOME,
        execution=(
            "经批准分两期缴纳，第一期罚款已于2026年6月10日缴清；第二期逾期未缴，经催告仍不履行，"
            "已于2026年11月27日申请云湾区人民法院强制执行。2026年12月16日，当事人将第二期罚款和"
            "加处罚款全部缴清，次日人民法院裁定终结执行。两项违法行为均已复查合格。"
        ),
        handlers=Said("本案已执行完毕，建议结案。", story.OFFICERS, "2026-12-18"),
        legal_review=Said("程序合法，材料齐全，同意结案。", (), "2026-12-18"),
        review=Said("拟同意结案，报请审批。", (), "2026-12-18"),
        approval=Said("同意结案。", (), "2026-12-18"),
    ),
    "case_cover": CaseCover(
        doc_no=story.doc_no("案"),
        authority=story.AUTHORITY,
        made_at=story.at("12-25", "09:00:00"),
        case_name=story.CASE_NAME,
        cause=story.CAUSE.removeprefix("涉嫌"),
        outcome=f"{OUTCOME}已执行完毕。",
        filed_on="2026-03-03",
        closed_on="2026-12-18",
        handlers=story.OFFICERS,
        archived_on="2026-12-25",
        archive_no="20260017",
        retention="30年",
    ),
    "case_contents": CaseContents(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("12-25", "09:00:00"),
        case_no=story.doc_no("案"),
        case_name=story.CASE_NAME,
        listed=bound(PAPERS),
    ),
}
