/** Which group of tasks was looked at last; it stays while the app is open. */

import { ref } from "vue";
import type { Group } from "../../reading/tasks.ts";

export const chosen = ref<Group>("today");
