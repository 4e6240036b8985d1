/** Words of the list of tasks. */

import type { Group } from "../reading/tasks.ts";

export const TASKS = {
  title: "任务",
  groups: "任务分组",
  search: "按企业、编号、地址、人员查找",
  searchLabel: "查找任务",
  notFound: "没有找到",
  notFoundText: "请换一个词，或者换一个分组查找。",
  clear: "清除查找",
  syncNow: "立即同步",
  begun: "检查中",
  ended: "本机已结束",
  key: "重点企业",
  hazards: (count: number) => `未整改 ${count} 项`,
  lastDay: "今天截止",
  left: (days: number) => `还剩 ${days} 天`,
  startsIn: (days: number) => (days === 1 ? "明天开始" : `${days} 天后开始`),
  over: (days: number) => `已逾期 ${days} 天`,
  today: (day: string) => `今天是${day}`,
} as const;

export const GROUP_NAMES: Readonly<Record<Group, string>> = {
  today: "今日",
  upcoming: "未开始",
  overdue: "已逾期",
  done: "已完成",
};

export const EMPTY: Readonly<Record<Group, { readonly title: string; readonly text: string }>> = {
  today: {
    title: "今天没有检查任务",
    text: "任务由承办机构派发。刚派发的任务，请在有网络时同步后查看。",
  },
  upcoming: { title: "没有未开始的任务", text: "以后才开始的任务派发后，会显示在这里。" },
  overdue: { title: "没有逾期任务", text: "检查期限已过、还没有完成的任务会显示在这里。" },
  done: { title: "还没有完成的任务", text: "结束检查或者已办结的任务会显示在这里。" },
};
