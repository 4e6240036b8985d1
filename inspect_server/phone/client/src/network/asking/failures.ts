/** What a phone meets on the network; nothing on the phone is changed by any of it. */

import { PhoneError } from "../../core/problems.ts";

/** What is known of an error that the server answered with. */
export interface RemoteFacts {
  readonly status: number;
  /** Its code, empty where it said none. */
  readonly remote: string;
  readonly missing: readonly string[];
  /** Seconds. */
  readonly retryAfter: number;
}

/** No answer came: no network, or it broke off, or something on the way made one up. */
export class OutOfReach extends PhoneError {
  constructor() {
    super("phone.out_of_reach", "无法连接服务器，数据仍保存在本机，请在有网络时重新同步。");
  }
}

/** The server answered with an error. */
export class RemoteProblem extends PhoneError {
  readonly status: number;
  readonly remote: string;
  readonly missing: readonly string[];
  readonly retryAfter: number;

  /** @param detail The server's own sentence, empty where it said none. */
  constructor(facts: RemoteFacts, detail: string) {
    const { status, remote, missing, retryAfter } = facts;
    const code = remote === "" ? `${status}` : `${status}，${remote}`;
    const said = `服务器返回错误（${code}），数据仍保存在本机，请稍后重新同步。`;
    super("phone.remote", detail === "" ? said : detail, { ...facts });
    this.status = status;
    this.remote = remote;
    this.missing = missing;
    this.retryAfter = retryAfter;
  }
}

/** Return the code that says most of a failure: the server's where it named one. */
export function codeOf(error: PhoneError): string {
  return error instanceof RemoteProblem ? error.remote || `${error.status}` : error.code;
}

/** The server does not accept login, password or the code of the second factor. */
export class WrongLogin extends PhoneError {
  constructor() {
    const said = "账号、密码或动态口令不正确，请核对后重新登录；连续输错会暂时锁定账号。";
    super("phone.wrong_login", said);
  }
}

/** Somebody logged in to what another account keeps on this phone. */
export class OtherAccount extends PhoneError {
  constructor() {
    const said = "本机的这个账号属于另一位人员，请用原账号登录，或返回后添加自己的账号。";
    super("phone.other_account", said);
  }
}

/** Nothing can be delivered before the phone knows its user. */
export class NotEnrolled extends PhoneError {
  constructor() {
    super("phone.not_enrolled", "本机尚未登记，请先联网登录登记。");
  }
}

/** What was pulled is not what the server says it sent, even after starting over. */
export class ViewMismatch extends PhoneError {
  constructor() {
    const said = "下载的数据校验不一致，本机采集的数据不受影响，请稍后重新同步。";
    super("phone.view_mismatch", said);
  }
}

/** Entries without a receipt whose bytes changed on the phone; all others go on. */
export class DamagedEntries extends PhoneError {
  constructor(count: number) {
    const said =
      `本机有 ${count} 条记录已损坏，无法上传；其余记录照常保存和上传，` +
      "请勿清除本机数据，并联系管理员。";
    super("phone.damaged_entries", said, { count });
  }
}

/** The bytes that came are not those that the hash names. */
export class DamagedPhoto extends PhoneError {
  constructor() {
    const said = "下载的照片与记录的摘要不一致，没有保存，请重新下载；如仍出现，请联系管理员。";
    super("phone.damaged_photo", said);
  }
}

/** A photo that was taken here is not what it was, or cannot be read any more. */
export class SpoiltPhoto extends PhoneError {
  constructor(count: number) {
    const said =
      `本机有 ${count} 张照片已损坏，无法上传；其余内容照常保存和上传，` +
      "请勿清除本机数据，并联系管理员。";
    super("phone.spoilt_photo", said, { count });
  }
}
