// The form of signed metadata. A file that breaks one of these rules is refused before any signature is looked at
// (docs/keys.md, "Spelling"). Nothing here knows which keys are trusted.

import { fromHex, hex, sha256, utf8, type Bytes } from "../bytes";
import { canonical, type Json, type JsonObject } from "../json";
import { isSoundPoint } from "../statements";
import { patternOf, SNAPSHOT, TOP_ROLES } from "./names";
import { asList, asNumber, asObject, exactly, parsePlain, written } from "./plain";
import { invalid } from "./refused";

/** What a parent says of a file. */
export interface Pinned {
  readonly length: number;
  readonly sha256: string;
}

/** What a parent says of metadata. */
export interface PinnedVersion extends Pinned {
  readonly version: number;
}

/** Who signs for a role, and how many of them must. */
export interface Role {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/** Whoever says who signs for other roles: a root for the four top roles, targets for the delegated ones. */
export interface Delegator {
  readonly keys: ReadonlyMap<string, Bytes>;
  readonly roles: ReadonlyMap<string, Role>;
}

/** What all metadata has. `signed` are the bytes under the signatures; `expires` is in seconds since 1970. */
interface Common {
  readonly content: Bytes;
  readonly signed: Bytes;
  readonly signatures: ReadonlyMap<string, Bytes>;
  readonly version: number;
  readonly expires: number;
}

export interface Root extends Common, Delegator {
  readonly type: "root";
}

export interface Timestamp extends Common {
  readonly type: "timestamp";
  readonly issued: number;
  readonly snapshot: PinnedVersion;
}

export interface Snapshot extends Common {
  readonly type: "snapshot";
  readonly meta: ReadonlyMap<string, PinnedVersion>;
}

export interface Targets extends Common {
  readonly type: "targets";
  readonly targets: ReadonlyMap<string, Pinned>;
  readonly delegations: Delegator | null;
}

export type Metadata = Root | Timestamp | Snapshot | Targets;
type Kind = Metadata["type"];

const HEX64 = /^[0-9a-f]{64}$/;
const HEX128 = /^[0-9a-f]{128}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const SPECIFICATION = /^1\.0\.\d+$/;
const POINT = 32;
const COMMON = ["_type", "version", "spec_version", "expires"];

/** Metadata of this kind that is in its form. Throws DocumentRefused. */
export async function readMetadata<K extends Kind>(kind: K, content: Bytes): Promise<Extract<Metadata, { type: K }>> {
  const body = exactly(parsePlain(content), "signatures", "signed");
  const signatures = readSignatures(body["signatures"]);
  const said = asObject(body["signed"]);
  const own = await READ[kind](said);
  const common = { content, signed: utf8(canonical(said)), signatures, ...dated(said) };
  return { ...common, ...own } as unknown as Extract<Metadata, { type: K }>;
}

const READ: { readonly [K in Kind]: (said: JsonObject) => object | Promise<object> } = {
  root: readRoot,
  timestamp: readTimestamp,
  snapshot: readSnapshot,
  targets: readTargets,
};

function fieldsOf(said: JsonObject, kind: Kind, ...more: readonly string[]): { readonly type: Kind } {
  exactly(said, ...COMMON, ...more);
  if (said["_type"] !== kind) throw invalid("metadata of another kind");
  return { type: kind };
}

function dated(said: JsonObject): { version: number; expires: number } {
  written(said["spec_version"], SPECIFICATION);
  return { version: asNumber(said["version"]), expires: moment(written(said["expires"], MOMENT)) };
}

/** Seconds since 1970. Days and hours that no calendar has, which some readers carry over, are refused. */
function moment(text: string): number {
  const at = Date.parse(text);
  const real = Number.isFinite(at) && new Date(at).toISOString().replace(".000Z", "Z") === text;
  if (!real || text.startsWith("0000")) throw invalid("a moment that there is not");
  return at / 1000;
}

function readSignatures(value: Json | undefined): ReadonlyMap<string, Bytes> {
  const found = new Map<string, Bytes>();
  for (const each of asList(value)) {
    const signature = exactly(each, "keyid", "sig");
    const keyid = written(signature["keyid"], HEX64);
    const sig = fromHex(written(signature["sig"], HEX128));
    if (found.has(keyid)) throw invalid("a key that signs twice");
    if (!isSoundPoint(sig.subarray(0, POINT))) throw invalid("a signature with a point of small order");
    found.set(keyid, sig);
  }
  return found;
}

async function readRoot(said: JsonObject): Promise<object> {
  const type = fieldsOf(said, "root", "consistent_snapshot", "keys", "roles");
  if (said["consistent_snapshot"] !== true) throw invalid("a root without consistent snapshots");
  const named = Object.entries(exactly(said["roles"], ...TOP_ROLES));
  const roles = named.map(([name, each]) => [name, readRole(exactly(each, "keyids", "threshold"))] as const);
  return { ...type, keys: await readKeys(said["keys"]), roles: new Map(roles) };
}

function readTimestamp(said: JsonObject): object {
  const type = fieldsOf(said, "timestamp", "meta", "issued");
  const meta = exactly(said["meta"], `${SNAPSHOT}.json`);
  return { ...type, issued: asNumber(said["issued"]), snapshot: readPinnedVersion(meta[`${SNAPSHOT}.json`]) };
}

function readSnapshot(said: JsonObject): object {
  const type = fieldsOf(said, "snapshot", "meta");
  const meta = Object.entries(asObject(said["meta"])).map(([name, each]) => [name, readPinnedVersion(each)] as const);
  return { ...type, meta: new Map(meta) };
}

async function readTargets(said: JsonObject): Promise<object> {
  const delegating = Object.hasOwn(said, "delegations");
  const type = fieldsOf(said, "targets", "targets", ...(delegating ? ["delegations"] : []));
  const targets = Object.entries(asObject(said["targets"])).map(([path, each]) => {
    const pinned = exactly(each, "length", "hashes");
    return [path, readPinned(pinned)] as const;
  });
  return { ...type, targets: new Map(targets), delegations: delegating ? await readDelegations(said["delegations"]) : null };
}

function readPinnedVersion(value: Json | undefined): PinnedVersion {
  const body = exactly(value, "length", "hashes", "version");
  return { ...readPinned(body), version: asNumber(body["version"]) };
}

function readPinned(body: JsonObject): Pinned {
  const hashes = exactly(body["hashes"], "sha256");
  return { length: asNumber(body["length"], 0), sha256: written(hashes["sha256"], HEX64) };
}

async function readDelegations(value: Json | undefined): Promise<Delegator> {
  const body = exactly(value, "keys", "roles");
  const roles = new Map<string, Role>();
  for (const each of asList(body["roles"])) {
    const role = exactly(each, "name", "keyids", "threshold", "terminating", "paths");
    const { name, terminating, paths } = role;
    if (typeof name !== "string" || roles.has(name) || terminating !== true) throw invalid("a delegated role out of form");
    // One role, one kind of document: a company's role cannot speak for hosts, nor for another company.
    if (canonical(paths ?? null) !== canonical([patternOf(name)])) throw invalid("a role with other paths than its own");
    roles.set(name, readRole(role));
  }
  return { keys: await readKeys(body["keys"]), roles };
}

async function readKeys(value: Json | undefined): Promise<ReadonlyMap<string, Bytes>> {
  const keys = new Map<string, Bytes>();
  for (const [keyid, each] of Object.entries(asObject(value))) {
    const key = exactly(each, "keytype", "keyval", "scheme");
    const point = fromHex(written(exactly(key["keyval"], "public")["public"], HEX64));
    const sound = key["keytype"] === "ed25519" && key["scheme"] === "ed25519" && isSoundPoint(point);
    if (!sound) throw invalid("a key that is no sound Ed25519 key");
    // The id is the hash of the key's one spelling: one key cannot have two ids, and so never count as two.
    if (keyid !== hex(await sha256(utf8(canonical(key))))) throw invalid("a key under an id that is not its own");
    keys.set(keyid, point);
  }
  return keys;
}

function readRole(body: JsonObject): Role {
  const keyids = asList(body["keyids"]).map((each) => written(each, HEX64));
  const threshold = asNumber(body["threshold"]);
  if (threshold > keyids.length || new Set(keyids).size !== keyids.length) throw invalid("a threshold that cannot be met");
  return { keyids, threshold };
}
