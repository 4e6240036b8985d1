/** How much room the app's data has, and whether the system promised to keep it. */

export interface Room {
  readonly used: number;
  readonly quota: number;
  readonly persisted: boolean;
  /** Whether a day's photos might not fit. */
  readonly isLow: boolean;
}

/** What one day of photos and short videos takes. */
const A_DAY = 300_000_000;

/** Return how much room there is. */
export async function room(storage: StorageManager = navigator.storage): Promise<Room> {
  const [{ usage: used = 0, quota = 0 }, persisted] = await Promise.all([
    storage.estimate(),
    storage.persisted(),
  ]);
  return { used, quota, persisted, isLow: quota > 0 && quota - used < A_DAY };
}
