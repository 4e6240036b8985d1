/**
 * Which modules make up one file: those that are needed at the same moment.
 *
 * Each file is one more round trip, through the service worker as well; on a slow phone some twenty
 * small ones cost more than all that is in them. So what an account needs from its unlocking to its
 * list is one file, and what a visit needs until its checklist is open another.
 */

/** What the bundler tells of a module. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** In the order of the day: the first file comes with the page, each other one has what it adds. */
const MOMENTS: readonly (readonly [name: string, from: readonly string[]])[] = [
  ["index", ["index.html"]],
  [
    "opened",
    [
      "src/capture/phone.ts",
      "src/network/driver.ts",
      "src/network/progress.ts",
      "src/store/local.ts",
      "src/app/pages/tasks/TasksPage.vue",
    ],
  ],
  [
    "visit",
    [
      "src/app/pages/task/TaskPage.vue",
      "src/app/pages/visit/VisitPage.vue",
      "src/app/checklist/ChecklistView.vue",
    ],
  ],
];

/** Return the name of the file for each module of the client in `root`; null leaves it open. */
export function grouped(root: string): (id: string, modules: Modules) => string | null {
  let names: ReadonlyMap<string, string> | undefined;
  return (id, modules) => {
    names ??= namesOf(root, modules);
    const name = names.get(id);
    return name ?? null;
  };
}

function namesOf(root: string, modules: Modules): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const take = (id: string, name: string): void => {
    if (names.has(id)) return;
    names.set(id, name);
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) take(imported, name);
  };
  for (const [name, from] of MOMENTS) {
    for (const path of from) {
      if (modules.getModuleInfo(root + path) === null) throw new Error(`${path} is no module`);
      take(root + path, name);
    }
  }
  return names;
}
