/** The first module: it puts the app on the page. */

import { createApp, h } from "vue";

createApp({ render: () => h("main", h("h1", "现场检查")) }).mount("#app");
