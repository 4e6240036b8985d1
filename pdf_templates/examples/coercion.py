"""
What the documents of coercion say in the story.

The seizure is HENGMAO's: sealed on 2 March, prolonged on 31 March, released on 3 April. Supplies
are cut off elsewhere, at a foundry that did not obey in April, for HENGMAO obeyed at once.
"""

from pdf_templates.coercion.coercion_approval import CoercionApproval
from pdf_templates.coercion.seizure import Decided, Period
from pdf_templates.coercion.seizure_decision import SeizureDecision
from pdf_templates.coercion.seizure_disposal import Disposal, SeizureDisposal
from pdf_templates.coercion.seizure_extension import SeizureExtension
from pdf_templates.coercion.seizure_list import Seized, SeizureList
from pdf_templates.coercion.supply import Ordered
from pdf_templates.coercion.supply_cut_decision import SupplyCutDecision
from pdf_templates.coercion.supply_cut_notice import SupplyCutNotice
from pdf_templates.coercion.supply_restore_notice import SupplyRestoreNotice
from pdf_templates.examples import story
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee

HENGMAO = Addressee(story.HENGMAO.name, is_unit=True)
LIST_NO = "第1号"
SEAL_BASIS = "《中华人民共和国安全生产法》第六十五条第一款第四项"
OBJECTS = "砂光车间 2# 干式除尘系统（除尘器1台、风机1台、控制柜1台）"
SEALED = Decided("2026-03-02", story.doc_no("查扣"), LIST_NO)
TO_PARTY = story.COPIES.format(recipient="当事人")
LIST_COPIES = "本清单一式二份，由当事人和行政机关分别保存。"

FOUNDRY = "云湾区宏远铸造有限公司"
FOUNDRY_ADDRESS = "江苏省云湾区滨海工业园海堰路26号"
ORDERED = Ordered(
    "2026-04-20", story.doc_no("现决", 3), "责令深井铸造车间暂时停产、停止使用1号深井铸造机"
)
GRID = "云湾供电公司"
CUT_BASIS = "《中华人民共和国安全生产法》第七十条第一款"
TO_SUPPLIER = story.COPIES.format(recipient="配合单位")

