// The order in which metadata is believed: roots, timestamp, snapshot, targets, then the roles that targets names
// (docs/keys.md, "Order"; TUF specification, section 5). What was kept before is compared with, and never gone back behind.

import { hex, sha256, type Bytes } from "../bytes";
import { isSigned } from "./threshold";
import { readMetadata, type Delegator, type Pinned, type Root, type Snapshot, type Targets, type Timestamp } from "./metadata";
import { metadataFile, ROOT, SNAPSHOT, TARGETS, TIMESTAMP } from "./names";
import { invalid, stale } from "./refused";

/** Published files by path. */
export type Files = ReadonlyMap<string, Bytes>;

/** What was kept, of which nothing is asked for again, and what is offered now. `snapshot` is the version of the kept one. */
export interface Shelf {
  readonly kept: Files;
  readonly snapshot: number | null;
  readonly offered: Files;
}

/** The machine's clock, and the moment as far as the newest timestamp and what ran since prove it. Seconds since 1970. */
export interface Clock {
  readonly utc: number;
  readonly bound: number;
}

/** The four top roles. `keptCounts`: the root that counts now still has the keys of the kept timestamp. */
export interface Top {
  readonly roots: readonly Root[];
  readonly timestamp: Timestamp;
  readonly snapshot: Snapshot;
  readonly targets: Targets;
  readonly keptCounts: boolean;
}

const ROOT_MAX = 64 * 1024;
const TIMESTAMP_MAX = 4 * 1024;
const ROOTS_MOST = 1024;

/** Check the four top roles, from a root that is trusted already. Throws DocumentRefused. */
export async function topRoles(pinned: Root, shelf: Shelf, clock: Clock): Promise<Top> {
  const roots = await chain(pinned, shelf);
  const root = roots.at(-1) ?? pinned;
  const kept = await keptTimestamp(root, shelf);
  // A kept timestamp binds only while its key counts: a root that replaces the key takes back a time in the far future, too.
  const now = kept === null ? clock.utc : clock.bound;
  const timestamp = await newTimestamp(root, kept, shelf, now);
  const snapshot = await newSnapshot(root, timestamp, shelf, now);
  const targets = await signedTargets(root, TARGETS, snapshot, shelf);
  mustLast(targets, now);
  return { roots, timestamp, snapshot, targets, keptCounts: kept !== null };
}

function mustLast(metadata: { readonly type: string; readonly expires: number }, now: number): void {
  if (now >= metadata.expires) throw stale(`an expired ${metadata.type}`);
}

/** 1: every root is signed as the one before says and as it says itself. */
async function chain(pinned: Root, shelf: Shelf): Promise<Root[]> {
  const roots = [pinned];
  let last = pinned;
  for (let each = 0; each < ROOTS_MOST; each += 1) {
    const path = metadataFile(ROOT, last.version + 1);
    const content = shelf.kept.get(path) ?? shelf.offered.get(path);
    if (content === undefined) break;
    last = await nextRoot(last, content);
    roots.push(last);
  }
  return roots;
}

async function nextRoot(last: Root, content: Bytes): Promise<Root> {
  const next = await readMetadata("root", bounded(content, ROOT_MAX));
  if (!(await isSigned(last, ROOT, next))) throw invalid("a root that the one before did not sign");
  if (next.version !== last.version + 1) throw stale("a root of another version");
  if (!(await isSigned(next, ROOT, next))) throw invalid("a root that does not sign itself");
  return next;
}

/** A root that signs itself: what a reader is configured with. Throws DocumentRefused. */
export async function pinnedRoot(content: Bytes): Promise<Root> {
  const root = await readMetadata("root", bounded(content, ROOT_MAX));
  if (!(await isSigned(root, ROOT, root))) throw invalid("a root that does not sign itself");
  return root;
}

function bounded(content: Bytes | undefined, most: number): Bytes {
  if (content === undefined) throw invalid("metadata is withheld");
  if (content.length > most) throw invalid("metadata is too long");
  return content;
}

