/** Why there is no document. */

import { PhoneError } from "../../core/problems.ts";

/** There is no server in reach, no pack, and the document was never shown here. */
export class NowhereToBeHad extends PhoneError {
  constructor() {
    super("document.nowhere", "现在连不上服务器，本机也没有保存过这份文书，请联网后再取。");
  }
}

/** The task, or its enterprise, is not on this phone any more. */
export class NoTask extends PhoneError {
  constructor() {
    super("document.no_task", "任务资料不全，不能在本机排版，请联网同步后再试。");
  }
}
