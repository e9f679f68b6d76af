// One whole verification: the metadata (client.ts), then every document this reader is to have, then what they say.

import { LIMITS, Repository } from "../../wire.gen";
import type { Bytes } from "../bytes";
import { signedTargets, takeFrom, topRoles, type Clock, type Files, type Shelf, type Top } from "./client";
import { readSite, readVendor, type Document, type SiteContents, type VendorContents } from "./contents";
import type { Root, Targets } from "./metadata";
import {
  devicesPathOf,
  HOSTS,
  hostsPath,
  isHostsPath,
  metadataFile,
  PERSONS_PATH,
  ROOT,
  SITE_PATH,
  SITE_POLICY_PATH,
  SNAPSHOT,
  TARGETS,
  targetFile,
  TIMESTAMP,
  VENDOR_PATH,
  VENDOR_POLICY_PATH,
} from "./names";
import { invalid } from "./refused";

/** What verified, at one moment. `files` are as published; `expires` is the first expiry of the four top roles. */
export interface Verified {
  readonly files: Files;
  readonly versions: ReadonlyMap<string, number>;
  readonly expiries: ReadonlyMap<string, number>;
  readonly issued: number;
  readonly expires: number;
  readonly keptCounts: boolean;
  readonly contents: VendorContents | SiteContents;
}

/** Whose documents are read. `site`: whose hosts, null for all; `hosts`: files of other sites' hosts that are read as well. */
export interface Wanted {
  readonly repository: Repository;
  readonly site: string | null;
  readonly hosts: Files;
}

const TOP_DOCUMENTS = {
  [Repository.VENDOR]: [PERSONS_PATH, VENDOR_PATH, VENDOR_POLICY_PATH],
  [Repository.SITE]: [SITE_POLICY_PATH, SITE_PATH],
} as const;
const FRESH_MAX = { [Repository.VENDOR]: LIMITS.VENDOR_FRESH_MAX, [Repository.SITE]: LIMITS.SITE_FRESH_MAX } as const;

/** Everything that `wanted` names, from a root that is trusted. Throws DocumentRefused. */
export async function verify(pinned: Root, shelf: Shelf, clock: Clock, wanted: Wanted): Promise<Verified> {
  const top = await topRoles(pinned, shelf, clock);
  const fresh = top.timestamp.expires - top.timestamp.issued;
  if (fresh <= 0 || fresh > FRESH_MAX[wanted.repository]) throw invalid("a timestamp that is valid for too long, or not at all");
  if (top.targets.delegations !== null && wanted.repository === Repository.SITE) throw invalid("a site delegates nothing");
  return new Reading(top, shelf, wanted).all();
}

class Reading {
  private readonly top: Top;
  private readonly shelf: Shelf;
  private readonly wanted: Wanted;
  private readonly files = new Map<string, Bytes>();
  private readonly signed = new Map<string, Document>();
  private readonly roles = new Map<string, { readonly version: number; readonly expires: number }>();

  constructor(top: Top, shelf: Shelf, wanted: Wanted) {
    this.top = top;
    this.shelf = shelf;
    this.wanted = wanted;
  }

  async all(): Promise<Verified> {
    const { top, wanted } = this;
    this.takeTop();
    for (const path of TOP_DOCUMENTS[wanted.repository]) await this.take(TARGETS, top.targets, path);
    for (const role of top.targets.delegations?.roles.keys() ?? []) await this.delegated(role);
    const of = [...this.roles];
    return {
      files: this.files,
      versions: new Map(of.map(([role, { version }]) => [role, version])),
      expiries: new Map(of.map(([role, { expires }]) => [role, expires])),
      issued: top.timestamp.issued,
      expires: Math.min(...[top.roots.at(-1), top.timestamp, top.snapshot, top.targets].map((each) => each?.expires ?? 0)),
      keptCounts: top.keptCounts,
      contents: wanted.repository === Repository.VENDOR ? await readVendor(this.signed) : readSite(this.signed),
    };
  }

  private takeTop(): void {
    for (const root of this.top.roots) this.takeMetadata(ROOT, root); // the last one is the one that counts
    this.takeMetadata(TIMESTAMP, this.top.timestamp);
    this.takeMetadata(SNAPSHOT, this.top.snapshot);
    this.takeMetadata(TARGETS, this.top.targets);
  }

  private takeMetadata(role: string, metadata: { readonly version: number; readonly expires: number; readonly content: Bytes }): void {
    this.files.set(metadataFile(role, metadata.version), metadata.content);
    this.roles.set(role, metadata);
  }

  /** 5: a role that the snapshot does not name says nothing, and neither does one that is late; nobody else waits for it. */
  private async delegated(role: string): Promise<void> {
    const { targets, snapshot, timestamp } = this.top;
    if (targets.delegations === null || !snapshot.meta.has(`${role}.json`)) return;
    const own = role === HOSTS ? await hostsPath(this.wanted.site ?? "") : devicesPathOf(role);
    if (targets.targets.has(own)) throw invalid("a document under a name that belongs to another role");
    const signed = await signedTargets(targets.delegations, role, snapshot, this.shelf);
    // As of the timestamp, so that what is kept verifies again at a restart; view.ts leaves out what expired since.
    if (timestamp.issued >= signed.expires) {
      this.files.set(metadataFile(role, signed.version), signed.content);
      return;
    }
    this.takeMetadata(role, signed);
    const paths = role === HOSTS ? this.hostsPaths(signed, own) : [own];
    for (const path of paths) await this.take(role, signed, path);
  }

  private hostsPaths(signed: Targets, own: string): string[] {
    const { site, hosts } = this.wanted;
    return [...signed.targets].flatMap(([path, { sha256 }]) => {
      const wanted = site === null || path === own || hosts.has(targetFile(path, sha256));
      return wanted && isHostsPath(path) ? [path] : [];
    });
  }

  /** 6: a document as listed. One that is not listed is not there, which is no fault yet. */
  private async take(role: string, by: Targets, path: string): Promise<void> {
    const pinned = by.targets.get(path);
    if (pinned === undefined) return;
    if (pinned.length > LIMITS.DOCUMENT_FILE_MAX) throw invalid("a document that is too long");
    const file = targetFile(path, pinned.sha256);
    const content = await takeFrom(this.shelf, file, pinned);
    this.files.set(file, content);
    this.signed.set(path, { role, content });
  }
}
