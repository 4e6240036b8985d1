/** Words of the bars and of what may stand on any page. */

export const FRAME = {
  app: "现场检查",
  nav: "主导航",
  tasks: "任务",
  sync: "同步",
  me: "我的",
  back: "返回",
  reader: "本账号已在另一个窗口打开，本窗口只能查看。",
  takeOver: "改在本窗口填写",
  loading: "正在读取…",
  noData: "本机数据没有打开",
  low: (left: string) =>
    `手机剩余空间约 ${left}，照片、录像可能存不下。请及时同步，并在系统设置中清理其他应用的空间，不要清除本程序的数据。`,
  retry: "重试",
} as const;

/** Before something is lost that somebody wrote, drew or chose. */
export const GIVE_UP = {
  title: "放弃已写的内容？",
  text: "已写的内容还没有保存，放弃后不能找回。",
  stay: "继续填写",
  confirm: "放弃",
} as const;

/** The one state of delivery, as short as the bar needs it. */
export const STATE = {
  delivered: "已送达",
  waiting: (count: number) => `待送 ${count}`,
  syncing: "同步中",
  attention: "需处理",
} as const;
