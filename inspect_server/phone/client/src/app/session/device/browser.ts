/** What this browser is and lacks, found out without asking anybody. */

/** Why nothing may be captured here; the words say what to do. */
export type Obstacle = "insecure" | "not_installed" | "outdated" | "embedded";

/** What the answer depends on, so that a test can say it. */
export interface Surroundings {
  readonly agent: string;
  readonly touchPoints: number;
  readonly isSecure: boolean;
  readonly isInstalled: boolean;
  /** What the app needs and this browser has not. */
  readonly lacking: readonly string[];
}

/** Return how this browser presents itself. */
export function surroundings(): Surroundings {
  const isIosApp = (navigator as { standalone?: boolean }).standalone === true;
  return {
    agent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    isSecure: globalThis.isSecureContext,
    isInstalled: isIosApp || matchMedia("(display-mode: standalone)").matches,
    lacking: [
      ["indexedDB" in globalThis, "本地数据库"],
      ["locks" in navigator, "窗口锁"],
      [globalThis.crypto?.subtle !== undefined, "数据加密"],
      ["CompressionStream" in globalThis, "数据压缩"],
      ["storage" in navigator, "存储管理"],
    ].flatMap(([isThere, what]) => (isThere ? [] : [what as string])),
  };
}

/** Whether this is an iPhone or iPad, also one that says it is a Mac. */
export function isApple({ agent, touchPoints }: Surroundings = surroundings()): boolean {
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1);
}

/**
 * Return what keeps this browser from being used on site, null if nothing does.
 *
 * Safari drops what a tab of an iPhone stored after seven days without a visit; the browsers
 * inside other apps do so whenever those like.
 */
export function obstacle(here: Surroundings = surroundings()): Obstacle | null {
  if (!here.isSecure) return "insecure";
  if (/MicroMessenger|DingTalk|\bQQ\//.test(here.agent)) return "embedded";
  if (isApple(here) && !here.isInstalled) return "not_installed";
  return here.lacking.length ? "outdated" : null;
}

/** Whose menus lead the app to the home screen. */
export type Installing = "android" | "harmony" | "safari";

/** Return that, null where the app was opened from there. */
export function installing(here: Surroundings = surroundings()): Installing | null {
  if (here.isInstalled) return null;
  if (isApple(here)) return "safari";
  return /HarmonyOS|OpenHarmony|HuaweiBrowser/i.test(here.agent) ? "harmony" : "android";
}

/** Return a name that the office will recognise this phone by, until its user gives a better. */
export function suggestedLabel({ agent, touchPoints }: Surroundings = surroundings()): string {
  if (/iPad/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1)) return "iPad";
  if (/iPhone/.test(agent)) return "iPhone";
  if (/HarmonyOS|OpenHarmony/i.test(agent)) return "鸿蒙手机";
  const model = /Android [\d.]+; ([^;)]+)/.exec(agent)?.[1]?.replace(/ Build.*/, "").trim() ?? "";
  if (model.length > 1) return model;
  return /Android/.test(agent) ? "安卓手机" : "执法终端";
}
