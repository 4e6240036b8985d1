/** The parts say to a screen reader what they show, and take no second tap. */

import { createSSRApp, h } from "vue";
import type { Component } from "vue";
import { renderToString } from "vue/server-renderer";
import { describe, expect, test } from "vitest";
import AppButton from "../../src/app/parts/AppButton.vue";
import IconButton from "../../src/app/parts/IconButton.vue";
import ListRow from "../../src/app/parts/ListRow.vue";
import ProgressBar from "../../src/app/parts/frame/ProgressBar.vue";
import Told from "../../src/app/parts/Told.vue";
import Field from "../../src/app/parts/entry/Field.vue";
import SegmentedControl from "../../src/app/parts/entry/SegmentedControl.vue";
import SelectField from "../../src/app/parts/entry/SelectField.vue";
import SignaturePad from "../../src/app/parts/entry/SignaturePad.vue";
import { isWritten } from "../../src/app/parts/entry/written.ts";
import SwitchRow from "../../src/app/parts/entry/SwitchRow.vue";
import BottomBar from "../../src/app/parts/frame/BottomBar.vue";
import { ICONS } from "../../src/app/parts/icons.ts";

async function shown(part: Component, props: object, words = ""): Promise<string> {
  return await renderToString(createSSRApp({ render: () => h(part, props, () => words) }));
}

describe("a field", () => {
  test("has a label, and names its hint and what is wrong with it", async () => {
    const html = await shown(Field, {
      modelValue: "值",
      label: "姓名",
      hint: "如实填写",
      error: "请填写姓名",
      maxlength: 100,
    });
    const id = /<label[^>]*for="([^"]+)"/.exec(html)?.[1] ?? "none";
    const box = /<input[^>]*>/.exec(html)?.[0] ?? "";

    expect(box).toContain(`id="${id}"`);
    expect(box).toContain('aria-invalid="true"');
    expect(box).toContain('maxlength="100"');
    for (const part of /aria-describedby="([^"]+)"/.exec(box)?.[1]?.split(" ") ?? ["none"]) {
      expect(html).toContain(`<p id="${part}"`);
    }
    expect(html).toMatch(/role="alert"[^]*请填写姓名/);
  });

  test("that is right describes nothing", async () => {
    const html = await shown(Field, { modelValue: "", label: "职务", optional: true });

    expect(html).toContain("（选填）");
    expect(html).not.toContain("aria-describedby");
  });

  test("of several lines is a box", async () => {
    const html = await shown(Field, { modelValue: "长文", label: "说明", rows: 4 });

    expect(html).toMatch(/<textarea[^>]*rows="4"[^>]*>长文<\/textarea>/);
  });

  test("of words has its label and its words", async () => {
    const choices = [{ value: "expert", label: "专家" }];
    const html = await shown(SelectField, { modelValue: "expert", label: "身份", choices });
    const id = /<label[^>]*for="([^"]+)"/.exec(html)?.[1];

    expect(html).toContain(`<select id="${id}"`);
    expect(html).toMatch(/<option[^>]*value="expert"[^>]*selected[^>]*>专家/);
  });
});

describe("a button", () => {
  test("that is busy keeps its words and its focus", async () => {
    const html = await shown(AppButton, { busy: true, disabled: true }, "保存");

    expect(html).toContain('aria-busy="true"');
    expect(html).toContain("保存");
    expect(html).not.toContain(" disabled");
  });

  test("submits nothing unless it says so", async () => {
    expect(await shown(AppButton, {}, "取消")).toContain('type="button"');
    expect(await shown(AppButton, { type: "submit" }, "保存")).toContain('type="submit"');
  });

  test("of an icon alone has words for those who do not see it", async () => {
    const html = await shown(IconButton, { icon: "close", label: "关闭" });

    expect(html).toContain('aria-label="关闭"');
    expect(html).toContain('aria-hidden="true"');
  });
});

