/** How large a file may be that is kept: no server takes a larger one. */

import { MAX_BLOB_BYTES } from "../../network/asking/messages.ts";
import { sizeInWords } from "../reading/days.ts";

/** Return why a file cannot be kept, whatever it is, "" if it can. */
export function misfitOf({ size, name }: Pick<File, "size" | "name">): string {
  if (size === 0) return `“${name}”是空文件，没有加入。`;
  if (size <= MAX_BLOB_BYTES) return "";
  const most = sizeInWords(MAX_BLOB_BYTES);
  return `“${name}”有 ${sizeInWords(size)}，超过上限 ${most}，没有加入。`;
}
