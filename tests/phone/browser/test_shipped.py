"""A stored phone of each release, put into a real browser: today's app opens it and goes on."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.site import Site
from tests.phone_build.tools import CLIENT

RELEASES = sorted((CLIENT / "tests" / "store" / "shipped").glob("*.json"))
ENTERPRISE = "云湾木业有限公司"
THAW = """async (databases) => {
  const P256 = { name: "ECDSA", namedCurve: "P-256" };
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const live = async (value) => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map(live));
    if ("$bytes" in value) return bytes(value.$bytes);
    if ("$key" in value) {
      const { ext, key_ops, ...jwk } = value.$key;
      return crypto.subtle.importKey("jwk", jwk, P256, false, ["sign"]);
    }
    const fields = Object.entries(value).map(async ([name, field]) => [name, await live(field)]);
    return Object.fromEntries(await Promise.all(fields));
  };
  const whole = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const [name, { version, stores, rows }] of Object.entries(databases)) {
    const put = await live(Object.entries(rows));
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const [store, { keyPath, autoIncrement, indexes }] of Object.entries(stores)) {
        const made = request.result.createObjectStore(store, { keyPath, autoIncrement });
        for (const [index, [path, unique, multiEntry]] of Object.entries(indexes)) {
          made.createIndex(index, path, { unique, multiEntry });
        }
      }
    };
    const database = await whole(request);
    const change = database.transaction(Object.keys(stores), "readwrite");
    for (const [store, all] of put) for (const row of all) change.objectStore(store).put(row);
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = () => reject(change.error);
    });
    database.close();
  }
}"""
"""As `thaw` in client/tests/store/shipped/freezing.ts."""


@pytest.mark.parametrize("release", RELEASES, ids=lambda found: found.stem)
def test_what_a_phone_of_a_release_holds_is_shown_and_continued_in_a_browser(
    site: Site, new_phone: NewPhone, release: Path
) -> None:
    stored: dict[str, Any] = json.loads(release.read_text("utf-8"))
    expected = stored["expected"]
    waiting = [one for one in expected["entries"] if not one["acknowledged"]]
    phone = new_phone()
    phone.page.route("**/sync/v1/**", lambda route: route.abort())  # of another bureau
    phone.page.goto(f"{site.url}/phone/manifest.webmanifest")
    phone.page.evaluate(THAW, stored["databases"])
    phone.open()
    phone.gone(phone.type_pin(expected["secret"]))
    phone.waits(len(waiting) + 1)  # with a photo
    phone.open_task(which=ENTERPRISE)
    phone.enter()
    phone.see(phone.card("D01").get_by_role("region", name="两部手机填写不一致"))
    phone.see(phone.card("D01").get_by_text("未清扫积尘"))
    phone.see(phone.card("D02").get_by_text("原因：设备停用，无法查看"))
    phone.shows_answer("D03", "不适用")
    phone.step("签名")
    phone.see(phone.signer("被检查单位").get_by_text("签名后有改动，须重新签名", exact=True))
    phone.step("检查表")
    phone.answer("D03", "符合")
    phone.waits(len(waiting) + 2)

    held = {row["hash"]: row["acked"] for row in phone.held()}
    before = {one["hash"]: one["acknowledged"] for one in expected["entries"]}
    assert waiting != expected["entries"]
    assert held.items() > before.items()
    assert len(held) == len(before) + 1
    assert site.stored() == {}
