// The files of one visit, as the technician sees them: waiting their turn, asked for, on their way, over. One moves at a time each way; each
// is asked for by itself, and what the person allowed for all is answered by the host without asking again. Pure.

import { Answer, Permission, Reason, type FileWords } from "../wire.gen";
import { Rate } from "./files";

/** Where a file stands; `file-<value>` in the catalogues. */
export type FileStage = "hashing" | "waiting" | "asking" | "moving" | "checking" | "done" | "refused" | "stopped";

/** Which way it goes. */
export type FileWay = typeof Permission.FILE_TO_HOST | typeof Permission.FILE_FROM_HOST;

/** One file or folder, as a page shows it. */
export interface FileItem {
  readonly id: number;
  readonly way: FileWay;
  /** Until the person has picked one: what the technician needs, in his words. */
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

/** Is some of it at the other end, or here, and more to come? */
export function isOnItsWay(item: FileItem): boolean {
  return item.stage === "moving" || item.stage === "checking";
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
    return this.put({ way: Permission.FILE_TO_HOST, name, folder, size, stage: "hashing" }, run);
  }

  /** The technician needs one from the host; its number. */
  need(words: string, run: number): number {
    return this.put({ way: Permission.FILE_FROM_HOST, name: words, folder: false, size: 0, stage: "waiting" }, run);
  }

  private put(item: Pick<FileItem, "way" | "name" | "folder" | "size" | "stage">, run: number): number {
    this.last += 1;
    const fresh = { done: 0, rate: 0, left: null, reason: null, answer: null, ask: null };
    this.shown = [...this.shown, { id: this.last, ...item, ...fresh }];
    this.rates.set(this.last, new Rate(run));
    return this.last;
  }

  /** Its hash is known: it can be asked for. */
  hashed(id: number): void {
    this.change(id, "hashing", { stage: "waiting", done: 0, rate: 0, left: null });
  }

  /** Which is to be asked for now; undefined while another is asked for. Nothing is where one moves the same way. */
  get next(): FileItem | undefined {
    if (this.shown.some((item) => item.stage === "asking")) return undefined;
    const busy = new Set(this.shown.filter(isOnItsWay).map((item) => item.way));
    return this.shown.find((item) => item.stage === "waiting" && !busy.has(item.way));
  }

  asked(id: number, ask: number): void {
    this.change(id, "waiting", { stage: "asking", ask });
  }

  /** It may move; `picked` is what the person chose to send. */
  granted(ask: number, picked: FileWords | null, run: number): FileItem | undefined {
    const item = this.of(ask);
    if (item === undefined || isOver(item)) return undefined;
    this.rates.set(item.id, new Rate(run));
    const chosen = picked === null ? {} : { name: picked.name, folder: picked.folder, size: picked.size };
    this.change(item.id, "asking", { stage: "moving", answer: Answer.ALLOW, done: 0, ...chosen });
    return item;
  }

  /** All of it is here, and its hash is being computed. */
  checking(id: number): void {
    this.change(id, "moving", { stage: "checking", left: null });
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
