/** Files out of the app: by the system's share sheet where there is one, else as a download. */

/** Hand files to whatever their user chooses; false if it was called off. */
export async function handOver(files: readonly File[]): Promise<boolean> {
  const shared = { files: [...files] };
  if (navigator.canShare?.(shared)) {
    try {
      await navigator.share(shared);
      return true;
    } catch (problem) {
      if (problem instanceof DOMException && problem.name === "AbortError") return false;
      // A browser may refuse what it said that it can: then the files are saved.
    }
  }
  for (const file of files) save(file);
  return true;
}

function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
