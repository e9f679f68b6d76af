// What verified documents say, read strictly and checked against each other. Signatures were checked before (client.ts).
//
// A fault of a document's own signer refuses the document. What one signer says beyond his rights is dropped instead: else
// a company's supervisor could hold up the security officer's next word, and a removed technician would stay.

import {
  AuthenticatorType,
  type CertifiedDevice,
  type DevicesDocument,
  type ListedHost,
  type ListedPerson,
  type ShapeName,
  type SiteDocument,
  type Values,
  type VendorDocument,
} from "../../wire.gen";
import { base64url, fromUtf8, type Bytes } from "../bytes";
import { MalformedMessage, readPart } from "../schema";
import { devicesPath, hostsPath, PERSONS_PATH, SITE_PATH, SITE_POLICY_PATH, VENDOR_PATH, VENDOR_POLICY_PATH } from "./names";
import { invalid } from "./refused";

/** One document: the role that signed it, and its bytes. */
export interface Document {
  readonly role: string;
  readonly content: Bytes;
}

/** Documents by path. */
export type Signed = ReadonlyMap<string, Document>;

/** A device, whose it is, and the role that certified it. */
export interface OwnedDevice {
  readonly role: string;
  readonly person: string;
  readonly device: CertifiedDevice;
}

/** The vendor's documents. */
export interface VendorContents {
  readonly kind: "vendor";
  readonly service: VendorDocument;
  readonly persons: readonly ListedPerson[];
  readonly devices: readonly OwnedDevice[];
  readonly hosts: readonly ListedHost[];
  readonly policy: string;
}

/** A site's documents. `terms` is null for a site that only signs a policy. */
export interface SiteContents {
  readonly kind: "site";
  readonly policy: string;
  readonly terms: SiteDocument | null;
}

const KEY_BYTES: Readonly<Partial<Record<AuthenticatorType, number>>> = {
  [AuthenticatorType.P256]: 65,
  [AuthenticatorType.ED25519]: 32,
};

const AUDITOR_KEY_BYTES: ReadonlySet<number> = new Set([0, 32]);

/** Throws DocumentRefused for documents that are incomplete, out of form, or contradict themselves. */
export async function readVendor(signed: Signed): Promise<VendorContents> {
  const { persons } = part("PersonsDocument", signed, PERSONS_PATH);
  once(persons.map((each) => each.id));
  return {
    kind: "vendor",
    service: service(signed),
    persons,
    devices: await readDevices(signed, new Map(persons.map((each) => [each.id, each]))),
    hosts: await readHosts(signed),
    policy: text(signed, VENDOR_POLICY_PATH),
  };
}

/** Throws DocumentRefused. */
export function readSite(signed: Signed): SiteContents {
  const terms = signed.has(SITE_PATH) ? part("SiteDocument", signed, SITE_PATH) : null;
  return { kind: "site", policy: text(signed, SITE_POLICY_PATH), terms };
}

function part<N extends ShapeName>(name: N, signed: Signed, path: string): Values[N] {
  const document = signed.get(path);
  if (document === undefined) throw invalid("a document is not there");
  try {
    return readPart(name, document.content);
  } catch (fault) {
    if (fault instanceof MalformedMessage) throw invalid(`a document out of form: ${fault.message}`);
    throw fault;
  }
}

function service(signed: Signed): VendorDocument {
  const found = part("VendorDocument", signed, VENDOR_PATH);
  if (!AUDITOR_KEY_BYTES.has(found.auditor_key.length)) throw invalid("an auditor's key of a wrong length");
  return found;
}

function text(signed: Signed, path: string): string {
  const document = signed.get(path);
  if (document === undefined) return "";
  try {
    return fromUtf8(document.content);
  } catch {
    throw invalid("a policy that is not UTF-8");
  }
}

function once(values: readonly string[]): void {
  if (new Set(values).size !== values.length) throw invalid("something stands twice in a document");
}

function under(folder: string, signed: Signed): [string, Document][] {
  const found = [...signed].filter(([path]) => path.startsWith(folder));
  return found.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

async function readDevices(signed: Signed, persons: ReadonlyMap<string, ListedPerson>): Promise<OwnedDevice[]> {
  const devices: OwnedDevice[] = [];
  for (const [path, { role }] of under("devices/", signed)) {
    const document = part("DevicesDocument", signed, path);
    if ((await devicesPath(document.company)) !== path) throw invalid("devices of another company");
    devices.push(...ownDevices(document, role, persons));
  }
  return devices;
}

/** A company's key speaks for devices of its own people, and adds nobody (docs/keys.md). */
function ownDevices(document: DevicesDocument, role: string, persons: ReadonlyMap<string, ListedPerson>): OwnedDevice[] {
  once(document.persons.map((each) => each.person));
  const own = document.persons.filter((each) => persons.get(each.person)?.company === document.company);
  return own.flatMap((each) => sound(each.devices).map((device) => ({ role, person: each.person, device })));
}

function sound(devices: readonly CertifiedDevice[]): readonly CertifiedDevice[] {
  once(devices.map((each) => `${each.type} ${base64url(each.key)}`));
  if (devices.some((each) => each.key.length !== (KEY_BYTES[each.type] ?? each.key.length))) throw invalid("a device key of a wrong length");
  return devices;
}

async function readHosts(signed: Signed): Promise<ListedHost[]> {
  const hosts: ListedHost[] = [];
  for (const [path] of under("hosts/", signed)) {
    const document = part("HostsDocument", signed, path);
    const own = (await hostsPath(document.site)) === path && document.hosts.every((each) => each.site === document.site);
    if (!own) throw invalid("hosts of another site");
    hosts.push(...document.hosts);
  }
  once(hosts.map((each) => each.id));
  once(hosts.map((each) => base64url(each.key)));
  return hosts;
}
