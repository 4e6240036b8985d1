/** What can go wrong in keeping things on a phone. */

import { PhoneError } from "../core/problems.ts";

/** The phone could not write; the save did not happen and what was there is whole. */
export class StorageFull extends PhoneError {
  constructor() {
    super("phone.storage_full", "手机存储空间不足，本次内容没有保存，请清理空间后重新保存。");
  }
}

/** The browser's storage failed for another reason; nothing was changed. */
export class StorageFailed extends PhoneError {
  constructor(reason: string) {
    const said = "手机存储读写失败，本次内容没有保存，请关闭本程序后重新打开，再保存一次。";
    super("phone.storage_failed", said, { reason });
  }
}

/** A newer version of the program has written this data. */
export class NewerData extends PhoneError {
  constructor() {
    const said = "本机数据已由更新版本的程序保存，数据没有改动，请联网更新本程序后重新打开。";
    super("phone.newer_data", said);
  }
}

/** Another window holds an older version of the data open. */
export class OlderWindow extends PhoneError {
  constructor() {
    const said = "另一个窗口仍在使用旧版程序，请关闭本程序的其他窗口后重新打开。";
    super("phone.older_window", said);
  }
}

/** Another window of this account writes; this one only reads. */
export class OtherWindow extends PhoneError {
  constructor() {
    const said = "本账号已在另一个窗口打开，本窗口只能查看，请在那个窗口填写，或将其关闭后再保存。";
    super("phone.other_window", said);
  }
}

/** Another window has saved in between: the chain's head is not where it was. */
export class StaleHead extends PhoneError {
  constructor() {
    const said = "另一个窗口刚刚保存了内容，本次内容没有保存，请核对显示的内容后重新保存。";
    super("phone.stale_head", said);
  }
}

/** The account is locked: its key is no longer in memory. */
export class VaultLocked extends PhoneError {
  constructor() {
    super("phone.locked", "本账号已锁定，请输入本机密码解锁后继续。");
  }
}

/** The PIN or passphrase does not open this account; `seconds` to wait before the next try. */
export class WrongSecret extends PhoneError {
  constructor(wrong: number, seconds: number) {
    const next = seconds > 0 ? `请等待 ${seconds} 秒后再试` : "请核对后重新输入";
    const said = `本机密码不正确，${next}；连续输错不会清除本机数据。`;
    super("phone.wrong_secret", said, { wrong, seconds });
  }
}

/** Too many wrong ones: this one was not tried. */
export class SecretWait extends PhoneError {
  constructor(seconds: number) {
    const said = `本机密码输错次数过多，请等待 ${seconds} 秒后再试；本机数据不受影响。`;
    super("phone.secret_wait", said, { seconds });
  }
}

/** A PIN or passphrase that anybody would guess first. */
export class WeakSecret extends PhoneError {
  constructor(shortest: number) {
    const said = `密码至少 ${shortest} 位，不能是同一个字符或连续数字，请重新设置。`;
    super("phone.weak_secret", said, { shortest });
  }
}

/** The browser cannot keep a key and sign with it again. */
export class KeysNotKept extends PhoneError {
  constructor(reason: string) {
    const said = "本机浏览器不能可靠保存签名密钥，不能用于现场检查，请升级系统浏览器或更换手机。";
    super("phone.keys_not_kept", said, { reason });
  }
}

/** A photo came back from the storage as something else; nothing cites it. */
export class PhotoNotKept extends PhoneError {
  constructor() {
    const said = "照片写入后核对不一致，没有保存，请重新拍摄；如仍出现，请更换手机。";
    super("phone.photo_not_kept", said);
  }
}

/** The account's data is no longer in the browser: somebody cleared it, or it was evicted. */
export class DataGone extends PhoneError {
  constructor() {
    const said = "本机已没有该账号的数据（可能已被系统清理），请移除该账号后重新登录；已送达的内容在服务器上。";
    super("phone.data_gone", said);
  }
}

/** What no receipt covers would be lost. */
export class NotCovered extends PhoneError {
  constructor(entries: number, photos: number, partners: number) {
    const said =
      `本机还有 ${entries} 条记录、${photos} 张照片或录像没有取得服务器回执，` +
      `${partners} 条同伴记录没有送达，不能清除，请先联网同步。`;
    super("phone.not_covered", said, { entries, photos, partners });
  }
}
