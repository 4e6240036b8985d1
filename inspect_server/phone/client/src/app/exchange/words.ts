/** Words of the exchange between two phones. */

export const EXCHANGE = {
  title: "交换记录",
  about:
    "签名前，主办手机接收同伴手机的记录，签名人才能看到全部内容。两部手机都不需要网络。",
  team: "各人的记录",
  own: "本人",
  here: "已收到",
  notHere: "未收到",
  none: (role: string) => `${role} · 本机尚无其记录`,
  held: (role: string, count: number, last: string) => `${role} · ${count} 项，最近 ${last}`,
  receive: "接收同伴记录",
  receiveText: "请同伴在其手机上打开本页，选一种方式传过来。要照片的，用文件。",
  scan: "扫同伴的二维码",
  pick: "选择同伴的文件",
  give: "传给同伴",
  facts: (entries: number, size: string) => `可传出 ${entries} 条记录，共 ${size}。`,
  carried: (files: string, size: string) => `照片录像：${files}，共 ${size}。`,
  which: "文件内容",
  whole: "含照片录像",
  only: "不含照片录像",
  wholeText: "照片录像逐个核对摘要后才收下。文件太大传不了的，或者同伴程序较旧读不了的，改选不含。",
  onlyText: "同伴先看到照片的时间、地点和摘要；照片文件由拍摄的手机联网送达。",
  preparing: (done: number, of: number) => `正在准备 ${done} / ${of}…`,
  ready: (size: string) => `文件已备好（${size}），再点一次发送`,
  nothing: "本机还没有可传出的记录；已送达服务器的，同伴同步即可收到。",
  show: "显示二维码",
  showDetail: (codes: number, seconds: number) =>
    `${codes} 张，一轮约 ${seconds} 秒，同伴用相机扫；不含照片`,
  tooMany: (codes: number, seconds: number) =>
    `${codes} 张，一轮约 ${seconds} 秒，建议发送文件，或者先扫同伴清单`,
  muchTooMany: "内容较多，不能一次用二维码传完，请发送文件，或者先扫同伴清单，分几次传",
  send: "发送文件",
  sendDetail: (name: string, size: string) => `${size}，用蓝牙、隔空投送、数据线等：${name}`,
  photosOnly: (count: number) =>
    `另有 ${count} 个照片或者录像文件不在本机，不能传出，由拍摄的手机联网送达。`,
  sent: "已交给系统发送",
  kept: "文件可交给同伴，请同伴在本页选择接收",
  done: "已接收",
  fresh: (count: number) => `新增 ${count} 条记录`,
  known: "内容本机都已有，没有新的记录",
  files: (count: number) => `收下照片录像 ${count} 个，已逐个核对摘要`,
  unkept: (count: number) =>
    `有 ${count} 个照片或者录像文件没有存下，本机空间可能不足；清理后再接收一次，只补缺少的。`,
  from: (name: string, entries: number) => `${name}：${entries} 条`,
  somebody: "其他人员",
  missing: (count: number) =>
    `其中 ${count} 个照片或者录像文件不在本机，联网后由拍摄的手机送达。`,
  elsewhere: (count: number) => `另有 ${count} 条属于同组的其他任务，一并收下。`,
  conflicts: (count: number) => `有 ${count} 处与本机填写不一致，请主办人员逐处确认。`,
  toChecklist: "去检查表确认",
  toConflicts: "去签名页逐处确认",
  refused: "没有接收",
  refusedAfter: "本机的记录没有任何变化。",
  toSigning: "返回签名",
  ended: "请双方都接收一次，再请企业签名。",
} as const;

/** Comparing the keys of two phones, since a name in a file proves nobody. */
export const COMPARING = {
  own: "本机核对码",
  ownText: "同伴接收本机记录时，请对方核对此码。",
  title: "核对同伴手机",
  text: "请与同伴手机“交换记录”页上的核对码逐位核对，一致再接收。",
  brings: (entries: number) => `${entries} 条记录`,
  known: "，以前已核对接收",
  confirm: "核对一致，接收",
  cancel: "不接收",
  held: "代存的同伴记录",
  heldText: "下列记录由本机代存，服务器尚未收到。核对码与同伴手机不符的，点开删除。",
  waits: (entries: number) => `${entries} 条，服务器尚未收到`,
  dropTitle: (code: string) => `删除核对码 ${code} 的记录？`,
  dropText: "只删除由该手机传来、服务器尚未收到的记录；本人的记录不受影响，同伴可以重新传来。",
  drop: "删除",
  dropped: (entries: number) => `已删除 ${entries} 条`,
} as const;

