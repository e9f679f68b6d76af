// What the signed documents say at one moment: who may help, with which devices, at which hosts, through which broker.

import type { Authenticator, ListedBroker, ListedHost, ListedPerson } from "../../wire.gen";
import { concat, sha256, utf8, type Bytes } from "../bytes";
import type { VendorContents } from "./contents";
import { HOSTS, metadataFile, ROOT, SNAPSHOT } from "./names";
import type { Verified } from "./reading";

/** One listed person with the devices that count now. */
export interface Technician extends ListedPerson {
  readonly authenticators: readonly Authenticator[];
}

/** `digest` names exactly these documents, for logs. */
export interface View {
  readonly vendor: string;
  readonly broker: ListedBroker;
  readonly technicians: readonly Technician[];
  readonly hosts: readonly ListedHost[];
  readonly policy: string;
  readonly digest: Bytes;
}

/** The view of `now`, seconds since 1970. What expired by then is left out. */
export async function compose(verified: Verified, said: VendorContents, now: number): Promise<View> {
  const devices = devicesByPerson(verified, said, now);
  const hostsCount = (verified.expiries.get(HOSTS) ?? Infinity) > now;
  return {
    vendor: said.service.vendor,
    broker: said.service.broker,
    technicians: said.persons.map((each) => ({ ...each, authenticators: devices.get(each.id) ?? [] })).toSorted(byId),
    hosts: hostsCount ? said.hosts.toSorted(byId) : [],
    policy: said.policy,
    digest: await digest(verified),
  };
}

/** The entry of a host, or null for one that is not listed. */
export function listedHost(view: View, hostId: string): ListedHost | null {
  return view.hosts.find((host) => host.id === hostId) ?? null;
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}

function devicesByPerson(verified: Verified, said: VendorContents, now: number): ReadonlyMap<string, Authenticator[]> {
  const found = new Map<string, Authenticator[]>();
  for (const { role, person, device } of said.devices) {
    const { type, key, label, expires } = device;
    if (Math.min(expires, verified.expiries.get(role) ?? 0) <= now) continue;
    const own = found.get(person);
    if (own === undefined) found.set(person, [{ type, key, label }]);
    else own.push({ type, key, label });
  }
  return found;
}

/** The newest root and the snapshot, and 64 zero bytes for a site without a repository (docs/keys.md, "Later"). */
async function digest(verified: Verified): Promise<Bytes> {
  const files = [ROOT, SNAPSHOT].map((role) => verified.files.get(metadataFile(role, verified.versions.get(role) ?? 0)));
  const hashes = await Promise.all(files.map((content) => sha256(content ?? new Uint8Array())));
  return sha256(concat(utf8("chaperone documents\0"), ...hashes, new Uint8Array(64)));
}
