/** What can go wrong on a phone: a code, and a Chinese sentence that ends in the next step. */

export type Facts = Readonly<Record<string, unknown>>;

/** The base of every expected failure; `message` may be shown as it is. */
export class PhoneError extends Error {
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, message: string, facts: Facts = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

/** An entry breaks its schema; `field` says which part of it, `path` which place in that part. */
export class BadEntry extends PhoneError {
  readonly field: string;
  readonly reason: string;
  readonly path: string;

  constructor(field: string, reason: string, path = "$") {
    const facts = { field, reason, path };
    const said = `记录内容不符合格式（${field}：${reason}），请修改后重新保存。`;
    super("sync.schema", said, facts);
    this.field = field;
    this.reason = reason;
    this.path = path;
  }
}

/** A receipt does not verify under the pinned key, or does not cover what this phone holds. */
export class BadReceipt extends PhoneError {
  constructor(reason: string) {
    const said = `服务器回执校验不通过（${reason}），请勿清除本机数据，并联系管理员。`;
    super("sync.bad_receipt", said, { reason });
  }
}

/** This browser cannot do what evidence needs, as signing. */
export class UnfitBrowser extends PhoneError {
  constructor(reason: string) {
    const said = `本机浏览器不支持${reason}，请升级浏览器，或从管理员提供的 https 地址打开。`;
    super("phone.unfit_browser", said, { reason });
  }
}
