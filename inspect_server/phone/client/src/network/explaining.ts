/**
 * What an officer is told of entries that do not count, and of what stands in a sync's way.
 *
 * Each says what happened, that nothing is lost, and who acts next.
 */

/** Who has to do something; `nobody` where time or the other phone settles it. */
export type Acting = "nobody" | "officer" | "lead" | "supervisor" | "admin";

export interface Explanation {
  readonly title: string;
  readonly happened: string;
  readonly kept: string;
  readonly next: string;
  readonly acting: Acting;
}

const SET_ASIDE = "内容已原样送达服务器并留存，没有丢失，手机上也仍保留。";
const COUNTED = "内容已送达服务器并计入检查记录，没有丢失。";
const ON_PHONE = "已填写的内容和照片都保存在本机，没有丢失。";
const RULING =
  "由承办机构负责人在“待核实记录”中决定是否采用；采用的，下次同步后会显示。您无须重复填写。";

function byRuling(title: string, happened: string, next = RULING): Explanation {
  return { title, happened, kept: SET_ASIDE, next, acting: "supervisor" };
}

function onPhone(title: string, happened: string, next: string, acting: Acting): Explanation {
  return { title, happened, kept: ON_PHONE, next, acting };
}

/** Why entries do not count, or count with a remark: by the journal's reason, flag or effect. */
export const OF_ENTRIES: ReadonlyMap<string, Explanation> = new Map([
  ["not_assigned", byRuling("任务未分配给您", "该任务没有分配给您，您填写的内容没有计入检查记录。")],
  [
    "reassigned",
    byRuling("任务已改派", "您填写时或送达前，任务已改派他人，您的这些内容没有计入检查记录。"),
  ],
  ["closed", byRuling("记录已办结", "内容送达前，该次检查的记录已经办结，这些内容没有计入。")],
  [
    "revoked",
    byRuling("本机已停用", "本机已被停用，停用后送达的内容没有计入检查记录，本机也不能再下载任务。"),
  ],
  [
    "wrong_user",
    byRuling("登记人不符", "服务器上登记的本机使用人不是填写人，这些内容没有计入检查记录。"),
  ],
  [
    "not_lead",
    {
      title: "须由主办人员确认",
      happened: "不同填写之间取哪一个，只能由主办人员确认，您的确认没有生效。",
      kept: SET_ASIDE,
      next: "请主办人员在手机上确认；您原来的填写仍然有效。",
      acting: "lead",
    },
  ],
  [
    "unknown_form",
    byRuling("检查表版本不符", "填写时所用的检查表版本不是该任务的版本，内容没有计入检查记录。"),
  ],
  [
    "schema",
    {
      title: "内容格式不符",
      happened: "服务器不能读取这些内容，没有计入检查记录，也不能采用。",
      kept: SET_ASIDE,
      next: "请升级手机程序后重新填写；原内容留存备查，如反复出现请联系系统管理员。",
      acting: "officer",
    },
  ],
  [
    "unverified",
    onPhone(
      "签名未通过核验",
      "服务器未能核验这些内容的签名，没有计入检查记录。",
      "请重新登录登记本机，之后的填写使用新的签名密钥；并请联系系统管理员，不要清除本机数据。",
      "admin",
    ),
  ],
  [
    "declined",
    byRuling(
      "已决定不采用",
      "承办机构负责人已决定不采用这些内容，并写明了理由。",
      "有不同意见的，请向承办机构负责人说明，不采用的以后仍可改为采用。",
    ),
  ],
  [
    "fork",
    {
      title: "本机数据曾被复制",
      happened: "本机数据被复制到另一部手机，同一序号有两份内容，两份都已采用。",
      kept: COUNTED,
      next: "请重新登录登记本机，之后使用新的签名密钥；承办机构负责人会看到这一情况。",
      acting: "officer",
    },
  ],
  [
    "held",
    {
      title: "等待前面的内容",
      happened: "同一部手机更早的内容还没有送达，后面的内容暂不计入。",
      kept: SET_ASIDE,
      next: "更早的内容送达后会自动计入。来自同伴手机的，请同伴联网同步；手机已遗失的，由承办机构负责人决定是否采用。",
      acting: "nobody",
    },
  ],
  [
    "future_clock",
    {
      title: "手机时间偏快",
      happened: "填写时手机时间比服务器快 10 分钟以上，内容照常计入，并注明了这一情况。",
      kept: COUNTED,
      next: "请在手机的系统设置中打开“自动确定日期和时间”。",
      acting: "nobody",
    },
  ],
]);

