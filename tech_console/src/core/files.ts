// Files inside the seals of their lanes, byte for byte as wire/sealed/files.py writes them, and how far one may be sent.
//
//   DATA   u8 1 | offset u64 | bytes of the stream     sender -> receiver
//   ACK    u8 2 | offset u64 | window u32              receiver -> sender
//
// The receiver begins, on every bulk socket; the sender goes on from where it says.

import { FileMessage, LIMITS, type FileEntry } from "../wire.gen";
import { concat, PeerMisbehaved, readU64, u32, u64, u8, view, type Bytes } from "./bytes";
import { encodePart, MalformedMessage, readPart } from "./schema";

const DATA_HEAD = 9;
const ACK_BYTES = 13;
const STREAM_MAX = LIMITS.FILE_SIZE_MAX + LIMITS.MANIFEST_MAX;

/** Bytes of the stream in one record. */
export const DATA_MAX = LIMITS.FILE_PLAIN_MAX - DATA_HEAD;

/** A piece of the stream. */
export interface Data {
  readonly offset: number;
  readonly content: Bytes;
}

/** Everything before `offset` is written down; so many bytes beyond may be sent. */
export interface Ack {
  readonly offset: number;
  readonly window: number;
}

/** The plaintext of one piece. */
export function encodeData(offset: number, content: Uint8Array): Bytes {
  return concat(u8(FileMessage.DATA), u64(offset), content);
}

/** What the sender sent. Throws PeerMisbehaved. */
export function decodeData(plain: Bytes): Data {
  if (plain.length <= DATA_HEAD || plain[0] !== FileMessage.DATA) throw new PeerMisbehaved("no piece of a file");
  const offset = readU64(view(plain), 1);
  if (offset > STREAM_MAX) throw new PeerMisbehaved("a piece of a file is out of range");
  return { offset, content: plain.subarray(DATA_HEAD) };
}

/** The plaintext of one acknowledgement. */
export function encodeAck(ack: Ack): Bytes {
  return concat(u8(FileMessage.ACK), u64(ack.offset), u32(ack.window));
}

/** What the receiver said. Throws PeerMisbehaved. */
export function decodeAck(plain: Bytes): Ack {
  if (plain.length !== ACK_BYTES || plain[0] !== FileMessage.ACK) throw new PeerMisbehaved("no acknowledgement of a file");
  const ack = { offset: readU64(view(plain), 1), window: view(plain).getUint32(9) };
  if (ack.offset > STREAM_MAX || ack.window > LIMITS.FILE_WINDOW) throw new PeerMisbehaved("an acknowledgement is out of range");
  return ack;
}

/** The canonical bytes of a folder's manifest. Throws RangeError for more files, or longer names, than one can have. */
export function encodeManifest(entries: readonly FileEntry[]): Bytes {
  const data = encodePart("Manifest", { entries });
  if (data.length > LIMITS.MANIFEST_MAX) throw new RangeError("too many files for one folder");
  return data;
}

/** The files of a folder. Throws PeerMisbehaved, also for a place that leads out of the folder. */
export function decodeManifest(data: Bytes): readonly FileEntry[] {
  try {
    const { entries } = readPart("Manifest", data);
    const paths = new Set(entries.map((entry) => entry.path));
    const inside = entries.every((entry) => entry.path.split("/").every(isName));
    if (entries.length > 0 && paths.size === entries.length && inside) return entries;
  } catch (fault) {
    if (!(fault instanceof MalformedMessage)) throw fault;
  }
  throw new PeerMisbehaved("no manifest of a folder");
}

function isName(name: string): boolean {
  const count = [...name].length;
  return count > 0 && count <= LIMITS.FILE_NAME_MAX && name !== "." && name !== ".." && !/[\0\\]/.test(name);
}

/** How far one file may be sent. */
export class Sending {
  readonly total: number;
  private offset = 0;
  private until = 0;

  constructor(total: number) {
    this.total = total;
  }

  /** Bytes that were sent. */
  get sent(): number {
    return this.offset;
  }

  /** The first word of the receiver on a new socket: go on from there. */
  begin(ack: Ack): void {
    if (ack.offset > this.total) throw new PeerMisbehaved("an acknowledgement beyond the file");
    this.offset = ack.offset;
    this.until = Math.min(this.total, ack.offset + ack.window);
  }

  /** More is written. Throws PeerMisbehaved for what was never sent. */
  acknowledged(ack: Ack): void {
    if (ack.offset > this.offset) throw new PeerMisbehaved("an acknowledgement of what was never sent");
    this.until = Math.max(this.until, Math.min(this.total, ack.offset + ack.window));
  }

  /** The next piece that may be sent, at most `most` bytes; null while none may. */
  next(most: number): { readonly offset: number; readonly length: number } | null {
    const length = Math.min(most, this.until - this.offset);
    if (length <= 0) return null;
    const piece = { offset: this.offset, length };
    this.offset += length;
    return piece;
  }
}

const WINDOW_FIRST = 512 * 1024;
const WINDOW_SECONDS = 0.5;

/** How far one file has come, and how much more may be on its way: half a second of what the line carries. */
export class Taking {
  readonly total: number;
  readonly rate: Rate;
  private bytes = 0;
  private acked = 0;
  private window = WINDOW_FIRST;
  private until = 0;

  constructor(total: number, run: number) {
    this.total = total;
    this.rate = new Rate(run);
  }

  /** Bytes that are here. */
  get got(): number {
    return this.bytes;
  }

  get whole(): boolean {
    return this.bytes === this.total;
  }

  /** What to say first on a socket: from where it goes on. */
  begin(): Ack {
    this.until = this.bytes;
    return this.ack();
  }

  /** A piece is here; what to say of it, now and then. Throws PeerMisbehaved for one that nobody asked for. */
  came(data: Data, run: number): Ack | null {
    const end = data.offset + data.content.length;
    if (data.offset !== this.bytes) throw new PeerMisbehaved("a piece of a file at a wrong place");
    if (end > this.until || end > this.total) throw new PeerMisbehaved("more of a file than was asked for");
    this.bytes = end;
    this.rate.came(end, run);
    const due = Math.min(LIMITS.FILE_ACK_EVERY, this.window / 2);
    return this.whole || end - this.acked >= due ? this.ack() : null;
  }

  private ack(): Ack {
    const { perSecond } = this.rate;
    if (perSecond > 0) this.window = Math.floor(Math.min(LIMITS.FILE_WINDOW, Math.max(LIMITS.FILE_WINDOW_LEAST, perSecond * WINDOW_SECONDS)));
    this.acked = this.bytes;
    this.until = Math.max(this.until, this.bytes + this.window);
    return { offset: this.bytes, window: this.window };
  }
}

const RATE_WEIGHT = 0.7;

/** Bytes a second, measured now and then, and how long the rest will take. */
export class Rate {
  private since: number;
  private bytes = 0;
  private measured = 0;

  constructor(run: number) {
    this.since = run;
  }

  came(bytes: number, run: number): void {
    const seconds = run - this.since;
    if (seconds < 0.2) return;
    const now = Math.max(0, bytes - this.bytes) / seconds;
    this.measured = this.measured === 0 ? now : RATE_WEIGHT * this.measured + (1 - RATE_WEIGHT) * now;
    this.since = run;
    this.bytes = bytes;
  }

  get perSecond(): number {
    return Math.round(this.measured);
  }

  /** Seconds; null while nobody can tell. */
  left(remaining: number): number | null {
    return this.measured < 1 ? null : Math.ceil(remaining / this.measured);
  }
}
