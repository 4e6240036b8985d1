/** Words of a visit, but for those of its checklists. */

import type { Step } from "../router.ts";
import type { Refusal } from "../session/position.ts";

export const VISIT = {
  steps: "检查步骤",
  progress: (lists: number) => (lists > 1 ? "全部检查表已填" : "检查表已填"),
  completed: "本机已结束检查",
} as const;

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  arrive: "到场",
  checklist: "检查表",
  findings: "问题",
  feedback: "反馈",
  signing: "签名",
};

export const ARRIVE = {
  heading: "到场登记",
  begun: "已到场",
  place: "检查地点",
  placeHint: "可写到厂房、车间。",
  placeMissing: "请填写检查地点",
  position: "定位",
  locate: "获取定位",
  again: "重新定位",
  locating: "正在定位…",
  placed: (accuracy: string) => `已定位，误差约\u00a0${Math.ceil(Number(accuracy))}\u00a0米`,
  rough: "误差较大。到室外空旷处重新定位，可以更准确。",
  none: "未定位",
  refused: {
    denied:
      "没有定位权限。请在系统设置中允许后重新定位；也可以不定位，再点一次登记到场。",
    unavailable: "没有收到定位信号。请到室外重新定位；也可以不定位，再点一次登记到场。",
    timeout: "定位超时。请到室外重新定位；也可以不定位，再点一次登记到场。",
  } satisfies Readonly<Record<Refusal, string>>,
  recording: "录音录像",
  recordingHint: "写明设备和编号，如“执法记录仪 0001，全程录像”；没有的写明原因。",
  recordingMissing: "请写明录音录像情况",
  told: "亮证告知",
  show: "出示证件、告知权利",
  showDetail: "打开大字页面，将手机转向企业人员",
  showFirst: "先填写录音录像，告知页才有此项；再打开大字页面，将手机转向企业人员",
  shown: (time: string) => `${time} 已向企业出示，可再次打开`,
  badge: "已出示执法证件，表明身份",
  rights: "已告知企业在检查中的权利",
  notTold: "请先出示证件、告知权利，再勾选",
  badges: { shown: "已出示证件", missing: "未出示证件" },
  rightsTold: { told: "已告知权利", missing: "未告知权利" },
  gate: "扫码入企",
  otherTitle: "不是本任务的企业，仍要登记到场？",
  otherText: (name: string) =>
    `扫码所示企业与本任务不一致。本任务要检查的是${name}，请核对现场企业；确认后，核对结果载入检查记录。`,
  otherConfirm: "已核对，登记到场",
  save: "登记到场",
  change: "更正到场登记",
  changeText:
    "只在填写有误时更正。到场时间仍为首次登记的时间；首次登记时手机时间偏快的，" +
    "到场时间按更正时的时间计。更正的经过保留在日志中。",
  corrections: "到场登记",
  first: (first: string, last: string) => `${first} 首次登记，${last} 更正`,
  saveChange: "保存更正",
  cancel: "取消",
  saved: "到场登记已保存",
  toChecklist: "开始检查",
  who: "到场人员",
  notYet: "未登记",
  ownNotYet: "请在上方登记到场",
  notYetText: "收到记录后显示",
  at: (time: string) => `${time} 到场`,
  rules: "应有两名以上执法人员各自在本人手机上登记到场。",
} as const;

/** A clock that cannot be right, and an arrival that it registered. */
export const CLOCK = {
  title: "手机时间可能不准",
  now: (at: string) => `本机时间现为 ${at}。`,
  server: {
    behind: (span: string, at: string) =>
      `比上次连接服务器时的时间（${at}）慢${span}。`,
    ahead: (span: string, at: string) => `上次连接服务器（${at}）时，本机时间快${span}。`,
  },
  own: (at: string) => `早于本机先前填写的时间（${at}）。`,
  partner: (at: string) => `早于同伴手机填写的时间（${at}），其中至少一部手机的时间不准。`,
  fix: "登记到场以前，请在手机的系统设置中打开“自动确定日期和时间”。调准后，此提示自行消失。",
  ask: "手机时间没有核对，如何登记到场？",
  askText: "到场时间决定检查日期和整改期限的起算。能调准的，请返回调准后再登记。",
  how: "到场时间",
  stated: "填写到场时间",
  unchecked: "时间未核对",
  statedAt: "实际到场时间",
  statedMissing: "请填写实际到场时间",
  uncheckedText: "按本机时间登记，并在检查记录中注明时间未核对。",
  statedText: "按本机时间登记，并在检查记录中注明实际到场时间；联网同步后，可将到场时间更正过来。",
  back: "返回调准",
  confirm: "登记到场",
  noted: (who: string, wall: string) => `${who}登记到场时，手机时间为${wall}，时间未核对`,
  notedStated: (at: string) => `；据其填写，实际到场时间为${at}`,
  off: "到场时间须更正",
  offText: (said: string, should: string) =>
    `登记到场时手机时间不准：登记的是 ${said}，按服务器时间应为 ${should}。`,
  offBehind: "本机时间仍然偏慢，请先在系统设置中打开“自动确定日期和时间”，再更正。",
  correct: (should: string) => `更正为 ${should}`,
  corrected: "到场时间已更正",
} as const;