const LATER = "请稍后再试；本机也会自动重试。";
const UPDATE = "请升级手机程序后重新同步，如仍出现请联系系统管理员。";
const LOG_IN = "请重新登录；未登录期间填写的内容仍会照常上传。";
const ENROL = "请重新登录，本机会重新登记，之前填写的内容照常上传。";

function ofServer(happened: string, next: string, acting: Acting): Explanation {
  return onPhone("服务器提示", happened, next, acting);
}

/** What stands in a sync's way: by the server's code, or the phone's own. */
export const OF_SYNCS: ReadonlyMap<string, Explanation> = new Map([
  ["phone.out_of_reach", onPhone("没有连上服务器", "网络不通，或者中途断开。", LATER, "nobody")],
  ["sync.unavailable", onPhone("服务器繁忙", "服务器暂时没有空闲处理。", LATER, "nobody")],
  ["sync.login", onPhone("须重新登录", "登录已失效，不能下载任务和同伴的填写。", LOG_IN, "officer")],
  [
    "sync.not_inspecting",
    onPhone(
      "账号不能下载任务",
      "该账号没有检查人员角色，或者人员已离岗，不能下载任务。",
      "请联系系统管理员核对账号；已填写的内容仍可上传。",
      "admin",
    ),
  ],
  [
    "sync.revoked",
    onPhone(
      "本机已停用",
      "本机已被停用，不能再下载任务。",
      "已填写的内容仍可上传，由承办机构负责人决定是否采用；继续使用本机的，请联系系统管理员。",
      "supervisor",
    ),
  ],
  [
    "phone.not_enrolled",
    onPhone(
      "登记没有完成",
      "本机登记到一半被中断，还不能下载任务、保存填写内容。",
      "请联网后重新登录，登记即告完成。",
      "officer",
    ),
  ],
  ["sync.unknown_replica", onPhone("须重新登记", "服务器上没有本机的登记。", ENROL, "officer")],
  ["sync.signature", onPhone("须重新登记", "服务器未能核验本机的请求。", ENROL, "officer")],
  [
    "phone.forked",
    onPhone(
      "须重新登记",
      "本机的签名密钥不能再用：数据曾被复制到另一部手机，或者签名未通过核验。",
      ENROL,
      "officer",
    ),
  ],
  ["sync.full", ofServer("服务器存储空间不足，没有收下。", "请联系系统管理员扩容。", "admin")],
  ["sync.envelope", ofServer("服务器不能读取本机的请求。", UPDATE, "admin")],
  ["http.404", ofServer("服务器没有本机要用的地址。", UPDATE, "admin")],
  ["http.405", ofServer("服务器不接受本机的请求方法。", UPDATE, "admin")],
  ["http.500", ofServer("服务器内部出错，已有记录。", "请联系系统管理员；本机会自动重试。", "admin")],
  ["blob.damaged", ofServer("服务器上的一个文件已损坏。", "请联系系统管理员。", "admin")],
  ["keys.unusable", ofServer("服务器不能使用其密钥。", "请联系系统管理员。", "admin")],
  ["common.stale", ofServer("两处同时提交了同一内容。", LATER, "nobody")],
  ["sync.epoch", ofServer("服务器数据已恢复到较早时刻。", "再次同步即自动补传。", "nobody")],
  ["sync.cursor", ofServer("下载位置已失效。", "再次同步即重新下载。", "nobody")],
  [
    "sync.receipt_mismatch",
    onPhone(
      "回执暂未取得",
      "服务器收到的内容与本机不一致，可能还缺少更早的内容。",
      "请再次同步；多次出现的，请重新登录登记本机，并联系系统管理员。",
      "officer",
    ),
  ],
  [
    "sync.blobs_missing",
    onPhone("照片未传完", "服务器还缺少照片，而本机没有这些照片。", "请联系系统管理员。", "admin"),
  ],
  ["sync.digest", onPhone("照片未传完", "一张照片传送后核对不一致。", LATER, "nobody")],
  ["sync.checksum", onPhone("照片未传完", "一张照片传送后核对不一致。", LATER, "nobody")],
  ["sync.offset", onPhone("照片未传完", "一张照片的传送位置不一致。", LATER, "nobody")],
  ["sync.upload_locked", onPhone("照片未传完", "一张照片正由另一连接传送。", LATER, "nobody")],
  ["sync.upload_token", onPhone("照片未传完", "传送照片的许可已过期。", LATER, "nobody")],
  ["sync.not_found", onPhone("照片未传完", "服务器上没有这次传送。", LATER, "nobody")],
  [
    "sync.too_large",
    onPhone(
      "一条内容过大",
      "有一条内容超过服务器上限，没有送达，其余照常。",
      "请联系系统管理员，不要清除本机数据。",
      "admin",
    ),
  ],
  [
    "sync.refused",
    onPhone(
      "服务器暂不接收",
      "等待核实的内容过多，服务器没有收下其中一部分。",
      "请同伴先各自联网同步，再同步本机；仍不行的，请联系系统管理员。",
      "officer",
    ),
  ],
  ["sync.unverified", OF_ENTRIES.get("unverified") as Explanation],
  [
    "sync.bad_receipt",
    onPhone(
      "回执校验不通过",
      "服务器出具的回执与登记时的密钥或本机内容不符。",
      "请不要清除本机数据，并立即联系系统管理员。",
      "admin",
    ),
  ],
  [
    "phone.damaged_entries",
    onPhone(
      "本机有内容损坏",
      "本机存储中有内容损坏，不能上传；其余照常保存和上传。",
      "请不要清除本机数据，并联系系统管理员。",
      "admin",
    ),
  ],
  [
    "phone.spoilt_photo",
    onPhone(
      "本机有照片损坏",
      "本机存储中有照片损坏，不能上传；其余照常保存和上传。",
      "请补拍；不要清除本机数据，并联系系统管理员。",
      "officer",
    ),
  ],
  ["phone.view_mismatch", onPhone("下载未完成", "下载的数据核对不一致，没有采用。", LATER, "nobody")],
  [
    "phone.storage_full",
    onPhone(
      "手机空间不足",
      "手机存储空间不足，下载的内容没有保存。",
      "请在系统设置中清理其他应用的空间，不要清除本应用的数据。",
      "officer",
    ),
  ],
  [
    "phone.clock",
    onPhone(
      "手机时间不准",
      "手机时间与服务器相差 10 分钟以上，填写的时间会不准。",
      "请在手机的系统设置中打开“自动确定日期和时间”。",
      "officer",
    ),
  ],
  [
    "phone.other_window",
    onPhone("另一窗口正在使用", "本账号已在另一个窗口打开，由那个窗口同步。", LATER, "nobody"),
  ],
]);

/** Return what to tell of an entry that the server holds; undefined of one that simply counts. */
export function explainEntry(effect: string, reason: string): Explanation | undefined {
  if (effect === "held") return OF_ENTRIES.get("held");
  if (effect !== "quarantined") return OF_ENTRIES.get(reason);
  const unknown = byRuling("没有计入检查记录", "服务器没有采用这些内容。");
  return OF_ENTRIES.get(reason) ?? unknown;
}

/** Return what to tell of what a sync met. */
export function explainProblem(code: string): Explanation {
  const unknown = ofServer(`同步没有完成（${code}）。`, `${LATER}多次出现的，请联系系统管理员。`, "admin");
  return OF_SYNCS.get(code) ?? unknown;
}
