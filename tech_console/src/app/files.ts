// The files of a visit, between its core, its worker and the page: one is asked for at a time. Nothing is read to the host before it was
// allowed by its name and hash, and nothing from the host is saved that has another.

import { LIMITS, Reason, type Answer, type FileWords, type Permission } from "../wire.gen";
import type { Bytes } from "../core/bytes";
import { FileQueue, isOnItsWay, isOver, type FileItem } from "../core/file_queue";
import type { VisitCommand, VisitEvent, VisitView } from "../core/visit";
import type { LaneStart } from "../core/records";
import { ZIP_MAX } from "../core/zip";
import type { FromFiles, Hashed, Picked, ToFiles } from "./files.worker";
import type { Arrived } from "./taking";
import { startWorker } from "./workers";

export type { Picked } from "./files.worker";

const AGAIN_MS = 3000;
/** How long the browser may take to begin with what it is given to save. */
const SAVING_MS = 60_000;

/** How the files of a visit are told of, and tell. */
export interface FilesLink {
  readonly address: string;
  readonly sessionId: string;
  tell(event: VisitEvent): Promise<void>;
  changed(): void;
  view(): VisitView;
}

/** All files of one visit. Its worker is started with the first. */
export class VisitFiles {
  private readonly link: FilesLink;
  private readonly queue = new FileQueue();
  private readonly names = new Map<number, { readonly name: string; readonly folder: boolean }>();
  private readonly known = new Map<number, FileWords>();
  /** What arrived, until the technician clears it away or leaves the visit. */
  private readonly kept = new Map<number, Arrived>();
  private worker: Worker | null = null;
  private wanting = false;
  /** The line of the visit is cut. */
  private waiting = false;
  private again = 0;

  constructor(link: FilesLink) {
    this.link = link;
  }

  get items(): readonly FileItem[] {
    return this.queue.items;
  }

  /** Does what is on its way wait for the line of the visit? */
  get waits(): boolean {
    return this.waiting;
  }

  /** Send this file or folder, once the person allows it. */
  add(name: string, folder: boolean, picked: readonly Picked[]): void {
    const shown = [...name.toWellFormed()].slice(0, LIMITS.FILE_NAME_MAX).join("");
    const size = picked.reduce((sum, each) => sum + each.file.size, 0);
    const id = this.queue.add(shown, folder, size, run());
    this.names.set(id, { name: shown, folder });
    if (size > LIMITS.FILE_SIZE_MAX || picked.length > LIMITS.FILES_MAX) this.queue.stop(id, Reason.FILES_TOO_LARGE);
    else this.post({ kind: "hash", id, picked, folder });
    this.link.changed();
  }

  /** Ask for a file of the host, in the technician's own words. */
  need(words: string): void {
    const needs = [...words.trim().toWellFormed()].slice(0, LIMITS.FREE_TEXT_MAX).join("");
    if (needs === "") return;
    this.queue.need(needs, run());
    this.drive();
    this.link.changed();
  }

  /** Save once more what arrived. */
  save(item: FileItem): void {
    const arrived = this.kept.get(item.id);
    if (arrived !== undefined) saveAs(arrived);
  }

  /** The technician does not want it any more. */
  cancel(item: FileItem): void {
    this.giveUp(item.id, item.ask, Reason.FILE_STOPPED_BY_TECHNICIAN);
  }

  /** What is over goes from the list, and what arrived from this page. */
  clear(): void {
    this.queue.clear();
    for (const id of this.kept.keys()) if (!this.queue.items.some((item) => item.id === id)) this.kept.delete(id);
    this.link.changed();
  }

  /** What the visit's core wants done with files. */
  command(command: VisitCommand): void {
    switch (command.kind) {
      case "file_asked":
        return this.queue.asked(command.id, command.ask);
      case "file_answered":
        return this.answered(command.ask, command.answer, command.reason);
      case "file_granted":
        return this.granted(command);
      case "file_over":
        return this.over(command.ask, command.reason);
      case "bulk_offered":
        return this.offered(command.pass);
      default:
    }
  }

  /** The visit or a file has moved: perhaps the next can be asked for. */
  drive(): void {
    const view = this.link.view();
    if (view.phase === "reconnecting") return this.parted();
    if (view.phase === "ended") return this.queue.end();
    this.waiting = false;
    this.heed(view.granted);
    const busy = view.phase !== "viewing" || view.askings.some((each) => each.answer === "open");
    const { next } = this.queue;
    if (busy || this.wanting || next === undefined || view.granted.includes(next.way)) return;
    const words = this.known.get(next.id) ?? null;
    const { id, way } = next;
    this.wanting = true;
    void this.link.tell({ kind: "wanted", permission: way, file: words === null ? { id, words, needs: next.name } : { id, words } }).finally(() => {
      this.wanting = false;
    });
  }

  /** The line of the visit is cut: what was asked for is over, what is on its way waits for the other keys. */
  private parted(): void {
    clearTimeout(this.again);
    if (this.waiting) return;
    this.waiting = true;
    for (const item of this.queue.items.filter((each) => each.stage === "asking")) {
      this.queue.stop(item.id, Reason.FILE_CUT);
      this.forget(item.id, item.ask);
    }
    if (this.worker !== null) this.post({ kind: "parted" });
  }

