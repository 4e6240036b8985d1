// Uploads files with tus-js-client as docs/sync.md says; prints one JSON line a file, when all ended.
//
// node upload.mjs CONFIG, where CONFIG is JSON: {endpoint, files: [{path, sha256, token}], memory,
// chunkSize, stopAt, remove, override, atOnce}. `memory` is the file in which addresses of unfinished
// uploads are kept between two runs; with `stopAt` the process dies once so many bytes are sent.
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.TUS_JS_CLIENT}/`);
const tus = require("tus-js-client");
const config = JSON.parse(process.argv[2]);

function upload(file) {
  return new Promise((resolve) => {
    const sentBefore = [];
    const one = new tus.Upload(createReadStream(file.path), {
      endpoint: config.endpoint,
      headers: { Authorization: `Bearer ${file.token}` },
      metadata: { sha256: file.sha256, filename: "照片.jpg" },
      chunkSize: config.chunkSize ?? Infinity,
      retryDelays: Array(900).fill(100), // longer than a loaded machine takes to start a server
      uploadDataDuringCreation: config.atOnce ?? false,
      overridePatchMethod: config.override ?? false,
      urlStorage: config.memory ? new tus.FileUrlStorage(config.memory) : null,
      fingerprint: () => Promise.resolve(file.sha256),
      storeFingerprintForResuming: Boolean(config.memory),
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => {
        const offset = request.getHeader("Upload-Offset");
        if (offset !== undefined) sentBefore.push(Number(offset));
      },
      onChunkComplete: (_size, accepted) => {
        if (config.stopAt && accepted >= config.stopAt) {
          if (!config.remove) process.exit(0);
          one.abort(true).then(() => resolve({ url: one.url, removed: true }));
        }
      },
      onSuccess: () => resolve({ url: one.url, offsets: sentBefore }),
      onError: (error) =>
        resolve({ error: String(error), status: error.originalResponse?.getStatus() }),
    });
    const begin = config.memory ? one.findPreviousUploads() : Promise.resolve([]);
    begin.then((previous) => {
      if (previous.length) one.resumeFromPreviousUpload(previous[0]);
      one.start();
    });
  });
}

const ended = await Promise.all(config.files.map(upload));
for (const result of ended) console.log(JSON.stringify(result));
