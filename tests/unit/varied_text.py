"""Texts as inspectors, clerks and enterprises write them, put together at random from a seed."""

import random

CHINESE = (
    "砂光车间干式除尘系统未设置锁气卸灰装置，除尘器进风管未按规定设置隔爆阀；",
    "依据“双随机、一公开”要求——检查人员（两名）出示证件……当事人未提出回避申请。",
    "是否落实？已落实；责任人：王某、李某……（详见附件）！",
    "见照片1、2；“未见‘锁气卸灰’装置”（含2#除尘器）！",
    "现场负责人称：“设备上周才坏——我们报修了。”经核对，报修单日期为2026年2月27日。",
    "【强制性条文】、〔注〕〖说明〗与『引文』「引语」并列，［甲］｛乙｝甲／乙；",
    "阿卜杜拉·买买提、喆堃玥珺翀祎赟旻瑄等四人在场。",
    "污水池（有限空间）入口处未设置明显的安全警示标志，未落实上锁等防止未经审批进入的措施。",
)
LAW = (
    "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条；",
    "《中华人民共和国行政处罚法》第六十三条第一款第（二）项、第六十四条。",
    "GB 15577-2018《粉尘防爆安全规程》第8.2条【强制】：",
    "GB/T 9704—2012、GB/T 15834—2011、AQ 4273-2016、ISO 9001:2015 等标准",
    "（苏·云）应急罚〔2026〕1号、（苏·云）应急检记〔2026〕107-2号",
    "云应急罚告〔2026〕第 12 号（存档联）",
)
FIGURES = (
    "灰斗内积灰约 0.4 m，粉尘浓度 12.5%、温度 35℃，面积 1200㎡，",
    "风量3600m³/h，浓度≤8 mg/m³，压力0.4 MPa～1.6 MPa，噪声85 dB，",
    "罚款人民币伍万元整（￥50,000.00元），加处罚款每日3％，",
    "2026年3月2日9时05分至11时40分，",
    "2026-03-02 09:05—11:40，",
    "电压220V±10%，储存量≥5t，O2浓度19.5％，H2S超过10 ppm，CO2正常，",
    "北纬34°36′46″、东经119°13′17″，距离约 6 m，",
    "第1项、第2项、第（3）项；1．2．3．；①②③；",
    "温度-20 ℃至+45 ℃，管径Φ108×4 mm，扭矩12 N·m，",
    "CO₂浓度≤0.5％、H₂S未检出、O₂ 20.9％、NH₃泄漏报警值25 ppm（LEL的20％），低温−18℃，风险值10⁻⁶，",
)
CODES = (
    "统一社会信用代码91320799MA1WXY7K9K，电话0518-86000000。",
    "SHA-256 为 e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2。",
    "网址https://www.yunwan.gov.cn/inspect/verify?case=3f2a9c&lang=zh-CN，",
    "邮箱lu.wenbo@yingji.yunwan.gov.cn，",
    "证号苏07990012、苏07990031，车牌苏G·A1234，",
    "设备编号DF-2000A/B（序列号SN20260302-00017）、",
)
LATIN = (
    "LXGW WenKai and other Latin words run on, too. ",
    "Mate 60 Pro（HarmonyOS 4.2）、Windows 11、",
    "ABB ACS580-01 变频器、SIEMENS SIMATIC S7-1200 PLC、",
    "The dust collector has no airlock (rotary valve), see photo 3; ",
    "don't、it's、AT&T、R&D、C++、A/B 类、Wi-Fi、No.7、p. 12，",
)
KINDS = (CHINESE, LAW, FIGURES, CODES, LATIN)


def varied(seed: int, least: int = 3, most: int = 14) -> str:
    """Return a paragraph of several parts; half of them are Chinese prose."""
    rng = random.Random(seed)
    parts = []
    for _ in range(rng.randint(least, most)):
        kind = CHINESE if rng.random() < 0.4 else rng.choice(KINDS)
        parts.append(rng.choice(kind))
    return "".join(parts).strip()