  /** What is on its way without a right any more, and nobody said why: taken back while the line was cut, or by the rules. */
  private heed(granted: readonly Permission[]): void {
    for (const item of this.queue.items) {
      if (!isOnItsWay(item) || granted.includes(item.way)) continue;
      this.queue.stop(item.id, Reason.FILE_CUT);
      this.forget(item.id, item.ask);
    }
  }

  dispose(): void {
    clearTimeout(this.again);
    this.worker?.terminate();
  }

  private answered(ask: number, answer: Answer, reason: Reason | null): void {
    const item = this.queue.items.find((each) => each.ask === ask);
    this.queue.refused(ask, answer, reason);
    if (item !== undefined) this.forget(item.id, ask);
  }

  private granted({ ask, towards, from, picked }: VisitCommand & { kind: "file_granted" }): void {
    const known = this.queue.items.find((each) => each.ask === ask);
    if (known !== undefined && isOnItsWay(known)) return this.post({ kind: "renew", ask, towards, from });
    if (known !== undefined && isOver(known)) {
      const reason = known.stage === "done" ? null : (known.reason ?? Reason.FILE_STOPPED_BY_TECHNICIAN);
      return void this.link.tell({ kind: "file_over", ask, reason }); // cancelled while it was asked for, or over while the line was cut
    }
    const item = this.queue.granted(ask, picked, run());
    if (item === undefined) void this.link.tell({ kind: "file_over", ask, reason: Reason.FILE_STOPPED_BY_TECHNICIAN }); // cleared away meanwhile
    else if (picked !== null) this.take(item, { ask, towards, from, words: picked });
    else this.post({ kind: "send", id: item.id, ask, towards, from });
  }

  private take({ id }: FileItem, granted: { readonly ask: number; readonly words: FileWords; readonly towards: LaneStart; readonly from: LaneStart }): void {
    if (granted.words.folder && granted.words.size >= ZIP_MAX) this.giveUp(id, granted.ask, Reason.FILES_TOO_LARGE);
    else this.post({ kind: "take", id, ...granted });
  }

  /** All of it is here: it is saved only if it is what was allowed. */
  private arrived(id: number, ask: number, arrived: Arrived | null): void {
    if (arrived === null) return this.giveUp(id, ask, Reason.FILE_DIFFERS);
    this.kept.set(id, arrived);
    this.queue.over(ask, null);
    void this.link.tell({ kind: "file_over", ask, reason: null });
    saveAs(arrived);
  }

  private over(ask: number, reason: Reason | null): void {
    const item = this.queue.items.find((each) => each.ask === ask);
    this.queue.over(ask, reason);
    if (item !== undefined) this.forget(item.id, ask);
  }

  private offered(pass: Bytes): void {
    clearTimeout(this.again);
    this.post({ kind: "bulk", address: this.link.address, sessionId: this.link.sessionId, pass });
  }

  private giveUp(id: number, ask: number | null, reason: Reason): void {
    const item = this.queue.items.find((each) => each.id === id);
    if (item === undefined || isOver(item)) return;
    const moves = isOnItsWay(item);
    this.queue.stop(id, reason);
    this.forget(id, ask);
    if (moves && ask !== null) void this.link.tell({ kind: "file_over", ask, reason });
    this.link.changed();
  }

  private forget(id: number, ask: number | null): void {
    this.known.delete(id);
    this.post({ kind: "over", id, ask });
  }

  private heard(message: FromFiles): void {
    switch (message.kind) {
      case "hashed":
        this.hashed(message.id, message.hashed);
        break;
      case "progress":
        this.queue.progress(message.id, message.done, run());
        break;
      case "checking":
        this.queue.checking(message.id);
        break;
      case "arrived":
        this.arrived(message.id, message.ask, message.arrived);
        break;
      case "unreadable":
        this.giveUp(message.id, message.ask, message.ask === null ? Reason.FILE_UNREADABLE : Reason.FILE_CHANGED);
        break;
      case "unkept":
        this.giveUp(message.id, message.ask, Reason.DISK_FULL);
        break;
      case "lost":
        this.lost();
        break;
      case "fault":
        void this.link.tell({ kind: "screen_fault" });
    }
    this.drive();
    this.link.changed();
  }

  private hashed(id: number, hashed: Hashed): void {
    const named = this.names.get(id);
    if (named === undefined) return;
    const key = crypto.getRandomValues(new Uint8Array(32));
    this.known.set(id, { ...named, ...hashed, key });
    this.queue.hashed(id);
  }

  /** The bulk socket fell while a file moves: ask for another, until one comes. */
  private lost(): void {
    clearTimeout(this.again);
    if (this.waiting || !this.queue.items.some((item) => item.stage === "moving")) return;
    void this.link.tell({ kind: "bulk_wanted" });
    this.again = window.setTimeout(() => this.lost(), AGAIN_MS);
  }

  private post(message: ToFiles): void {
    if (this.worker === null) {
      this.worker = startWorker("files");
      this.worker.addEventListener("message", (event: MessageEvent<FromFiles>) => this.heard(event.data));
      this.worker.addEventListener("error", () => this.heard({ kind: "fault" }));
    }
    this.worker.postMessage(message);
  }
}

/** Let the browser put it where it puts what is downloaded. */
function saveAs({ name, content }: Arrived): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVING_MS);
}

function run(): number {
  return performance.now() / 1000;
}