/** What came in, by kind. */
export const KINDS: readonly (readonly [type: string, name: string])[] = [
  ["answer.set", "检查项"],
  ["answer.retract", "检查项撤回"],
  ["finding.add", "问题"],
  ["finding.amend", "问题修改"],
  ["finding.retract", "问题撤回"],
  ["photo.add", "照片录像"],
  ["photo.retract", "照片录像撤回"],
  ["participant.add", "参加人员"],
  ["participant.retract", "参加人员撤回"],
  ["note.add", "其他情况"],
  ["note.retract", "其他情况撤回"],
  ["recheck.set", "问题复查"],
  ["recheck.retract", "问题复查撤回"],
  ["gap.declare", "记录中断"],
  ["gap.retract", "记录中断撤回"],
  ["conflict.resolve", "不一致的确认"],
  ["visit.start", "到场登记"],
  ["signature.add", "签名"],
  ["signature.retract", "签名撤回"],
  ["visit.complete", "结束检查"],
];

/** The one code that says what a phone has, so that the partner's carry only what it lacks. */
export const HAVING = {
  show: "出示清单",
  showDetail: "一张码。同伴扫后，只显示本机所缺的记录",
  title: "本机已有记录的清单",
  hint: "请同伴点“扫同伴清单”，对准屏幕。同伴显示二维码后，本机点“扫同伴的二维码”。",
  close: "关闭",
  scan: "扫同伴清单",
  scanDetail: "同伴点“出示清单”，本机扫后只显示其所缺",
  scanTitle: "扫同伴清单",
  scanHint: "对准同伴手机“本机已有记录的清单”",
  wrong: "这不是同伴的清单，请同伴在“交换记录”页点“出示清单”",
  otherTask: "这是另一项任务的清单，请双方打开同一项任务",
  none: "同伴已有本机全部记录，不用再传。",
  lacking: "同伴缺少的记录",
  lacks: (entries: number, codes: number, seconds: number) =>
    `${entries} 条，${codes} 张码，一轮约 ${seconds} 秒。`,
  round: (entries: number, codes: number, seconds: number) =>
    `内容较多，分几次传：本次 ${entries} 条，${codes} 张码，一轮约 ${seconds} 秒。`,
  left: (entries: number, codes: number) =>
    `其余 ${entries} 条约 ${codes} 张。同伴收下本次的后，请再出示一次清单；建议改用发送文件。`,
  go: "显示二维码",
} as const;

/** Milliseconds for which each code is shown. */
export const PACES = { slow: 1500, plain: 900, fast: 500 } as const;

/** Return the seconds in which so many codes are shown once. */
export function secondsOf(codes: number, pace: number = PACES.plain): number {
  return Math.ceil((codes * pace) / 1000);
}

export const SERIES = {
  title: "二维码",
  at: (n: number, of: number) => `第 ${n} / ${of} 张`,
  size: (size: string, seconds: number) => `共 ${size}，一轮约 ${seconds} 秒`,
  one: (size: string) => `共 ${size}`,
  hint: "请同伴点“扫同伴的二维码”，对准屏幕；先后次序不限。",
  pause: "暂停",
  go: "继续",
  before: "上一张",
  after: "下一张",
  pace: "速度",
  paces: { slow: "慢", plain: "中", fast: "快" },
  close: "关闭",
} as const;

export const READING = {
  title: "扫同伴的二维码",
  aim: "对准同伴手机上的二维码",
  progress: (got: number, of: number) => `已扫 ${got} / ${of} 张`,
  left: (numbers: string) => `还差第 ${numbers} 张`,
  none: "这不是交换记录的二维码",
  another: "这是另一组二维码。请同伴不要关闭页面；已经重新打开的，点“重新扫”。",
  again: "重新扫",
  whole: "已扫全，正在核对…",
  close: "关闭",
} as const;
