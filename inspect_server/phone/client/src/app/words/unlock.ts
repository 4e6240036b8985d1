/** Words of unlocking an account on this phone. */

export const UNLOCK = {
  title: "现场检查",
  choose: "请选择账号",
  hello: (name: string) => `${name}，请输入本机密码`,
  pin: "数字密码",
  phrase: "口令",
  typed: (count: number) => `已输入 ${count} 位`,
  byPhrase: "改用口令",
  byPin: "改用数字密码",
  erase: "删除一位",
  unlock: "解锁",
  wait: (seconds: number) => `输错次数过多，请等待 ${seconds} 秒后再试；本机数据不受影响。`,
  other: "换一个账号",
  add: "登记另一个账号",
  made: (moment: string) => `${moment} 登记`,
  replica: (digits: string) => `手机编号 ${digits}`,
  remove: "从列表移除该账号",
  forgot: "忘记本机密码",
  forgotTitle: "忘记本机密码怎么办",
  forgotText: [
    "本机密码只保存在您的记忆中，任何人都不能重置，管理员和服务器也不能。",
    "已经送达服务器的内容是安全的：换一部手机，或者在本机重新登记，同步后就能看到。",
    "没有送达的内容只在本机，想起本机密码后可以继续使用。本机数据会一直保留，不会因为输错而清除。",
  ],
  close: "知道了",
} as const;
