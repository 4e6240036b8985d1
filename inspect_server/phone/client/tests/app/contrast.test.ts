/** Whoever stands in the sun can read it: every pair of text and ground, by day and by night. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const STYLE = new URL("../../src/app/style/", import.meta.url);
const TOKENS = readFileSync(new URL("tokens.css", STYLE), "utf8");
const BARS = ["bars.css", "sheets.css"]
  .map((name) => readFileSync(new URL(name, STYLE), "utf8"))
  .join("\n");
const [DAY = "", NIGHT = ""] = TOKENS.split("@media (prefers-color-scheme: dark)");
const LEAST = 7;

const day = colours(DAY);
const themes = [
  { name: "day", of: day },
  { name: "night", of: new Map([...day, ...colours(NIGHT)]) },
];
const PAIRS = [
  ["ink", "ground"],
  ["ink", "surface"],
  ["ink", "sunken"],
  ["soft", "ground"],
  ["soft", "surface"],
  ["soft", "sunken"],
  ["main", "ground"],
  ["main", "surface"],
  ["main", "main-tint"],
  ["on-main", "main"],
  ["on-main", "main-pressed"],
  ["danger", "ground"],
  ["danger", "surface"],
  ["danger", "danger-tint"],
  ["on-danger", "danger"],
  ["waiting", "surface"],
  ["waiting", "waiting-tint"],
  ["good", "surface"],
  ["good", "good-tint"],
  ["ink", "main-tint"],
  ["ink", "danger-tint"],
  ["ink", "waiting-tint"],
  ["ink", "good-tint"],
] as const;

describe.each(themes)("by $name", ({ of }) => {
  test.each(PAIRS)("%s on %s is read in the sun", (text, ground) => {
    expect(contrast(of.get(text), of.get(ground))).toBeGreaterThanOrEqual(LEAST);
  });

  test.each(["surface", "ground"])("the edge of a control stands out from %s", (ground) => {
    expect(contrast(of.get("edge"), of.get(ground))).toBeGreaterThanOrEqual(3);
  });
});

test("white on the bar, and what stands on the pills in it", () => {
  const bars = [...BARS.matchAll(/\.top \{[^}]*?background: (#[0-9a-f]{6})/g)].map(
    (found) => found[1],
  );

  expect(bars).toHaveLength(2);
  for (const bar of bars) expect(contrast("#ffffff", bar)).toBeGreaterThanOrEqual(LEAST);
  const pills = [...BARS.matchAll(/background: (#[0-9a-f]{6});\s+color: (#[0-9a-f]{6})/g)];
  expect(pills.length).toBeGreaterThanOrEqual(4);
  for (const [, ground, text] of pills) {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(LEAST);
  }
});

function colours(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((found) => [
      found[1] as string,
      found[2] as string,
    ]),
  );
}

function contrast(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) throw new Error("no such colour");
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
