// A vendor's signers in one test: they make the documents that they are asked for, right or wrong.

import { hex, sha256, utf8, type Bytes } from "../../../src/core/bytes";
import { HOSTS, hostsPath, metadataFile, patternOf, targetFile, TOP_ROLES } from "../../../src/core/documents/names";
import { canonical, type Json, type JsonObject } from "../../../src/core/json";
import { encodePart } from "../../../src/core/schema";
import { Repository, type DocumentsBundle, type ListedHost, type ListedPerson, type PersonDevices } from "../../../src/wire.gen";

/** When these signers live, in seconds since 1970. */
export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const COMPANY = "Acme Diagnostics";

/** An Ed25519 key and what TUF says of it. */
export class Key {
  readonly id: string;
  readonly described: JsonObject;
  private readonly key: CryptoKey;

  private constructor(id: string, described: JsonObject, key: CryptoKey) {
    this.id = id;
    this.described = described;
    this.key = key;
  }

  static async make(): Promise<Key> {
    const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const described = { keytype: "ed25519", keyval: { public: hex(raw) }, scheme: "ed25519" };
    return new Key(hex(await sha256(utf8(canonical(described)))), described, pair.privateKey);
  }

  async sign(data: Bytes): Promise<Json> {
    return { keyid: this.id, sig: hex(new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, this.key, data))) };
  }
}

/** Metadata as it is published, signed by these keys. */
export async function signed(said: JsonObject, ...keys: readonly Key[]): Promise<Bytes> {
  const signatures = await Promise.all(keys.map((key) => key.sign(utf8(canonical(said)))));
  return utf8(canonical({ signatures, signed: said }));
}

async function pinned(content: Bytes, version?: number): Promise<JsonObject> {
  const body = { length: content.length, hashes: { sha256: hex(await sha256(content)) } };
  return version === undefined ? body : { ...body, version };
}

/** Seconds since 1970 as metadata writes them. */
export function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

export type Change = Readonly<Record<string, Json>>;

export class Vendor {
  readonly files = new Map<string, Bytes>();
  readonly keys = new Map<string, Key>();
  readonly meta: Record<string, JsonObject> = {};
  readonly versions = new Map<string, number>();
  persons: readonly ListedPerson[] = [];
  devices: readonly PersonDevices[] = [];
  hosts: readonly ListedHost[] = [];
  broker: { readonly id: string; readonly key: Bytes } = { id: "b-1", key: new Uint8Array(32) };
  auditorKey: Bytes = new Uint8Array();
  policy = 'party = "vendor"\n';

  /** With a key for each role, and a first root. */
  static async make(): Promise<Vendor> {
    const vendor = new Vendor();
    for (const role of [...TOP_ROLES, HOSTS, "devices"]) vendor.keys.set(role, await Key.make());
    await vendor.putRoot();
    return vendor;
  }

  key(role: string): Key {
    const key = this.keys.get(role);
    if (key === undefined) throw new Error(`no key of ${role}`);
    return key;
  }

  get root(): Bytes {
    return this.files.get(metadataFile("root", 1)) ?? new Uint8Array();
  }

  next(role: string): number {
    const version = (this.versions.get(role) ?? 0) + 1;
    this.versions.set(role, version);
    return version;
  }

  private roleOf(name: string): JsonObject {
    return { keyids: [this.key(name).id], threshold: 1 };
  }

  private describe(...names: readonly string[]): JsonObject {
    return Object.fromEntries(names.map((name) => [this.key(name).id, this.key(name).described]));
  }

  /** The next root with the keys of now; `by` signs beside the root key of now. */
  async putRoot(change: Change = {}, ...by: readonly Key[]): Promise<void> {
    const roles = Object.fromEntries(TOP_ROLES.map((name) => [name, this.roleOf(name)]));
    const version = this.next("root");
    const said = { ...common("root", version, 365 * DAY), consistent_snapshot: true, keys: this.describe(...TOP_ROLES), roles, ...change };
    this.files.set(metadataFile("root", version), await signed(said, this.key("root"), ...by));
  }

