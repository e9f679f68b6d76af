// The signed documents of this page: kept in this browser, verified again at each start, and watched until they expire.
// What they say and whether they stand is core/documents.

import { base64url, sha256, type Bytes } from "../core/bytes";
import { Documents, type Instant } from "../core/documents/documents";
import { ROOT, TIMESTAMP } from "../core/documents/names";
import { keepDocuments, keptDocuments, type KeptFiles } from "./memory";
import { Repository } from "../wire.gen";

/** A timer that waits longer than this goes off at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** This moment, in seconds: the machine's clock, and the one that only runs. */
export function moment(): Instant {
  return { utc: Date.now() / 1000, boot: performance.now() / 1000 };
}

/** The vendor's documents as this page holds them. */
export class KeptDocuments {
  readonly documents: Documents;
  /** The name of the pinned root: another root has another memory. */
  readonly pinned: string;
  private readonly expired: () => void;
  private timer = 0;

  private constructor(documents: Documents, pinned: string, expired: () => void) {
    this.documents = documents;
    this.pinned = pinned;
    this.expired = expired;
  }

  /** Begin with what was kept; with the pinned root alone where nothing was, or what was kept does not stand. Throws DocumentRefused. */
  static async open(root: Bytes, expired: () => void): Promise<KeptDocuments> {
    const name = base64url(await sha256(root));
    const opened = new KeptDocuments(await Documents.from(root), name, expired);
    const kept = await keptDocuments(name);
    if (kept !== null) await opened.documents.restore(kept.files, moment(), "");
    opened.watch();
    return opened;
  }

  /** Another page of this browser may have seen newer ones: nobody may bring this page less than those. */
  async catchUp(): Promise<void> {
    const kept = await keptDocuments(this.pinned);
    if (kept === null) return;
    const files = [...kept.files].map(([path, content]) => ({ path, content }));
    await this.documents.accept({ repository: Repository.VENDOR, site: "", files }, moment(), "");
    this.watch();
  }

  /** Keep what was just taken. */
  async keep(): Promise<void> {
    await keepDocuments(this.pinned, this.taken());
    this.watch();
  }

  private taken(): KeptFiles {
    const { files, versions } = this.documents;
    return { root: versions.get(ROOT) ?? 0, timestamp: versions.get(TIMESTAMP) ?? 0, files };
  }

  /** Do they count now? If not, nobody is asked for anything (safe mode). */
  get inForce(): boolean {
    return this.documents.secondsLeft(moment()) > 0;
  }

  private watch(): void {
    clearTimeout(this.timer);
    const left = this.documents.secondsLeft(moment()) * 1000;
    if (left > 0) this.timer = window.setTimeout(() => this.look(), Math.min(left, LONGEST_WAIT_MS));
  }

  private look(): void {
    if (this.inForce) this.watch();
    else this.expired();
  }
}
