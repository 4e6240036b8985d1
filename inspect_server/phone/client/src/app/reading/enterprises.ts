/** What an inspector wants to know of an enterprise at its gate. */

import type { EnterpriseBody, Hazard, PastCheck, Scheme, TaskBody } from "./bodies.ts";

/** A problem that is left to rectify, with whether its day is over. */
export interface OpenHazard extends Hazard {
  readonly overdue: boolean;
}

/** How often the enterprise was checked this year, and how often it may be. */
export interface Frequency {
  readonly before: number;
  readonly cap: number | null;
}

/** Return what is left to rectify: overdue first, then 重大, then by day. */
export function openHazards(enterprise: EnterpriseBody, day: string): OpenHazard[] {
  return enterprise.open_hazards
    .map((one) => ({ ...one, overdue: isOverdue(one, day) }))
    .sort((one, other) => rank(one) - rank(other) || (one.deadline < other.deadline ? -1 : 1));
}

/** Return the checks of a year, the newest first. */
export function checksOf(enterprise: EnterpriseBody, year: string): PastCheck[] {
  return enterprise.history.filter((check) => check.checked_on.startsWith(`${year}-`));
}

/**
 * Return how often an enterprise was checked in the year of a task before its own visit.
 *
 * The scheme counted when it was made; what the phone pulled since may know of more.
 */
export function frequency(
  enterprise: EnterpriseBody,
  scheme: Scheme,
  number: string,
  year: string,
): Frequency {
  const counted = checksOf(enterprise, year).filter((check) => check.counts !== false);
  const since = counted.filter((check) => check.number !== number).length;
  return { before: Math.max(since, scheme.checks_this_year ?? 0), cap: scheme.cap ?? null };
}

/** Return how often before a task, by its scheme alone where the enterprise is not here. */
export function frequencyBefore(task: TaskBody, enterprise: EnterpriseBody | null): Frequency {
  const { scheme, number, visit_from } = task;
  return enterprise
    ? frequency(enterprise, scheme, number, visit_from.slice(0, 4))
    : { before: scheme.checks_this_year ?? 0, cap: scheme.cap ?? null };
}

/** Whether as many checks counted as the year allows, before this one. */
export function isAtCap({ before, cap }: Frequency): boolean {
  return cap !== null && before >= cap;
}

/** Return the industry's code with its 门类, as far as both are known. */
export function industryOf({ industry_code: code, industry_section }: EnterpriseBody): string {
  return industry_section ? `${code}（${industry_section}）` : code;
}

/** A link that opens a map. */
export interface MapLink {
  readonly kind: "geo" | "amap";
  readonly href: string;
}

const GEODETIC = new Set(["WGS84", "CGCS2000"]);
const MARS = "GCJ02";

/**
 * Return links to the place: the phone's own map, where it has such links, and 高德地图.
 *
 * Coordinates of another datum than the map's would be some hundred metres off: then the address
 * is searched for.
 */
export function mapLinks(enterprise: EnterpriseBody, { hasGeo }: { hasGeo: boolean }): MapLink[] {
  const { latitude, longitude, datum, name, address } = enterprise;
  const isPlaced = latitude !== "" && longitude !== "";
  const words = encodeURIComponent([address, name].filter(Boolean).join(" "));
  const links: MapLink[] = [];
  const kind = datum.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const isGeodetic = isPlaced && GEODETIC.has(kind);
  if (hasGeo && (isGeodetic || words)) {
    const at = isGeodetic ? `${latitude},${longitude}` : "0,0";
    links.push({ kind: "geo", href: `geo:${at}?q=${isGeodetic ? at : words}` });
  }
  if (isPlaced && (isGeodetic || kind === MARS)) {
    const system = kind === MARS ? "gaode" : "wgs84";
    const marker = `position=${longitude},${latitude}&name=${encodeURIComponent(name)}`;
    links.push({
      kind: "amap",
      href: `https://uri.amap.com/marker?${marker}&coordinate=${system}&callnative=1`,
    });
  } else if (words) {
    links.push({ kind: "amap", href: `https://uri.amap.com/search?keyword=${words}&callnative=1` });
  }
  return links;
}

function isOverdue(hazard: Hazard, day: string): boolean {
  // Without a day it was to be put right at once.
  return hazard.deadline === "" ? hazard.found_on < day : hazard.deadline < day;
}

function rank(hazard: OpenHazard): number {
  return (hazard.overdue ? 0 : 2) + (hazard.level === "major" ? 0 : 1);
}