  /** The documents as they are now, and everything that points at them. */
  async publish(issued = NOW, change: Change = {}): Promise<void> {
    const devices = `devices-${(await hostsPath(COMPANY)).slice("hosts/".length, -".json".length)}`;
    const role = (name: string, key: string) => ({ name, ...this.roleOf(key), terminating: true, paths: [patternOf(name)] });
    const delegations = { keys: this.describe(HOSTS, "devices"), roles: [role(devices, "devices"), role(HOSTS, HOSTS)] };
    const service = { vendor: "Acme", broker: this.broker, console_digest: "", auditor_key: this.auditorKey };
    const own = [["persons.json", encodePart("PersonsDocument", { persons: this.persons })], ["vendor.json", encodePart("VendorDocument", service)]] as const;
    await this.putTargets("targets", this.key("targets"), new Map([...own, ["vendor-policy.toml", utf8(this.policy)]]), { delegations });
    const listed = encodePart("DevicesDocument", { company: COMPANY, persons: this.devices });
    await this.putTargets(devices, this.key("devices"), new Map([[patternOf(devices), listed]]));
    await this.putTargets(HOSTS, this.key(HOSTS), await this.hostsDocuments());
    await this.putSnapshot();
    await this.putTimestamp(issued, change);
  }

  private async hostsDocuments(): Promise<Map<string, Bytes>> {
    const sites = [...new Set(this.hosts.map((each) => each.site))];
    const documents = sites.map(async (site) => {
      const hosts = this.hosts.filter((each) => each.site === site);
      return [await hostsPath(site), encodePart("HostsDocument", { site, hosts })] as const;
    });
    return new Map(await Promise.all(documents));
  }

  /** The next version of a role that lists these documents. */
  async putTargets(role: string, key: Key, documents: ReadonlyMap<string, Bytes>, change: Change = {}): Promise<void> {
    const targets: JsonObject = {};
    for (const [path, content] of documents) {
      targets[path] = await pinned(content);
      this.files.set(targetFile(path, hex(await sha256(content))), content);
    }
    const version = this.next(role);
    const content = await signed({ ...common("targets", version, 30 * DAY), targets, ...change }, key);
    this.files.set(metadataFile(role, version), content);
    this.meta[`${role}.json`] = await pinned(content, version);
  }

  async putSnapshot(change: Change = {}): Promise<void> {
    const version = this.next("snapshot");
    const said = { ...common("snapshot", version, 30 * DAY), meta: { ...this.meta }, ...change };
    this.files.set(metadataFile("snapshot", version), await signed(said, this.key("snapshot")));
  }

  async putTimestamp(issued = NOW, change: Change = {}): Promise<void> {
    const at = this.versions.get("snapshot") ?? 0;
    const snapshot = this.files.get(metadataFile("snapshot", at)) ?? new Uint8Array();
    const said = { ...common("timestamp", this.next("timestamp"), 0), issued, expires: moment(issued + DAY), meta: { "snapshot.json": await pinned(snapshot, at) } };
    this.files.set(metadataFile("timestamp", 0), await signed({ ...said, ...change }, this.key("timestamp")));
  }

  /** What the broker sends: all but the hosts of other sites and what is held, roots and timestamp always. */
  bundle(site = "", have: readonly string[] = [], own = ""): DocumentsBundle {
    const wanted = (path: string) => !path.startsWith("targets/hosts/") || (own !== "" && path.endsWith(own));
    const lacking = (path: string) => !have.includes(path) || path.endsWith(".root.json") || path.endsWith("timestamp.json");
    const files = [...this.files].filter(([path]) => wanted(path) && lacking(path)).map(([path, content]) => ({ path, content }));
    return { repository: Repository.VENDOR, site, files };
  }

  /** The same for a host's site. */
  async bundleOf(site: string, have: readonly string[] = []): Promise<DocumentsBundle> {
    return this.bundle(site, have, `.${(await hostsPath(site)).slice("hosts/".length)}`);
  }
}

function common(kind: string, version: number, lasts: number): JsonObject {
  return { _type: kind, spec_version: "1.0.31", version, expires: moment(NOW + lasts) };
}

export function person(id: string, change: Partial<ListedPerson> = {}): ListedPerson {
  return { id, name: id.toUpperCase(), company: COMPANY, active: true, groups: ["demo"], training: [], ...change };
}

export function host(id: string, site: string, key: Bytes): ListedHost {
  return { id, name: `Analyser ${id}`, key, site, group: "demo", profile: { model: "AX-200", region: "EU", phi: false } };
}
