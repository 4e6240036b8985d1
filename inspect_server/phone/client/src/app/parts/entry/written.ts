/** What would be lost if a sheet or a form closed now: then it asks first. */

/**
 * Return whether a form holds something that it did not begin with.
 *
 * @param start The fields that count, as they were; blanks around words do not.
 */
export function isWritten<Form extends object>(form: Form, start: Partial<Form>): boolean {
  const names = Object.keys(start) as (keyof Form)[];
  return names.some((name) => told(form[name]) !== told(start[name]));
}

function told(value: unknown): string {
  return typeof value === "string" ? value.trim() : JSON.stringify(value);
}
