/** How a phone may be called: as the server takes it (docs/sync.md, `label`). */

const NAME = /^(?:[^\p{C}\p{Z}]| ){1,100}$/u;

/** Whether the server takes this name: no control or format characters, no odd spaces. */
export function isName(text: string): boolean {
  return NAME.test(text);
}
