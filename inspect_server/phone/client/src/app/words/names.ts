/** What the codes of the documents are called; the same words as on the office's pages. */

export const SOURCES: Readonly<Record<string, string>> = {
  draw: "双随机抽查",
  key: "重点企业计划检查",
  complaint: "投诉举报",
  assigned: "转办交办",
  recheck: "整改复查",
};
export const STATES: Readonly<Record<string, string>> = {
  dispatched: "已派发",
  under_way: "检查中",
  record_closed: "记录已办结",
  documents_issued: "文书已制作",
  ended: "已终止",
};
export const ROLES: Readonly<Record<string, string>> = { lead: "主办", member: "协办" };
export const RISKS: Readonly<Record<string, string>> = {
  red: "红色（重大风险）",
  orange: "橙色（较大风险）",
  yellow: "黄色（一般风险）",
  blue: "蓝色（低风险）",
  unknown: "未评定",
};
export const CREDITS: Readonly<Record<string, string>> = {
  A: "A级",
  B: "B级",
  C: "C级",
  D: "D级",
  unknown: "未评定",
};
export const STANDARDISATION: Readonly<Record<string, string>> = {
  "1": "一级",
  "2": "二级",
  "3": "三级",
  none: "未定级",
};
export const STATUSES: Readonly<Record<string, string>> = {
  operating: "在营",
  stopped: "停产",
  closed: "关闭",
};
export const SECTORS: Readonly<Record<string, string>> = {
  dust_explosion: "粉尘涉爆",
  confined_space: "有限空间",
  metal_smelting: "金属冶炼",
  ammonia_refrigeration: "液氨制冷",
  hazardous_chemicals: "危险化学品",
};
export const LEVELS: Readonly<Record<string, string>> = {
  general: "一般隐患",
  major: "重大事故隐患",
};
const REMOVE_AT_ONCE = "责令立即排除";
const MEASURES: Readonly<Record<string, string>> = {
  rectify_now: "责令立即改正",
  rectify_within: "责令限期整改",
  suspend: "责令暂时停产停业",
  withdraw: "责令撤出作业人员",
  stop_use: "责令停止使用",
  refer: "线索移送",
};
export const PARTICIPANTS: Readonly<Record<string, string>> = {
  in_charge: "主要负责人",
  responsible: "现场负责人",
  safety: "安全管理人员",
  operator: "岗位操作员工",
  expert: "专家",
  witness: "见证人",
};

/** Return what a measure is called about a finding of this level; "" where none was chosen. */
export function measureName(measure: string, level: string): string {
  const isRemoved = level === "major" && measure === "rectify_now";
  return isRemoved ? REMOVE_AT_ONCE : word(MEASURES, measure);
}

/** Return what everything is called that a finding says is ordered about it, in its order. */
export function measuresNamed(finding: Readonly<Record<string, unknown>>): string {
  const further = (finding["further_measures"] ?? []) as readonly string[];
  const level = String(finding["level"] ?? "");
  return [String(finding["measure"] ?? ""), ...further]
    .map((one) => measureName(one, level))
    .join("、");
}

/** Return the word for a code, the code itself where a newer server has one more. */
export function word(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code;
}
