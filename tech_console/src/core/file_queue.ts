// The files of one visit, as the technician sees them: waiting their turn, asked for, on their way, over. One moves at a time this way; each
// is asked for by itself, and what the person allowed for all is answered by the host without asking again. Pure.

import { Answer, Reason } from "../wire.gen";
import { Rate } from "./files";

/** Where a file stands; `file-<value>` in the catalogues. */
export type FileStage = "hashing" | "waiting" | "asking" | "moving" | "done" | "refused" | "stopped";

/** One file or folder, as a page shows it. */
export interface FileItem {
  readonly id: number;
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  readonly stage: FileStage;
  /** Bytes that were hashed, or sent. */
  readonly done: number;
  readonly rate: number;
  readonly left: number | null;
  readonly reason: Reason | null;
  readonly answer: Answer | null;
  readonly ask: number | null;
}

const OVER: ReadonlySet<FileStage> = new Set(["done", "refused", "stopped"]);

/** Is nothing more to come of it? */
export function isOver(item: FileItem): boolean {
  return OVER.has(item.stage);
}

/** All files of one visit this way. */
export class FileQueue {
  private shown: readonly FileItem[] = [];
  private readonly rates = new Map<number, Rate>();
  private last = 0;

  get items(): readonly FileItem[] {
    return this.shown;
  }

  /** A file was dropped here; its number. */
  add(name: string, folder: boolean, size: number, run: number): number {
    this.last += 1;
    const fresh = { done: 0, rate: 0, left: null, reason: null, answer: null, ask: null };
    this.shown = [...this.shown, { id: this.last, name, folder, size, stage: "hashing", ...fresh }];
    this.rates.set(this.last, new Rate(run));
    return this.last;
  }

  /** Its hash is known: it can be asked for. */
  hashed(id: number): void {
    this.change(id, "hashing", { stage: "waiting", done: 0, rate: 0, left: null });
  }

  /** Which is to be asked for now; undefined while another is asked for or moves. */
  get next(): FileItem | undefined {
    if (this.shown.some((item) => item.stage === "asking" || item.stage === "moving")) return undefined;
    return this.shown.find((item) => item.stage === "waiting");
  }

  asked(id: number, ask: number): void {
    this.change(id, "waiting", { stage: "asking", ask });
  }

  granted(ask: number, run: number): FileItem | undefined {
    const item = this.of(ask);
    if (item === undefined) return undefined;
    this.rates.set(item.id, new Rate(run));
    this.change(item.id, "asking", { stage: "moving", answer: Answer.ALLOW, done: 0 });
    return item;
  }

  refused(ask: number, answer: Answer, reason: Reason | null): void {
    const item = this.of(ask);
    if (item !== undefined) this.change(item.id, "asking", { stage: "refused", answer, reason });
  }

  /** It has come so far, in hashing or on its way. */
  progress(id: number, done: number, run: number): void {
    const item = this.shown.find((each) => each.id === id);
    const rate = this.rates.get(id);
    if (item === undefined || rate === undefined || isOver(item)) return;
    rate.came(done, run);
    this.set({ ...item, done, rate: rate.perSecond, left: rate.left(item.size - done) });
  }

  /** The host says what became of it: kept (null), or stopped for this reason. */
  over(ask: number, reason: Reason | null): void {
    const item = this.of(ask);
    if (item === undefined || isOver(item)) return;
    if (reason === null) this.set({ ...item, stage: "done", done: item.size, left: null });
    else this.set({ ...item, stage: "stopped", reason, left: null });
  }

  /** Nothing of it goes on: the technician does not want it any more, or it cannot be read. */
  stop(id: number, reason: Reason): void {
    const item = this.shown.find((each) => each.id === id);
    if (item !== undefined && !isOver(item)) this.set({ ...item, stage: "stopped", reason, left: null });
  }

  /** The visit is over: so is whatever was not done. */
  end(): void {
    for (const item of this.shown) this.stop(item.id, Reason.SESSION_OVER);
  }

  /** What is over is not shown any more. */
  clear(): void {
    this.shown = this.shown.filter((item) => !isOver(item));
  }

  private of(ask: number): FileItem | undefined {
    return this.shown.find((item) => item.ask === ask);
  }

  private change(id: number, from: FileStage, change: Partial<FileItem>): void {
    const item = this.shown.find((each) => each.id === id);
    if (item?.stage === from) this.set({ ...item, ...change });
  }

  private set(changed: FileItem): void {
    this.shown = this.shown.map((item) => (item.id === changed.id ? changed : item));
  }
}