describe("a row", () => {
  test.each([
    ["leads somewhere", { href: "#/me" }, "<a "],
    ["does something", { action: true }, "<button "],
    ["only shows", {}, "<div "],
  ])("that %s", async (_, props, tag) => {
    expect(await shown(ListRow, { title: "同步", ...props })).toContain(tag);
  });

  test("of a switch is labelled, and says its state", async () => {
    const html = await shown(SwitchRow, { modelValue: true, label: "仅 Wi-Fi", detail: "说明" });

    expect(html).toMatch(/<label[^>]*for="([^"]+)"[^]*<input[^>]*id="\1"/);
    expect(html).toContain('role="switch"');
    expect(html).toContain(" checked");
  });
});

test("segments are one group of choices by the keyboard", async () => {
  const segments = [
    { value: "a", label: "今日", count: 0 },
    { value: "b", label: "待办" },
  ];
  const html = await shown(SegmentedControl, { modelValue: "b", label: "分组", segments });
  const names = [...html.matchAll(/type="radio" name="([^"]+)"/g)].map((found) => found[1]);

  expect(new Set(names).size).toBe(1);
  expect(names).toHaveLength(2);
  expect(html).toContain("<legend");
  expect(html).toMatch(/<span class="count">0<\/span>/);
});

test("progress is told in numbers, and never beyond its end", async () => {
  const html = await shown(ProgressBar, { label: "检查表", done: 12, total: 10 });

  expect(html).toContain('aria-valuenow="10"');
  expect(html).toContain('aria-valuemax="10"');
  expect(html).toContain("width:100%");
  expect(await shown(ProgressBar, { label: "照片", done: 0, total: 0 })).toContain("width:0%");
});

test("danger is announced, what merely waits is not", async () => {
  expect(await shown(Told, { tone: "danger" }, "不能保存")).toContain('role="alert"');
  expect(await shown(Told, { tone: "waiting" }, "等待同步")).not.toContain("role=");
});

const SYNC = { route: { page: "sync" }, icon: "sync", label: "同步" };

test("the place where one is says so, a number beside it what it counts", async () => {
  const places = [
    { ...SYNC, current: true, count: 120, counted: "待送 120" },
    { route: { page: "me" }, icon: "person", label: "我的", current: false, count: 0, counted: "" },
  ];
  const html = await shown(BottomBar, { label: "主导航", places });

  expect(html.match(/aria-current="page"/g)).toHaveLength(1);
  expect(html).toContain("99+");
  expect(html).toContain('<span class="unseen">待送 120</span>');
});

test("a signature says whether it is there", async () => {
  const strokes = [[[1, 1]]];

  expect(await shown(SignaturePad, { modelValue: [], label: "手写签名" })).toContain("手写签名：未签");
  expect(await shown(SignaturePad, { modelValue: strokes, label: "手写签名" })).toContain("已签");
});

test.each(Object.entries(ICONS))("the icon %s is a path within its box", (_, path) => {
  expect(path).toMatch(/^M[-\d.\sa-zA-Z]+$/);
  for (const [, x, y] of path.matchAll(/[ML](\d+(?:\.\d+)?) (\d+(?:\.\d+)?)/g)) {
    expect(Number(x)).toBeLessThanOrEqual(24);
    expect(Number(y)).toBeLessThanOrEqual(24);
  }
});

describe("what somebody wrote", () => {
  const start = { name: "钱大", reason: "", strokes: [] as number[][] };

  test.each([
    ["nothing", start, false],
    ["blanks alone", { ...start, name: " 钱大 ", reason: "\n" }, false],
    ["a word", { ...start, reason: "有异议" }, true],
    ["another name", { ...start, name: "" }, true],
    ["a stroke", { ...start, strokes: [[1, 2]] }, true],
  ])("is looked for in the fields that it began with: %s", (_, form, told) => {
    expect(isWritten(form, start)).toBe(told);
  });

  test("is not what was only chosen, where that does not count", () => {
    const form = { kind: "expert", name: "" };
    expect(isWritten(form, { name: "" })).toBe(false);
    expect(isWritten(form, { kind: "safety", name: "" })).toBe(true);
  });
});
