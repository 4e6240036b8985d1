// A phone in Node: the app's own modules over a database in memory and the real network.
//
// node phone.mjs CLIENT reads one JSON order a line: {do, ...}; it answers each with one line,
// {said} or {error: {code, remote, message}}.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const client = process.argv[2];
const load = (path) => import(pathToFileURL(`${client}/${path}`).href);

await load("node_modules/fake-indexeddb/auto/index.mjs");
const { giftOf, withPhotos } = await load("src/app/exchange/taking.ts");
const { takenFrom } = await load("src/capture/partner/carrying.ts");
const { Phone } = await load("src/capture/phone.ts");
const { asides } = await load("src/network/asides.ts");
const { enrol } = await load("src/network/enrolment.ts");
const { fetchPhoto } = await load("src/network/fetching.ts");
const { outstanding } = await load("src/network/progress.ts");
const { preview } = await load("src/network/previewing.ts");
const { sync } = await load("src/network/syncing.ts");
const { exportFile } = await load("src/store/leaving/exporting.ts");
const { LocalStore } = await load("src/store/local.ts");
const { vault, vaultName } = await load("src/store/schema.ts");
const { Sealer } = await load("src/store/sealing.ts");
const { newKey } = await load("src/core/keys.ts");

let id = crypto.randomUUID();
const how = { name: "AES-GCM", length: 256 };
const key = await crypto.subtle.generateKey(how, false, ["encrypt", "decrypt"]);
const storage = () => Promise.resolve({ persisted: true, installed: true, quota: 4e9 });
let server = "";
const fetch = (path, init) => globalThis.fetch(`${server}${path}`, init);
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** Copy all that the phone holds, as a thief or a backup of the device does. */
async function cloned() {
  const copy = crypto.randomUUID();
  const database = (name) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const whole = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const target = vault(copy);
  await target.read(["settings"], (tx) => tx.objectStore("settings").count());
  target.close();
  const [from, to] = [await database(vaultName(id)), await database(vaultName(copy))];
  for (const name of from.objectStoreNames) {
    const rows = await whole(from.transaction(name).objectStore(name).getAll());
    const store = to.transaction(name, "readwrite").objectStore(name);
    for (const row of rows) await whole(store.add(row));
  }
  from.close();
  to.close();
  return copy;
}

async function opened() {
  const store = new LocalStore(id, vault(id), new Sealer(key));
  await store.writing.begin();
  if ((await store.replicas()).length === 0) await store.addReplica(await newKey());
  return new Phone(store, "测试机");
}

let phone = await opened();

const orders = {
  go: ({ url }) => {
    server = url;
  },
  restart: async () => {
    phone.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    phone = await opened();
  },
  clone: cloned,
  use: async ({ vault: other }) => {
    phone.close();
    const before = id;
    id = other;
    phone = await opened();
    return before;
  },
  removeUpto: async ({ seq }) => phone.store.removeUpto(await phone.replica(), seq),
  enrol: ({ login, password }) =>
    enrol(phone.store, { login, password, label: "测试机" }, { fetch, storage }),
  sync: ({ photos = true, backoff = [0, 0] }) =>
    sync(phone, { fetch, backoff, mayUpload: () => photos }),
  call: async ({ method, args }) => (await phone[method](...args)) ?? null,
  together: async ({ task, calls }) => {
    await phone.together(task, async (group) => {
      for (const [method, ...args] of calls) await group[method](task, ...args);
    });
  },
  photo: ({ task, base64, details }) =>
    phone.addPhoto(task, new Uint8Array(Buffer.from(base64, "base64")), details),
  record: async ({ task }) => {
    const { view, conflicts, live, items } = await phone.record(task);
    return { view, conflicts, live, items: [...items.keys()].sort() };
  },
  replica: () => phone.replica(),
  entries: () => phone.store.places(),
  receipts: () => phone.verifiedReceipts(),
  outstanding: async () => {
    const { entries, photos } = await outstanding(phone.store, await phone.store.places());
    return { entries, photos: Object.fromEntries(photos) };
  },
  asides: async () => asides(phone.store, await phone.store.places()),
  fetch: async ({ sha256 }) => (await fetchPhoto(phone.store, sha256, { fetch })).length,
  held: async ({ sha256 }) => (await phone.photo(sha256)).length,
  preview: async ({ wanted }) => {
    const { pdf, ...said } = await preview(phone.store, wanted, { fetch });
    return { ...said, pdf: hex(pdf.subarray(0, 5)) };
  },
  export: async ({ task }) => Buffer.from(await phone.exportEntries(task)).toString("base64"),
  lastResort: async ({ passphrase, made }) => {
    const { file } = await exportFile(phone.store, passphrase, made);
    return Buffer.from(await file.arrayBuffer()).toString("base64");
  },
  exportWhole: async ({ task }) => {
    const file = await withPhotos(phone, await giftOf(phone, task), () => undefined);
    return Buffer.from(await file.arrayBuffer()).toString("base64");
  },
  takeIn: async ({ base64 }) => {
    return (await takenFrom(phone.store, new Blob([Buffer.from(base64, "base64")]))).entries;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...order } = JSON.parse(line);
  let answer;
  try {
    answer = { said: (await orders[name](order)) ?? null };
  } catch (error) {
    const { code = "", remote = "", message } = error;
    answer = { error: { code: String(code), remote, message, stack: error.stack } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