EXAMPLES = {
    "coercion_approval": CoercionApproval(
        doc_no=story.doc_no("强审"),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "13:10:00"),
        case_name=story.CASE_NAME,
        party=story.UNIT,
        born="",
        situation="2026年3月2日，本机关执法人员在该公司检查时发现，砂光车间 2# 干式除尘系统未设置"
        "锁气卸灰装置，灰斗内积灰约 0.4 m，除尘器进风管未按规定设置隔爆阀，属于重大事故隐患。",
        object=f"查封该公司{OBJECTS}",
        reason="该除尘系统不符合《粉尘防爆安全规程》（GB 15577-2018）的要求，继续使用有发生粉尘"
        "爆炸的危险，应当予以查封，防止在隐患排除前擅自启用。",
        basis=SEAL_BASIS,
        measure="seal",
        period="2026年3月2日至2026年3月31日（30日）",
        handlers=Said("建议对上述设施予以查封。", story.OFFICERS, "2026-03-02"),
        review=Said("拟同意，报请审批。", (), "2026-03-02"),
        approval=Said("同意。", (), "2026-03-02"),
    ),
    "seizure_decision": SeizureDecision(
        doc_no=story.doc_no("查扣"),
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "14:40:00"),
        party=story.UNIT,
        problems=(
            "砂光车间 2# 干式除尘系统未设置锁气卸灰装置，灰斗内积灰约 0.4 m，不符合《粉尘防爆安全"
            "规程》（GB 15577-2018）的要求",
            "2# 除尘器进风管未按规定设置隔爆阀",
        ),
        basis=SEAL_BASIS,
        measure="seal",
        objects=OBJECTS,
        list_no=LIST_NO,
        period=Period(30, "2026-03-02", "2026-03-31"),
        keeping="你单位（就地保管，封条加贴于风机控制柜和灰斗检修门）",
        appraisal="",
        appraisal_basis="",
        statement="你单位总经理赵喆堃表示无异议，请求在查封期间允许设备厂家进场整改；本机关同意，"
        "整改需要启封的，事先报本机关并由执法人员到场启封",
        remedies=story.REMEDIES,
        copies_note=TO_PARTY,
        officers=story.OFFICERS,
        signatures=(),
    ),
    "seizure_list": SeizureList(
        doc_no="",
        authority=story.AUTHORITY,
        made_at=story.at("03-02", "14:40:00"),
        list_no=LIST_NO,
        decision_no=story.doc_no("查扣"),
        party=story.HENGMAO.name,
        items=(
            Seized(
                "2# 袋式除尘器", "DMC-120，出厂编号 24061702", "台", "1", "灰斗检修门加贴封条2张"
            ),
            Seized("2# 除尘风机", "4-72-8C，22 kW", "台", "1", ""),
            Seized("2# 除尘系统控制柜", "砂光车间北墙内侧", "台", "1", "柜门加贴封条1张"),
        ),
        copies_note=LIST_COPIES,
        officers=story.OFFICERS,
        signatures=(),
    ),
    "seizure_extension": SeizureExtension(
        doc_no=story.doc_no("查扣延期"),
        authority=story.AUTHORITY,
        made_at=story.at("03-31", "10:00:00"),
        addressee=HENGMAO,
        decided=SEALED,
        objects=OBJECTS,
        reason="锁气卸灰装置和隔爆阀尚在安装调试，须经验收和复查后方能确认事故隐患是否消除",
        basis="《中华人民共和国行政强制法》第二十五条第一款",
        period=Period(30, "2026-04-01", "2026-04-30"),
        remedies=story.REMEDIES,
        copies_note=TO_PARTY,
    ),
    "seizure_disposal": SeizureDisposal(
        doc_no=story.doc_no("查扣处"),
        authority=story.AUTHORITY,
        made_at=story.at("04-03", "09:30:00"),
        addressee=HENGMAO,
        decided=SEALED,
        basis="《中华人民共和国行政强制法》第二十七条、第二十八条",
        disposals=(
            Disposal(
                OBJECTS,
                "经2026年4月2日复查，锁气卸灰装置和隔爆阀已安装并验收合格，不再需要采取查封措施",
                "release",
            ),
        ),
        handing_over="请你单位于2026年4月3日14时派人到现场，由本机关执法人员启封",
        remedies=story.REMEDIES,
        copies_note=TO_PARTY,
    ),
    "supply_cut_notice": SupplyCutNotice(
        doc_no=story.doc_no("停供通"),
        authority=story.AUTHORITY,
        made_at=story.at("04-23", "10:00:00"),
        supplier=GRID,
        unit=FOUNDRY,
        address=FOUNDRY_ADDRESS,
        ordered=ORDERED,
        decision_no=story.doc_no("停供决"),
        basis=CUT_BASIS,
        supply="power",
        cut_from=story.at("04-24", "14:00:00"),
        cooperation="停止向该单位 10 kV 海堰路27线用户专用变压器（户号尾数 3316）所带深井铸造车间"
        "供电；该单位生活区、消防和应急照明用电不在停止范围内",
        desk=story.DESK,
        copies_note=TO_SUPPLIER,
    ),
    "supply_cut_decision": SupplyCutDecision(
        doc_no=story.doc_no("停供决"),
        authority=story.AUTHORITY,
        made_at=story.at("04-23", "10:00:00"),
        unit=FOUNDRY,
        ordered=ORDERED,
        danger="2026年4月22日21时，本机关执法人员复查时发现，你单位仍在使用1号深井铸造机生产，铸造井旁的"
        "应急排放和储存设施未投入使用，结晶器进出水未设置流量监测报警和联锁装置，现场有9名作业人员，"
        "一旦发生高温熔融金属泄漏遇水，将造成爆炸伤亡",
        basis=CUT_BASIS,
        supply="power",
        scope="深井铸造车间",
        cut_from=story.at("04-24", "14:00:00"),
        notice_hours=24,
        emergency="",
        remedies=story.REMEDIES,
        copies_note=TO_PARTY,
    ),
    "supply_restore_notice": SupplyRestoreNotice(
        doc_no=story.doc_no("恢复通"),
        authority=story.AUTHORITY,
        made_at=story.at("05-11", "09:00:00"),
        supplier=GRID,
        unit=FOUNDRY,
        notified_on="2026-04-23",
        notice_no=story.doc_no("停供通"),
        supply="power",
        complied_on="2026-05-08",
        compliance="深井铸造车间已停产整改，应急排放和储存设施、流量监测报警和联锁装置已投入使用，"
        "经本机关2026年5月8日复查，重大事故隐患已排除",
        basis="《中华人民共和国安全生产法》第七十条第二款",
        restore_from=story.at("05-11", "14:00:00"),
        scope="深井铸造车间",
        desk=story.DESK,
        copies_note=TO_SUPPLIER,
    ),
}
