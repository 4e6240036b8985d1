/** Words of the documents: previews, what they lack, whether they stayed as they were. */

import type { Stage } from "./keeping.ts";

export const DOCUMENTS = {
  title: "文书",
  about: "版式与正式文书一致。正式文书由承办机构办结记录后制作并编号。",
  which: "文书种类",
  record: "检查记录",
  order: "责令整改",
  titles: { record: "现场检查记录", order: "责令限期整改指令书" },
  paper: "纸张",
  a4: "A4 纸",
  narrow: "80 毫米小票",
  fetching: "正在取得文书。没有网络时由离线打印包排版；打印包正在启动的，约需半分钟。",
  again: "重新取得",
  number: { open: "临时编号", closed: "临时编号", issued: "文号" },
  stages: {
    open: "预览，尚未办结",
    closed: "已办结，文号待编",
    issued: "正式文书",
  } satisfies Record<Stage, string>,
  stageTexts: {
    open: "内容以办结时为准，办结后编正式文号。",
    closed: "记录已经办结，内容不再变动，待承办机构制作文书并编号。",
    issued: "承办机构已制作并编号，以下为正式文书。",
  } satisfies Record<Stage, string>,
  lacking: (count: number) => `办结前还缺 ${count} 项`,
  nothingLacking: "办结所需的内容已经齐全。",
  lackingHere: (count: number) => `按本机内容，办结前还缺 ${count} 项`,
  nothingLackingHere: "按本机内容，办结所需的已经齐全",
  lackingUnknown: "同伴手机上没有交换过来的内容不在其中，联网后由服务器核对。",
  nothingOrdered: "没有须责令限期整改的问题，不制作责令限期整改指令书。",
  leftOut: (count: number) => `另有 ${count} 张照片只列信息，没有附图。`,
  notDelivered: (count: number) =>
    `本机还有 ${count} 条记录没有送达，以下文书中没有这些内容。请同步后重新取得。`,
  kept: (moment: string) => `以下为本机 ${moment} 保存的文书，此后的改动不在其中。`,
  offlineSet: "没有网络，以下由本机离线打印包排版，版式和内容与服务器一致。",
  unreachable: "现在连不上服务器",
  noPack: "需要没有网络时也能排版，请在有 Wi-Fi 时下载离线打印包。",
  refused: "暂时没有这份文书",
  reason: "技术原因",
  share: "分享、打印",
  shared: "文书已交给所选程序或存到手机，可用打印程序打开",
  pages: (count: number) => `共 ${count} 页`,
  page: (at: number, of: number) => `第 ${at} 页，共 ${of} 页`,
  larger: "放大",
  smaller: "缩小",
  zoom: (percent: number) => `${percent}%`,
  opening: "正在打开文书…",
  notShown: "文书已取得，但显示部件没有打开。请联网后重试，或者直接分享、打印。",
  same: "内容一致",
  sameText: (moment: string) => `与 ${moment} 签名后在本机看到的内容一致。`,
  changed: "内容有变",
  changedText: (moment: string) =>
    `与 ${moment} 签名后在本机看到的内容不同。请核对改动，必要时联系承办机构。`,
  notSeen: "签名后没有在本机看过这份文书，无法比对。",
  compared: "内容比对值",
  comparedText: "内容相同的预览和正式文书，此值相同，供本机前后比对。",
  notPaper: "此值不是纸质文书二维码中的内容摘要；核对纸质文书，以承办机构登记的内容摘要为准。",
} as const;

export const PACK = {
  title: "离线打印包",
  about:
    "下载后，没有网络也能在本机预览和打印文书，版式与服务器一致。请用 Wi-Fi 下载，供整部手机使用。",
  notOffered: "服务器上还没有离线打印包，请联系管理员制作。",
  unreachable: "现在连不上服务器，联网后可在此下载。",
  size: (size: string) => `约 ${size}`,
  none: "未下载",
  here: "已下载",
  newer: "有更新",
  newerText: "程序或字体已更新，请重新下载，否则离线文书可能与正式文书不同。",
  part: "未下载完",
  fetch: "下载",
  goOn: "继续下载",
  update: "更新",
  stop: "停止",
  kept: (size: string, program: string, sha256: string) =>
    `本机已存 ${size}，版本 ${[program, sha256.slice(0, 8)].filter(Boolean).join("，标识 ")}`,
  doubted: { metered: "现在使用的是移动数据", unknown: "请确认已连接 Wi-Fi" },
  doubtedText: (size: string) =>
    `下载约 ${size}，使用移动数据的会耗费流量。建议连接 Wi-Fi 后再下载。`,
  doubtedGo: "仍要下载",
  progress: "正在下载",
  progressOf: (done: string, all: string) => `${done} / ${all}`,
  fetched: "离线打印包已下载并核对",
  remove: "删除",
  removed: "离线打印包已删除",
  noWorker: "本机浏览器不能保存离线打印包，请从 https 地址打开，或者升级浏览器。",
} as const;

/** Names of commands and their options, which the office types at the server's console. */
const OPTION = /（--[a-z-]+ [^）]*）/gu;
const COMMANDS = /：(?:journal|record|documents) [a-z-]+ [^。]*。/gu;

/** Return a sentence of the server as officers read it: what to do, without the commands for it. */
export function withoutCommands(sentence: string): string {
  return sentence.replace(OPTION, "").replace(COMMANDS, "。");
}
