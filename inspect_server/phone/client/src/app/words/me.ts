/** Words of the page about the account and the phone. */

import { joined } from "../../store/counted.ts";

export const ME = {
  title: "我的",
  login: (login: string) => `账号 ${login}`,
  lock: "立即锁定",
  security: "锁定与密码",
  idle: "无操作自动锁定",
  idleValue: (minutes: number) =>
    minutes < 60 ? `${minutes} 分钟` : `${minutes / 60} 小时`,
  idleText: "到时间后须输入本机密码才能继续。已保存的内容不受影响，正在填写的内容会暂存。",
  changeSecret: "修改本机密码",
  currentSecret: "现在的本机密码",
  next: "下一步",
  secretChanged: "本机密码已修改",
  save: "保存新密码",
  phone: "手机与存储",
  label: "手机名称",
  noLabel: "未命名",
  labelDetail: "手机名称，承办机构凭此辨认；点此修改",
  labelUnfit: "名称中有不能使用的字符，请改用文字、数字",
  rename: "修改手机名称",
  renameText:
    "须联网并重新登录。以后承办机构的手机名单和照片信息中显示新名称，已拍的照片不变；本机的其他账号在各自下次登录后更名。",
  renamed: "手机名称已修改",
  saveLabel: "保存",
  replica: "手机编号",
  replicaDetail: (replica: string) => `${replica.slice(0, 16)}，与承办机构名单中的一致`,
  others: "本机的其他账号",
  othersNamed: (names: readonly string[]) => names.join("、"),
  used: "已用空间",
  usedOf: (used: string, quota: string) => `${used}，可用约 ${quota}`,
  low: "可用空间不足，拍照可能无法保存。请在系统设置中清理其他应用的空间，不要清除本程序的数据。",
  persisted: "长期保存",
  persistedYes: "系统已同意",
  persistedNo: "系统未同意",
  askPersist: "申请长期保存",
  persistHint: "系统未同意时，存储空间紧张会清理本机数据。请把本程序添加到主屏幕后再申请。",
  persistRefused: "系统仍未同意，请每天检查后及时同步",
  installed: "主屏幕",
  installedYes: "已添加",
  installedNo: "未添加",
  program: "程序",
  version: (number: string) => `版本 ${number}`,
  versionDetail: (since: string, build: string) =>
    `${since}起在本机使用${build ? `，标识 ${build}` : ""}。咨询问题时请告知`,
  newer: "有新版本",
  update: "立即更新",
  updateText: "更新后须重新输入本机密码。",
  inVisit: "检查进行中，结束检查后更新。",
  leave: "退出",
  lastResort: "导出未送达内容",
  lastResortDetail: "手机将要损坏、再也不能联网时使用",
  lastResortTitle: "导出未送达内容",
  lastResortText:
    "把没有取得服务器回执的记录、照片和录像存成一个加密文件，交系统管理员在服务器上导入" +
    "（inspect-server journal rescue），导入后与本机送达的一样计入。" +
    "平时请联网同步，不需要导出；导出后本机内容仍然保留。",
  passphrase: "文件口令",
  passphraseHint: "至少 10 个字符。口令请当面告知管理员，不要与文件一起发送。",
  again: "再输入一次",
  tooShort: "文件口令至少 10 个字符",
  different: "两次输入不一致，请重新输入",
  export: "导出",
  nothingToExport: "本机内容都已取得服务器回执，不需要导出。",
  exported: "已导出，请把文件交系统管理员导入，并当面告知口令",
  exportDamaged: (entries: number, photos: number) =>
    `文件已导出，但本机有 ${[
      entries ? `${entries} 条记录` : "",
      photos ? `${photos} 个照片或录像` : "",
    ]
      .filter(Boolean)
      .join("、")}已损坏，不在文件内（文件中列有其编号）。请保留本机数据，并告知系统管理员。`,
  logOut: "退出登录",
  logOutDetail: "清除本机上该账号的全部数据",
  logOutTitle: "退出登录并清除数据？",
  logOutText: "本账号的内容都已送达服务器。退出后，本机上该账号的任务、记录和照片将全部清除。",
  logOutRefused: "现在不能退出登录",
  missing: (entries: number, files: string, partners: number) =>
    joined([
      entries ? `${entries} 条记录` : "",
      files,
      partners ? `${partners} 条同伴记录` : "",
    ]),
  logOutMissing: (missing: string) =>
    `还有 ${missing}没有取得服务器回执，退出会造成丢失。请先联网同步，全部送达后再退出。`,
  logOutLosing: "有内容没有保存，退出后不能找回",
  logOutLosingText:
    "下列照片、录像拍摄后没有保存，表单没有填完，都没有送到服务器。请返回到原处保存；确实不要的，可以放弃并退出，本机上该账号的全部数据随之清除。",
  logOutAnyway: "放弃并退出",
  unsaved: (taken: number, forms: number) =>
    joined([
      taken ? `没有保存的照片、录像 ${taken} 个` : "",
      forms ? `没有填完的表单 ${forms} 份` : "",
    ]),
  otherTask: "已不在本机的任务",
  toSync: "去同步",
  cancel: "取消",
  close: "关闭",
  loggedOut: "已退出登录",
} as const;
