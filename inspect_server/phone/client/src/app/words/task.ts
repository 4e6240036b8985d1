/** Words of a task and of its enterprise. */

export const TASK = {
  title: "任务详情",
  gone: "本机没有这项任务",
  goneText: "任务可能已改派或者已归档。请在有网络时同步，或者返回任务列表。",
  toTasks: "返回任务列表",
  enterprise: "被检查单位",
  more: "企业信息、历次检查、未整改问题",
  about: "任务",
  number: "任务编号",
  source: "任务来源",
  category: "检查类别",
  days: "检查时段",
  state: "状态",
  draw: "抽取编号",
  follows: "复查的检查",
  announced: "事先通知",
  yes: "是",
  no: "否",
  remark: "备注",
  team: "检查人员",
  cert: (no: string) => `执法证号 ${no}`,
  you: (name: string) => `${name}（本人）`,
  helpers: "协助人员",
  helpersHint: "只协助检查，不作出决定",
  others: "曾参加的人员",
  forms: "检查表",
  version: (number: number) => `第 ${number} 版`,
  items: (count: number) => `${count} 项`,
  formMissing: "尚未下载，请先同步",
  basis: "检查依据",
  enter: "进入检查",
  resume: "继续检查",
  look: "查看检查",
} as const;

const CLOSED_TEXT =
  "内容不再变动，本机只供查看，不能再填写和签名。需要更正、补充的，请联系承办机构。";

/** By the task's state, what is told of a record that takes in no more. */
export const CLOSED = {
  record_closed: { title: "记录已办结", text: CLOSED_TEXT },
  documents_issued: { title: "记录已办结，文书已制作", text: CLOSED_TEXT },
  ended: { title: "检查已终止", text: "本机只供查看，不能再填写和签名。" },
} as const;

export const ENTERPRISE = {
  title: "企业信息",
  missing: "本机没有该企业的资料",
  missingText: "请在有网络时同步后查看。",
  uscc: "统一社会信用代码",
  legal: "法定代表人",
  address: "地址",
  division: "所属区划",
  industry: "行业代码（门类）",
  status: "经营状态",
  business: "经营范围",
  recusal: "本机关回避",
  geo: "手机地图",
  amap: "高德地图",
  contacts: "联系人",
  noContacts: "名录中没有联系人",
  call: (name: string) => `拨打${name}的电话`,
  grading: "分级分类",
  risk: "风险等级",
  credit: "信用等级",
  standard: "安全生产标准化",
  key: "重点企业",
  sectors: "行业领域",
  checks: (year: string) => `${year} 年检查`,
  capTold: (before: number, cap: number) => `本次检查前 ${before} 次，年度上限 ${cap} 次`,
  noCap: (before: number) => `本次检查前 ${before} 次`,
  earlier: "往年检查",
  hazards: "未整改问题",
  noHazards: "没有未整改的问题",
  overdue: "已逾期",
  deadline: (day: string) => `整改期限 ${day}`,
  atOnce: "应当场改正",
  found: (day: string) => `${day}发现`,
  supervised: "待挂牌督办",
  measures: (what: string) => `处理措施：${what}`,
  order: (no: string) => `责改文书 ${no}`,
  rechecked: (day: string, result: string) => `${day}复查：${result}`,
  place: (place: string) => `部位：${place}`,
  basis: (basis: string) => `依据：${basis}`,
} as const;

/** What was found before and is not open any more. */
export const RECTIFIED = {
  heading: "已整改问题",
  none: "没有已整改问题的记录",
  unknown: "本机没有已整改问题的资料。请在有网络时同步；仍没有的，请向承办机构查询。",
  found: (day: string, number: string) => `${day}检查发现 · ${number}`,
  place: (place: string) => `部位：${place}`,
  order: (no: string) => `责改文书 ${no}`,
  how: (how: string, day: string, recheck: string) => {
    if (how === "on_site") return `${day}当场改正`;
    if (how === "rechecked") return `${day}复查合格`;
    return `${day}复查（${recheck}）未再列出，该次复查没有逐项填写结果`;
  },
  more: (count: number) => `显示其余 ${count} 项`,
  older: (count: number) => `另有更早的 ${count} 项没有下载，请向承办机构查询。`,
} as const;

/** What is told where the annual cap is reached. */
export const CAP = {
  reached: "已达年度检查频次上限",
  unknown: "已达年度检查频次上限。本机没有本次检查是否不受限制的资料，请先向承办机构核实。",
  counts: (source: string) =>
    `本次检查来源为“${source}”，计入频次。请先向承办机构核实，再到现场。`,
  often: (before: number, cap: number) => `本次检查前 ${before} 次，年度上限 ${cap} 次`,
  exempt: (source: string) => `本次检查来源为“${source}”，不受年度上限限制。`,
  /** To the enterprise, which never reads what the source is. */
  exemptTold: "本次检查依照规定不受年度上限限制。",
  reason: (remark: string) => `事由：${remark}`,
  approved: (name: string, time: string) => `批准人：${name}，${time}批准`,
  noApprover: "批准人：本机没有资料",
  basis: (source: string) => `依据：${source}`,
  unverified: "未与原文核对",
} as const;

/** What the notice of rights lacks, told to officers and not to the enterprise. */
export const LACKS = {
  phone: "本机没有监督投诉电话，告知页不显示此项，请在现场口头告知。",
  relief: "本机没有申请行政复议、提起行政诉讼的途径，告知页不显示此项，请在现场口头告知。",
  then: "同步后仍然没有的，请承办机构联系系统管理员填写。",
} as const;

/** The five 严禁 of whoever checks. */
export const DISCIPLINE = {
  heading: "检查纪律",
  missing: "本机没有检查纪律的资料，请在有网络时同步。",
  source: (source: string) => `来源：${source}`,
  unverified: "名目未与原文核对",
} as const;
