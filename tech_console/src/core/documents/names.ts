// How roles, documents and their published files are called (docs/keys.md). Nothing here reads or trusts anything.

import { hex, sha256, utf8 } from "../bytes";
import { invalid } from "./refused";

export const ROOT = "root";
export const TIMESTAMP = "timestamp";
export const SNAPSHOT = "snapshot";
export const TARGETS = "targets";
export const TOP_ROLES = [ROOT, TIMESTAMP, SNAPSHOT, TARGETS] as const;
export const HOSTS = "hosts";

export const PERSONS_PATH = "persons.json";
export const VENDOR_PATH = "vendor.json";
export const VENDOR_POLICY_PATH = "vendor-policy.toml";
export const SITE_PATH = "site.json";
export const SITE_POLICY_PATH = "site-policy.toml";

const DEVICES = "devices-";
const HOSTS_PATTERN = "hosts/*.json";
const READABLE = 40;
const DIGITS = 12;

/** A company or site in names of roles and files: readable letters, and a hash that keeps two names apart. */
export async function slug(name: string): Promise<string> {
  const words = (name.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-").slice(0, READABLE);
  const digest = hex(await sha256(utf8(name))).slice(0, DIGITS);
  return `${words}-${digest}`.replace(/^-+/, "");
}

/** The document that lists the hosts of this site. */
export async function hostsPath(site: string): Promise<string> {
  return `hosts/${await slug(site)}.json`;
}

/** Is this the path of a document of hosts, as the role of the hosts may provide? */
export function isHostsPath(path: string): boolean {
  return /^hosts\/[^/]*\.json$/.test(path);
}

/** The document of the devices of this company's people. */
export async function devicesPath(company: string): Promise<string> {
  return devicesPathOf(DEVICES + (await slug(company)));
}

/** The one document that a company's role may provide. */
export function devicesPathOf(role: string): string {
  return `devices/${role.slice(DEVICES.length)}.json`;
}

/** The only pattern of paths that a delegated role may have. Throws DocumentRefused for a role that there is not. */
export function patternOf(role: string): string {
  if (role === HOSTS) return HOSTS_PATTERN;
  if (/^devices-[a-z0-9-]*$/.test(role)) return devicesPathOf(role);
  throw invalid("a delegated role that there is not");
}

/** Where a role's metadata is published. The timestamp alone has no version in its name. */
export function metadataFile(role: string, version: number): string {
  return role === TIMESTAMP ? `metadata/${TIMESTAMP}.json` : `metadata/${version}.${role}.json`;
}

/** Where the content of a document is published: its hash stands before its name. */
export function targetFile(path: string, digest: string): string {
  const at = path.lastIndexOf("/") + 1;
  return `targets/${path.slice(0, at)}${digest}.${path.slice(at)}`;
}
