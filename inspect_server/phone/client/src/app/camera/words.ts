/** Words of camera, viewer and drawing. */

import { counted } from "../../store/counted.ts";
import type { NoCameraReason } from "./device/stream.ts";

/** The caption of a file that was not taken in this visit. */
export const ALBUM = "从相册选取，非本次检查时拍摄";

export const CAMERA = {
  photo: "拍照",
  video: "录像",
  title: { image: "拍照", video: "录像" },
  close: "关闭相机",
  shutter: "拍摄",
  running: (seconds: number, most: number, size: string) => `${seconds} / ${most} 秒 · 约 ${size}`,
  start: "开始录像",
  stop: "停止录像",
  torch: "补光灯",
  album: "相册",
  system: "系统相机",
  save: (count: number) => (count ? `保存 ${count}` : "保存"),
  saving: (done: number, all: number) => `正在保存 ${done} / ${all}`,
  taken: (count: number) => `已拍 ${count} 个，点小图可查看、标注、删除`,
  first: "对准要拍摄的内容，可连续拍多张",
  firstVideo: "最长 30 秒，点一次开始，再点一次停止",
  opening: "正在打开相机…",
  placed: (accuracy: string) => `已定位 ±${Math.ceil(Number(accuracy))} 米`,
  locating: "正在定位…",
  unplaced: "未定位",
  low: (left: string) => `手机剩余空间约 ${left}，请先清理空间或者及时同步，以免照片存不下。`,
  restored: (films: number, all: number) =>
    `有 ${counted({ photos: all - films, films })}是以前拍摄、尚未保存的，请保存或者删除。` +
    (films > 0 ? "录像中途被打断的，保留到打断前为止。" : ""),
  silent: "没有麦克风权限，录像没有声音。",
  brokeOff: "录像中断，已录到的部分保留在下面，请查看后保存或者删除。",
  noRecording: "本机浏览器不能录像，请用“系统相机”。",
  remove: "删除",
  mark: "标注",
  marked: "已标注",
  back: "返回",
  keep: "保留",
  review: "查看所拍内容",
  size: "大小",
  askTitle: (films: number, all: number) => `有 ${counted({ photos: all - films, films })}尚未保存`,
  ask: "关闭后，没有保存的照片、录像不再保留。",
  discard: "不保存",
  saveAll: "保存",
  noView: "本机不能显示这种格式的照片，原文件照样保存",
} as const;

/** What was taken and not saved, and where it is seen, saved or let go. */
export const LEFT = {
  title: "没有保存的照片、录像",
  text: "拍摄后没有保存，只在本机，不会送达服务器。",
  notice: (count: number, named: readonly string[], isMore: boolean) =>
    `有 ${count} 张照片或录像拍摄后没有保存：${named.join("、")}${isMore ? "等" : ""}。` +
    "请到“我的”页查看，保存或者删除。",
  gone: (enterprise: string) => `${enterprise || "检查任务"}（已不在本机）`,
  finding: "问题",
  outside: "检查表以外的问题",
  row: (number: string) => `第 ${number} 行`,
  count: (count: number) => `${count} 个`,
  hereText: "点“打开相机”，在相机中保存到原检查项；也可以存到手机，或者删除。",
  goneText: "任务已不在本机，不能再保存到检查记录。需要留用的请存到手机，交承办机构；不需要的请删除。",
  damaged: "内容已损坏，不能显示，只能删除。",
  open: "打开相机",
  save: "存到手机",
  discard: "删除",
  discardTitle: (count: number) => `删除这 ${count} 个照片、录像？`,
  discardText: "没有保存过，删除后不能找回。",
  discarded: "已删除",
  close: "关闭",
} as const;

/** Why no camera opened, and what to do. */
export const NO_CAMERA: Readonly<
  Record<NoCameraReason, { readonly title: string; readonly steps: readonly string[] }>
