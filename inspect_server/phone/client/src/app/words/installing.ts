/** Words of bringing the app to the home screen. */

import type { Installing } from "../session/device/browser.ts";
import { OBSTACLES } from "./enrol.ts";

const NO_ICON = "没有出现图标的，在系统设置中允许浏览器“创建桌面快捷方式”后重试。";
const AFTERWARDS =
  "回到主屏幕，从新图标打开“现场检查”，用本机密码解锁。" +
  "“我的”中“长期保存”显示未同意的，点按“申请长期保存”。";

export const INSTALLING = {
  title: "添加到主屏幕",
  why: "从主屏幕图标打开的，系统一般同意长期保存本机数据。各版本菜单名称略有不同。",
  steps: {
    android: [
      "点按浏览器的菜单按钮（“⋮”或者“≡”）。",
      `点按“添加到主屏幕”（或“安装应用”），再点按“安装”或“添加”。${NO_ICON}`,
      AFTERWARDS,
    ],
    harmony: [
      "点按浏览器底部的菜单按钮。",
      `点按“添加至”（或“添加到”），选“桌面”（或“主屏幕”），再确认。${NO_ICON}`,
      AFTERWARDS,
    ],
    safari: OBSTACLES.not_installed.steps,
  } satisfies Record<Installing, readonly string[]>,
} as const;
