/** What can go wrong in capturing. */

import { PhoneError } from "../core/problems.ts";

/** Nothing can be captured before the phone knows its user. */
export class NotEnrolled extends PhoneError {
  constructor() {
    super("phone.not_enrolled", "本机尚未登记，请先联网登录登记。");
  }
}

/** The task is not on this phone. */
export class UnknownTask extends PhoneError {
  constructor(task: string) {
    super("phone.unknown_task", "本机没有这项检查任务，请先联网同步。", { task });
  }
}

/** None of the task's checklists has this item. */
export class UnknownItem extends PhoneError {
  constructor(forms: string, item: string) {
    const said = `检查表 ${forms} 中没有项目 ${item}，请联网同步检查表后重试。`;
    super("phone.unknown_item", said, { forms, item });
  }
}

/** What is saved together is of one task, and a group stands in no other. */
export class OneGroupAtATime extends PhoneError {
  constructor() {
    const said = "本页内容尚未保存，请先保存本页，再填写其他任务或另一页。";
    super("phone.one_group", said);
  }
}

/** A signature names what is saved: it comes after it, in an entry of its own. */
export class SignedAlone extends PhoneError {
  constructor() {
    super("phone.signed_alone", "本页内容尚未保存，请先保存本页再签名。");
  }
}

/** Every problem was corrected on site or referred: no order could be signed. */
export class NothingOrdered extends PhoneError {
  constructor() {
    const said = "没有须由企业整改的问题，不制作责令限期整改指令书，请只在现场检查记录上签名。";
    super("phone.nothing_ordered", said);
  }
}

/** More than one entry may hold; nothing of it was saved. */
export class TooMuchAtOnce extends PhoneError {
  constructor(limit: string) {
    const said = `一次保存的内容过多（上限 ${limit}），本次内容没有保存，请分几次保存。`;
    super("phone.too_much", said, { limit });
  }
}

/** The item has no value of which this phone knows. */
export class NothingToRetract extends PhoneError {
  constructor(item: string) {
    super("phone.nothing_there", "该项没有可撤回或修改的内容，请核对后重试。", { item });
  }
}

/** There is nothing to settle. */
export class NoConflict extends PhoneError {
  constructor(item: string) {
    super("phone.no_conflict", "该项没有填写不一致，无需确认。", { item });
  }
}

/** Nothing stands any more of the values that the lead saw. */
export class ChangedMeanwhile extends PhoneError {
  constructor(item: string) {
    super("phone.changed_meanwhile", "该项内容已有更新，请重新核对后再确认。", { item });
  }
}

/** A partner's file is whole, but holds what nobody may bring; nothing was taken in. */
export class RefusedFile extends PhoneError {
  constructor(reason: string) {
    super("phone.refused_file", `没有接收同伴文件，本机记录没有变化：${reason}。`, { reason });
  }
}

/** A partner's file is damaged or not what it claims. */
export class BadFile extends PhoneError {
  constructor(reason: string, said = `同伴文件无法读取（${reason}），请重新导出后再传。`) {
    super("phone.bad_file", said, { reason });
  }
}

/** What was chosen is another kind of file, e.g. a photo, or larger than any of this kind. */
export class NoPartnerFile extends BadFile {
  constructor(reason: string) {
    super(reason, `这不是同伴手机发出的交换记录（${reason}），请选择同伴用“发送文件”发来的文件。`);
  }
}

/** All that a file holds was made on this phone: it went out from here, or from who has no more. */
export class OwnFile extends PhoneError {
  constructor() {
    const said = "这是本机自己的记录，其中没有同伴的内容，请选择同伴手机发来的文件。";
    super("phone.own_file", said);
  }
}

/** A file holds no entries. */
export class EmptyFile extends PhoneError {
  constructor() {
    super("phone.empty_file", "文件中没有记录，请同伴填写后重新发送。");
  }
}