> = {
  denied: {
    title: "没有相机权限",
    steps: [
      "安卓、鸿蒙：点地址栏左侧图标，或打开系统设置，依次选“应用”、本程序（或浏览器）、“权限”，允许使用相机。",
      "苹果手机：打开系统设置，依次选“Safari 浏览器”、“相机”，选择“允许”。",
      "允许后返回这里，点“重试”。不改权限，也可以用系统相机拍摄。",
    ],
  },
  absent: { title: "没有找到相机", steps: ["可以从相册选取，或者换一部手机拍摄。"] },
  busy: {
    title: "相机正被其他程序占用",
    steps: ["请关闭视频通话、执法记录等正在使用相机的程序，再点“重试”；也可以用系统相机拍摄。"],
  },
  unable: { title: "浏览器不能直接打开相机", steps: ["请用系统相机拍摄，或者从相册选取。"] },
};

export const MARKING = {
  title: "标注",
  done: "完成",
  cancel: "取消",
  undo: "撤销",
  tools: { arrow: "箭头", circle: "圆圈", line: "画笔", text: "文字" },
  colours: { red: "红色", yellow: "黄色", white: "白色", blue: "蓝色" },
  colour: "颜色",
  tool: "工具",
  typed: "标注文字",
  put: "放上",
  full: "标注已经很多，不能再添加。",
  hint: "在照片上拖动即可标注。原照片不改动，标注另存为一张副本。",
  caption: (sha256: string) => `标注图，原照片 SHA-256：${sha256}`,
} as const;

export const VIEWER = {
  title: "照片",
  video: "录像",
  close: "关闭",
  before: "上一张",
  after: "下一张",
  count: (at: number, all: number) => `${at} / ${all}`,
  caption: "说明",
  time: "拍摄时间",
  place: "拍摄位置",
  unplaced: "未取得定位",
  device: "拍摄手机",
  unknown: "未记录",
  by: "拍摄人",
  size: "大小",
  hash: "SHA-256",
  delivery: "送达",
  delivered: "已送达服务器",
  waiting: "在本机，尚未送达服务器",
  brought: "同伴手机传来，由拍摄的手机送达服务器",
  absent: "不在本机",
  fetch: (size: string) => `下载（${size}）`,
  fetching: "正在下载…",
  absentText: "由同伴拍摄，送达服务器后可以下载；没有网络的，请同伴在“交换记录”用文件传来。",
  notThere: "服务器上还没有这张照片，待拍摄的手机同步后再下载。",
  logIn: "登录已过期，请到“同步”页重新登录后再下载。",
  unseen: "本机不能显示这种格式，原文件保存完好。",
  mark: "标注",
  original: "看原照片",
  copy: "看标注图",
  drawn: (original: string) => `标注图，原照片摘要以 ${original} 开头`,
  kept: "标注图已保存，原照片没有改动",
  retract: "撤回",
  retractTitle: { photo: "撤回照片", video: "撤回录像" },
  retracted: "已撤回，撤回的经过仍保留在日志中",
  reason: "撤回原因",
  reasons: ["拍摄模糊", "重复拍摄", "与检查无关"],
  reasonMissing: "请填写撤回原因",
  cancel: "取消",
  facts: "照片信息",
} as const;

export const GATE = {
  label: "核对企业",
  checked: "企业已核对",
  scan: "扫码入企",
  again: "重新扫码",
  title: "扫码入企",
  hint: "对准营业执照的二维码或者本机关的入企码",
  typed: "填写统一社会信用代码",
  wrong: "统一社会信用代码有误，请核对",
  same: (name: string) => `与任务一致：${name}`,
  other: "不是本任务的企业",
  is: (name: string, uscc: string) => `扫到的是：${name}${uscc ? `（${uscc}）` : ""}。`,
  unknown: "本机没有资料的企业",
  wanted: (name: string) => `本任务要检查的是：${name}。请核对现场的企业，或者返回选择对应的任务。`,
  none: "码中没有企业信息。请扫营业执照上的二维码，或者填写统一社会信用代码。",
} as const;
