/** The first module: it puts the app on the page, unless the page says why it cannot run. */

import { createApp } from "vue";
import App from "./App.vue";
import { follow } from "./router.ts";
import { said } from "./session/saying.ts";
import { begin, session } from "./session/state.ts";
import { keepUpToDate } from "./session/device/updating.ts";
import { say } from "./parts/frame/toasts.ts";
import { afterPaint } from "./parts/painting.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/bars.css";
import "./style/surfaces.css";
import "./style/sheets.css";
import "./style/pages.css";

async function start(root: Element): Promise<void> {
  const app = createApp(App);
  app.config.errorHandler = (problem) => say(said(problem), "danger");
  addEventListener("unhandledrejection", (event) => say(said(event.reason), "danger"));
  follow();
  const shown = begin()
    .then(() => app.mount(root))
    .then(afterPaint);
  keepUpToDate(() => session.phone !== null, shown);
  await shown;
}

const root = document.querySelector("#app");
if (root !== null && isSecureContext) void start(root);
