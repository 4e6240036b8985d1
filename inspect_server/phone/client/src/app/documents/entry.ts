/** How other pages name the way to the documents; apart, so that they load nothing more. */

export const ENTRY = {
  title: "查看文书",
  detail: "检查记录、责令整改的预览，可分享、打印",
} as const;