/** The kept timestamp, unless its key was replaced since. */
async function keptTimestamp(root: Root, shelf: Shelf): Promise<Timestamp | null> {
  const content = shelf.kept.get(metadataFile(TIMESTAMP, 0));
  if (content === undefined) return null;
  const kept = await readMetadata("timestamp", content);
  return (await isSigned(root, TIMESTAMP, kept)) ? kept : null;
}

/** 2: neither it nor its snapshot is older than what was kept. */
async function newTimestamp(root: Root, kept: Timestamp | null, shelf: Shelf, now: number): Promise<Timestamp> {
  const offered = await readMetadata("timestamp", bounded(shelf.offered.get(metadataFile(TIMESTAMP, 0)), TIMESTAMP_MAX));
  mustLast(root, now);
  if (!(await isSigned(root, TIMESTAMP, offered))) throw invalid("a timestamp that its keys did not sign");
  const timestamp = kept?.version === offered.version ? kept : offered;
  if (kept !== null && timestamp.version < kept.version) throw stale("a timestamp older than the kept one");
  if (kept !== null && timestamp.snapshot.version < kept.snapshot.version) throw stale("a snapshot older than the kept one");
  mustLast(timestamp, now);
  return timestamp;
}

/** 3: the snapshot that the timestamp names; a kept one of that version is not asked for again. */
async function newSnapshot(root: Root, timestamp: Timestamp, shelf: Shelf, now: number): Promise<Snapshot> {
  const pinned = timestamp.snapshot;
  const kept = await keptSnapshot(root, shelf);
  if (kept?.version === pinned.version && now < kept.expires) return kept;
  const content = shelf.offered.get(metadataFile(SNAPSHOT, pinned.version));
  if (content === undefined && kept?.version === pinned.version) throw stale("an expired snapshot");
  const snapshot = await readMetadata("snapshot", await fitting(content, pinned));
  if (!(await isSigned(root, SNAPSHOT, snapshot))) throw invalid("a snapshot that its keys did not sign");
  if (kept !== null) mustNotGoBack(kept, snapshot);
  mustLast(snapshot, now);
  if (snapshot.version !== pinned.version) throw stale("a snapshot of another version");
  return snapshot;
}

async function keptSnapshot(root: Root, shelf: Shelf): Promise<Snapshot | null> {
  const content = shelf.snapshot === null ? undefined : shelf.kept.get(metadataFile(SNAPSHOT, shelf.snapshot));
  if (content === undefined) return null;
  const kept = await readMetadata("snapshot", content);
  return (await isSigned(root, SNAPSHOT, kept)) ? kept : null;
}

function mustNotGoBack(kept: Snapshot, snapshot: Snapshot): void {
  for (const [name, before] of kept.meta) {
    const now = snapshot.meta.get(name);
    if (now === undefined) throw invalid("a snapshot that leaves out a role");
    if (now.version < before.version) throw stale("a role older than the kept one");
  }
}

/** 4 and 5: metadata of a role as the snapshot names it. Whether it is expired is the caller's to ask. */
export async function signedTargets(by: Delegator, role: string, snapshot: Snapshot, shelf: Shelf): Promise<Targets> {
  const pinned = snapshot.meta.get(`${role}.json`);
  if (pinned === undefined) throw invalid("a snapshot without targets");
  const content = await takeFrom(shelf, metadataFile(role, pinned.version), pinned);
  const targets = await readMetadata("targets", content);
  if (!(await isSigned(by, role, targets))) throw invalid("a role that its keys did not sign");
  if (targets.version !== pinned.version) throw stale("a role of another version");
  return targets;
}

/** A file as its parent describes it, kept or offered. Throws DocumentRefused. */
export async function takeFrom(shelf: Shelf, path: string, pinned: Pinned): Promise<Bytes> {
  const kept = shelf.kept.get(path);
  if (kept !== undefined && (await fits(kept, pinned))) return kept;
  return fitting(shelf.offered.get(path), pinned);
}

async function fitting(content: Bytes | undefined, pinned: Pinned): Promise<Bytes> {
  if (content === undefined) throw invalid("a file is withheld");
  if (!(await fits(content, pinned))) throw invalid("a file of another length or hash");
  return content;
}

async function fits(content: Bytes, pinned: Pinned): Promise<boolean> {
  return content.length === pinned.length && hex(await sha256(content)) === pinned.sha256;
}
