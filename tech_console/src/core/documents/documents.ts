// The newest documents that this console has verified. They only ever move forward, and so does the time that they prove
// (docs/keys.md, "Time"). No network, no disk and no clock of its own: all of that is the caller's.

import { LIMITS, Repository, type DocumentsBundle } from "../../wire.gen";
import type { Bytes } from "../bytes";
import { pinnedRoot, type Files } from "./client";
import { readMetadata, type Root } from "./metadata";
import { metadataFile, SNAPSHOT, TIMESTAMP } from "./names";
import { verify, type Verified } from "./reading";
import { DocumentRefused, type Fault, invalid, stale } from "./refused";
import { compose, type View } from "./view";

/** One reading of two clocks, in seconds: the calendar, and one that only runs and that nobody can set. */
export interface Instant {
  readonly utc: number;
  readonly boot: number;
}

/** What came of looking at a bundle; `changed` says that `files` are to be kept anew. */
export type Verdict = { readonly kind: "good"; readonly changed: boolean } | { readonly kind: "bad"; readonly why: Fault };

const NOTHING: Files = new Map();

/** One repository as this reader trusts it. Calls that change it must not overlap. */
export class Documents {
  private readonly root: Root;
  private readonly repository: Repository;
  private verified: Verified | null = null;
  private proven = 0;
  private since = 0;

  private constructor(root: Root, repository: Repository) {
    this.root = root;
    this.repository = repository;
  }

  /** From the content of the pinned root. Throws DocumentRefused if it is none that signs itself. */
  static async from(root: Bytes, repository: Repository = Repository.VENDOR): Promise<Documents> {
    return new Documents(await pinnedRoot(root), repository);
  }

  /** Begin with what was kept, expired or not. *bad* if it was changed since; then this begins with the root alone. */
  async restore(files: Files, now: Instant, site: string | null): Promise<Verdict> {
    return this.judged(async () => {
      // Judged as of its own timestamp: it may have expired since, and is still what nothing may go back behind.
      const { issued } = await readMetadata("timestamp", files.get(metadataFile(TIMESTAMP, 0)) ?? new Uint8Array());
      const shelf = { kept: NOTHING, snapshot: null, offered: files };
      const wanted = { repository: this.repository, site, hosts: files };
      this.take(await verify(this.root, shelf, { utc: issued, bound: issued }, wanted), now);
      return true;
    });
  }

  /** Take what is newer. `site`: whose hosts, null for all. If it is *bad*, nothing has changed. */
  async accept(bundle: DocumentsBundle, now: Instant, site: string | null): Promise<Verdict> {
    return this.judged(async () => {
      if (bundle.repository !== this.repository) throw invalid("documents of another repository");
      const shelf = { kept: this.files, snapshot: this.verified?.versions.get(SNAPSHOT) ?? null, offered: filesOf(bundle) };
      const wanted = { repository: this.repository, site, hosts: this.files };
      const next = await verify(this.root, shelf, { utc: now.utc, bound: this.time(now) }, wanted);
      if (sameFiles(next.files, this.files)) return false;
      if (next.expires <= Math.max(now.utc, next.issued)) throw stale("expired when it came");
      this.take(next, now);
      return true;
    });
  }

  private async judged(work: () => Promise<boolean>): Promise<Verdict> {
    try {
      return { kind: "good", changed: await work() };
    } catch (fault) {
      if (fault instanceof DocumentRefused) return { kind: "bad", why: fault.why };
      throw fault;
    }
  }

  private take(next: Verified, now: Instant): void {
    // What a replaced key claimed is forgotten; else a timestamp that was signed long before it came takes no time back.
    this.proven = next.keptCounts ? Math.max(next.issued, this.provenAt(now)) : next.issued;
    this.since = now.boot;
    this.verified = next;
  }

  private provenAt(now: Instant): number {
    return this.proven + Math.max(0, now.boot - this.since);
  }

  /** The moment as far as it is proven: never before the newest signed timestamp and what ran since it came. */
  time(now: Instant): number {
    return this.verified === null ? now.utc : Math.max(now.utc, this.provenAt(now));
  }

  /** What the vendor's documents say now. Null if there are none or they are expired: then nobody is admitted (safe mode). */
  async view(now: Instant): Promise<View | null> {
    const { verified } = this;
    if (verified === null || verified.contents.kind !== "vendor" || this.secondsLeft(now) <= 0) return null;
    return compose(verified, verified.contents, this.time(now));
  }

  /** How long the documents are in force yet; 0 or less for expired ones and for none. */
  secondsLeft(now: Instant): number {
    return this.verified === null ? 0 : this.verified.expires - this.time(now);
  }

  /** The files that were used, to be kept in one step; none before the first. */
  get files(): Files {
    return this.verified?.files ?? NOTHING;
  }

  /** Versions by role. */
  get versions(): ReadonlyMap<string, number> {
    return this.verified?.versions ?? new Map();
  }

  /** What need not be sent again: as many names as a hello may carry, metadata first. */
  holds(): string[] {
    return [...this.files.keys()].toSorted().slice(0, LIMITS.DOCUMENT_FILES_HELD);
  }
}

function filesOf(bundle: DocumentsBundle): Files {
  return new Map(bundle.files.map(({ path, content }) => [path, content]));
}

function sameFiles(one: Files, other: Files): boolean {
  // What was kept and fits is used itself, never a copy that came with the bundle.
  return one.size === other.size && [...one].every(([path, content]) => other.get(path) === content);
}
