/** Words of making a phone known to the server. */

import type { Obstacle } from "../session/device/browser.ts";

export const ENROL = {
  title: "登记本机",
  intro: "登记需要联网，只做一次。登记后，检查全程可以不联网。",
  back: "返回",
  next: "下一步",
  asking: "正在核对账号和密码",
  login: "账号",
  password: "登录密码",
  code: "动态口令",
  codeHint: "账号启用了动态口令的填写；平时出动态口令的手机不在身边的，填恢复码。",
  label: "手机名称",
  labelHint: "承办机构凭名称辨认手机，如“张三的手机”。",
  loginMissing: "请填写账号",
  passwordMissing: "请填写登录密码",
  labelMissing: "请填写手机名称",
  known: (who: string) => `本机已经登记账号 ${who}`,
  knownText:
    "请返回，用原来的本机密码解锁。再登记一次将另建一份，两份内容互不相通，没有送达的内容只在原来的一份中。" +
    "忘记本机密码的，可以再登记一次，原来的一份保留。",
  knownBack: "返回解锁",
  knownAgain: "再登记一次",
  secretTitle: "设置本机密码",
  secretWhy: "本机密码用来解锁本机上的检查数据，与登录密码无关，不会发送到服务器。",
  kind: "本机密码的种类",
  pin: "数字密码",
  phrase: "口令",
  pinLabel: "数字密码（至少 6 位）",
  phraseLabel: "口令（至少 10 个字符）",
  again: "再输入一次",
  pinHint: "6 位以上数字，不能是同一个数字，也不能是 123456 一类的连续数字。",
  phraseHint: "10 个以上字符，不能是同一个字符。",
  pinTold:
    "6 位数字只能防止他人随手翻看：手机遗失、被盗后，数字密码可能被他人用计算机逐一试出。" +
    "经常存放敏感资料的，请使用口令。",
  phraseTold: "建议用四个以上互不相关的词语组成口令，既好记，又难猜。",
  forgetTold: "本机密码忘记后无法找回，没有送达的内容将无法打开，请务必牢记。",
  tooShortPin: "数字密码至少 6 位",
  notDigits: "数字密码只能由数字组成",
  tooShortPhrase: "口令至少 10 个字符",
  different: "两次输入不一致，请重新输入",
  start: "完成登记",
  doing: "正在登记",
  steps: {
    account: "建立本机账号",
    storage: "申请长期保存",
    sync: "下载任务",
  },
  kept: "系统已同意长期保存本机数据。",
  notKept:
    "系统没有同意长期保存：存储空间紧张时，系统可能清理本机数据，请每天检查后及时同步。",
  syncLater: "登记已完成，任务没有下载完，请在有网络时同步。",
  done: "登记完成",
  doneText: (name: string) => `${name}，本机可以用于现场检查了。`,
  enter: "进入任务",
} as const;

export const OBSTACLES: Readonly<
  Record<
    Obstacle,
    { readonly title: string; readonly text: string; readonly steps: readonly string[] }
  >
> = {
  insecure: {
    title: "此地址不能用于现场检查",
    text: "当前连接没有加密，浏览器不允许离线保存和签名。请向管理员索取以 https:// 开头的地址后重新打开。",
    steps: [],
  },
  not_installed: {
    title: "请先添加到主屏幕",
    text: "在 Safari 标签页中，系统会在 7 天未访问后清除数据，因此不能用于现场检查。请按下列步骤安装：",
    steps: [
      "点按 Safari 工具栏中的“共享”按钮（方框和向上箭头）。",
      "向下滑动，点按“添加到主屏幕”，再点按“添加”。",
      "回到主屏幕，从新图标打开“现场检查”，再登记本机。",
    ],
  },
  embedded: {
    title: "请用系统浏览器打开",
    text: "在微信、QQ、钉钉等应用内打开时，数据随时可能被清除，不能用于现场检查。",
    steps: ["点按右上角的“…”按钮。", "选择“在浏览器打开”。", "在浏览器中登记本机，并添加到主屏幕。"],
  },
  outdated: {
    title: "浏览器版本过低",
    text: "请升级系统浏览器后重新打开。安卓手机需要 Chrome 或系统 WebView 111 以上，苹果手机需要 iOS 16.4 以上。本机缺少：",
    steps: [],
  },
};
