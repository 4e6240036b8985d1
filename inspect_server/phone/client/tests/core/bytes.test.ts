/** Bytes as texts and back, whatever they are. */

import fc from "fast-check";
import { expect, test } from "vitest";

import * as bytes from "../../src/core/bytes.ts";
import { byCodePoint, canonical } from "../../src/core/canonical.ts";

const content = fc.uint8Array({ maxLength: 300 });
const character = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
const characters = fc
  .array(fc.oneof(fc.constantFrom(0x61, 0xff08, 0xffff, 0x20bb7, 0x10000), character))
  .map((points) => String.fromCodePoint(...points));

test("hex and base64 are what Node makes of the same bytes", () => {
  fc.assert(
    fc.property(content, (one) => {
      expect(bytes.hex(one)).toBe(Buffer.from(one).toString("hex"));
      expect(bytes.base64(one)).toBe(Buffer.from(one).toString("base64"));
      expect(bytes.fromHex(bytes.hex(one))).toEqual(Uint8Array.from(one));
      expect(bytes.fromBase64(bytes.base64(one))).toEqual(Uint8Array.from(one));
    }),
  );
});

test("a whole photo becomes base64", () => {
  const photo = Uint8Array.from({ length: 300_001 }, (_, at) => at % 251);

  expect(bytes.base64(photo)).toBe(Buffer.from(photo).toString("base64"));
});

test.each(["AA", "AA=", "AA== ", "A===", "A-==", "\n"])("%j is no base64", (text) => {
  expect(() => bytes.fromBase64(text)).toThrow(TypeError);
});

test.each(["0", "0G", "AA", " 00"])("%j is no hex", (text) => {
  expect(() => bytes.fromHex(text)).toThrow(TypeError);
});

test("UTF-8 keeps a byte order mark and refuses what it is not", () => {
  expect(bytes.fromUtf8(bytes.utf8("\ufeff厚"))).toBe("\ufeff厚");
  for (const wrong of [[0xff], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xe2, 0x82]]) {
    expect(() => bytes.fromUtf8(Uint8Array.from(wrong))).toThrow(TypeError);
  }
});

test("parts are put together and compared", () => {
  const [one, two] = [Uint8Array.of(1, 2), Uint8Array.of(3)];

  expect(bytes.concat(one, new Uint8Array(), two)).toEqual(Uint8Array.of(1, 2, 3));
  expect(bytes.sameBytes(one, Uint8Array.of(1, 2))).toBe(true);
  expect(bytes.sameBytes(one, Uint8Array.of(1, 3))).toBe(false);
  expect(bytes.sameBytes(one, two)).toBe(false);
});

test("texts are in the order of their bytes", () => {
  fc.assert(
    fc.property(characters, characters, (one, other) => {
      const byBytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
      expect(Math.sign(byCodePoint(one, other))).toBe(byBytes);
    }),
  );
  expect([..."（𠮷"].sort(byCodePoint)).toEqual(["（", "𠮷"]);
});

test("the canonical form says the same in one way", () => {
  const single = fc.oneof(characters, fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
  const value = fc.object({ key: characters, values: [single], maxDepth: 3, maxKeys: 6 });
  fc.assert(
    fc.property(value, (one: unknown) => {
      const form = canonical(one);
      expect(JSON.parse(form)).toEqual(one);
      expect(canonical(turnedAround(one))).toBe(form);
    }),
  );
  expect(canonical({ b: [1, true, null], a: "\u001f\u2028é/" })).toBe(
    '{"a":"\\u001f\u2028é/","b":[1,true,null]}',
  );
});

test("numbers are written in the shortest way", () => {
  const numbers = [-0, 1.0, 1e3, 1.5, 2 ** 53, 1e21, 1e-7];
  expect(canonical(numbers)).toBe("[0,1,1000,1.5,9007199254740992,1e+21,1e-7]");
});

test.each([NaN, Infinity, undefined, 1n])("%s has no canonical form", (value) => {
  expect(() => canonical({ value })).toThrow(TypeError);
});

function turnedAround(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedAround);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, one]) => [name, turnedAround(one)]));
}
