/** How the phone app is built: `make phone` writes what is served and shipped into ../static. */

import "./bundling/production.ts"; // before what asks for it while it is loaded

import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

import { finished } from "./bundling/finishing.ts";
import { grouped } from "./bundling/grouping.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Where the service worker stands: it may answer for its own folder and what is below. */
const WORKER = "sw.js";

export default defineConfig({
  base: "/phone/",
  mode: "production",
  envDir: false,
  plugins: [vue(), finished(HERE, WORKER)],
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  // Of pdf.js: a module, as its makers publish it.
  worker: { format: "es" },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: ["chrome111", "safari16.4"],
    // The page's policy has no place for data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: "licences.md" },
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: { index: `${HERE}index.html`, worker: `${HERE}src/worker/sw.ts` },
      output: {
        entryFileNames: (chunk) =>
          chunk.name === "worker" ? WORKER : "assets/[name]-[hash].js",
        codeSplitting: {
          groups: [
            // Apart, as it stays what it was from one version of the app to the next.
            { name: "vue", test: /node_modules\/@?vue\// },
            { name: grouped(HERE), includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
});