/** What an arrival says of the code at the gate. */
export const GATE_TOLD = {
  scanned: "扫描",
  typed: "录入",
  codes: { enterprise: "统一社会信用代码", bureau: "入企码" },
  same: "与任务一致",
  unknown: "本机没有资料的企业",
  other: (which: string) => `为${which}，与任务不一致，已核对现场`,
} as const;

export const GAPS = {
  heading: "记录中断",
  text: "录音录像中断的，请登记起止时间和原因，载入检查记录。",
  add: "登记记录中断",
  from: "中断时间",
  to: "恢复时间",
  reason: "中断原因",
  reasonHint: "如“执法记录仪电量耗尽，更换电池”。",
  fromMissing: "请填写中断时间",
  toMissing: "请填写恢复时间",
  backward: "恢复时间应晚于中断时间",
  late: "恢复时间还没有到",
  reasonMissing: "请填写中断原因",
  save: "保存",
  saved: "记录中断已登记",
  restored: "已恢复上次没有保存的内容。",
  remove: "撤回",
  removeTitle: "撤回这段记录中断？",
  removeText: "撤回后不再列入检查记录，撤回的经过仍保留在日志中。",
  removed: "已撤回",
  why: "撤回原因",
  whyMissing: "请填写撤回原因",
  cancel: "取消",
} as const;

export const PEOPLE = {
  heading: "参加人员",
  none: "还没有登记参加人员",
  noneText: "请登记主要负责人、现场负责人、安全管理人员、岗位操作员工等在场人员；有专家参加的，一并登记。",
  experts: "专家",
  expertsText: "专家协助检查，在检查记录中单列姓名、单位和签名。",
  signedText: "已有人签名。更正或者撤回后，已有的签名全部失效，须重新签名。",
  restored: "已恢复上次没有保存的内容。",
  add: "登记人员",
  edit: "更正人员",
  kind: "身份",
  name: "姓名",
  nameMissing: "请填写姓名",
  unit: "单位",
  unitMissing: "请填写专家所在单位",
  position: "职务",
  phone: "电话",
  save: "保存",
  remove: "撤回登记",
  removeTitle: (name: string) => `撤回${name}的登记？`,
  removeText: "撤回后不再列入检查记录，撤回的经过仍保留在日志中。",
  removeSigned: "其本人的签名不再印在检查记录上；其他人的签名也须重新签。",
  reason: "撤回原因",
  reasonMissing: "请填写撤回原因",
  saved: "人员已登记",
  changed: "已更正",
  removed: "已撤回",
  cancel: "取消",
  fromRegistry: "从企业名录选择",
} as const;

export const NOTICE = {
  title: "行政检查告知",
  unit: "被检查单位",
  we: (names: string) =>
    `我们是行政执法人员${names}，这是我们的证件。现依法对你单位进行现场检查，请予以配合。`,
  officers: "检查人员",
  cert: (no: string) => `执法证号：${no}`,
  helpers: (count: number) => `协助人员 ${count} 人，只协助检查，不作出决定`,
  about: "本次检查",
  basis: "检查依据",
  matters: "检查事项",
  days: "检查时间",
  often: "检查频次",
  oftenText: (before: number, cap: number, counts: boolean) =>
    `本机关本年度此前已对你单位检查 ${before} 次，年度上限 ${cap} 次` +
    (counts ? "。" : "；本次检查依照规定不计入年度频次。"),
  rights: "你单位在检查中有权",
  rightsList: [
    "核验证件：要求出示行政执法证件（不得以其他证件代替），核对持证人和有效期。",
    "拒绝无证检查：检查人员少于两人或者未出示行政执法证件的，拒绝检查。",
    "申请回避：认为检查人员与你单位有利害关系、可能影响公正的，申请其回避。",
    "陈述意见：对检查情况作出说明，要求在检查记录上如实记载不同意见。",
  ],
  recording: "执法全过程记录",
  relief: "监督和救济",
  complaint: (phone: string) => `检查人员违反规定的，可以拨打监督投诉电话${phone}反映。`,
  discipline: "检查人员应当遵守的纪律",
  duty: "你单位应当依法配合检查，如实提供情况，不得拒绝、阻挠。",
  readFirst: "请先阅读至末尾",
  done: "已出示、已告知",
  back: "返回",
} as const;

export const FEEDBACK = {
  heading: "交流反馈",
  text: "向企业说明检查情况，听取意见；企业的说明和不同意见应当如实记载，印入检查记录的“其他情况”。",
  none: "还没有记录",
  noneText: "没有意见的，也请记一句，如“企业对检查情况无异议”。",
  label: "反馈内容",
  missing: "请填写内容",
  add: "保存",
  saved: "已保存",
  remove: "撤回",
  removeTitle: "撤回这条记录？",
  removeText: "撤回后不再列入检查记录，撤回的经过仍保留在日志中。",
  removed: "已撤回",
  reason: "撤回原因",
  reasonMissing: "请填写撤回原因",
  quick: "常用语",
  phrases: ["企业对检查情况无异议。", "企业表示立即组织整改。", "已向企业讲解有关规定和整改要求。"],
} as const;
