// One vendor and one reader for each test, and what tests say to them.

import { fromUtf8, type Bytes } from "../../../src/core/bytes";
import { Documents, type Instant, type Verdict } from "../../../src/core/documents/documents";
import { metadataFile } from "../../../src/core/documents/names";
import type { JsonObject } from "../../../src/core/json";
import { encodePart } from "../../../src/core/schema";
import { AuthenticatorType, type CertifiedDevice } from "../../../src/wire.gen";
import { DAY, host, NOW, person, Vendor } from "./vendor";

export const LYON = "Lyon Nord";
export const TAKEN: Verdict = { kind: "good", changed: true };
export const NO_NEWS: Verdict = { kind: "good", changed: false };
export const INVALID: Verdict = { kind: "bad", why: "invalid" };
export const STALE: Verdict = { kind: "bad", why: "stale" };

export let vendor: Vendor;
export let documents: Documents;

/** Before each test: two persons, one device, one host at each of two sites, and a reader that has heard nothing. */
export async function setStage(): Promise<void> {
  vendor = await Vendor.make();
  vendor.persons = [person("t-ana"), person("t-bo", { company: "Bolt" })];
  vendor.devices = [{ person: "t-ana", devices: [device(1)] }];
  vendor.hosts = [host("h-1", LYON, key32(1)), host("h-2", "Paris", key32(2))];
  documents = await Documents.from(vendor.root);
}

export function key32(first: number): Bytes {
  return new Uint8Array(32).fill(first);
}

export function device(first: number, change: Partial<CertifiedDevice> = {}): CertifiedDevice {
  return { type: AuthenticatorType.ED25519, key: key32(first), label: "laptop", expires: NOW + 100 * DAY, ...change };
}

/** Seconds after NOW, on a clock that was never set. */
export function after(seconds: number): Instant {
  return { utc: NOW + seconds, boot: 1000 + seconds };
}

/** The reader hears what is published now. */
export async function hear(seconds = 10): Promise<Verdict> {
  return documents.accept(await vendor.bundleOf(LYON), after(seconds), LYON);
}

/** Hosts by id, devices by person and first byte; nothing at all where no documents count. */
export async function listed(seconds = 10): Promise<{ hosts?: string[]; devices?: string[] }> {
  const view = await documents.view(after(seconds));
  if (view === null) return {};
  const devices = view.technicians.flatMap((each) => each.authenticators.map((its) => `${each.id} ${its.key[0]}`));
  return { hosts: view.hosts.map((each) => each.id), devices };
}

export function content(path: string): Bytes {
  return vendor.files.get(path) ?? new Uint8Array();
}

/** What is signed in published metadata. */
export function said(path: string): JsonObject {
  return (JSON.parse(fromUtf8(content(path))) as { signed: JsonObject }).signed;
}

/** The next targets: persons, the service and `more`, and no policy. */
export async function putTop(change: JsonObject, more: ReadonlyMap<string, Bytes> = new Map()): Promise<void> {
  const { delegations } = said(metadataFile("targets", vendor.versions.get("targets") ?? 0));
  const service = { vendor: "Acme", broker: vendor.broker, console_digest: "", auditor_key: new Uint8Array() };
  const own = [["persons.json", encodePart("PersonsDocument", { persons: vendor.persons })], ["vendor.json", encodePart("VendorDocument", service)]] as const;
  await vendor.putTargets("targets", vendor.key("targets"), new Map([...own, ...more]), { delegations: delegations ?? {}, ...change });
}

/** What the reader says to such targets. */
export async function withTop(change: JsonObject, more: ReadonlyMap<string, Bytes> = new Map()): Promise<Verdict> {
  await vendor.publish();
  await putTop(change, more);
  await vendor.putSnapshot();
  await vendor.putTimestamp();
  return hear();
}

/** What the reader says to a delegated role that lists these documents. */
export async function withRole(role: string, documentsOf: ReadonlyMap<string, Bytes>, change: JsonObject = {}): Promise<Verdict> {
  await vendor.publish();
  await vendor.putTargets(role, vendor.key(role === "hosts" ? "hosts" : "devices"), documentsOf, change);
  await vendor.putSnapshot();
  await vendor.putTimestamp();
  return hear();
}

/** A document of one host. */
export function hostsOf(site: string, first: number): Bytes {
  return encodePart("HostsDocument", { site, hosts: [host(`h-${first}`, site, key32(first))] });
}
