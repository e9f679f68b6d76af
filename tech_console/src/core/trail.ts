// What a reader of the log asks for: what was typed, as the broker wants to hear it.

import type { TrailFilter, TrailName } from "../wire.gen";

/** The fields of the form, as they were typed. Times are local, as a field of the browser has them; empty lets everything pass. */
export interface Wanted {
  readonly since: string;
  readonly until: string;
  readonly person: string;
  readonly device: string;
  readonly kind: string;
}

export const EVERYTHING: Wanted = { since: "", until: "", person: "", device: "", kind: "" };

/** How somebody is listed to choose from: the id in brackets behind the name. */
export function listed({ id, name }: TrailName): string {
  return `${name} (${id})`;
}

/** The id that was meant: chosen from the list, typed as it is, or the name of one alone. Null if nobody can tell. */
export function idOf(typed: string, names: Iterable<TrailName>): string | null {
  const text = typed.trim();
  const chosen = /\(([th]-[^()\s]+)\)$/.exec(text)?.[1];
  if (chosen !== undefined) return chosen;
  if (text === "" || /^[th]-\S+$/.test(text)) return text;
  const meant = [...names].filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  return meant.length === 1 ? (meant[0]?.id ?? null) : null;
}

/** Seconds since 1970 of a local time; 0 for none. */
export function secondsOf(local: string): number {
  const at = local === "" ? 0 : new Date(local).getTime();
  return Number.isFinite(at) ? Math.max(0, Math.floor(at / 1000)) : 0;
}

/** The whole question; null if a person or device cannot be told. */
export function filterOf(wanted: Wanted, names: readonly TrailName[]): TrailFilter | null {
  const technician = idOf(wanted.person, names.filter(({ id }) => id.startsWith("t-")));
  const host = idOf(wanted.device, names.filter(({ id }) => id.startsWith("h-")));
  if (technician === null || host === null) return null;
  return { since: secondsOf(wanted.since), until: secondsOf(wanted.until), host, technician, session: "", event: wanted.kind.trim() };
}

/** Everybody who was ever named on a page, each once, by name. */
export function known(before: readonly TrailName[], more: readonly TrailName[]): readonly TrailName[] {
  const all = new Map([...before, ...more].map((each) => [each.id, each]));
  return [...all.values()].toSorted((one, other) => one.name.localeCompare(other.name));
}
