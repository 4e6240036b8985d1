/** One login may have several accounts on a phone: who enrols is told, the door tells apart. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aboutAccount, knownAs } from "../../src/app/reading/accounts.ts";
import { forgetKind, noteMade } from "../../src/app/session/device/secrets.ts";
import type { Account } from "../../src/store/vaults.ts";
import { emptyLocalStorage } from "../local-storage.ts";

const OLD: Account = { id: "a", login: "zf01", name: "赵兰玉", replica: "a".repeat(64) };
const FIRST: Account = { ...OLD, id: "b", replica: "b".repeat(64) };
const SECOND: Account = { ...FIRST, id: "c", replica: "c".repeat(64) };
const OTHER: Account = { ...FIRST, id: "d", login: "zf02" };
const ALL = [OLD, FIRST, SECOND, OTHER];

beforeEach(() => {
  emptyLocalStorage();
  noteMade(FIRST.id, new Date(2026, 2, 2, 9, 5));
  noteMade(SECOND.id, new Date(2026, 2, 3, 9, 5));
});
afterEach(() => vi.unstubAllGlobals());

test("a login that has an account on the phone is known, however it is typed", () => {
  expect(knownAs("zf02", ALL)).toBe(OTHER);
  expect(knownAs(" ZF01 ", [OTHER, OLD])).toBe(OLD);
  expect(knownAs("zf0", ALL)).toBeUndefined();
  expect(knownAs("", ALL)).toBeUndefined();
});

test("accounts of one login are told apart by when they were enrolled and by their number", () => {
  const [old, first, second, other] = ALL.map((one) => aboutAccount(one, ALL));

  expect(old).toBe("zf01，手机编号 aaaaaaaaaaaaaaaa"); // by a version that did not note when
  expect(first).toMatch(/^zf01，.*3月2日\u00a0周一 09:05 登记，手机编号 b{16}$/u);
  expect(second).toMatch(/^zf01，.*3月3日\u00a0周二 09:05 登记，手机编号 c{16}$/u);
  expect(other).toBe("zf02"); // nobody else has it
  expect(aboutAccount(FIRST, [FIRST, OTHER])).toBe("zf01");
});

test("when it was is forgotten with the account", () => {
  forgetKind(FIRST.id);
  expect(aboutAccount(FIRST, ALL)).toBe("zf01，手机编号 bbbbbbbbbbbbbbbb");
});
